//! Why an import is refused.

use crate::Code;

/// Why an import is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportCode {
    /// The file cannot be used as a whole; the argument `detail` says why.
    FileUnusable,
    /// Templates come as NDJSON alone.
    FormatNotForKind,
    /// Somebody asked to stop.
    Cancelled,
    /// The import fell silent for so long that it was given up.
    Abandoned,
}

impl Code for ImportCode {
    fn key(self) -> &'static str {
        match self {
            Self::FileUnusable => "error-import-file-unusable",
            Self::FormatNotForKind => "error-import-format",
            Self::Cancelled => "error-import-cancelled",
            Self::Abandoned => "error-import-abandoned",
        }
    }
}
