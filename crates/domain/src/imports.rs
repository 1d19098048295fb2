//! Imports of exchange files.

use std::path::Path;

use crate::{ClientId, ImportId, Instant, UserId, words::words};

words! {
    /// What the rows of a file are.
    ImportKind {
        /// Outbound messages.
        Messages = "messages",
        /// Messages that people wrote.
        Inbound = "inbound",
        /// Events of the consent ledger.
        Consents = "consents",
        /// Message templates, as the Graph API returns them.
        Templates = "templates",
        /// What a client declares of itself: names, domains, permits, wordings, campaigns, people who were suppressed.
        Assets = "assets",
    }
}

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// Comma- or semicolon-separated with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

/// How the file is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// Format and wrapping of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct FileFormat {
    /// How the rows are written.
    pub rows: RowFormat,
    /// How the file is wrapped; always `None` for Parquet, which wraps its own pages.
    pub compression: Compression,
}

/// A file name that tells no format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file name tells no format: use .csv, .ndjson, .jsonl (also with .gz or .zst) or .parquet")]
pub struct UnknownFormat;

impl FileFormat {
    /// By the extensions of a file name.
    pub fn of(path: &Path) -> Result<Self, UnknownFormat> {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or(UnknownFormat)?.to_ascii_lowercase();
        let (stem, compression) = if let Some(stem) = name.strip_suffix(".gz") {
            (stem, Compression::Gzip)
        } else if let Some(stem) = name.strip_suffix(".zst") {
            (stem, Compression::Zstd)
        } else {
            (name.as_str(), Compression::None)
        };
        let rows = match Path::new(stem).extension().and_then(|extension| extension.to_str()) {
            Some("csv") => RowFormat::Csv,
            Some("ndjson" | "jsonl") => RowFormat::Ndjson,
            Some("parquet") if compression == Compression::None => RowFormat::Parquet,
            _ => return Err(UnknownFormat),
        };
        Ok(Self { rows, compression })
    }
}

words! {
    /// Where an import stands.
    ImportState {
        /// Being read; nothing of it is visible.
        Running = "running",
        /// Published.
        Completed = "completed",
        /// Given up; nothing of it is visible.
        Failed = "failed",
    }
}

words! {
    /// Why an import was given up.
    ImportFailureKind {
        /// The file cannot be used as a whole: a missing column, a broken compression, a bad row of a strict import.
        Unusable = "unusable",
        /// Somebody asked to stop.
        Cancelled = "cancelled",
        /// The process that read it fell silent.
        Abandoned = "abandoned",
        /// Another import of the same content was completed first.
        Overtaken = "overtaken",
        /// The database or the lake could not be used.
        Storage = "storage",
    }
}

/// Why an import was given up, and what exactly was wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImportFailure {
    /// Why.
    pub kind: ImportFailureKind,
    /// What exactly, and what to do, in English; only for a file that cannot be used. Holds no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl ImportFailure {
    /// A failure that needs no more words.
    pub const fn of(kind: ImportFailureKind) -> Self {
        Self { kind, detail: None }
    }
}

/// An import of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// Whose traffic or consents.
    pub client: ClientId,
    /// What the rows are.
    pub kind: ImportKind,
    /// Where it stands.
    pub state: ImportState,
    /// The file's name, as whoever sent it calls it.
    pub file_name: String,
    /// SHA-256 of the file as sent, in lower-case hexadecimal digits.
    pub content_sha256: String,
    /// Rows kept; 0 until it is completed.
    pub accepted: u64,
    /// Rows refused; 0 until it is completed.
    pub rejected: u64,
    /// Columns of the file that nobody knows.
    pub unknown_columns: Vec<String>,
    /// Why it was given up, if it was.
    pub failure: Option<ImportFailure>,
    /// Who imported it, if a person did.
    pub created_by: Option<UserId>,
    /// When it began.
    pub created_at: Instant,
    /// When it was completed or given up.
    pub finished_at: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_tells_format_and_wrapping() {
        let of = |name: &str| FileFormat::of(Path::new(name)).map(|format| (format.rows, format.compression));
        assert_eq!(of("m.csv"), Ok((RowFormat::Csv, Compression::None)));
        assert_eq!(of("M.CSV.GZ"), Ok((RowFormat::Csv, Compression::Gzip)));
        assert_eq!(of("a/b.jsonl.zst"), Ok((RowFormat::Ndjson, Compression::Zstd)));
        assert_eq!(of("b.parquet"), Ok((RowFormat::Parquet, Compression::None)));
        for bad in ["b.parquet.gz", "b", "b.gz", "b.xlsx", ""] {
            assert_eq!(of(bad), Err(UnknownFormat), "{bad}");
        }
    }
}
