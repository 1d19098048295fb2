//! Writer of the exchange formats: rows as plain structs into CSV, NDJSON or Parquet.
//!
//! What it writes, [`crate::exchange`] reads. It writes to the path it is given, replacing what is there, and makes the
//! data durable in [`RowWriter::finish`]; a writer that is dropped before leaves a file that must not be used.

mod parquet;
mod text;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use domain::imports::{Compression, FileFormat, RowFormat};
use flate2::write::GzEncoder;

use self::parquet::ParquetRows;
use crate::exchange::ExchangeRow;

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The name tells no format.
    #[error("{}: the name tells no format; name it .csv, .ndjson or .parquet (.gz and .zst after the first two)", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: cannot be written ({source}); check that the folder exists, is writable and has room", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The Parquet writer refused.
    #[error("{}: cannot be written as Parquet ({reason}); check that the folder has room", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer says.
        reason: String,
    },
}

/// Writes rows of one kind into one file. `R` is the row type with `'static`; rows may borrow from anything.
pub struct RowWriter<R> {
    path: PathBuf,
    sink: Sink,
    rows: u64,
    row: PhantomData<fn(R)>,
}

impl<R> std::fmt::Debug for RowWriter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowWriter").field("path", &self.path).field("rows", &self.rows).finish_non_exhaustive()
    }
}

enum Sink {
    Csv(TextSink),
    Ndjson(TextSink),
    Parquet(Box<ParquetRows>),
}

struct TextSink {
    line: Vec<u8>,
    out: Wrapped,
}

/// The file, and what is wrapped around it.
enum Wrapped {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::stream::write::Encoder<'static, BufWriter<File>>),
}

impl Wrapped {
    fn new(file: File, compression: Compression) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 18, file);
        Ok(match compression {
            Compression::None => Self::Plain(file),
            Compression::Gzip => Self::Gzip(GzEncoder::new(file, flate2::Compression::fast())),
            Compression::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(file, 3)?),
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
            Self::Zstd(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        let buffered = match self {
            Self::Plain(out) => out,
            Self::Gzip(out) => out.finish()?,
            Self::Zstd(out) => out.finish()?,
        };
        buffered.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

impl<R: ExchangeRow> RowWriter<R> {
    /// A file at `path` in the format that its name tells.
    pub fn create(path: &Path) -> Result<Self, ExportError> {
        let format = FileFormat::of(path).map_err(|_| ExportError::UnknownFormat { path: path.to_owned() })?;
        Self::create_as(path, format)
    }

    /// A file at `path` in `format`, whatever its name.
    pub fn create_as(path: &Path, format: FileFormat) -> Result<Self, ExportError> {
        let io = |source| ExportError::Io { path: path.to_owned(), source };
        let file = File::create(path).map_err(io)?;
        let sink = match format.rows {
            RowFormat::Csv => {
                let mut line = Vec::new();
                text::csv_header(&mut line, R::KIND);
                Sink::Csv(TextSink { line, out: Wrapped::new(file, format.compression).map_err(io)? })
            }
            RowFormat::Ndjson => {
                Sink::Ndjson(TextSink { line: Vec::new(), out: Wrapped::new(file, format.compression).map_err(io)? })
            }
            RowFormat::Parquet => {
                let rows = ParquetRows::new(file, R::KIND).map_err(|error| parquet_error(path, &error))?;
                Sink::Parquet(Box::new(rows))
            }
        };
        Ok(Self { path: path.to_owned(), sink, rows: 0, row: PhantomData })
    }

    /// Appends a row.
    pub fn write<T: ExchangeRow<Family = R>>(&mut self, row: &T) -> Result<(), ExportError> {
        self.rows += 1;
        let path = &self.path;
        let result = match &mut self.sink {
            Sink::Csv(sink) => {
                text::csv_row(&mut sink.line, row);
                sink.flush_full()
            }
            Sink::Ndjson(sink) => {
                text::ndjson_row(&mut sink.line, row);
                sink.flush_full()
            }
            Sink::Parquet(rows) => return rows.push(row).map_err(|error| parquet_error(path, &error)),
        };
        result.map_err(|source| ExportError::Io { path: path.clone(), source })
    }

    /// Ends the file, makes it durable, and says how many rows it has.
    pub fn finish(self) -> Result<u64, ExportError> {
        let Self { path, sink, rows, row: _ } = self;
        match sink {
            Sink::Csv(mut sink) | Sink::Ndjson(mut sink) => {
                sink.flush().and_then(|()| sink.out.finish()).map_err(|source| ExportError::Io { path, source })?;
            }
            Sink::Parquet(rows) => rows.finish().map_err(|error| parquet_error(&path, &error))?,
        }
        Ok(rows)
    }
}

impl TextSink {
    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    fn flush_full(&mut self) -> io::Result<()> {
        if self.line.len() >= 1 << 16 { self.flush() } else { Ok(()) }
    }
}

/// Appends a row as a line of NDJSON.
pub(crate) fn ndjson_line<R: ExchangeRow>(out: &mut Vec<u8>, row: &R) {
    text::ndjson_row(out, row);
}

fn parquet_error(path: &Path, error: &::parquet::errors::ParquetError) -> ExportError {
    ExportError::Parquet { path: path.to_owned(), reason: error.to_string() }
}
