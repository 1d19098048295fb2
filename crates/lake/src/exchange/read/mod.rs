//! Files as batches of columns, whatever their format; several threads may share one file.

pub(crate) mod batch;
mod csv;
mod lines;
mod ndjson;
mod parquet;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::imports::{Compression, FileFormat, RowFormat};

use self::batch::SourceBatch;
use self::csv::CsvReader;
use self::lines::Lines;
use self::ndjson::NdjsonReader;
use self::parquet::{ParquetCursor, ParquetSource};
use super::columns::{columns, position};
use super::error::ReadError;
use super::format::{InputFile, Kind};

/// Rows in a batch, at most.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// Bytes of a text file in a batch, about.
const BATCH_BYTES: usize = 4 << 20;

/// How many batches of a text file are looked at beforehand.
const SAMPLED_BATCHES: usize = 4;

/// How many unknown columns are named, and how much of each name.
const UNKNOWN_KEPT: usize = 100;
const UNKNOWN_NAME: usize = 100;

/// Columns of a file that the formats do not have, to be reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UnknownColumns(BTreeSet<String>);

impl UnknownColumns {
    fn add(&mut self, name: &str) {
        if self.0.len() < UNKNOWN_KEPT && !self.0.contains(name) {
            self.0.insert(name.chars().take(UNKNOWN_NAME).collect());
        }
    }

    fn extend(&mut self, other: &Self) {
        for name in &other.0 {
            self.add(name);
        }
    }
}

/// What a file's header says.
#[derive(Debug)]
pub(crate) struct Header {
    /// For each field of the file, the column that it is, if any.
    fields: Vec<Option<usize>>,
    unknown: UnknownColumns,
}

impl Header {
    fn of_names<'a>(label: &str, kind: Kind, names: impl Iterator<Item = &'a str>) -> Result<Self, ReadError> {
        let mut header = Self { fields: Vec::new(), unknown: UnknownColumns::default() };
        let mut seen = vec![false; columns(kind).len()];
        for name in names {
            let column = position(kind, name);
            match column {
                Some(column) if seen[column] => {
                    return Err(ReadError::DuplicateColumn {
                        file: label.to_owned(),
                        column: columns(kind)[column].name,
                    });
                }
                Some(column) => seen[column] = true,
                None => header.unknown.add(name),
            }
            header.fields.push(column);
        }
        Self::check_required(label, kind, &seen)?;
        Ok(header)
    }

    fn check_required(label: &str, kind: Kind, seen: &[bool]) -> Result<(), ReadError> {
        let missing: Vec<&'static str> = columns(kind)
            .iter()
            .zip(seen)
            .filter(|(column, seen)| column.required && !**seen)
            .map(|(column, _)| column.name)
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(ReadError::MissingColumns { file: label.to_owned(), kind, columns: missing })
        }
    }
}

/// An open file, its header read and found good.
pub(crate) struct Source {
    kind: Kind,
    reader: Reader,
    unknown: UnknownColumns,
    size: u64,
    read: Arc<AtomicU64>,
}

enum Reader {
    Csv(Mutex<CsvReader>),
    Ndjson(Mutex<NdjsonReader>),
    Parquet(Box<ParquetSource>),
}

/// Where one thread stands in a file.
#[derive(Default)]
pub(crate) struct Cursor(Option<ParquetCursor>);

impl Source {
    /// Opens a file and reads its header.
    pub(crate) fn open(input: &InputFile, kind: Kind) -> Result<Self, ReadError> {
        let label = &input.label;
        let format = input
            .format
            .or_else(|| FileFormat::of(&input.path).ok())
            .ok_or_else(|| ReadError::UnknownFormat { file: label.clone() })?;
        let failed = |source| ReadError::Open { file: label.clone(), source };
        let file = File::open(&input.path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let (size, read) = (metadata.len(), Arc::new(AtomicU64::new(0)));
        let lines = |file: File| -> Result<Lines, ReadError> {
            let counted = Counted { inner: file, read: Arc::clone(&read) };
            let reader: Box<dyn Read + Send> = match format.compression {
                Compression::None => Box::new(counted),
                Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered(counted))),
                Compression::Zstd => {
                    Box::new(zstd::stream::read::Decoder::with_buffer(buffered(counted)).map_err(failed)?)
                }
            };
            Ok(Lines::new(label.clone(), reader))
        };
        let (reader, header) = match format.rows {
            RowFormat::Csv => {
                let (reader, header) = CsvReader::open(lines(file)?, kind)?;
                (Reader::Csv(Mutex::new(reader)), header)
            }
            RowFormat::Ndjson => {
                let (reader, header) = NdjsonReader::open(lines(file)?, kind)?;
                (Reader::Ndjson(Mutex::new(reader)), header)
            }
            RowFormat::Parquet => {
                let (reader, header) = ParquetSource::open(label, &input.path, &file, kind)?;
                (Reader::Parquet(Box::new(reader)), header)
            }
        };
        Ok(Self { kind, reader, unknown: header.unknown, size, read })
    }

    /// The next rows that no other thread has; none at the end.
    pub(crate) fn next(&self, cursor: &mut Cursor) -> Result<Option<SourceBatch>, ReadError> {
        // A reader that panicked is not read on: the panic of its thread ends the whole work.
        match &self.reader {
            Reader::Csv(reader) => reader.lock().unwrap_or_else(PoisonError::into_inner).next(),
            Reader::Ndjson(reader) => reader.lock().unwrap_or_else(PoisonError::into_inner).next(),
            Reader::Parquet(reader) => {
                let batch = reader.next(&mut cursor.0)?;
                if let Some(batch) = &batch {
                    let part = u128::from(self.size) * batch.rows as u128 / u128::from(reader.rows().max(1));
                    self.read.fetch_add(part as u64, Ordering::Relaxed);
                }
                Ok(batch)
            }
        }
    }

    /// Shows some rows of a file without taking any from it: spread over a Parquet file, from the start of others.
    pub(crate) fn sample(
        input: &InputFile,
        source: &Self,
        mut show: impl FnMut(&SourceBatch),
    ) -> Result<(), ReadError> {
        if let Reader::Parquet(reader) = &source.reader {
            return reader.sample(show);
        }
        let again = Self::open(input, source.kind)?;
        let mut cursor = Cursor::default();
        for _ in 0..SAMPLED_BATCHES {
            let Some(batch) = again.next(&mut cursor)? else { break };
            show(&batch);
        }
        Ok(())
    }

    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// Bytes of the file.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Bytes read so far; of Parquet, an estimate.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed).min(self.size)
    }

    /// Rows, when the file says it before it is read.
    pub(crate) fn known_rows(&self) -> Option<u64> {
        match &self.reader {
            Reader::Parquet(reader) => Some(reader.rows()),
            _ => None,
        }
    }

    /// Most bytes of the file that are in memory at once while so many threads read it: what a row group of Parquet holds. Text
    /// is read in small pieces.
    pub(crate) fn in_memory(&self, threads: usize) -> u64 {
        match &self.reader {
            Reader::Parquet(reader) => reader.largest_groups(threads),
            Reader::Csv(_) | Reader::Ndjson(_) => 0,
        }
    }

    /// The file's columns that the formats do not have. Of NDJSON: those met so far.
    pub(crate) fn unknown_columns(&self) -> Vec<String> {
        let mut unknown = self.unknown.clone();
        if let Reader::Ndjson(reader) = &self.reader {
            unknown.extend(reader.lock().unwrap_or_else(PoisonError::into_inner).unknown());
        }
        unknown.0.into_iter().collect()
    }
}

fn buffered(counted: Counted) -> io::BufReader<Counted> {
    io::BufReader::with_capacity(1 << 17, counted)
}

/// Counts what is read from the file itself, before decompression.
struct Counted {
    inner: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
