//! Import: a file becomes segments that nobody names yet.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ClientId;
use domain::imports::ImportKind;
use domain::ports::{
    CancelFlag, ConsentSink, ImportRequest, Progress as PortProgress, RowError, SegmentMeta, StagedImport,
};

use super::segment::tables::Tables;
use super::segment::write::{SegmentRecord, SegmentWriter};
use super::{Engine, kind_of};
use crate::control::{Control, Phase, Progress, on_threads};
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, Shared};
use crate::error::{LakeError, Result};
use crate::exchange::read::Source;
use crate::exchange::{InputFile, Kind};
use crate::reading::{FileRead, Reading};
use crate::replay::Ordered;
use crate::replay::merge::{self, Hashes};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::codec::Decoded;
use crate::scatter::ids::Carried;
use crate::scatter::sample::{self, Budget};
use crate::scatter::settle::{parts, settle};
use crate::scatter::{Partition, records};

/// Encoded bytes of rows in a segment, about: a million messages.
const SEGMENT_BYTES: usize = 96 << 20;

/// Rows in a batch that is handed to the writer.
const BATCH: usize = 8_192;

/// Reads a file and writes its segments.
pub(super) fn import(
    engine: &Engine,
    request: &ImportRequest,
    consents: Option<ConsentSink>,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<StagedImport> {
    let kind = kind_of(request.kind).ok_or(LakeError::NoLakeKind)?;
    // An upload lies under a name of ours, which says nothing to whoever sent it.
    let label = request.path.file_name().map_or_else(|| kind.to_string(), |name| name.to_string_lossy().into_owned());
    let input = InputFile { path: request.path.clone(), label, format: Some(request.format) };
    let sources = [Source::open(&input, kind)?];
    let budget = Budget::beside(&sources, engine.memory, engine.threads);
    let store = ChunkStore::new(&engine.temporary, budget.held);
    let ranges = sample::ranges(&[(&input, &sources[0])], &budget)?;
    let shared = Shared::default();
    let consents = consents.map(Mutex::new);
    // Reading and writing are told as one: the first half is the reading.
    let tell = |told: Progress| {
        let done = if told.phase == Phase::Reading { told.done } else { told.total + told.done };
        progress(PortProgress { done, total: told.total * 2 });
    };
    let control = Control { progress: &tell, cancel };
    let reading = Reading {
        sources: &sources,
        // Ledger events must come in the order of the file.
        threads: if consents.is_some() { 1 } else { engine.threads },
        budget,
        store: &store,
        shared: &shared,
        control,
        ids: None,
        recorded_at: request.recorded_at.map(|instant| instant.timestamp_micros()),
        consents: consents.as_ref(),
    };
    let (partitions, read) = reading.scatter(&ranges)?;
    let read = read.into_iter().next().unwrap_or_default();
    if request.strict
        && let Some(&first) = read.errors.first().first()
    {
        return Err(LakeError::Refused { file: input.label, total: read.errors.total(), first });
    }
    let (aliases, users) = {
        let people = shared.people.lock();
        (people.aliases(), people.texts().to_vec())
    };
    let partitions = settle(partitions, &ranges, &aliases, &store)?;
    drop(aliases);
    let tables = Tables::of(kind, &shared.words);
    let client = request.client;
    let writing =
        Writing { engine, client, kind, store: &store, budget, tables: &tables, users: &users, control, most: None };
    let segments = writing.all(partitions)?;
    Ok(staged(segments, &read, sources[0].unknown_columns()))
}

fn staged(segments: Vec<SegmentMeta>, read: &FileRead, unknown_columns: Vec<String>) -> StagedImport {
    let row_errors = read.errors.first().iter().map(|error| RowError {
        line: error.line,
        column: error.column.unwrap_or_default().to_owned(),
        reason: error.reason.code().to_owned(),
    });
    StagedImport {
        segments,
        accepted: read.accepted,
        rejected: read.errors.total(),
        row_errors: row_errors.take(StagedImport::ROW_ERRORS_KEPT).collect(),
        unknown_columns,
    }
}

/// What partitions are written with.
pub(super) struct Writing<'w> {
    pub(super) engine: &'w Engine,
    pub(super) client: ClientId,
    pub(super) kind: Kind,
    pub(super) store: &'w ChunkStore,
    pub(super) budget: Budget,
    pub(super) tables: &'w Tables,
    /// The user ids that rows name by position.
    pub(super) users: &'w [Arc<str>],
    pub(super) control: Control<'w>,
    /// How many segments there may be, if that matters.
    pub(super) most: Option<usize>,
}

impl Writing<'_> {
    /// Writes all partitions, in segments of consecutive ones; each thread takes the next run that no other has.
    pub(super) fn all(&self, partitions: Vec<Partition>) -> Result<Vec<SegmentMeta>> {
        let total: u64 = partitions.iter().map(|partition| partition.bytes() as u64).sum();
        // Every segment but the last is then at least twice as large as it would have to be.
        let largest = partitions.iter().map(Partition::bytes).max().unwrap_or_default();
        let full = self.most.map_or(0, |most| 2 * total as usize / most.max(1) + largest).max(SEGMENT_BYTES);
        let mut runs: Vec<(usize, Vec<Partition>)> = Vec::new();
        let mut room = 0;
        for partition in partitions.into_iter().filter(|partition| partition.bytes() > 0) {
            let bytes = partition.bytes();
            if bytes > room {
                runs.push((runs.len(), Vec::new()));
                room = full;
            }
            room = room.saturating_sub(bytes);
            if let Some((_, run)) = runs.last_mut() {
                run.push(partition);
            }
        }
        runs.reverse();
        let (queue, done) = (Mutex::new(runs), AtomicU64::new(0));
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let written = on_threads(self.engine.threads, || {
            let mut segments = Vec::new();
            while let Some((place, run)) = take() {
                segments.push((place, self.segment(run, &done, total)?));
            }
            Ok(segments)
        })?;
        let mut segments: Vec<_> = written.into_iter().flatten().collect();
        segments.sort_unstable_by_key(|segment| segment.0);
        Ok(segments.into_iter().map(|segment| segment.1).collect())
    }

    fn segment(&self, run: Vec<Partition>, done: &AtomicU64, total: u64) -> Result<SegmentMeta> {
        let mut open = SegmentWriter::begin(self.engine, self.kind, self.users)?;
        for partition in run {
            self.control.go_on()?;
            let bytes = partition.bytes() as u64;
            for part in parts(partition, self.budget.partition, self.store)? {
                self.part(part, &mut open)?;
            }
            let done = done.fetch_add(bytes, Ordering::Relaxed) + bytes;
            self.control.tell(Phase::Replaying, done, total);
        }
        open.publish(self.client, self.tables)
    }

    fn part(&self, mut part: Partition, open: &mut SegmentWriter<'_>) -> Result<()> {
        let chunks = part.take(self.kind, self.store)?;
        let mut hashes = Hashes::default();
        match self.kind {
            Kind::Messages => self.sorted(&chunks, open, |rows: &mut Vec<MessageRecord<'_>>| {
                merge::messages(rows, &mut hashes, &Carried).map(drop)
            }),
            Kind::Inbound => self.sorted(&chunks, open, |rows: &mut Vec<InboundRecord<'_>>| {
                merge::inbound(rows, &mut hashes);
                Ok(())
            }),
            Kind::Consents => self.sorted(&chunks, open, |rows: &mut Vec<ConsentRecord>| {
                merge::consents(rows);
                Ok(())
            }),
        }
    }

    /// Writes records person by person, as `arrange` leaves them.
    fn sorted<'c, R: Decoded<'c> + SegmentRecord>(
        &self,
        chunks: &'c [Vec<u8>],
        open: &mut SegmentWriter<'_>,
        mut arrange: impl FnMut(&mut Vec<R>) -> Result<()>,
    ) -> Result<()> {
        let mut ordered = Ordered::<R>::new(records(chunks, self.store)?);
        let (mut batch, mut person) = (Vec::with_capacity(BATCH), Vec::new());
        while let Some(key) = ordered.next_key() {
            ordered.take(key, &mut person);
            arrange(&mut person)?;
            // One person may have very many.
            for rows in person.chunks(BATCH) {
                batch.extend_from_slice(rows);
                if batch.len() >= BATCH {
                    self.control.go_on()?;
                    open.write(&batch)?;
                    batch.clear();
                }
            }
        }
        open.write(&batch)?;
        open.end_range()
    }
}

/// The domain's word for a kind.
pub(super) const fn import_kind(kind: Kind) -> ImportKind {
    match kind {
        Kind::Messages => ImportKind::Messages,
        Kind::Inbound => ImportKind::Inbound,
        Kind::Consents => ImportKind::Consents,
    }
}

/// The kinds that the lake keeps, by the words of the domain.
pub(super) fn lake_kind(kind: ImportKind) -> Option<Kind> {
    match kind {
        ImportKind::Messages => Some(Kind::Messages),
        ImportKind::Inbound => Some(Kind::Inbound),
        ImportKind::Consents => Some(Kind::Consents),
        ImportKind::Templates | ImportKind::Assets => None,
    }
}
