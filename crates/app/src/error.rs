//! Errors of use cases. What a person can mend is a [`Refusal`] with a code of that use case; the rest is the same everywhere.

use std::fmt;

use domain::{access::Permission, ports::LakeError, ports::LakeErrorKind};
use store::StoreError;

/// The code of a refusal, one enum for each family of use cases.
pub trait Code: fmt::Debug + Copy + Send + Sync + 'static {
    /// Key of the message in `i18n`.
    fn key(self) -> &'static str;
}

/// For use cases that refuse nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCode {}

impl Code for NoCode {
    fn key(self) -> &'static str {
        match self {}
    }
}

/// Something that the person can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal<C> {
    /// What is wrong.
    pub code: C,
    /// Path into the input, in the API's spelling; empty when the whole is refused.
    pub field: Vec<String>,
    /// Arguments of the message.
    pub arguments: Vec<(&'static str, String)>,
}

impl<C: Code> Refusal<C> {
    /// A refusal of the whole input.
    pub const fn new(code: C) -> Self {
        Self { code, field: Vec::new(), arguments: Vec::new() }
    }

    /// A refusal of one field.
    pub fn of(code: C, field: &str) -> Self {
        Self { code, field: vec![field.to_owned()], arguments: Vec::new() }
    }

    /// Adds an argument of the message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}

/// A failure that is ours. Its text is for logs, never for users.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{context}: {detail}")]
pub struct InternalError {
    /// What was being done.
    pub context: &'static str,
    /// What happened; holds no personal data.
    pub detail: String,
}

/// Why a use case did not do it.
#[derive(Debug, Clone)]
pub enum OpError<C = NoCode> {
    /// The person can mend it.
    Refused(Vec<Refusal<C>>),
    /// There is no such thing for this actor.
    NotFound,
    /// The actor is nobody yet, or its credential has ended.
    Unauthenticated,
    /// The actor lacks a permission.
    Forbidden(Permission),
    /// Somebody else changed it first.
    Conflict {
        /// The version that stands now.
        current: i32,
    },
    /// The place after which a page was to begin is no place of that list.
    Cursor,
    /// Too many attempts; try again after so many seconds.
    RateLimited {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// A part of ours cannot be reached now; trying again may help.
    Unavailable(InternalError),
    /// A defect of ours.
    Internal(InternalError),
}

impl<C: Code> OpError<C> {
    /// One refusal.
    pub fn refused(refusal: Refusal<C>) -> Self {
        Self::Refused(vec![refusal])
    }

    /// A defect of ours, while doing `context`.
    pub fn internal(context: &'static str, error: impl fmt::Display) -> Self {
        Self::Internal(InternalError { context, detail: error.to_string() })
    }

    /// The same failure under the codes of another use case, for helpers that refuse nothing.
    pub fn widen<D: Code>(self) -> OpError<D>
    where
        C: Into<D>,
    {
        match self {
            Self::Refused(refusals) => OpError::Refused(
                refusals
                    .into_iter()
                    .map(|refusal| Refusal {
                        code: refusal.code.into(),
                        field: refusal.field,
                        arguments: refusal.arguments,
                    })
                    .collect(),
            ),
            Self::NotFound => OpError::NotFound,
            Self::Unauthenticated => OpError::Unauthenticated,
            Self::Forbidden(permission) => OpError::Forbidden(permission),
            Self::Conflict { current } => OpError::Conflict { current },
            Self::Cursor => OpError::Cursor,
            Self::RateLimited { retry_after } => OpError::RateLimited { retry_after },
            Self::Unavailable(error) => OpError::Unavailable(error),
            Self::Internal(error) => OpError::Internal(error),
        }
    }
}

impl<C: Code> From<StoreError> for OpError<C> {
    fn from(error: StoreError) -> Self {
        if error == StoreError::Cursor {
            return Self::Cursor;
        }
        if let Some(current) = error.stale_version() {
            return Self::Conflict { current };
        }
        let transient = error.is_transient();
        let error = InternalError { context: "store", detail: error.to_string() };
        if transient { Self::Unavailable(error) } else { Self::Internal(error) }
    }
}

impl<C: Code> From<LakeError> for OpError<C> {
    fn from(error: LakeError) -> Self {
        let internal = InternalError { context: "lake", detail: error.message };
        match error.kind {
            LakeErrorKind::Storage => Self::Unavailable(internal),
            LakeErrorKind::Input | LakeErrorKind::Cancelled => Self::Internal(internal),
        }
    }
}

impl<C: fmt::Debug> fmt::Display for OpError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusals) => {
                let codes: Vec<_> = refusals.iter().map(|refusal| &refusal.code).collect();
                write!(f, "refused: {codes:?}")
            }
            Self::NotFound => f.write_str("not found"),
            Self::Unauthenticated => f.write_str("not signed in"),
            Self::Forbidden(permission) => write!(f, "the permission {permission} is missing"),
            Self::Conflict { current } => write!(f, "changed meanwhile: the version is {current} now"),
            Self::Cursor => f.write_str("the cursor belongs to another list"),
            Self::RateLimited { retry_after } => write!(f, "too many attempts: try again in {retry_after} s"),
            Self::Unavailable(error) => write!(f, "unavailable: {error}"),
            Self::Internal(error) => write!(f, "internal error: {error}"),
        }
    }
}

impl<C: fmt::Debug> std::error::Error for OpError<C> {}
