//! Evidence: all messages of a finding as a file, and the record of who was shown recipients in clear.

use crate::{
    ApiTokenId, AuditId, ClientId, EvidenceExportId, FindingId, Instant, JobId, UnmaskingId, UserId,
    audits::{AuditFailure, AuditState},
    words::words,
};

words! {
    /// How a file of evidence is written. The columns are those of messages in the exchange formats.
    EvidenceFormat {
        /// Comma-separated values with a header.
        Csv = "csv",
        /// One JSON object a line.
        Ndjson = "ndjson",
        /// Parquet.
        Parquet = "parquet",
    }
}

impl EvidenceFormat {
    /// The media type of the file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// A file with all messages of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceExport {
    /// Id.
    pub id: EvidenceExportId,
    /// Whose traffic.
    pub client: ClientId,
    /// The audit that is repeated to find the messages again.
    pub audit: AuditId,
    /// The finding.
    pub finding: FindingId,
    /// The job that writes it.
    pub job: Option<JobId>,
    /// Where it stands.
    pub state: AuditState,
    /// How it is written.
    pub format: EvidenceFormat,
    /// Whether recipients are masked.
    pub is_masked: bool,
    /// Why they are not.
    pub reason: Option<String>,
    /// The person who asked.
    pub requested_by: Option<UserId>,
    /// The program that asked.
    pub requested_by_token: Option<ApiTokenId>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When a worker first took it.
    pub started_at: Option<Instant>,
    /// When it ended, however it did.
    pub finished_at: Option<Instant>,
    /// The file, once it is written.
    pub file: Option<EvidenceFile>,
    /// Why there is none.
    pub failure: Option<AuditFailure>,
}

impl EvidenceExport {
    /// What the file is called when it is downloaded.
    pub fn file_name(&self) -> String {
        format!("evidence-{}.{}", self.finding, self.format)
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Its object in the lake.
    pub path: String,
    /// Rows: as many as the finding has messages.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// When it is deleted.
    pub expires_at: Instant,
}

words! {
    /// How recipients came to be shown in clear.
    UnmaskingKind {
        /// Somebody asked for a file with recipients in clear.
        Requested = "requested",
        /// Somebody downloaded it.
        Downloaded = "downloaded",
    }
}

/// A record that somebody was shown recipients in clear. It is never changed and never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmasking {
    /// Id.
    pub id: UnmaskingId,
    /// Whose recipients.
    pub client: ClientId,
    /// In which file.
    pub export: EvidenceExportId,
    /// How.
    pub kind: UnmaskingKind,
    /// The person who did it.
    pub user: Option<UserId>,
    /// The program that did it.
    pub token: Option<ApiTokenId>,
    /// Why, in the words of who asked.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// When.
    pub at: Instant,
}
