//! After reading: rows of keys that stand for another go to the partition of their person's own key; and partitions that turn
//! out too large are split.

use super::chunks::ChunkStore;
use super::codec::{Decoded, Record};
use super::{Partition, Ranges, Scatterer, each_record};
use crate::decode::people::Aliases;
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord};
use crate::error::Result;
use crate::exchange::Kind;

/// Size of the chunks of a second scattering, which has many buffers for few bytes.
const CHUNK_BYTES: usize = 1 << 15;

/// Gives every row its person's own key. Only partitions that hold keys which stand for another are read again, and that of
/// user ids.
pub(crate) fn settle(
    mut partitions: Vec<Partition>,
    ranges: &Ranges,
    aliases: &Aliases,
    store: &ChunkStore,
) -> Result<Vec<Partition>> {
    let mut affected: Vec<usize> = aliases.keys().map(|key| ranges.of(key)).collect();
    affected.sort_unstable();
    affected.dedup();
    if affected.is_empty() {
        return Ok(partitions);
    }
    let mut scatterer = Scatterer::new(store, ranges.clone(), CHUNK_BYTES);
    for index in affected {
        rescatter(std::mem::take(&mut partitions[index]), store, &mut scatterer, aliases)?;
    }
    Ok(super::join(vec![partitions, scatterer.finish()?]))
}

/// The partition, or its parts in the order of their keys when it is much larger than `usual` bytes.
pub(crate) fn parts(partition: Partition, usual: usize, store: &ChunkStore) -> Result<Vec<Partition>> {
    if partition.bytes() > 4 * usual { split(partition, usual, store) } else { Ok(vec![partition]) }
}

/// Splits a partition of more than `limit` bytes into ranges of about that size. One person's rows stay together, however
/// many they are.
fn split(mut partition: Partition, limit: usize, store: &ChunkStore) -> Result<Vec<Partition>> {
    let parts = partition.bytes() / limit.max(1) + 1;
    let sample = keys_of(&mut partition, store)?;
    let ranges = Ranges::within(sample, parts);
    if ranges.count() == 1 {
        return Ok(vec![partition]);
    }
    let mut scatterer = Scatterer::new(store, ranges, CHUNK_BYTES);
    rescatter(partition, store, &mut scatterer, &Aliases::default())?;
    scatterer.finish()
}

fn rescatter(
    mut partition: Partition,
    store: &ChunkStore,
    scatterer: &mut Scatterer<'_>,
    aliases: &Aliases,
) -> Result<()> {
    let mut settled = |kind: Kind| -> Result<()> {
        for chunk in std::mem::take(&mut partition.chunks[kind as usize]) {
            let bytes = store.take(chunk)?;
            match kind {
                Kind::Messages => {
                    each_record(&bytes, store, |record: MessageRecord<'_>| {
                        scatterer.message(&record.settled(aliases))
                    })?;
                }
                Kind::Inbound => {
                    each_record(&bytes, store, |record: InboundRecord<'_>| {
                        scatterer.inbound(&record.settled(aliases))
                    })?;
                }
                Kind::Consents => {
                    each_record(&bytes, store, |record: ConsentRecord| scatterer.consent(&record.settled(aliases)))?;
                }
            }
        }
        Ok(())
    };
    settled(Kind::Messages)?;
    settled(Kind::Inbound)?;
    settled(Kind::Consents)
}

/// Keys of every 16th record, of all kinds.
fn keys_of(partition: &mut Partition, store: &ChunkStore) -> Result<Vec<u64>> {
    let mut keys = Vec::new();
    for kind in [Kind::Messages, Kind::Inbound, Kind::Consents] {
        let mut kept = Vec::new();
        for chunk in std::mem::take(&mut partition.chunks[kind as usize]) {
            let mut bytes = store.take(chunk)?;
            match kind {
                Kind::Messages => sample::<MessageRecord<'_>>(&bytes, store, &mut keys)?,
                Kind::Inbound => sample::<InboundRecord<'_>>(&bytes, store, &mut keys)?,
                Kind::Consents => sample::<ConsentRecord>(&bytes, store, &mut keys)?,
            }
            kept.push(store.store(&mut bytes)?);
        }
        partition.chunks[kind as usize] = kept;
    }
    Ok(keys)
}

fn sample<'c, R: Decoded<'c>>(bytes: &'c [u8], store: &ChunkStore, keys: &mut Vec<u64>) -> Result<()> {
    let mut count = 0_u32;
    each_record(bytes, store, |record: R| {
        if count.is_multiple_of(16) {
            keys.push(record.key());
        }
        count += 1;
        Ok(())
    })
}
