//! An audit of files, without a lake: read, scatter by ranges of people, put each range in order, replay.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use audit::{Inputs, Settings};
use domain::ports::CancelFlag;
use domain::traffic::{Rejected, Report};

use crate::control::{Control, Progress};
use crate::decode::Shared;
use crate::error::{LakeError, Result};
use crate::exchange::read::Source;
use crate::exchange::{InputFile, Kind, RowError};
use crate::reading::{FileRead, Reading};
use crate::replay::samples::put_ids;
use crate::replay::{self, Lookups, Means, Question};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::ids::IdStore;
use crate::scatter::sample::{self, Budget};

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
    let threads = request.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let budget = Budget::of(request.memory.unwrap_or(DEFAULT_MEMORY), threads);
    let folder = request.temporary.clone().unwrap_or_else(std::env::temp_dir);
    let store = ChunkStore::new(&folder, budget.held);
    let ids = IdStore::new(ChunkStore::new(&folder, budget.ids));
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
    let reading = Reading {
        sources: &sources,
        threads,
        budget,
        store: &store,
        shared: &shared,
        control: Control { progress: request.progress, cancel: &request.cancel },
        ids: Some(&ids),
        recorded_at: None,
        consents: None,
    };
    let (partitions, read) = reading.scatter(&ranges)?;
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
    let means = Means { lookups: &lookups, ids: &ids };
    let question = Question { settings: &request.settings, surroundings: &request.inputs.surroundings };
    let (tallies, contradicting_rows) = replay::all(&reading, partitions, &ranges, aliases, &means, &[question])?;

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
    let tally = tallies.into_iter().next().ok_or(LakeError::Worker)?;
    let mut report = audit::report(&tally, &lookups.names, &inputs, &request.settings);
    put_ids(&mut report, &ids)?;
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
