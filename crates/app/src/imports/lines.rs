//! Files of documents, one JSON object a line, that go to the database and not to the lake.
//!
//! A file is read at least twice: once to judge it, and once to write it in the transaction that completes the import. So a file that
//! is cut off changes nothing, and no more than a batch is held.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use domain::{
    imports::Compression,
    ports::{CancelFlag, RowError, StagedImport},
};
use flate2::bufread::MultiGzDecoder;
use meta::{
    ReadError,
    ndjson::{self, LineError},
};
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{content::unreadable, run::NewImport, stop::Stop};
use crate::OpError;

/// Documents of one batch.
const BATCH: usize = 200;

/// Reads one document.
pub(super) type Parse<T> = fn(Value) -> Result<T, ReadError>;

fn open(path: &Path, compression: Compression) -> io::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path)?);
    Ok(match compression {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        Compression::Zstd => Box::new(BufReader::new(zstd::Decoder::with_buffer(file)?)),
    })
}

fn parse<T>(text: &str, read: Parse<T>) -> Result<T, ReadError> {
    let value: Value = serde_json::from_str(text).map_err(|error| ReadError::NotJson { column: error.column() })?;
    // PostgreSQL keeps no NUL, neither in a text nor in JSON.
    if text.contains("\\u0000") {
        return Err(ReadError::InvalidValue { field: "", expected: "text without NUL" });
    }
    read(value)
}

fn row_error(error: &LineError) -> Option<RowError> {
    let (line, column, reason) = match error {
        LineError::Io { .. } => return None,
        LineError::Unreadable { line, reason: "not UTF-8" } => (line, "", "not_utf_8"),
        LineError::Unreadable { line, .. } => (line, "", "too_long"),
        LineError::Rejected { line, error } => match error {
            ReadError::NotJson { .. } | ReadError::NotAnObject { .. } => (line, "", "not_an_object"),
            ReadError::Missing { field } => (line, *field, "missing"),
            ReadError::WrongType { field, .. } => (line, *field, "json_type"),
            ReadError::InvalidValue { field, .. } => (line, *field, "invalid_value"),
        },
    };
    Some(RowError { line: *line, column: column.to_owned(), reason: reason.to_owned() })
}

fn broken(line: u64, source: &io::Error) -> Stop {
    Stop::Unusable(match source.kind() {
        io::ErrorKind::UnexpectedEof => {
            format!("the compressed data end too early, after line {line}; copy or upload the file again")
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            format!("the compressed data are damaged after line {line}; compress and upload the file again")
        }
        _ => return unreadable(source),
    })
}

/// Reads the whole file, and says what is wrong with it.
pub(super) async fn judge<T: 'static>(
    input: &NewImport,
    cancel: CancelFlag,
    read: Parse<T>,
) -> Result<StagedImport, Stop> {
    let (path, compression, strict) = (input.path.clone(), input.format.compression, input.strict);
    let judged = tokio::task::spawn_blocking(move || {
        let mut staged = StagedImport::default();
        let source = open(&path, compression).map_err(|error| unreadable(&error))?;
        for line in ndjson::read(source, |text: &str| parse(text, read)) {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            match line {
                Ok(_) => staged.accepted += 1,
                Err(LineError::Io { line, source }) => return Err(broken(line, &source)),
                Err(error) => {
                    staged.rejected += 1;
                    if staged.row_errors.len() < StagedImport::ROW_ERRORS_KEPT {
                        staged.row_errors.extend(row_error(&error));
                    }
                }
            }
        }
        match staged.row_errors.first() {
            Some(first) if strict => Err(Stop::Unusable(format!(
                "refused, for {} rows are bad (the first: line {}); mend them, or import without strict",
                staged.rejected, first.line
            ))),
            _ => Ok(staged),
        }
    });
    judged.await.unwrap_or_else(|error| Err(Stop::Ours(OpError::internal("reading an import", error))))
}

/// The good documents of a file, batch by batch.
pub(super) struct Batches<T> {
    batches: mpsc::Receiver<Vec<T>>,
    reading: Option<JoinHandle<Result<(), Stop>>>,
}

impl<T: Send + 'static> Batches<T> {
    /// Of a file that was judged.
    pub(super) fn of(input: &NewImport, cancel: CancelFlag, read: Parse<T>) -> Self {
        let (path, compression) = (input.path.clone(), input.format.compression);
        let (sender, batches) = mpsc::channel::<Vec<T>>(1);
        let reading = tokio::task::spawn_blocking(move || {
            let source = open(&path, compression).map_err(|error| unreadable(&error))?;
            let mut batch = Vec::new();
            for line in ndjson::read(source, |text: &str| parse(text, read)) {
                match line {
                    Ok(document) => batch.push(document),
                    Err(LineError::Io { line, source }) => return Err(broken(line, &source)),
                    Err(_) => {}
                }
                if batch.len() == BATCH && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                    break;
                }
                if cancel.is_cancelled() {
                    return Err(Stop::Cancelled);
                }
            }
            // Whoever no longer receives has failed, and says so.
            let _ = sender.blocking_send(batch);
            Ok(())
        });
        Self { batches, reading: Some(reading) }
    }

    /// The next batch; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<T>>, Stop> {
        if let Some(batch) = self.batches.recv().await {
            return Ok(Some(batch));
        }
        if let Some(reading) = self.reading.take() {
            reading.await.unwrap_or_else(|error| Err(Stop::Ours(OpError::internal("reading an import", error))))?;
        }
        Ok(None)
    }
}
