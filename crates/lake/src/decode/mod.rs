//! Batches of cells become records: every cell is judged, names become ids, people become keys.

mod audited;
mod columns;
mod consents;
mod inbound;
mod messages;
pub(crate) mod people;
pub(crate) mod words;

pub(crate) use audited::AuditedMessage;
pub(crate) use columns::NO_NUMBER;
pub(crate) use consents::ConsentRecord;
pub(crate) use inbound::InboundRecord;
pub(crate) use messages::MessageRecord;

use self::columns::Faults;
use self::people::People;
use self::words::{SharedWords, WordCache};
use crate::exchange::RowErrors;
use crate::exchange::read::batch::SourceBatch;

/// What threads that decode share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) words: SharedWords,
    pub(crate) people: People,
}

/// One thread's means to decode.
pub(crate) struct Decoder<'s> {
    words: WordCache<'s>,
    people: &'s People,
    /// Added to a row's line to order rows over files.
    file_base: u64,
    faults: Faults,
}

/// Files are ordered before lines: a line number takes the lower 40 bits.
const FILE_SHIFT: u32 = 40;

impl<'s> Decoder<'s> {
    pub(crate) fn new(shared: &'s Shared) -> Self {
        Self { words: WordCache::new(&shared.words), people: &shared.people, file_base: 0, faults: Faults::default() }
    }

    /// What follows is read from the file with this position among the files.
    pub(crate) fn set_file(&mut self, file: usize) {
        self.file_base = (file as u64) << FILE_SHIFT;
    }

    /// Adds the rows of `batch` that were refused to `errors`, by line.
    fn report(&mut self, batch: &SourceBatch, kind: crate::exchange::Kind, errors: &mut RowErrors) {
        if batch.broken.is_empty() && !self.faults.any() {
            return;
        }
        let mut all = batch.broken.clone();
        all.extend(self.faults.errors(batch, kind));
        all.sort_unstable();
        for error in all {
            errors.push(error);
        }
    }
}
