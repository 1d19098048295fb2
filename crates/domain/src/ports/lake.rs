//! The lake: facts that only accumulate, as Parquet segments. The application knows it by this port alone.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;

use crate::{
    ClientId, Instant, SegmentId,
    evidence::EvidenceFormat,
    imports::{FileFormat, ImportKind},
    traffic::{
        AuditParameters, ConsentAction, ConsentScope, Counterfactual, Finding, Remedy, Report, Subject, Surroundings,
        Thresholds,
    },
};

/// Asks a long work to stop; whoever works looks at it often.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far a long work has come. Units are bytes read or rows, whichever the work can tell; `total` 0 is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// To be done in all; 0 when unknown.
    pub total: u64,
}

/// Is told about progress, from any thread, often; must return at once.
pub type ProgressFn = Arc<dyn Fn(Progress) + Send + Sync>;

/// A file to be imported.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// Whose traffic it is.
    pub client: ClientId,
    /// What the rows are: messages, inbound or consents (templates never reach the lake).
    pub kind: ImportKind,
    /// The file, on a local disk.
    pub path: PathBuf,
    /// Format and wrapping of the file.
    pub format: FileFormat,
    /// Refuse the file when one row is bad.
    pub strict: bool,
    /// `recorded_at` of consents that carry none; `None` takes their `effective_at` (history).
    pub recorded_at: Option<Instant>,
}

/// One bad row. Never holds the value.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowError {
    /// Line in the file, from 1 (the header is line 1 of a CSV); the row's number for Parquet.
    pub line: u64,
    /// The column at fault; empty when the whole row is.
    pub column: String,
    /// Why, as a stable key such as `timestamp_invalid`; texts for people stand in `i18n` under `row-error-…`.
    pub reason: String,
}

/// What the manifest keeps of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMeta {
    /// Id.
    pub id: SegmentId,
    /// What its rows are.
    pub kind: ImportKind,
    /// Path of the object within the lake.
    pub path: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the object in bytes.
    pub bytes: u64,
    /// Least time in it (sent_at, received_at, effective_at).
    pub least_time: Instant,
    /// Greatest time in it.
    pub greatest_time: Instant,
}

/// Segments that were written and count for nothing until the manifest names them.
#[derive(Debug, Clone, Default)]
pub struct StagedImport {
    /// The segments.
    pub segments: Vec<SegmentMeta>,
    /// Rows kept.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
    /// The first refused rows, at most [`StagedImport::ROW_ERRORS_KEPT`].
    pub row_errors: Vec<RowError>,
    /// Columns of the file that nobody knows.
    pub unknown_columns: Vec<String>,
}

impl StagedImport {
    /// How many row errors are kept; the count in `rejected` is exact whatever it is.
    pub const ROW_ERRORS_KEPT: usize = 1_000;
}

/// One ledger event, as the file tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEvent {
    /// The person: digits of the number, or a business-scoped user id.
    pub recipient: String,
    /// Opt-in or opt-out.
    pub action: ConsentAction,
    /// The purposes.
    pub scope: ConsentScope,
    /// When the person said so.
    pub effective_at: Instant,
    /// When the ledger learned it.
    pub recorded_at: Instant,
    /// When it ends.
    pub expires_at: Option<Instant>,
    /// Where it was collected.
    pub source: Option<String>,
    /// Locator of the proof.
    pub evidence: Option<String>,
    /// Which text the person saw.
    pub wording_version: Option<String>,
    /// The address that it came from.
    pub ip: Option<String>,
    /// Who collected it.
    pub controller: Option<String>,
    /// The name that the text showed.
    pub brand_shown: Option<String>,
}

/// Receives the ledger events of a consents file, in file order, in batches of bounded size; called from a thread of the lake's
/// own and may block it.
pub type ConsentSink = Box<dyn FnMut(Vec<LedgerEvent>) -> Result<(), LakeError> + Send>;

/// What an audit reads: all published segments at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// In order of publication, which is the order of the rows in them.
    pub segments: Vec<SegmentMeta>,
}

/// An audit over a snapshot.
#[derive(Debug, Clone)]
pub struct AuditRequest {
    /// Whose traffic it is.
    pub client: ClientId,
    /// What to read.
    pub snapshot: Snapshot,
    /// Period and profile.
    pub parameters: AuditParameters,
    /// Thresholds of the rules.
    pub thresholds: Thresholds,
    /// What is known around the messages.
    pub surroundings: Surroundings,
}

/// Segments that are to become fewer and larger.
#[derive(Debug, Clone)]
pub struct CompactRequest {
    /// Whose they are.
    pub client: ClientId,
    /// All of one kind; consecutive, and in the order of their publication.
    pub segments: Vec<SegmentMeta>,
}

/// An audit to be repeated without some of its messages.
#[derive(Debug, Clone)]
pub struct WhatIfRequest {
    /// The audit.
    pub audit: AuditRequest,
    /// Lists, templates and numbers whose messages are left out; nothing leaves all in.
    pub without: Vec<Subject>,
    /// Whether to search what should not have been sent for each rule with findings to be clear.
    pub remedies: bool,
}

/// What would have been.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WhatIf {
    /// The audit of what is left.
    pub report: Report,
    /// How it compares with the audit of everything; `None` when nothing was left out.
    pub counterfactual: Option<Counterfactual>,
    /// For each rule with findings in the audit of everything; empty when not searched.
    pub remedies: Vec<Remedy>,
}

/// All messages of a finding, to be written as an object of the lake.
#[derive(Debug, Clone)]
pub struct EvidenceRequest {
    /// The audit that found it, to be repeated.
    pub audit: AuditRequest,
    /// The finding.
    pub finding: Finding,
    /// How the file is written.
    pub format: EvidenceFormat,
    /// Whether recipients are masked.
    pub masked: bool,
    /// Path of the object within the lake; never used before.
    pub path: String,
}

/// A file of evidence that was written. Nothing names it until the caller keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceWritten {
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// An object of the lake, read from its beginning.
#[async_trait]
pub trait ObjectReader: Send {
    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, LakeError>;
}

/// Why the lake could not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LakeErrorKind {
    /// The input cannot be used: a missing column, a broken file. The message says which and what to do.
    Input,
    /// Somebody asked to stop.
    Cancelled,
    /// The store is out of space, unwritable, unreachable or damaged.
    Storage,
}

/// An error of the lake; the message says what to do and holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LakeError {
    /// What kind of failure.
    pub kind: LakeErrorKind,
    /// For people; names no recipient.
    pub message: String,
}

/// The lake.
#[async_trait]
pub trait Lake: std::fmt::Debug + Send + Sync {
    /// Reads a file, writes sorted segments under new names, and tells what it found. Nothing counts until the caller publishes the
    /// segments. `consents` receives the ledger events of a consents file.
    async fn import(
        &self,
        request: ImportRequest,
        consents: Option<ConsentSink>,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<StagedImport, LakeError>;

    /// Replays a snapshot.
    async fn audit(&self, request: AuditRequest, progress: ProgressFn, cancel: CancelFlag)
    -> Result<Report, LakeError>;

    /// Writes the rows of segments into at most as many new ones, large and sorted, and merges late rows into their messages.
    /// Nothing counts until the caller puts the new ones in the place of the old.
    async fn compact(
        &self,
        request: CompactRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<Vec<SegmentMeta>, LakeError>;

    /// Replays a snapshot as if some messages had not been sent.
    async fn what_if(
        &self,
        request: WhatIfRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<WhatIf, LakeError>;
    /// Repeats an audit and writes all messages of one of its findings, by recipient and time, as an object.
    async fn evidence(
        &self,
        request: EvidenceRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<EvidenceWritten, LakeError>;

    /// To whom messages went, by their ids, as far as these segments of messages tell: digits of the number, or a user id.
    async fn recipients(
        &self,
        segments: Vec<SegmentMeta>,
        message_ids: Vec<String>,
        cancel: CancelFlag,
    ) -> Result<HashMap<String, String>, LakeError>;
    /// Keeps a file as an object, as it is.
    async fn put(&self, path: &str, file: PathBuf) -> Result<(), LakeError>;

    /// Where files that are to be imported may be written meanwhile; `None` for the system's folder of temporary files.
    fn temporary(&self) -> Option<PathBuf> {
        None
    }

    /// Opens an object.
    async fn open(&self, path: &str) -> Result<Box<dyn ObjectReader>, LakeError>;

    /// Deletes objects that `known` does not name and that were written before `before`; returns how many.
    async fn sweep(&self, known: Vec<String>, before: Instant) -> Result<u64, LakeError>;

    /// Whether the lake can be read and written now.
    async fn check(&self) -> Result<(), LakeError>;
}
