//! Parquet: only the columns of the formats are read; row groups are handed out to whoever asks, so that several threads
//! can share a file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Schema, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use super::super::columns::{ColumnSpec, Role, columns, consent, inbound, message};
use super::super::error::ReadError;
use super::super::format::Kind;
use super::batch::{Column, Places, Scale, SourceBatch};
use super::{BATCH_ROWS, Header};

/// How many row groups are looked at beforehand.
const SAMPLED_GROUPS: usize = 8;

pub(crate) struct ParquetSource {
    label: String,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
    /// For each projected column, in the file's order, the column that it is.
    projected: Vec<usize>,
    count: usize,
    /// The column of the identity, and where the file has it.
    identity: usize,
    identity_root: usize,
    next_group: AtomicUsize,
    /// Number of the first row of each row group, from 1, and behind the last.
    first_rows: Vec<u64>,
}

/// The row group that one reader is in.
pub(crate) struct ParquetCursor {
    reader: ParquetRecordBatchReader,
    next_row: u64,
}

impl ParquetSource {
    pub(crate) fn open(label: &str, path: &Path, file: &File, kind: Kind) -> Result<(Self, Header), ReadError> {
        let failed = |error: parquet::errors::ParquetError| parquet_error(label, &error);
        let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::load(file, plain.clone()).map_err(failed)?;
        let names = metadata.schema().fields().iter().map(|field| field.name().as_str());
        let header = Header::of_names(label, kind, names)?;
        let schema = wanted_schema(label, kind, metadata.schema(), &header.fields)?;
        let metadata =
            ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), plain.with_schema(schema)).map_err(failed)?;
        let roots = header.fields.iter().enumerate().filter(|(_, column)| column.is_some()).map(|(root, _)| root);
        let projection = ProjectionMask::roots(metadata.parquet_schema(), roots);
        let mut first_rows = vec![1];
        for group in metadata.metadata().row_groups() {
            first_rows.push(first_rows[first_rows.len() - 1] + group.num_rows() as u64);
        }
        let projected = header.fields.iter().flatten().copied().collect();
        let identity = match kind {
            Kind::Messages => message::RECIPIENT,
            Kind::Inbound => inbound::SENDER,
            Kind::Consents => consent::RECIPIENT,
        };
        let identity_root = header.fields.iter().position(|column| *column == Some(identity)).unwrap_or_default();
        let source = Self {
            label: label.to_owned(),
            identity,
            identity_root,
            path: path.to_owned(),
            metadata,
            projection,
            projected,
            count: columns(kind).len(),
            next_group: AtomicUsize::new(0),
            first_rows,
        };
        Ok((source, header))
    }

    /// How many rows the file says it has.
    pub(crate) fn rows(&self) -> u64 {
        self.first_rows[self.first_rows.len() - 1] - 1
    }

    /// Uncompressed bytes of so many row groups, the largest.
    pub(crate) fn largest_groups(&self, count: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups().iter();
        let mut sizes: Vec<i64> = groups.map(|group| group.total_byte_size().max(0)).collect();
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        sizes.iter().take(count).fold(0, |sum: u64, size| sum.saturating_add(*size as u64))
    }

    /// The next rows of the row group that `cursor` is in, or of the next that nobody has.
    pub(crate) fn next(&self, cursor: &mut Option<ParquetCursor>) -> Result<Option<SourceBatch>, ReadError> {
        loop {
            if let Some(open) = cursor {
                match open.reader.next() {
                    Some(Ok(batch)) => {
                        let first = open.next_row;
                        open.next_row += batch.num_rows() as u64;
                        return self.batch(&batch, first).map(Some);
                    }
                    Some(Err(error)) => {
                        return Err(ReadError::Parquet { file: self.label.clone(), reason: error.to_string() });
                    }
                    None => *cursor = None,
                }
            }
            let group = self.next_group.fetch_add(1, Ordering::Relaxed);
            if group + 1 >= self.first_rows.len() {
                return Ok(None);
            }
            *cursor = Some(ParquetCursor { reader: self.group(group)?, next_row: self.first_rows[group] });
        }
    }

    fn group(&self, group: usize) -> Result<ParquetRecordBatchReader, ReadError> {
        self.reader(group, self.projection.clone())
    }

    fn reader(&self, group: usize, projection: ProjectionMask) -> Result<ParquetRecordBatchReader, ReadError> {
        // Opened for each row group: a snapshot may have more segments than a process may have open files.
        let file = File::open(&self.path).map_err(|source| ReadError::Open { file: self.label.clone(), source })?;
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(projection)
            .with_row_groups(vec![group])
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| parquet_error(&self.label, &error))
    }

    /// Shows the identities of the first rows of some row groups, spread over the file; other columns are missing.
    pub(crate) fn sample(&self, mut show: impl FnMut(&SourceBatch)) -> Result<(), ReadError> {
        let failed = |reason: String| ReadError::Parquet { file: self.label.clone(), reason };
        let groups = self.first_rows.len() - 1;
        let step = groups.div_ceil(SAMPLED_GROUPS).max(1);
        for group in (0..groups).step_by(step) {
            let projection = ProjectionMask::roots(self.metadata.parquet_schema(), [self.identity_root]);
            if let Some(batch) = self.reader(group, projection)?.next() {
                let batch = batch.map_err(|error| failed(error.to_string()))?;
                let mut columns: Vec<Column> = (0..self.count).map(|_| Column::Missing).collect();
                columns[self.identity] = column(batch.column(0)).map_err(|error| failed(error.to_string()))?;
                show(&SourceBatch { rows: batch.num_rows(), places: Places::From(1), columns, broken: Vec::new() });
            }
        }
        Ok(())
    }

    fn batch(&self, batch: &RecordBatch, first: u64) -> Result<SourceBatch, ReadError> {
        let mut columns: Vec<Column> = (0..self.count).map(|_| Column::Missing).collect();
        for (&position, array) in self.projected.iter().zip(batch.columns()) {
            columns[position] = column(array)
                .map_err(|error| ReadError::Parquet { file: self.label.clone(), reason: error.to_string() })?;
        }
        Ok(SourceBatch { rows: batch.num_rows(), places: Places::From(first), columns, broken: Vec::new() })
    }
}

/// The types in which the columns are to be read: few words as dictionaries, other text as views. Another type than the formats allow is an error.
fn wanted_schema(label: &str, kind: Kind, schema: &Schema, known: &[Option<usize>]) -> Result<Arc<Schema>, ReadError> {
    let mut fields = Vec::with_capacity(known.len());
    for (field, column) in schema.fields().iter().zip(known) {
        let Some(column) = column else {
            fields.push(field.as_ref().clone());
            continue;
        };
        let spec = &columns(kind)[*column];
        let found = field.data_type();
        let integer = matches!(
            found,
            DataType::Int8
                | DataType::Int16
                | DataType::Int32
                | DataType::Int64
                | DataType::UInt8
                | DataType::UInt16
                | DataType::UInt32
        );
        let (fits, expected) = match spec.role {
            Role::Text | Role::Word => (*found == DataType::Utf8, "text (UTF-8)"),
            Role::Instant => (
                integer || *found == DataType::Utf8 || matches!(found, DataType::Timestamp(_, _)),
                "a timestamp in UTC, or text as RFC 3339",
            ),
            Role::Integer => (integer || *found == DataType::Utf8, "a whole number"),
        };
        if !fits {
            return Err(wrong_type(label, spec, found, expected));
        }
        let data_type = match (spec.role, found) {
            (Role::Word, _) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            // Views are not copied out of their page.
            (Role::Text, _) => DataType::Utf8View,
            _ => found.clone(),
        };
        fields.push(Field::new(field.name(), data_type, field.is_nullable()));
    }
    Ok(Arc::new(Schema::new(fields)))
}

fn wrong_type(label: &str, spec: &ColumnSpec, found: &DataType, expected: &'static str) -> ReadError {
    ReadError::ColumnType { file: label.to_owned(), column: spec.name, found: found.to_string(), expected }
}

fn column(array: &ArrayRef) -> Result<Column, arrow::error::ArrowError> {
    Ok(match array.data_type() {
        DataType::Utf8 => Column::strings(array),
        DataType::Utf8View => Column::Views(array.as_string_view().clone()),
        DataType::Dictionary(_, _) => Column::words(array.as_dictionary()),
        DataType::Timestamp(TimeUnit::Second, _) => instants::<TimestampSecondType>(array, Scale::Seconds),
        DataType::Timestamp(TimeUnit::Millisecond, _) => instants::<TimestampMillisecondType>(array, Scale::Millis),
        DataType::Timestamp(TimeUnit::Microsecond, _) => instants::<TimestampMicrosecondType>(array, Scale::Micros),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => instants::<TimestampNanosecondType>(array, Scale::Nanos),
        _ => Column::Integers(cast(array, &DataType::Int64)?.as_primitive().clone()),
    })
}

fn instants<T: ArrowPrimitiveType<Native = i64>>(array: &ArrayRef, scale: Scale) -> Column {
    let array: &PrimitiveArray<T> = array.as_primitive();
    Column::Instants { values: PrimitiveArray::new(array.values().clone(), array.nulls().cloned()), scale }
}

pub(crate) fn parquet_error(label: &str, error: &parquet::errors::ParquetError) -> ReadError {
    ReadError::Parquet { file: label.to_owned(), reason: error.to_string() }
}
