//! Imports of exchange files.

use std::path::Path;

use crate::words::words;

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
