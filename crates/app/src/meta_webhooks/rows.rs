//! Rows on their way to the lake: a temporary file of the exchange formats, which is what the lake takes in.

use std::io::{BufWriter, Write as _};

use serde_json::Value;
use tempfile::{NamedTempFile, TempPath};

use crate::{InternalError, OpCtx, OpError};

/// A file that is being written; gone when dropped.
#[derive(Debug)]
pub(super) struct Rows {
    file: BufWriter<NamedTempFile>,
    count: u64,
}

/// The disk of temporary files is full or gone: with room it works again.
fn failed(error: impl std::fmt::Display) -> OpError {
    OpError::Unavailable(InternalError { context: "rows of webhooks", detail: error.to_string() })
}

impl Rows {
    /// A file without rows, where the lake keeps what passes by.
    pub(super) fn begin(op: &OpCtx) -> Result<Self, OpError> {
        let folder = op.services().lake.temporary().unwrap_or_else(std::env::temp_dir);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let file = tempfile::Builder::new().prefix("webhooks-").suffix(".ndjson").tempfile_in(folder);
        Ok(Self { file: BufWriter::new(file.map_err(failed)?), count: 0 })
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &Value) -> Result<(), OpError> {
        serde_json::to_writer(&mut self.file, row).map_err(failed)?;
        self.file.write_all(b"\n").map_err(failed)?;
        self.count += 1;
        Ok(())
    }

    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The file, complete.
    pub(super) fn end(self) -> Result<TempPath, OpError> {
        Ok(self.file.into_inner().map_err(failed)?.into_temp_path())
    }
}
