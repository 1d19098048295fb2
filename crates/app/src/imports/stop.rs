//! What ends an import before its completion: what its row will say, and what whoever asked is told.

use domain::{
    imports::{ImportFailure, ImportFailureKind},
    ports::{LakeError, LakeErrorKind},
};
use store::StoreError;

use super::ImportCode;
use crate::{OpError, Refusal};

/// Why an import ends before its completion.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be used as a whole.
    Unusable(String),
    /// Somebody asked to stop.
    Cancelled,
    /// It was given up for its silence.
    Abandoned,
    /// Another import of the same content was completed first.
    Overtaken,
    /// The database or the lake failed.
    Ours(OpError<ImportCode>),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        if error.is_conflict_on(store::imports::TWIN_KEY) { Self::Overtaken } else { Self::Ours(error.into()) }
    }
}

impl From<LakeError> for Stop {
    fn from(error: LakeError) -> Self {
        match error.kind {
            LakeErrorKind::Input => Self::Unusable(error.message),
            LakeErrorKind::Cancelled => Self::Cancelled,
            LakeErrorKind::Storage => Self::Ours(error.into()),
        }
    }
}

impl Stop {
    /// What the import's row keeps.
    pub(super) fn failure(&self) -> ImportFailure {
        match self {
            Self::Unusable(detail) => ImportFailure { kind: ImportFailureKind::Unusable, detail: Some(detail.clone()) },
            Self::Cancelled => ImportFailure::of(ImportFailureKind::Cancelled),
            Self::Abandoned => ImportFailure::of(ImportFailureKind::Abandoned),
            Self::Overtaken => ImportFailure::of(ImportFailureKind::Overtaken),
            Self::Ours(_) => ImportFailure::of(ImportFailureKind::Storage),
        }
    }
}

impl From<Stop> for OpError<ImportCode> {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Unusable(detail) => {
                Self::refused(Refusal::of(ImportCode::FileUnusable, "file").with("detail", detail))
            }
            Stop::Cancelled => Self::refused(Refusal::new(ImportCode::Cancelled)),
            Stop::Abandoned => Self::refused(Refusal::new(ImportCode::Abandoned)),
            // Answered by the import that was first; without it, its transaction is not seen yet.
            Stop::Overtaken => Self::internal("import", "the import that was first is not visible"),
            Stop::Ours(error) => error,
        }
    }
}
