//! Why a whole file could not be read. Each message says what to do.

use std::io;

use super::format::Kind;

/// A file that cannot be read, or no further.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened.
    #[error("{file}: cannot be opened ({source}); check the path and its permissions")]
    Open {
        /// The file's label.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// The name tells no format and none was given.
    #[error(
        "{file}: the name tells no format; name it .csv, .ndjson or .parquet (.gz and .zst after the first two), or give the format"
    )]
    UnknownFormat {
        /// The file's label.
        file: String,
    },
    /// The file holds not even a header.
    #[error("{file}: is empty; a header with the names of the columns is needed")]
    Empty {
        /// The file's label.
        file: String,
    },
    /// Required columns are missing.
    #[error("{file}: {kind} need the columns {}, which are missing; name them in the header as in the exchange formats", columns.join(", "))]
    MissingColumns {
        /// The file's label.
        file: String,
        /// What the file was read as.
        kind: Kind,
        /// The missing columns.
        columns: Vec<&'static str>,
    },
    /// The same column stands twice.
    #[error("{file}: the column {column} stands twice; keep one")]
    DuplicateColumn {
        /// The file's label.
        file: String,
        /// The column.
        column: &'static str,
    },
    /// The header of a CSV file cannot be taken apart.
    #[error("{file}: the header has a quote that is not closed or stands inside a name; mend line 1")]
    Header {
        /// The file's label.
        file: String,
    },
    /// Bytes that are not UTF-8.
    #[error("{file}: line {line} is not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)")]
    NotUtf8 {
        /// The file's label.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// A compressed file ends before its end.
    #[error("{file}: the compressed data end too early, after line {line}; copy or upload the file again")]
    Truncated {
        /// The file's label.
        file: String,
        /// The last whole line.
        line: u64,
    },
    /// A compressed file is damaged, or is none.
    #[error(
        "{file}: the compressed data are damaged after line {line}, or the name promises a compression that the file does not have"
    )]
    Damaged {
        /// The file's label.
        file: String,
        /// The last whole line.
        line: u64,
    },
    /// The system failed while reading.
    #[error("{file}: reading failed ({source}); try again")]
    Io {
        /// The file's label.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// A Parquet column has a type that its meaning does not allow.
    #[error("{file}: the column {column} is of type {found}; write it as {expected}")]
    ColumnType {
        /// The file's label.
        file: String,
        /// The column.
        column: &'static str,
        /// Its type.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// Not a Parquet file, a damaged one, or one that uses what this reader does not know.
    #[error(
        "{file}: is not a Parquet file that can be read ({reason}); write it again, compressed with zstd, snappy, gzip or not at all"
    )]
    Parquet {
        /// The file's label.
        file: String,
        /// What the reader says.
        reason: String,
    },
}

impl ReadError {
    /// The label of the file.
    #[must_use]
    pub fn into_file(self) -> String {
        match self {
            Self::Open { file, .. }
            | Self::UnknownFormat { file }
            | Self::Empty { file }
            | Self::MissingColumns { file, .. }
            | Self::DuplicateColumn { file, .. }
            | Self::Header { file }
            | Self::NotUtf8 { file, .. }
            | Self::Truncated { file, .. }
            | Self::Damaged { file, .. }
            | Self::Io { file, .. }
            | Self::ColumnType { file, .. }
            | Self::Parquet { file, .. } => file,
        }
    }
}
