//! Writing a segment: rows in the order of their recipients, a row group at a time.

use std::fmt::Write as _;
use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, StringBuilder, TimestampMicrosecondArray, TimestampMicrosecondBuilder, UInt32Array,
    UInt64Array,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use domain::SegmentId;
use domain::ports::SegmentMeta;
use domain::{ClientId, Instant};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::xxh3_64;

use super::super::Engine;
use super::super::import::import_kind;
use super::bytes::read_range;
use super::tables::Tables;
use super::{ROW_GROUP, SUMS_KEY, TABLES_KEY, VERSION, VERSION_KEY, properties, schema};
use crate::decode::people::NO_USER;
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord};
use crate::error::{LakeError, Result};
use crate::exchange::Kind;
use crate::exchange::identity::USER_ID_BIT;
use crate::exchange::instant::{self, ABSENT};

/// A segment being written.
pub(in super::super) struct SegmentWriter<'e> {
    engine: &'e Engine,
    kind: Kind,
    file: NamedTempFile,
    writer: ArrowWriter<File>,
    users: &'e [Arc<str>],
    rows: u64,
    least: i64,
    greatest: i64,
    has_users: bool,
}

impl<'e> SegmentWriter<'e> {
    /// Begins a segment; `users` are the user ids that its rows name by position.
    pub(in super::super) fn begin(engine: &'e Engine, kind: Kind, users: &'e [Arc<str>]) -> Result<Self> {
        let file = engine.objects.begin()?;
        let target = file.reopen().map_err(|error| engine.objects.failed(&error))?;
        let writer = ArrowWriter::try_new(target, schema(kind), Some(properties(kind)))
            .map_err(|error| engine.objects.failed(&error))?;
        Ok(Self { engine, kind, file, writer, users, rows: 0, least: i64::MAX, greatest: i64::MIN, has_users: false })
    }

    fn failed(&self, error: ParquetError) -> LakeError {
        self.engine.objects.failed(&error)
    }

    pub(in super::super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends rows, which follow those before in the order of their keys.
    pub(in super::super) fn write<R: SegmentRecord>(&mut self, rows: &[R]) -> Result<()> {
        for row in rows {
            self.least = self.least.min(row.time());
            self.greatest = self.greatest.max(row.time());
            self.has_users |= row.user() != NO_USER || row.key() & USER_ID_BIT != 0;
        }
        self.rows += rows.len() as u64;
        let batch = batch(rows, self.kind, self.users).map_err(|error| self.failed(error.into()))?;
        self.writer.write(&batch).map_err(|error| self.failed(error))
    }

    /// A range of recipients ends here: its rows become a row group, unless it would be a small one.
    pub(in super::super) fn end_range(&mut self) -> Result<()> {
        if self.writer.in_progress_rows() * 2 < ROW_GROUP {
            return Ok(());
        }
        self.writer.flush().map_err(|error| self.failed(error))
    }

    /// Makes the segment an object of the lake, which counts for nothing until the manifest names it.
    pub(in super::super) fn publish(mut self, client: ClientId, tables: &Tables) -> Result<SegmentMeta> {
        let engine = self.engine;
        self.writer.flush().map_err(|error| self.failed(error))?;
        self.writer.sync().map_err(|error| engine.objects.failed(&error))?;
        let sums = self.sums()?;
        let mut tables = tables.clone();
        tables.has_users = self.has_users;
        let tables = serde_json::to_string(&tables).map_err(|error| engine.objects.failed(&error))?;
        for (key, value) in [(VERSION_KEY, VERSION.to_owned()), (TABLES_KEY, tables), (SUMS_KEY, sums)] {
            self.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        }
        let Self { kind, file, writer, rows, least, greatest, .. } = self;
        writer.close().map_err(|error| engine.objects.failed(&error))?;
        let id = SegmentId::new(engine.clock.now(), engine.random.as_ref());
        let path = format!("{client}/{kind}/{id}.parquet");
        let bytes = engine.objects.publish(file, &path, &engine.runtime)?;
        let time = |micros: i64| -> Instant { instant::to_domain(micros).unwrap_or_default() };
        Ok(SegmentMeta {
            id,
            kind: import_kind(kind),
            path,
            rows,
            bytes,
            least_time: time(least),
            greatest_time: time(greatest),
        })
    }

    /// The checksums of all column chunks, read back from the file.
    fn sums(&self) -> Result<String> {
        let mut sums = String::new();
        for group in self.writer.flushed_row_groups() {
            for column in group.columns() {
                let (start, length) = column.byte_range();
                let bytes = read_range(self.file.as_file(), start, length as usize)
                    .map_err(|error| self.engine.objects.failed(&error))?;
                write!(sums, "{:016x}", xxh3_64(&bytes)).map_err(|error| self.engine.objects.failed(&error))?;
            }
        }
        Ok(sums)
    }
}

/// A record that segments hold.
pub(in super::super) trait SegmentRecord: Sized {
    fn key(&self) -> u64;

    fn user(&self) -> u32;

    /// Its time: that by which rows of one recipient are sorted.
    fn time(&self) -> i64;

    /// The columns between those of recipient and time, and those of user ids.
    fn middle(rows: &[Self]) -> Vec<ArrayRef>;
}

fn batch<R: SegmentRecord>(rows: &[R], kind: Kind, users: &[Arc<str>]) -> std::result::Result<RecordBatch, ArrowError> {
    let mut columns: Vec<ArrayRef> = vec![numbers(rows.iter().map(R::key)), instants(rows.iter().map(R::time))];
    columns.extend(R::middle(rows));
    let text = |user: u32| users.get(user as usize).filter(|_| user != NO_USER).map(AsRef::as_ref);
    columns.push(texts(rows.iter().map(|row| text(row.user()))));
    // People without a number are known by a user id.
    let known_by = |row: &R| if row.key() & USER_ID_BIT == 0 { None } else { text((row.key() & !USER_ID_BIT) as u32) };
    columns.push(texts(rows.iter().map(known_by)));
    RecordBatch::try_new(schema(kind), columns)
}

fn few(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(values))
}

fn numbers(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(values))
}

fn instants(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone("UTC"))
}

fn maybe_instants(values: impl Iterator<Item = i64>) -> ArrayRef {
    let mut builder = TimestampMicrosecondBuilder::new().with_timezone("UTC");
    for value in values {
        builder.append_option((value != ABSENT).then_some(value));
    }
    Arc::new(builder.finish())
}

fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_option(value);
    }
    Arc::new(builder.finish())
}

fn ids<'t>(values: impl Iterator<Item = &'t [u8]>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter_values(values))
}

impl SegmentRecord for MessageRecord<'_> {
    fn key(&self) -> u64 {
        self.key
    }

    fn user(&self) -> u32 {
        self.user
    }

    fn time(&self) -> i64 {
        self.sent_at
    }

    fn middle(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            numbers(rows.iter().map(|row| row.hash)),
            few(rows.iter().map(|row| row.number)),
            few(rows.iter().map(|row| row.template)),
            few(rows.iter().map(|row| row.list)),
            few(rows.iter().map(|row| row.campaign)),
            few(rows.iter().map(|row| row.error_code)),
            few(rows.iter().map(|row| u32::from(row.kinds()))),
            ids(rows.iter().map(|row| row.message_id)),
            maybe_instants(rows.iter().map(|row| row.delivered_at)),
            maybe_instants(rows.iter().map(|row| row.read_at)),
            maybe_instants(rows.iter().map(|row| row.failed_at)),
        ]
    }
}

impl SegmentRecord for InboundRecord<'_> {
    fn key(&self) -> u64 {
        self.key
    }

    fn user(&self) -> u32 {
        self.user
    }

    fn time(&self) -> i64 {
        self.received_at
    }

    fn middle(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            numbers(rows.iter().map(|row| row.hash)),
            few(rows.iter().map(|row| row.number)),
            texts(rows.iter().map(|row| (!row.text.is_empty()).then_some(row.text))),
            ids(rows.iter().map(|row| row.message_id)),
            few(rows.iter().map(|row| row.message_type)),
        ]
    }
}

impl SegmentRecord for ConsentRecord {
    fn key(&self) -> u64 {
        self.key
    }

    fn user(&self) -> u32 {
        self.user
    }

    fn time(&self) -> i64 {
        self.effective_at
    }

    fn middle(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            instants(rows.iter().map(|row| row.recorded_at)),
            maybe_instants(rows.iter().map(|row| row.expires_at)),
            few(rows.iter().map(|row| u32::from(row.kinds()))),
            few(rows.iter().map(|row| row.source)),
            few(rows.iter().map(|row| row.wording)),
            few(rows.iter().map(|row| row.controller)),
            few(rows.iter().map(|row| row.brand_shown)),
            numbers(rows.iter().map(|row| row.address)),
        ]
    }
}
