//! The bytes of a segment: column chunks that are read whole are checked against their checksums, once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// A file, of which some parts are already in memory.
#[derive(Debug, Clone)]
pub(super) struct SegmentBytes {
    pub(super) file: Arc<File>,
    pub(super) length: u64,
    /// By their start.
    pub(super) parts: Vec<(u64, Bytes)>,
}

impl SegmentBytes {
    fn held(&self, start: u64, length: usize) -> Option<Bytes> {
        self.parts.iter().find_map(|(at, part)| {
            let from = usize::try_from(start.checked_sub(*at)?).ok()?;
            let to = from.checked_add(length)?;
            (to <= part.len()).then(|| part.slice(from..to))
        })
    }
}

/// Reads a range of a file.
pub(super) fn read_range(file: &File, start: u64, length: usize) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(length);
    let onward = Onward { file, at: start };
    if onward.take(length as u64).read_to_end(&mut bytes)? == length {
        Ok(bytes.into())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

impl Length for SegmentBytes {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for SegmentBytes {
    type T = From;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let part = self.parts.iter().find(|(at, part)| *at <= start && start < *at + part.len() as u64);
        Ok(match part {
            Some((at, part)) => From::Memory(part.slice((start - at) as usize..).reader()),
            None => From::File(io::BufReader::new(Onward { file: Arc::clone(&self.file), at: start })),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        match self.held(start, length) {
            Some(bytes) => Ok(bytes),
            None => read_range(&self.file, start, length).map_err(|error| ParquetError::External(Box::new(error))),
        }
    }
}

/// Bytes from a place onward.
#[derive(Debug)]
pub(super) enum From {
    Memory(bytes::buf::Reader<Bytes>),
    File(io::BufReader<Onward<Arc<File>>>),
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

/// A file read from a place onward, whatever others read of it.
#[derive(Debug)]
pub(super) struct Onward<F> {
    file: F,
    at: u64,
}

impl<F: std::ops::Deref<Target = File>> Read for Onward<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
