//! An audit of files, without a lake: read, scatter by ranges of people, put each range in order, replay.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use audit::{Inputs, Replay, Settings, Tally};
use domain::ports::CancelFlag;
use domain::traffic::{Rejected, Report};

use crate::decode::{Decoder, Shared};
use crate::error::{LakeError, Result};
use crate::exchange::instant::ABSENT;
use crate::exchange::read::{Cursor, Source};
use crate::exchange::{InputFile, Kind, RowError, RowErrors};
use crate::replay::{self, Lookups};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::sample::{self, Budget};
use crate::scatter::settle::{settle, split};
use crate::scatter::{self, Partition, Ranges, Scatterer};

/// Memory that an audit keeps to unless told otherwise, in bytes.
const DEFAULT_MEMORY: usize = 512 << 20;

/// What an audit of files is asked.
pub struct FilesAudit<'a> {
    /// Files of messages, in the order in which their rows count.
    pub messages: Vec<InputFile>,
    /// Files of inbound messages.
    pub inbound: Vec<InputFile>,
    /// Files of consents; their rows in this order are the ledger.
    pub consents: Vec<InputFile>,
    /// Refuse a file that has a bad row.
    pub strict: bool,
    /// Period, rules, thresholds.
    pub settings: Settings,
    /// What else is known. What was fed of messages, inbound and consents, and the rejected rows, are filled in here.
    pub inputs: Inputs,
    /// Bytes of memory to keep to, about; `None` for 512 MiB.
    pub memory: Option<usize>,
    /// Threads to use; `None` for one per core.
    pub threads: Option<NonZero<usize>>,
    /// Where what does not fit into memory goes; `None` for the system's folder of temporary files.
    pub temporary: Option<PathBuf>,
    /// Is told about progress, from any thread.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Asks to stop.
    pub cancel: CancelFlag,
}

impl std::fmt::Debug for FilesAudit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilesAudit")
            .field("messages", &self.messages)
            .field("inbound", &self.inbound)
            .field("consents", &self.consents)
            .finish_non_exhaustive()
    }
}

/// What the work is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Reading files; counted in bytes.
    Reading,
    /// Replaying people; counted in parts of the whole.
    Replaying,
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// Done so far.
    pub done: u64,
    /// To be done in all.
    pub total: u64,
}

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file's label.
    pub file: String,
    /// What it was read as.
    pub kind: Kind,
    /// Rows that were kept.
    pub accepted: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// The first of them.
    pub row_errors: Vec<RowError>,
    /// Columns that the formats do not have.
    pub unknown_columns: Vec<String>,
}

/// The result of an audit of files.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditOutcome {
    /// Figures and findings.
    pub report: Report,
    /// What was read of each file, in the order messages, inbound, consents.
    pub files: Vec<FileReport>,
    /// Rows of messages that contradicted the first row of their message in number, type, template, category, list, campaign
    /// or time; the first row counts.
    pub contradicting_rows: u64,
}

/// Audits files. Runs on threads of its own and returns when they are done: not to be called on an async runtime.
pub fn audit_files(request: FilesAudit<'_>) -> Result<AuditOutcome> {
    let threads = request.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let budget = Budget::of(request.memory.unwrap_or(DEFAULT_MEMORY), threads);
    let folder = request.temporary.clone().unwrap_or_else(std::env::temp_dir);
    let store = ChunkStore::new(&folder, budget.held);
    let inputs: Vec<(&InputFile, Kind)> =
        [(&request.messages, Kind::Messages), (&request.inbound, Kind::Inbound), (&request.consents, Kind::Consents)]
            .into_iter()
            .flat_map(|(files, kind)| files.iter().map(move |file| (file, kind)))
            .collect();
    // Every header is read before any row is.
    let sources =
        inputs.iter().map(|(file, kind)| Source::open(file, *kind)).collect::<std::result::Result<Vec<_>, _>>()?;
    let sampled: Vec<(&InputFile, &Source)> = inputs.iter().map(|(file, _)| *file).zip(&sources).collect();
    let ranges = sample::ranges(&sampled, &budget)?;

    let shared = Shared::default();
    let work = Work { request: &request, threads, budget, store: &store, sources: &sources, shared: &shared };
    let (partitions, read) = work.scatter(&ranges)?;
    let files: Vec<FileReport> = inputs
        .iter()
        .zip(&sources)
        .zip(read)
        .map(|(((file, kind), source), read)| file_report(file, *kind, source, read))
        .collect();
    if request.strict {
        refuse_bad(&files)?;
    }
    let (aliases, lookups) = {
        let people = shared.people.lock();
        (people.aliases(), Lookups::new(&shared.words, people.texts()))
    };
    let partitions = settle(partitions, &ranges, &aliases, &store)?;
    drop(aliases);
    let (tally, contradicting_rows) = work.replay(partitions, &lookups)?;

    let rejected = |kind| files.iter().filter(|file| file.kind == kind).map(|file| file.rejected).sum();
    let mut inputs = request.inputs.clone();
    inputs.fed.messages = !request.messages.is_empty();
    inputs.fed.inbound = !request.inbound.is_empty();
    inputs.fed.consents = !request.consents.is_empty();
    inputs.rejected = Rejected {
        messages: rejected(Kind::Messages),
        inbound: rejected(Kind::Inbound),
        consents: rejected(Kind::Consents),
    };
    let report = audit::report(&tally, &lookups.names, &inputs, &request.settings);
    Ok(AuditOutcome { report, files, contradicting_rows })
}

fn file_report(file: &InputFile, kind: Kind, source: &Source, read: FileRead) -> FileReport {
    FileReport {
        file: file.label.clone(),
        kind,
        accepted: read.accepted,
        rejected: read.errors.total(),
        row_errors: read.errors.first().to_vec(),
        unknown_columns: source.unknown_columns(),
    }
}

fn refuse_bad(files: &[FileReport]) -> Result<()> {
    for file in files {
        if let Some(&first) = file.row_errors.first() {
            return Err(LakeError::Refused { file: file.file.clone(), total: file.rejected, first });
        }
    }
    Ok(())
}

/// What one thread, or all, read of a file.
#[derive(Debug, Default)]
pub(crate) struct FileRead {
    pub(crate) accepted: u64,
    pub(crate) errors: RowErrors,
}

impl FileRead {
    pub(crate) fn merge(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.errors.merge(&other.errors);
    }
}

struct Work<'w, 'a> {
    request: &'w FilesAudit<'a>,
    threads: usize,
    budget: Budget,
    store: &'w ChunkStore,
    sources: &'w [Source],
    shared: &'w Shared,
}

impl Work<'_, '_> {
    /// Reads all files into partitions.
    fn scatter(&self, ranges: &Ranges) -> Result<(Vec<Partition>, Vec<FileRead>)> {
        let results = on_threads(self.threads, || self.scatter_some(ranges))?;
        let mut joined: Vec<FileRead> = self.sources.iter().map(|_| FileRead::default()).collect();
        let mut partitions = Vec::new();
        for (scattered, read) in results {
            partitions.push(scattered);
            for (file, read) in joined.iter_mut().zip(&read) {
                file.merge(read);
            }
        }
        Ok((scatter::join(partitions), joined))
    }

    /// One thread's share of the reading: of each file in turn, the rows that no other thread took.
    fn scatter_some(&self, ranges: &Ranges) -> Result<(Vec<Partition>, Vec<FileRead>)> {
        let chunk = self.budget.chunk(ranges.count(), self.threads);
        let mut scatterer = Scatterer::new(self.store, ranges.clone(), chunk);
        let mut decoder = Decoder::new(self.shared);
        let mut files = Vec::with_capacity(self.sources.len());
        for (file, source) in self.sources.iter().enumerate() {
            decoder.set_file(file);
            let (mut read, mut cursor) = (FileRead::default(), Cursor::default());
            while let Some(batch) = source.next(&mut cursor)? {
                let mut result = Ok(());
                let mut keep = |pushed: Result<()>| {
                    read.accepted += 1;
                    if result.is_ok() {
                        result = pushed;
                    }
                };
                match source.kind() {
                    Kind::Messages => decoder.messages(&batch, &mut read.errors, |mut record| {
                        // No figure depends on when it was delivered: only that it was, which the outcome says.
                        (record.delivered_at, record.read_at, record.failed_at) = (ABSENT, ABSENT, ABSENT);
                        keep(scatterer.message(&record));
                    }),
                    Kind::Inbound => {
                        decoder.inbound(&batch, &mut read.errors, |record| keep(scatterer.inbound(&record)));
                    }
                    Kind::Consents => {
                        decoder.consents(&batch, None, &mut read.errors, |record| keep(scatterer.consent(&record)));
                    }
                }
                result?;
                self.go_on()?;
                self.tell_reading();
            }
            files.push(read);
        }
        Ok((scatterer.finish()?, files))
    }

    /// Replays all partitions; each thread takes the next that no other has.
    fn replay(&self, partitions: Vec<Partition>, lookups: &Lookups) -> Result<(Tally, u64)> {
        let total: usize = partitions.iter().map(Partition::bytes).sum();
        let queue = Mutex::new(partitions);
        let (done, conflicts, busy) = (AtomicU64::new(0), AtomicU64::new(0), AtomicUsize::new(0));
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let tallies = on_threads(self.threads, || {
            busy.fetch_add(1, Ordering::Relaxed);
            let mut replay = Replay::new(&self.request.settings);
            while let Some(partition) = take() {
                self.go_on()?;
                if partition.is_empty() {
                    continue;
                }
                let bytes = partition.bytes();
                let parts = if bytes > 4 * self.budget.partition {
                    split(partition, self.budget.partition, self.store)?
                } else {
                    vec![partition]
                };
                for part in parts {
                    let fed = replay::feed(part, self.store, lookups, &mut replay, || self.go_on())?;
                    conflicts.fetch_add(fed.conflicts, Ordering::Relaxed);
                }
                let done = done.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
                (self.request.progress)(Progress { phase: Phase::Replaying, done, total: total as u64 });
            }
            Ok(replay.finish())
        })?;
        let mut tallies = tallies.into_iter();
        let mut tally = tallies.next().unwrap_or_else(|| Tally::new(&self.request.settings));
        for other in tallies {
            tally.merge(other);
        }
        Ok((tally, conflicts.into_inner()))
    }

    fn go_on(&self) -> Result<()> {
        if self.request.cancel.is_cancelled() { Err(LakeError::Cancelled) } else { Ok(()) }
    }

    fn tell_reading(&self) {
        let done = self.sources.iter().map(Source::bytes_read).sum();
        let total = self.sources.iter().map(Source::size).sum();
        (self.request.progress)(Progress { phase: Phase::Reading, done, total });
    }
}

/// Runs `work` on `threads` threads at once and gives the results of all, or the first failure.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl Fn() -> Result<T> + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(&work)).collect();
        let mut results = vec![work()];
        results.extend(others.into_iter().map(|thread| thread.join().unwrap_or(Err(LakeError::Worker))));
        results.into_iter().collect()
    })
}
