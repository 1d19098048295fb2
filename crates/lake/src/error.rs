//! What can go wrong in the lake. Each message says what to do; none holds personal data.

use std::io;
use std::path::PathBuf;

use crate::exchange::{ReadError, RowError};

/// A failure of the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file cannot be used.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Rows are bad and the caller wants none of a file that has some.
    #[error("{file}: refused, for {total} rows are bad (the first: {first}); mend them, or import without strict")]
    Refused {
        /// The file's label.
        file: String,
        /// How many rows are bad.
        total: u64,
        /// The first of them.
        first: RowError,
    },
    /// Somebody asked to stop.
    #[error("stopped, as was asked")]
    Cancelled,
    /// Temporary files cannot be written or read.
    #[error("{}: temporary files cannot be used ({source}); give a writable folder with more room", folder.display())]
    Temporary {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What was written to a temporary file is not what was read.
    #[error("{}: a temporary file was damaged; check the disk and try again", folder.display())]
    TemporaryDamaged {
        /// The folder.
        folder: PathBuf,
    },
    /// A thread of the work panicked.
    #[error("a worker failed unexpectedly; please report this with the log")]
    Worker,
}

/// Result of the lake.
pub type Result<T> = std::result::Result<T, LakeError>;
