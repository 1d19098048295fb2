//! An audit of files, without a lake: read, scatter by ranges of people, put each range in order, replay.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use audit::{Inputs, Names, Replay, Settings, Tally};
use domain::ports::{CancelFlag, WhatIf};
use domain::traffic::{Rejected, Report, Subject};

use crate::control::{Control, Progress};
use crate::decode::Shared;
use crate::error::{LakeError, Result};
use crate::evidence::Evidence;
use crate::exchange::read::Source;
use crate::exchange::{InputFile, Kind, RowError};
use crate::reading::{FileRead, Reading};
use crate::replay::samples::put_ids;
use crate::replay::{self, Collecting, Lookups, Means, Sink};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::ids::IdStore;
use crate::scatter::sample::{self, Budget};
use crate::what_if::{self, Answer, Question, Traffic};

/// Memory that an audit keeps to unless told otherwise, in bytes.
pub(crate) const DEFAULT_MEMORY: usize = 512 << 20;

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
    let (settings, surroundings) = (request.settings.clone(), request.inputs.surroundings.clone());
    let mut files = Files::open(request)?;
    let replay = |names: &Names| Replay::informed(&settings, names, &surroundings);
    let tally = replay::join(files.feed(&replay)?, &settings);
    let report = files.report(&tally, &settings);
    files.outcome(report)
}

/// As [`audit_files`], and writes the messages of findings that an audit of the same files has found. The caller ends the evidence.
pub fn audit_files_with(request: FilesAudit<'_>, evidence: &Arc<Evidence>) -> Result<AuditOutcome> {
    let (settings, surroundings) = (request.settings.clone(), request.inputs.surroundings.clone());
    let mut files = Files::open(request)?;
    let collecting = |names: &Names| Collecting {
        replay: Replay::informed(&settings, names, &surroundings).showing(evidence.rules()),
        evidence: Arc::clone(evidence),
    };
    let replays = files.feed(&collecting)?.into_iter().map(|sink| sink.replay).collect();
    let tally = replay::join(replays, &settings);
    if let Some(first) = &files.read {
        evidence.settle(&files.names, &first.ids, true)?;
    }
    let report = files.report(&tally, &settings);
    files.outcome(report)
}

/// Audits files, and says what would have been without some of the messages. Reads the files anew for every pass.
pub fn audit_files_what_if(
    request: FilesAudit<'_>,
    without: &[Subject],
    remedies: bool,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(AuditOutcome, WhatIf)> {
    let (settings, surroundings) = (request.settings.clone(), request.inputs.surroundings.clone());
    let mut files = Files::open(request)?;
    let question = Question {
        settings: &settings,
        surroundings: &surroundings,
        without,
        remedies,
        memory: files.memory,
        threads: files.threads,
    };
    let Answer { everything, what_if } = what_if::answer(&mut files, &question, tell)?;
    Ok((files.outcome(everything)?, what_if))
}

/// Files that are audited, to be read as often as is needed.
struct Files<'f> {
    request: FilesAudit<'f>,
    memory: usize,
    threads: usize,
    sources: Vec<Source>,
    /// Words and people, which keep their ids from pass to pass.
    shared: Shared,
    names: Names,
    inputs: Inputs,
    /// Of the first pass.
    read: Option<FirstPass>,
}

/// What only the first pass tells.
struct FirstPass {
    files: Vec<FileReport>,
    contradicting_rows: u64,
    ids: IdStore,
}

impl<'f> Files<'f> {
    /// Every header is read before any row is.
    fn open(request: FilesAudit<'f>) -> Result<Self> {
        let threads = request.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
        let sources =
            kinds(&request).map(|(file, kind)| Source::open(file, kind)).collect::<std::result::Result<Vec<_>, _>>()?;
        let mut inputs = request.inputs.clone();
        inputs.fed.messages = !request.messages.is_empty();
        inputs.fed.inbound = !request.inbound.is_empty();
        inputs.fed.consents = !request.consents.is_empty();
        let memory = request.memory.unwrap_or(DEFAULT_MEMORY);
        let (shared, names) = (Shared::default(), Names::default());
        Ok(Self { request, memory, threads, sources, shared, names, inputs, read: None })
    }

    /// The outcome, with the ids of the messages in the samples of the report.
    fn outcome(self, mut report: Report) -> Result<AuditOutcome> {
        let FirstPass { files, contradicting_rows, ids } = self.read.ok_or(LakeError::Worker)?;
        put_ids(&mut report, &ids)?;
        Ok(AuditOutcome { report, files, contradicting_rows })
    }

    fn take_note(&mut self, first: FirstPass) {
        let rejected = |kind| first.files.iter().filter(|file| file.kind == kind).map(|file| file.rejected).sum();
        self.inputs.rejected = Rejected {
            messages: rejected(Kind::Messages),
            inbound: rejected(Kind::Inbound),
            consents: rejected(Kind::Consents),
        };
        self.read = Some(first);
    }
}

/// The files in the order messages, inbound, consents.
fn kinds<'r>(request: &'r FilesAudit<'_>) -> impl Iterator<Item = (&'r InputFile, Kind)> {
    [(&request.messages, Kind::Messages), (&request.inbound, Kind::Inbound), (&request.consents, Kind::Consents)]
        .into_iter()
        .flat_map(|(files, kind)| files.iter().map(move |file| (file, kind)))
}

impl Traffic for Files<'_> {
    fn feed<S: Sink>(&mut self, make: &(dyn Fn(&Names) -> S + Sync)) -> Result<Vec<S>> {
        let budget = Budget::beside(&self.sources, self.memory, self.threads);
        let folder = self.request.temporary.clone().unwrap_or_else(std::env::temp_dir);
        let store = ChunkStore::new(&folder, budget.held);
        let ids = IdStore::new(ChunkStore::new(&folder, budget.ids));
        let sampled: Vec<(&InputFile, &Source)> =
            kinds(&self.request).map(|(file, _)| file).zip(&self.sources).collect();
        let ranges = sample::ranges(&sampled, &budget)?;
        let reading = Reading {
            sources: &self.sources,
            threads: self.threads,
            budget,
            store: &store,
            shared: &self.shared,
            control: Control { progress: self.request.progress, cancel: &self.request.cancel },
            ids: Some(&ids),
            recorded_at: None,
            consents: None,
        };
        let (partitions, read) = reading.scatter(&ranges)?;
        let files: Vec<FileReport> = kinds(&self.request)
            .zip(&self.sources)
            .zip(read)
            .map(|(((file, kind), source), read)| file_report(file, kind, source, read))
            .collect();
        if self.request.strict {
            refuse_bad(&files)?;
        }
        let (aliases, lookups) = {
            let people = self.shared.people.lock();
            (people.aliases(), Lookups::new(&self.shared.words, people.texts()))
        };
        let means = Means { lookups: &lookups, ids: &ids };
        let (sinks, contradicting_rows) = replay::all(&reading, partitions, &ranges, aliases, &means, make)?;
        self.names = lookups.names;
        if self.read.is_none() {
            self.take_note(FirstPass { files, contradicting_rows, ids });
        }
        Ok(sinks)
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn report(&self, tally: &Tally, settings: &Settings) -> Report {
        audit::report(tally, &self.names, &self.inputs, settings)
    }
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
