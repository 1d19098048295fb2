//! Which format a file has: told by its name, or given.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Outbound messages.
    Messages,
    /// Messages received.
    Inbound,
    /// Events of the consent ledger.
    Consents,
}

impl Kind {
    /// The kind's name, as on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Inbound => "inbound",
            Self::Consents => "consents",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Separated by `,` or `;`, told by the header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

/// What is wrapped around a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compression {
    /// Nothing.
    #[default]
    None,
    /// gzip, of one or more members.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// Format of a file. Parquet compresses inside and is never wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Format {
    /// How rows are written.
    pub encoding: Encoding,
    /// What is wrapped around them.
    pub compression: Compression,
}

impl Format {
    /// Plain CSV.
    pub const CSV: Self = Self { encoding: Encoding::Csv, compression: Compression::None };
    /// Plain NDJSON.
    pub const NDJSON: Self = Self { encoding: Encoding::Ndjson, compression: Compression::None };
    /// Parquet.
    pub const PARQUET: Self = Self { encoding: Encoding::Parquet, compression: Compression::None };

    /// The same encoding inside `compression`.
    #[must_use]
    pub const fn compressed(self, compression: Compression) -> Self {
        Self { encoding: self.encoding, compression }
    }

    /// The format that a file's name tells: `.csv`, `.ndjson`, `.jsonl`, `.parquet`, and `.gz` or `.zst` after the text
    /// formats. Case does not matter.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let mut parts = name.rsplit('.');
        let last = parts.next()?;
        let compression = match last {
            "gz" => Compression::Gzip,
            "zst" => Compression::Zstd,
            _ => Compression::None,
        };
        let extension = if compression == Compression::None { last } else { parts.next()? };
        // A name without a dot has no extension, whatever it is called.
        parts.next()?;
        let encoding = match extension {
            "csv" => Encoding::Csv,
            "ndjson" | "jsonl" => Encoding::Ndjson,
            "parquet" if compression == Compression::None => Encoding::Parquet,
            _ => return None,
        };
        Some(Self { encoding, compression })
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format; one of csv, csv.gz, csv.zst, ndjson, ndjson.gz, ndjson.zst, parquet is needed")]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::of_path(Path::new(&format!("file.{word}"))).ok_or(UnknownFormat)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.encoding {
            Encoding::Csv => "csv",
            Encoding::Ndjson => "ndjson",
            Encoding::Parquet => "parquet",
        })?;
        f.write_str(match self.compression {
            Compression::None => "",
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
        })
    }
}

/// A file to read: where it is, what it is called in messages, and its format when the name does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where the bytes are.
    pub path: PathBuf,
    /// What messages call it: for an upload, not the path of the temporary file.
    pub label: String,
    /// The format, or none to go by the name.
    pub format: Option<Format>,
}

impl From<PathBuf> for InputFile {
    fn from(path: PathBuf) -> Self {
        let label = path.display().to_string();
        Self { path, label, format: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        let of = |name: &str| Format::of_path(Path::new(name)).map(|format| format.to_string());
        assert_eq!(of("a/messages.csv").as_deref(), Some("csv"));
        assert_eq!(of("MESSAGES.CSV.GZ").as_deref(), Some("csv.gz"));
        assert_eq!(of("m.2026.jsonl.zst").as_deref(), Some("ndjson.zst"));
        assert_eq!(of("m.parquet").as_deref(), Some("parquet"));
        for unknown in ["m.parquet.gz", "m.xlsx", "csv", "m", "m.gz", "csv.gz"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }
}
