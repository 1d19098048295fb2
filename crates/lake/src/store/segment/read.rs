//! Reading a segment: some rows of some columns, checked.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::compute::concat_batches;
use arrow::record_batch::{RecordBatch, RecordBatchReader};
use domain::ports::SegmentMeta;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;
use xxhash_rust::xxh3::xxh3_64;

use super::super::objects::LocalObject;
use super::super::{Engine, kind_of};
use super::bytes::{SegmentBytes, read_range};
use super::tables::Tables;
use super::{SUMS_KEY, TABLES_KEY, VERSION, VERSION_KEY, schema, width};
use crate::error::{LakeError, Result};
use crate::exchange::Kind;

/// A segment that can be read.
pub(in super::super) struct SegmentFile {
    path: String,
    kind: Kind,
    object: LocalObject,
    metadata: ArrowReaderMetadata,
    tables: Tables,
    /// By row group and column: the checksum, and whether it was found right.
    sums: Vec<Vec<(u64, AtomicBool)>>,
    /// Number of the first row of each row group, and behind the last.
    starts: Vec<u64>,
}

impl SegmentFile {
    /// Opens a segment and reads what it says of itself.
    pub(in super::super) fn open(engine: &Engine, segment: &SegmentMeta) -> Result<Self> {
        let kind = kind_of(segment.kind).ok_or(LakeError::NoLakeKind)?;
        let damaged = |reason: String| LakeError::SegmentDamaged { path: segment.path.clone(), reason };
        let object = engine.objects.local(&segment.path, &engine.runtime)?;
        let file = File::open(object.path()).map_err(|error| damaged(error.to_string()))?;
        let options = ArrowReaderOptions::new()
            .with_skip_arrow_metadata(true)
            .with_offset_index_policy(PageIndexPolicy::Required);
        let metadata = ArrowReaderMetadata::load(&file, options.clone()).map_err(|error| damaged(error.to_string()))?;
        let said = |key: &str| {
            let values = metadata.metadata().file_metadata().key_value_metadata();
            let value = values.into_iter().flatten().find(|entry| entry.key == key);
            value.and_then(|entry| entry.value.clone()).unwrap_or_default()
        };
        if said(VERSION_KEY) != VERSION {
            return Err(damaged("it is no segment of this version".to_owned()));
        }
        let tables = serde_json::from_str(&said(TABLES_KEY)).map_err(|error| damaged(error.to_string()))?;
        let mut starts = vec![0];
        for group in metadata.metadata().row_groups() {
            starts.push(starts[starts.len() - 1] + group.num_rows() as u64);
        }
        if starts[starts.len() - 1] != segment.rows {
            return Err(damaged(format!("it does not have the {} rows that it was written with", segment.rows)));
        }
        let sums = sums(&said(SUMS_KEY), starts.len() - 1, width(kind))
            .ok_or_else(|| damaged("its checksums are missing".to_owned()))?;
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options.with_schema(schema(kind)))
            .map_err(|error| damaged(error.to_string()))?;
        Ok(Self { path: segment.path.clone(), kind, object, metadata, tables, sums, starts })
    }

    pub(in super::super) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(in super::super) const fn tables(&self) -> &Tables {
        &self.tables
    }

    pub(in super::super) fn rows(&self) -> u64 {
        self.starts[self.starts.len() - 1]
    }

    /// The first row of each row group, and the number of rows.
    pub(in super::super) fn starts(&self) -> &[u64] {
        &self.starts
    }

    pub(in super::super) fn damaged(&self, reason: &dyn std::fmt::Display) -> LakeError {
        LakeError::SegmentDamaged { path: self.path.clone(), reason: reason.to_string() }
    }

    /// Rows `from..to` of some columns, in one batch; the columns in the order of the layout.
    pub(in super::super) fn read(&self, columns: &[usize], from: u64, to: u64) -> Result<RecordBatch> {
        self.select(columns, from, &[(from, to)])
    }

    /// Some ranges of rows, in their order, of some columns. None of the ranges stands before row `from`.
    pub(in super::super) fn select(&self, columns: &[usize], from: u64, ranges: &[(u64, u64)]) -> Result<RecordBatch> {
        self.chosen(columns, from, ranges, true)
    }

    /// As [`SegmentFile::select`], of single rows: their pages alone are read, so that nobody compares checksums. The caller has
    /// other means to find out whether they are what was written.
    pub(in super::super) fn pick(&self, columns: &[usize], from: u64, ranges: &[(u64, u64)]) -> Result<RecordBatch> {
        self.chosen(columns, from, ranges, false)
    }

    fn chosen(&self, columns: &[usize], from: u64, ranges: &[(u64, u64)], checked: bool) -> Result<RecordBatch> {
        let failed = |error: &dyn std::fmt::Display| self.damaged(error);
        let last = ranges.last().map_or(from, |range| range.1);
        let first_group = self.starts.partition_point(|start| *start <= from).saturating_sub(1);
        let end_group = self.starts.partition_point(|start| *start < last).max(first_group);
        let groups: Vec<usize> = (first_group..end_group.min(self.starts.len() - 1)).collect();
        let wanted: u64 = ranges.iter().map(|(from, to)| to - from).sum();
        let mut selectors = Vec::with_capacity(2 * ranges.len());
        let mut at = self.starts[first_group];
        for (from, to) in ranges {
            selectors.push(RowSelector::skip((from - at) as usize));
            selectors.push(RowSelector::select((to - from) as usize));
            at = *to;
        }
        let bytes = self.bytes(&groups, if checked { columns } else { &[] }, ranges)?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, self.metadata.clone())
            .with_projection(ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied()))
            .with_row_groups(groups)
            .with_row_selection(RowSelection::from(selectors))
            .with_batch_size(wanted.max(1) as usize)
            .build()
            .map_err(|error| failed(&error))?;
        let schema = reader.schema();
        let batches = reader.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| failed(&error))?;
        let batch = match <[RecordBatch; 1]>::try_from(batches) {
            Ok([batch]) => batch,
            Err(batches) => concat_batches(&schema, &batches).map_err(|error| failed(&error))?,
        };
        if batch.num_rows() as u64 == wanted { Ok(batch) } else { Err(self.damaged(&"rows are missing")) }
    }

    /// The file, with those column chunks in memory of which much is wanted, or which nobody checked yet.
    fn bytes(&self, groups: &[usize], columns: &[usize], ranges: &[(u64, u64)]) -> Result<SegmentBytes> {
        let failed = |error: std::io::Error| self.damaged(&error);
        // Opened anew: a snapshot may have more segments than a process may have open files.
        let file = File::open(self.object.path()).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut parts = Vec::with_capacity(groups.len() * columns.len());
        for &group in groups {
            let (start, end) = (self.starts[group], self.starts[group + 1]);
            let wanted: u64 = ranges.iter().map(|(from, to)| (*to).min(end).saturating_sub((*from).max(start))).sum();
            for &column in columns {
                let (sum, checked) = &self.sums[group][column];
                if checked.load(Ordering::Relaxed) && wanted * 2 < end - start {
                    continue;
                }
                let (at, size) = self.metadata.metadata().row_group(group).column(column).byte_range();
                let bytes = read_range(&file, at, size as usize).map_err(failed)?;
                if !checked.load(Ordering::Relaxed) {
                    if xxh3_64(&bytes) != *sum {
                        return Err(self.damaged(&"its bytes are not those that were written"));
                    }
                    checked.store(true, Ordering::Relaxed);
                }
                parts.push((at, bytes));
            }
        }
        Ok(SegmentBytes { file: Arc::new(file), length, parts })
    }
}

fn sums(text: &str, groups: usize, columns: usize) -> Option<Vec<Vec<(u64, AtomicBool)>>> {
    if text.len() != groups * columns * 16 || !text.is_ascii() {
        return None;
    }
    let sum = |place: usize| u64::from_str_radix(&text[place * 16..place * 16 + 16], 16).ok();
    (0..groups)
        .map(|group| {
            (0..columns).map(|column| Some((sum(group * columns + column)?, AtomicBool::new(false)))).collect()
        })
        .collect()
}
