//! Records go to partitions by ranges of their key, so that each partition can be put in order on its own, in little memory.
//!
//! People known only by a user id have a partition of their own, the last, until all links between ids and numbers are known:
//! see [`settle`](settle::settle).

pub(crate) mod chunks;
pub(crate) mod codec;
mod head;
pub(crate) mod ids;
pub(crate) mod sample;
pub(crate) mod settle;

use std::sync::Arc;

use self::chunks::{Chunk, ChunkStore};
use self::codec::{Decoded, Previous, Record};
use self::ids::{IdStore, IdWriter};
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord};
use crate::error::{LakeError, Result};
use crate::exchange::Kind;
use crate::exchange::identity::USER_ID_BIT;

/// Kinds of records, which have buffers of their own.
const KINDS: usize = 3;

/// The ranges of keys: a partition holds the keys from its bound to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges {
    /// The least key of each partition but the first.
    bounds: Arc<[u64]>,
    /// For equal steps of keys from the first bound on: the partition where the step begins.
    steps: Arc<[u32]>,
    step_bits: u32,
}

/// Steps in which a partition is looked up, at most.
const STEPS: u64 = 1 << 12;

impl Ranges {
    /// About `count` ranges that hold equal parts of a sample of keys, and the range of user ids.
    pub(crate) fn of_sample(mut sample: Vec<u64>, count: usize) -> Self {
        sample.retain(|&key| key < USER_ID_BIT);
        let mut bounds = quantiles(sample, count);
        bounds.push(USER_ID_BIT);
        Self::new(bounds)
    }

    /// About `count` ranges of the keys of one partition.
    fn within(sample: Vec<u64>, count: usize) -> Self {
        Self::new(quantiles(sample, count))
    }

    pub(crate) fn count(&self) -> usize {
        self.bounds.len() + 1
    }

    fn new(bounds: Vec<u64>) -> Self {
        let least = bounds.first().copied().unwrap_or_default();
        // The bound of user ids is far from all others.
        let near = |bound: &u64| *bound < USER_ID_BIT || least >= USER_ID_BIT;
        let greatest = bounds.iter().rev().copied().find(near).unwrap_or(least);
        let bits = u64::BITS - (greatest - least).leading_zeros();
        let step_bits = bits.saturating_sub(STEPS.ilog2());
        let steps = 0..=(greatest - least) >> step_bits;
        let partition = |step: u64| bounds.partition_point(|&bound| bound <= least + (step << step_bits)) as u32;
        Self { steps: steps.map(partition).collect(), step_bits, bounds: bounds.into() }
    }

    /// The partition of a key: few bounds lie within one step.
    fn of(&self, key: u64) -> usize {
        let Some(above) = self.bounds.first().and_then(|least| key.checked_sub(*least)) else { return 0 };
        let step = ((above >> self.step_bits) as usize).min(self.steps.len() - 1);
        let mut partition = self.steps[step] as usize;
        while self.bounds.get(partition).is_some_and(|bound| *bound <= key) {
            partition += 1;
        }
        partition
    }
}

/// The keys at which `count` equal parts of a sample begin, the first part aside; none twice. A key that fills a part has its
/// range for itself: a person with very many rows is then put in order without any copy of them.
fn quantiles(mut sample: Vec<u64>, count: usize) -> Vec<u64> {
    sample.sort_unstable();
    let (Some(&least), Some(&greatest)) = (sample.first(), sample.last()) else { return Vec::new() };
    let parts: Vec<u64> = (0..count).map(|part| sample[part * sample.len() / count]).collect();
    let behind_full = parts.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].saturating_add(1));
    let mut bounds: Vec<u64> =
        parts.iter().copied().chain(behind_full).filter(|bound| least < *bound && *bound <= greatest).collect();
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// One partition's chunks, by kind.
#[derive(Debug, Default)]
pub(crate) struct Partition {
    chunks: [Vec<Chunk>; KINDS],
}

impl Partition {
    /// Encoded bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.chunks.iter().flatten().map(Chunk::length).sum()
    }

    /// Takes the bytes of one kind out of the store.
    pub(crate) fn take(&mut self, kind: Kind, store: &ChunkStore) -> Result<Vec<Vec<u8>>> {
        std::mem::take(&mut self.chunks[kind as usize]).into_iter().map(|chunk| store.take(chunk)).collect()
    }

    /// Takes the records of one kind out of the store, of which none borrows of the bytes: those are let go chunk by chunk.
    pub(crate) fn records<R: for<'c> Decoded<'c>>(
        &mut self,
        kind: Kind,
        store: &ChunkStore,
        into: &mut Vec<R>,
    ) -> Result<()> {
        for chunk in std::mem::take(&mut self.chunks[kind as usize]) {
            append(&store.take(chunk)?, store, into)?;
        }
        Ok(())
    }

    pub(crate) fn append(&mut self, other: Self) {
        for (chunks, added) in self.chunks.iter_mut().zip(other.chunks) {
            chunks.extend(added);
        }
    }
}

/// The records of chunks.
pub(crate) fn records<'c, R: Decoded<'c>>(chunks: &'c [Vec<u8>], store: &ChunkStore) -> Result<Vec<R>> {
    let mut records = Vec::new();
    for chunk in chunks {
        append(chunk, store, &mut records)?;
    }
    Ok(records)
}

fn append<'c, R: Decoded<'c>>(chunk: &'c [u8], store: &ChunkStore, records: &mut Vec<R>) -> Result<()> {
    each_record(chunk, store, |record| {
        records.push(record);
        Ok(())
    })
}

/// Calls `each` with every record of a chunk.
pub(crate) fn each_record<'c, R: Decoded<'c>>(
    mut bytes: &'c [u8],
    store: &ChunkStore,
    mut each: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let mut previous = Previous::default();
    while !bytes.is_empty() {
        let damaged = || LakeError::TemporaryDamaged { folder: store.folder().to_owned() };
        each(R::decode(&mut bytes, &mut previous).ok_or_else(damaged)?)?;
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Buffer {
    bytes: Vec<u8>,
    previous: Previous,
}

/// One thread's way into the partitions.
#[derive(Debug)]
pub(crate) struct Scatterer<'s> {
    store: &'s ChunkStore,
    ranges: Ranges,
    chunk_bytes: usize,
    buffers: Vec<[Buffer; KINDS]>,
    partitions: Vec<Partition>,
    ids: Option<IdWriter<'s>>,
}

impl<'s> Scatterer<'s> {
    pub(crate) fn new(store: &'s ChunkStore, ranges: Ranges, chunk_bytes: usize) -> Self {
        let buffers = (0..ranges.count()).map(|_| Default::default()).collect();
        let partitions = (0..ranges.count()).map(|_| Partition::default()).collect();
        Self { store, ranges, chunk_bytes, buffers, partitions, ids: None }
    }

    /// Puts the ids of messages into a store, if there is one; rows then carry neither them nor the times of their outcome.
    pub(crate) fn with_ids(self, ids: Option<&'s IdStore>) -> Self {
        Self { ids: ids.map(IdStore::writer), ..self }
    }

    pub(crate) fn message(&mut self, record: &MessageRecord<'_>) -> Result<()> {
        match &mut self.ids {
            Some(ids) => {
                let place = ids.put(record.message_id)?;
                self.push(Kind::Messages, &record.without_id(place))
            }
            None => self.push(Kind::Messages, record),
        }
    }

    pub(crate) fn inbound(&mut self, record: &InboundRecord<'_>) -> Result<()> {
        match self.ids {
            Some(_) => self.push(Kind::Inbound, &InboundRecord { message_id: &[], ..*record }),
            None => self.push(Kind::Inbound, record),
        }
    }

    pub(crate) fn consent(&mut self, record: &ConsentRecord) -> Result<()> {
        self.push(Kind::Consents, record)
    }

    fn push<'r, R: Record<'r>>(&mut self, kind: Kind, record: &R) -> Result<()> {
        let partition = self.ranges.of(record.key());
        let buffer = &mut self.buffers[partition][kind as usize];
        if buffer.bytes.capacity() == 0 {
            buffer.bytes.reserve_exact(self.chunk_bytes);
        }
        record.encode(&mut buffer.bytes, &mut buffer.previous);
        // A chunk has room for one more record of usual size, so that its buffer does not grow.
        if buffer.bytes.len() + 256 > self.chunk_bytes {
            buffer.previous = Previous::default();
            let chunk = self.store.store(&mut buffer.bytes)?;
            self.partitions[partition].chunks[kind as usize].push(chunk);
        }
        Ok(())
    }

    /// What was pushed, by partition.
    pub(crate) fn finish(mut self) -> Result<Vec<Partition>> {
        if let Some(ids) = &mut self.ids {
            ids.flush()?;
        }
        for (partition, buffers) in self.partitions.iter_mut().zip(&mut self.buffers) {
            for (chunks, buffer) in partition.chunks.iter_mut().zip(buffers) {
                if !buffer.bytes.is_empty() {
                    chunks.push(self.store.store(&mut buffer.bytes)?);
                }
                *buffer = Buffer::default();
            }
        }
        Ok(self.partitions)
    }
}

/// The partitions of several threads as one.
pub(crate) fn join(threads: Vec<Vec<Partition>>) -> Vec<Partition> {
    let mut threads = threads.into_iter();
    let mut joined = threads.next().unwrap_or_default();
    for partitions in threads {
        for (partition, added) in joined.iter_mut().zip(partitions) {
            partition.append(added);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::Strategy as _;

    use super::*;

    #[test]
    fn ranges_follow_the_sample() {
        let ranges = Ranges::of_sample((0..1_000).collect(), 4);
        assert_eq!(ranges.count(), 5);
        assert_eq!(ranges.of(0), 0);
        assert_eq!(ranges.of(249), 0);
        assert_eq!(ranges.of(250), 1);
        assert_eq!(ranges.of(u64::MAX >> 1), 3);
        assert_eq!(ranges.of(USER_ID_BIT), 4);
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_in_the_range_between_its_bounds(
            sample in proptest::collection::vec(proptest::prelude::any::<u64>().prop_map(|key| key >> 1), 0..200),
            keys in proptest::collection::vec(proptest::prelude::any::<u64>(), 0..50), count in 1_usize..70,
        ) {
            for ranges in [Ranges::of_sample(sample.clone(), count), Ranges::within(sample.clone(), count)] {
                for &key in keys.iter().chain(&sample) {
                    proptest::prop_assert_eq!(ranges.of(key), ranges.bounds.partition_point(|&bound| bound <= key));
                }
            }
        }
    }

    #[test]
    fn few_keys_make_few_ranges() {
        assert_eq!(Ranges::of_sample(Vec::new(), 64).count(), 2);
        assert_eq!(Ranges::of_sample(vec![7; 100], 64).count(), 2);
        assert_eq!(Ranges::of_sample(vec![7, 7, 8], 64).count(), 3);
    }

    #[test]
    fn a_crowded_key_has_a_range_for_itself() {
        let sample = (0..100).chain(std::iter::repeat_n(1_000, 800)).chain(2_000..2_100).collect();
        let ranges = Ranges::of_sample(sample, 16);
        let crowded = ranges.of(1_000);
        assert_eq!((ranges.of(999), ranges.of(1_001)), (crowded - 1, crowded + 1));
    }
}
