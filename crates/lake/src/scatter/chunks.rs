//! Chunks of encoded records: held in memory up to a limit, beyond it in a temporary file that has no name, so that the system
//! removes it however the process ends.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::{LakeError, Result};

/// Where a chunk is.
#[derive(Debug)]
pub(crate) enum Chunk {
    Held(Vec<u8>),
    Spilled { offset: u64, length: usize },
}

impl Chunk {
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Held(bytes) => bytes.len(),
            Self::Spilled { length, .. } => *length,
        }
    }
}

/// Keeps chunks.
#[derive(Debug)]
pub(crate) struct ChunkStore {
    folder: PathBuf,
    limit: usize,
    held: AtomicUsize,
    file: OnceLock<File>,
    making: Mutex<()>,
    end: AtomicU64,
}

impl ChunkStore {
    /// A store that holds up to `limit` bytes and writes the rest to `folder`.
    pub(crate) fn new(folder: &Path, limit: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            limit,
            held: AtomicUsize::new(0),
            file: OnceLock::new(),
            making: Mutex::new(()),
            end: AtomicU64::new(0),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes that were written to the temporary file.
    #[cfg(test)]
    pub(crate) fn spilled(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// Keeps a chunk; a spilled one leaves its space in `bytes` for the next.
    pub(crate) fn store(&self, bytes: &mut Vec<u8>) -> Result<Chunk> {
        let length = bytes.len();
        if self.held.fetch_add(length, Ordering::Relaxed) + length <= self.limit {
            let mut held = std::mem::take(bytes);
            held.shrink_to_fit();
            return Ok(Chunk::Held(held));
        }
        self.held.fetch_sub(length, Ordering::Relaxed);
        let offset = self.end.fetch_add(length as u64, Ordering::Relaxed);
        self.file()?.write_all_at(bytes, offset).map_err(|source| self.failed(source))?;
        bytes.clear();
        Ok(Chunk::Spilled { offset, length })
    }

    /// The bytes of a chunk, which the store then no longer holds.
    pub(crate) fn take(&self, chunk: Chunk) -> Result<Vec<u8>> {
        match chunk {
            Chunk::Held(bytes) => {
                self.held.fetch_sub(bytes.len(), Ordering::Relaxed);
                Ok(bytes)
            }
            Chunk::Spilled { offset, length } => {
                let mut bytes = vec![0; length];
                self.file()?.read_exact_at(&mut bytes, offset).map_err(|source| self.failed(source))?;
                Ok(bytes)
            }
        }
    }

    /// Fills `bytes` from a chunk, which stays where it is.
    pub(crate) fn read(&self, chunk: &Chunk, at: usize, bytes: &mut [u8]) -> Result<()> {
        let damaged = || LakeError::TemporaryDamaged { folder: self.folder.clone() };
        match chunk {
            Chunk::Held(held) => bytes.copy_from_slice(held.get(at..at + bytes.len()).ok_or_else(damaged)?),
            Chunk::Spilled { offset, .. } => {
                self.file()?.read_exact_at(bytes, offset + at as u64).map_err(|source| self.failed(source))?;
            }
        }
        Ok(())
    }

    fn file(&self) -> Result<&File> {
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = tempfile::tempfile_in(&self.folder).map_err(|source| self.failed(source))?;
        Ok(self.file.get_or_init(|| file))
    }

    fn failed(&self, source: io::Error) -> LakeError {
        LakeError::Temporary { folder: self.folder.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_come_back_from_memory_and_from_disk() {
        let folder = tempfile::tempdir().unwrap();
        let store = ChunkStore::new(folder.path(), 10);
        let chunks: Vec<Chunk> = (0..5_u8).map(|value| store.store(&mut vec![value; 4]).unwrap()).collect();
        assert_eq!(chunks.iter().filter(|chunk| matches!(chunk, Chunk::Held(_))).count(), 2);
        assert_eq!(store.spilled(), 12);
        for (value, chunk) in (0..).zip(chunks) {
            assert_eq!(store.take(chunk).unwrap(), vec![value; 4]);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the temporary file has no name");
    }

    #[test]
    fn a_folder_that_is_none_is_a_typed_error() {
        let folder = tempfile::tempdir().unwrap();
        let store = ChunkStore::new(&folder.path().join("none"), 0);
        assert!(matches!(store.store(&mut vec![1]), Err(LakeError::Temporary { .. })));
    }
}
