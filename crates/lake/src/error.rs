//! What can go wrong in the lake. Each message says what to do; none holds personal data.

use std::io;
use std::path::PathBuf;

use domain::ports::LakeErrorKind;

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
    /// The store of the lake cannot be written or read.
    #[error("the lake at {place} cannot be used ({reason}); check that it is reachable, writable and has room")]
    Storage {
        /// The lake's location.
        place: String,
        /// What the store says.
        reason: String,
    },
    /// A segment is not what was written.
    #[error("segment {path} is damaged ({reason}); restore it from a backup, or import its source again")]
    SegmentDamaged {
        /// The segment's path in the lake.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A file of evidence cannot be written.
    #[error(transparent)]
    Export(crate::export::ExportError),
    /// Whoever receives ledger events refused them.
    #[error(transparent)]
    Sink(domain::ports::LakeError),
    /// A kind of file that the lake does not keep.
    #[error("templates are not kept in the lake; import them as templates")]
    NoLakeKind,
    /// A thread of the work panicked.
    #[error("a worker failed unexpectedly; please report this with the log")]
    Worker,
}

/// Result of the lake.
pub(crate) type Result<T> = std::result::Result<T, LakeError>;

impl From<LakeError> for domain::ports::LakeError {
    fn from(error: LakeError) -> Self {
        let kind = match &error {
            LakeError::Sink(inner) => return inner.clone(),
            LakeError::Cancelled => LakeErrorKind::Cancelled,
            LakeError::Read(_) | LakeError::Refused { .. } | LakeError::NoLakeKind => LakeErrorKind::Input,
            LakeError::Temporary { .. }
            | LakeError::TemporaryDamaged { .. }
            | LakeError::Storage { .. }
            | LakeError::SegmentDamaged { .. }
            | LakeError::Export(_)
            | LakeError::Worker => LakeErrorKind::Storage,
        };
        Self { kind, message: error.to_string() }
    }
}
