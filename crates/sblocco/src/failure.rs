//! How a command fails: one line that says what to do, and the status of the contract.

use std::{fmt, io, path::Path, process::ExitCode};

use crate::config::ConfigError;

/// Why a command did not do it. The text is for the person at the terminal.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or unusable input: status 2.
    Usage(String),
    /// Anything else: status 1.
    Failed(String),
}

impl Failure {
    /// Bad usage or unusable input.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self::Usage(message.to_string())
    }

    /// Anything else.
    pub fn failed(message: impl fmt::Display) -> Self {
        Self::Failed(message.to_string())
    }

    /// The same, about `subject`.
    #[must_use]
    pub fn about(self, subject: &str) -> Self {
        match self {
            Self::Usage(message) => Self::Usage(format!("{subject}: {message}")),
            Self::Failed(message) => Self::Failed(format!("{subject}: {message}")),
        }
    }

    /// The status of the process.
    pub fn status(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Failed(message) => f.write_str(message),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

/// What an I/O error means to the person, without the system's numbers.
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".to_owned(),
        io::ErrorKind::AddrInUse => "the address is in use".to_owned(),
        _ => error.to_string(),
    }
}

/// A file or folder with which `doing` did not work.
pub fn io_failure(doing: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!("cannot {doing} {}: {}", path.display(), io_reason(error)))
}
