//! Why a JSON document could not be read. Carries field names, positions and JSON types, never values: a value may be
//! personal data.

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text is not JSON.
    #[error("not JSON (near column {column}): write one JSON object per line, in UTF-8")]
    NotJson {
        /// Column, counted in bytes from 1; 0 when it is not known.
        column: usize,
    },
    /// The JSON is not an object.
    #[error("expected a JSON object, found {found}")]
    NotAnObject {
        /// JSON type found.
        found: &'static str,
    },
    /// A field that identifies the thing is absent, null or empty.
    #[error("field `{field}` is missing")]
    Missing {
        /// Name of the field.
        field: &'static str,
    },
    /// A field has a JSON type that cannot be read.
    #[error("field `{field}` is {found}, expected {expected}")]
    WrongType {
        /// Name of the field.
        field: &'static str,
        /// What was expected, in words.
        expected: &'static str,
        /// JSON type found.
        found: &'static str,
    },
    /// A field has a readable type and an unreadable value.
    #[error("field `{field}` cannot be read, expected {expected}")]
    InvalidValue {
        /// Name of the field.
        field: &'static str,
        /// What was expected, in words.
        expected: &'static str,
    },
}
