//! Files of several findings at once: each is held open only while its buffer is written, so there may be any number of them.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::failed;
use crate::error::Result;
use crate::exchange::MessageRow;
use crate::export::ndjson_line;

/// Bytes of a finding that wait to be written.
const BUFFER: usize = 16 << 10;

/// What was written of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

#[derive(Debug)]
pub(super) struct Folder(Vec<FindingFile>);

#[derive(Debug)]
struct FindingFile {
    path: PathBuf,
    buffer: Vec<u8>,
    rows: u64,
    bytes: u64,
    hash: Sha256,
}

impl Folder {
    /// Empty files; what lay there is gone.
    pub(super) fn create(paths: Vec<PathBuf>) -> Result<Self> {
        let file = |path: PathBuf| {
            File::create(&path).map_err(|error| failed(&path, error))?;
            Ok(FindingFile { path, buffer: Vec::new(), rows: 0, bytes: 0, hash: Sha256::new() })
        };
        Ok(Self(paths.into_iter().map(file).collect::<Result<_>>()?))
    }

    pub(super) fn write(&mut self, finding: usize, row: &MessageRow<'_>) -> Result<()> {
        let Some(file) = self.0.get_mut(finding) else { return Ok(()) };
        ndjson_line(&mut file.buffer, row);
        file.rows += 1;
        if file.buffer.len() >= BUFFER { file.flush(false) } else { Ok(()) }
    }

    pub(super) fn finish(self) -> Result<Vec<Written>> {
        let end = |mut file: FindingFile| {
            file.flush(true)?;
            let sha256 = hex::encode(file.hash.finalize());
            Ok(Written { path: file.path, rows: file.rows, bytes: file.bytes, sha256 })
        };
        self.0.into_iter().map(end).collect()
    }
}

impl FindingFile {
    fn flush(&mut self, durably: bool) -> Result<()> {
        let write = || {
            let mut file = OpenOptions::new().append(true).open(&self.path)?;
            file.write_all(&self.buffer)?;
            if durably { file.sync_all() } else { Ok(()) }
        };
        write().map_err(|error| failed(&self.path, error))?;
        self.hash.update(&self.buffer);
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}
