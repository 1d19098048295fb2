//! Top-level errors: only for what the caller's program did wrong, or we did. Their codes are a closed list.

use app::{InternalError, NoCode, OpError};
use async_graphql::{Error, ErrorExtensions as _};

/// The closed list of `extensions.code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The request is no GraphQL request.
    BadRequest,
    /// The document cannot be parsed.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// An argument has no usable value.
    BadUserInput,
    /// Nobody is signed in, or the credential has ended.
    Unauthenticated,
    /// The actor lacks a permission.
    Forbidden,
    /// There is no such thing for this actor.
    NotFound,
    /// Somebody else changed it first.
    Conflict,
    /// The document asks for too much.
    TooComplex,
    /// Too many requests.
    RateLimited,
    /// The body is too large.
    PayloadTooLarge,
    /// It took too long.
    Timeout,
    /// A subscriber takes entries more slowly than they come.
    Behind,
    /// A part of ours cannot be reached now.
    Unavailable,
    /// A defect of ours.
    InternalServerError,
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::BadRequest,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::BadUserInput,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::TooComplex,
        Self::RateLimited,
        Self::PayloadTooLarge,
        Self::Timeout,
        Self::Behind,
        Self::Unavailable,
        Self::InternalServerError,
    ];

    /// As the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::TooComplex => "TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::Timeout => "TIMEOUT",
            Self::Behind => "BEHIND",
            Self::Unavailable => "UNAVAILABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// An error with its code.
pub(crate) fn coded(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// What to do about a cursor of another list.
pub(crate) const NO_CURSOR: &str =
    "`after` is no cursor of this list; take it from `pageInfo.endCursor` of a page with the same filter";

/// An argument without a usable value.
pub(crate) fn bad_input(message: impl Into<String>) -> Error {
    coded(ErrorCode::BadUserInput, message)
}

fn internal(code: ErrorCode, message: &str, error: &InternalError) -> Error {
    tracing::error!(error.context = error.context, error.detail = error.detail, "an operation failed");
    coded(code, message)
}

/// What [`From`] cannot be, for neither type is ours: the top-level error of a use case's failure.
pub(crate) trait IntoFieldError {
    /// The error to show.
    fn into_field_error(self) -> Error;
}

impl IntoFieldError for OpError<NoCode> {
    fn into_field_error(self) -> Error {
        match self {
            Self::Refused(refusals) => match refusals.first().map(|refusal| refusal.code) {
                Some(never) => match never {},
                None => coded(ErrorCode::InternalServerError, "internal error"),
            },
            Self::NotFound => coded(ErrorCode::NotFound, "not found"),
            Self::Unauthenticated => coded(ErrorCode::Unauthenticated, "sign in first, or renew the access token"),
            Self::Forbidden(permission) => {
                coded(ErrorCode::Forbidden, format!("the permission {permission} is missing"))
            }
            Self::Conflict { current } => {
                coded(ErrorCode::Conflict, "somebody else changed it meanwhile; read it again")
                    .extend_with(|_, extensions| extensions.set("currentVersion", current))
            }
            Self::Cursor => bad_input(NO_CURSOR),
            Self::RateLimited { retry_after } => {
                coded(ErrorCode::RateLimited, format!("too many attempts; try again in {retry_after} s"))
                    .extend_with(|_, extensions| extensions.set("retryAfter", retry_after))
            }
            Self::Unavailable(error) => {
                internal(ErrorCode::Unavailable, "a part of the service cannot be reached now; try again", &error)
            }
            Self::Internal(error) => internal(ErrorCode::InternalServerError, "internal error", &error),
        }
    }
}

/// A loader's failure: cloned to every field that waited for the batch.
#[derive(Debug, Clone)]
pub(crate) struct FieldError(OpError<NoCode>);

impl FieldError {
    /// The failure of a use case that refuses nothing.
    pub(crate) fn new(error: OpError<NoCode>) -> Self {
        Self(error)
    }

    /// The top-level error to show.
    pub(crate) fn show(self) -> Error {
        self.0.into_field_error()
    }
}
