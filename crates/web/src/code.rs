//! The closed list of `errors[].extensions.code`.

/// The closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorCode {
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
    /// A part of ours cannot be reached now.
    Unavailable,
    /// A defect of ours.
    InternalServerError,
}

impl ErrorCode {
    /// As the API shows it.
    pub(crate) const fn as_str(self) -> &'static str {
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
            Self::Unavailable => "UNAVAILABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}
