//! Rows as Parquet: text as UTF-8, instants as microsecond timestamps in UTC.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder, TimestampMicrosecondBuilder, UInt32Builder};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;

use crate::exchange::columns::{ColumnSpec, Role, columns};
use crate::exchange::{Cell, ExchangeRow, Kind};

const BATCH: usize = 8_192;

/// Rows per row group: what a reader's thread takes at once.
const ROW_GROUP: usize = 250_000;

enum Builder {
    Text(StringBuilder),
    Instant(TimestampMicrosecondBuilder),
    Integer(UInt32Builder),
}

impl Builder {
    fn new(column: &ColumnSpec) -> Self {
        match column.role {
            Role::Text | Role::Word => Self::Text(StringBuilder::new()),
            Role::Instant => Self::Instant(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            Role::Integer => Self::Integer(UInt32Builder::new()),
        }
    }

    /// A cell that is not of the column's type is written as absent; no row of this crate has one.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(text)) => builder.append_value(text),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Instant(builder), Cell::Instant(micros)) => builder.append_value(micros),
            (Self::Instant(builder), _) => builder.append_null(),
            (Self::Integer(builder), Cell::Integer(number)) => builder.append_value(number),
            (Self::Integer(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Instant(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
        }
    }
}

pub(super) struct ParquetRows {
    schema: Arc<Schema>,
    builders: Vec<Builder>,
    buffered: usize,
    writer: ArrowWriter<File>,
}

impl ParquetRows {
    pub(super) fn new(file: File, kind: Kind) -> Result<Self> {
        let fields: Vec<Field> = columns(kind)
            .iter()
            .map(|column| {
                let data_type = match column.role {
                    Role::Text | Role::Word => DataType::Utf8,
                    Role::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
                    Role::Integer => DataType::UInt32,
                };
                Field::new(column.name, data_type, !column.required)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))?;
        Ok(Self { schema, builders: columns(kind).iter().map(Builder::new).collect(), buffered: 0, writer })
    }

    pub(super) fn push<R: ExchangeRow>(&mut self, row: &R) -> Result<()> {
        let mut builders = self.builders.iter_mut();
        row.cells(&mut |cell| {
            if let Some(builder) = builders.next() {
                builder.push(cell);
            }
        });
        self.buffered += 1;
        if self.buffered == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        if self.buffered == 0 {
            return Ok(());
        }
        let columns = self.builders.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.buffered = 0;
        self.writer.write(&batch)
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.flush()?;
        let file = self.writer.into_inner()?;
        file.sync_all().map_err(|error| ParquetError::External(Box::new(error)))
    }
}
