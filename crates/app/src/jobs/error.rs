//! Whether a job that failed is tried again is decided here, where the error is known.

use domain::{
    audits::AuditFailure,
    ports::{LakeError, LakeErrorKind},
};
use store::StoreError;

use crate::{Code, OpError};

/// Why a job did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// Trying again later may help.
    Retry(String),
    /// Trying again would fail again.
    Fail {
        /// What people are told.
        failure: AuditFailure,
        /// What operators are told; without personal data.
        detail: String,
    },
    /// It was told to stop: it was cancelled, lost, or the process is ending.
    Stopped,
}

impl JobError {
    /// For operators.
    pub fn detail(&self) -> &str {
        match self {
            Self::Retry(detail) | Self::Fail { detail, .. } => detail,
            Self::Stopped => "stopped",
        }
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        if error.is_transient() { Self::Retry(detail) } else { Self::Fail { failure: AuditFailure::Internal, detail } }
    }
}

impl From<LakeError> for JobError {
    fn from(error: LakeError) -> Self {
        match error.kind {
            LakeErrorKind::Cancelled => Self::Stopped,
            LakeErrorKind::Storage => Self::Retry(error.message),
            LakeErrorKind::Input => Self::Fail { failure: AuditFailure::UnreadableTraffic, detail: error.message },
        }
    }
}

impl<C: Code> From<OpError<C>> for JobError {
    fn from(error: OpError<C>) -> Self {
        let detail = error.to_string();
        match error {
            OpError::Unavailable(_) | OpError::Conflict { .. } | OpError::RateLimited { .. } => Self::Retry(detail),
            _ => Self::Fail { failure: AuditFailure::Internal, detail },
        }
    }
}
