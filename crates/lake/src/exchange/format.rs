//! What a file holds, and which file is meant.

use std::fmt;
use std::path::PathBuf;

use domain::imports::FileFormat;

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Outbound messages.
    Messages,
    /// Messages received.
    Inbound,
    /// Events of the consent ledger.
    Consents,
}

impl Kind {
    /// The kind's name, as on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Inbound => "inbound",
            Self::Consents => "consents",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A file to read: where it is, what it is called in messages, and its format when the name does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where the bytes are.
    pub path: PathBuf,
    /// What messages call it: for an upload, not the path of the temporary file.
    pub label: String,
    /// The format, or none to go by the name.
    pub format: Option<FileFormat>,
}

impl From<PathBuf> for InputFile {
    fn from(path: PathBuf) -> Self {
        let label = path.display().to_string();
        Self { path, label, format: None }
    }
}
