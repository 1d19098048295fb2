//! Templates, as the Graph API returns them, one a line. They are no traffic: they go to the database and not to the lake.
//!
//! The file is read twice: once to judge it, and once to write it in the transaction that completes the import. So a file that is
//! cut off changes nothing, and no more than a batch is held.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use domain::{
    Instant, TemplateId,
    assets::Template,
    imports::Compression,
    ports::{CancelFlag, RowError, StagedImport},
};
use flate2::bufread::MultiGzDecoder;
use meta::{
    ReadError,
    ndjson::{self, LineError},
};
use serde_json::Value;
use store::Tx;
use tokio::sync::mpsc;

use super::{content::unreadable, run::NewImport, stop::Stop};
use crate::{OpCtx, OpError};

/// Templates of one batch.
const BATCH: usize = 200;

/// What Meta says of one template.
struct Line {
    read: meta::template::Template,
    /// As they came, if they were asked for.
    components: Option<Value>,
}

fn open(path: &Path, compression: Compression) -> io::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path)?);
    Ok(match compression {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        Compression::Zstd => Box::new(BufReader::new(zstd::Decoder::with_buffer(file)?)),
    })
}

fn parse(text: &str) -> Result<Line, ReadError> {
    let value: Value = serde_json::from_str(text).map_err(|error| ReadError::NotJson { column: error.column() })?;
    // PostgreSQL keeps no NUL, neither in a text nor in JSON.
    if text.contains("\\u0000") {
        return Err(ReadError::InvalidValue { field: "", expected: "text without NUL" });
    }
    let components = value.get("components").cloned();
    Ok(Line { read: meta::template::Template::from_value(value)?, components })
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
pub(super) async fn judge(input: &NewImport, cancel: CancelFlag) -> Result<StagedImport, Stop> {
    let (path, compression, strict) = (input.path.clone(), input.format.compression, input.strict);
    let judged = tokio::task::spawn_blocking(move || {
        let mut staged = StagedImport::default();
        for line in ndjson::read(open(&path, compression).map_err(|error| unreadable(&error))?, parse) {
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
    judged.await.unwrap_or_else(|error| Err(Stop::Ours(OpError::internal("reading templates", error))))
}

/// Writes the templates of a file that was judged.
pub(super) async fn upsert(
    op: &OpCtx,
    tx: &Tx,
    input: &NewImport,
    now: Instant,
    cancel: CancelFlag,
) -> Result<(), Stop> {
    let (path, compression) = (input.path.clone(), input.format.compression);
    let (sender, mut receiver) = mpsc::channel::<Vec<Line>>(1);
    let reading = tokio::task::spawn_blocking(move || {
        let source = open(&path, compression).map_err(|error| unreadable(&error))?;
        let mut batch = Vec::new();
        for line in ndjson::read(source, parse) {
            match line {
                Ok(line) => batch.push(line),
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
    while let Some(batch) = receiver.recv().await {
        write(op, tx, input, batch, now).await?;
    }
    reading.await.unwrap_or_else(|error| Err(Stop::Ours(OpError::internal("reading templates", error))))
}

async fn write(op: &OpCtx, tx: &Tx, input: &NewImport, batch: Vec<Line>, now: Instant) -> Result<(), Stop> {
    // Of lines about the same template the last one stands.
    let lines: HashMap<String, Line> = batch.into_iter().map(|line| (line.read.id.clone(), line)).collect();
    let ids: Vec<String> = lines.keys().cloned().collect();
    let known = store::templates::by_meta_ids(tx, input.client, &ids).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|template| (template.meta_id.clone(), template)).collect();
    for (id, line) in lines {
        let before = known.remove(&id);
        let after = told(op, input, before.as_ref(), line, now);
        match before {
            None => store::templates::insert(tx, &after).await?,
            Some(before) if before == (Template { updated_at: before.updated_at, ..after.clone() }) => {}
            Some(_) => store::templates::update(tx, &after).await?,
        }
    }
    Ok(())
}

/// The template as a line tells it; what the line does not tell stays as it was.
fn told(op: &OpCtx, input: &NewImport, before: Option<&Template>, line: Line, now: Instant) -> Template {
    const UNKNOWN: &str = "UNKNOWN";
    let Line { read, components } = line;
    let kept = |word: Option<String>, old: Option<&String>| {
        word.or_else(|| old.cloned()).unwrap_or_else(|| UNKNOWN.to_owned())
    };
    Template {
        id: before.map_or_else(|| TemplateId::new(now, op.random()), |before| before.id),
        client: input.client,
        waba: before.and_then(|before| before.waba),
        meta_id: read.id,
        name: read.name,
        language: read.language,
        category: kept(read.category.map(|word| word.to_string()), before.map(|before| &before.category)),
        status: kept(read.status.map(|word| word.to_string()), before.map(|before| &before.status)),
        quality: read
            .quality
            .map(|quality| quality.score.to_string())
            .or_else(|| before.and_then(|before| before.quality.clone())),
        components: components
            .or_else(|| before.map(|before| before.components.clone()))
            .unwrap_or_else(|| Value::Array(Vec::new())),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
        version: before.map_or(1, |before| before.version),
    }
}
