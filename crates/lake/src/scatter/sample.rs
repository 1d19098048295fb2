//! How many ranges of keys, and where they begin: from a few rows of each file, read beforehand.

use super::Ranges;
use crate::exchange::read::Source;
use crate::exchange::{InputFile, Kind, ReadError, columns, identity};

/// Encoded bytes of a row of each kind, about.
const ROW_BYTES: [u64; 3] = [64, 60, 44];

/// Bytes of a row in a text file, about, and how much less a compressed or columnar file takes.
const TEXT_ROW_BYTES: u64 = 150;
const SQUEEZED: u64 = 8;

/// How memory is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Bytes of chunks that are held; more are spilled.
    pub(crate) held: usize,
    /// Bytes of ids of messages that are held.
    pub(crate) ids: usize,
    /// Encoded bytes of a partition, about.
    pub(crate) partition: usize,
    /// What all threads' buffers may take together.
    buffers: usize,
}

impl Budget {
    /// Shares of `memory` bytes for `threads` threads. A partition takes about four times its encoded size while it is put in
    /// order. More and smaller ones would be put in order faster, and cost more than that while they are filled.
    pub(crate) fn of(memory: usize, threads: usize) -> Self {
        Self {
            held: memory * 3 / 8,
            ids: memory / 16,
            partition: (memory / 24 / threads.max(1)).clamp(1 << 16, 12 << 20),
            buffers: memory / 8,
        }
    }

    /// Shares of what `memory` leaves beside the pages of these files that are in memory while they are read, which nobody can
    /// make smaller. At least half is left: a row group may be far larger than the pages that it is read by.
    pub(crate) fn beside(sources: &[Source], memory: usize, threads: usize) -> Self {
        // Of files that are read one after the other the largest counts.
        let reading = sources.iter().map(|source| source.in_memory(threads)).max().unwrap_or_default();
        Self::of(memory - (reading as usize).min(memory / 2), threads)
    }

    /// Size of a chunk, when each of `threads` threads fills chunks of `partitions` partitions.
    pub(crate) fn chunk(&self, partitions: usize, threads: usize) -> usize {
        (self.buffers / (partitions * threads).max(1) / 2).clamp(1 << 10, 1 << 18)
    }
}

/// Ranges for the rows of these files.
pub(crate) fn ranges(inputs: &[(&InputFile, &Source)], budget: &Budget) -> Result<Ranges, ReadError> {
    let (mut bytes, mut keys) = (0, Vec::new());
    for (input, source) in inputs {
        let kind = source.kind();
        let rows = source.known_rows().unwrap_or_else(|| {
            let squeezed = input.path.extension().is_some_and(|extension| extension != "csv" && extension != "ndjson");
            source.size() * if squeezed { SQUEEZED } else { 1 } / TEXT_ROW_BYTES
        });
        bytes += rows * ROW_BYTES[kind as usize];
        sample(input, source, &mut keys)?;
    }
    let count = (bytes / budget.partition as u64 + 1).min(1_024) as usize;
    Ok(Ranges::of_sample(keys, count))
}

/// Keys of some rows, spread over the file where its format allows it.
fn sample(input: &InputFile, source: &Source, keys: &mut Vec<u64>) -> Result<(), ReadError> {
    let position = match source.kind() {
        Kind::Messages => columns::message::RECIPIENT,
        Kind::Inbound => columns::inbound::SENDER,
        Kind::Consents => columns::consent::RECIPIENT,
    };
    Source::sample(input, source, |batch| {
        keys.extend((0..batch.rows).filter_map(|row| identity::number_key(batch.columns[position].text(row))));
    })
}
