//! Why a row was rejected: where it stands, which column, and one of a closed set of reasons. Never the value itself,
//! which may be a phone number or a text.

use std::fmt;

/// How many rejected rows of a file are kept to be shown; all are counted.
pub const ROW_ERRORS_KEPT: usize = 1_000;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowReason {
    /// A required cell is empty.
    Missing,
    /// Neither 7 to 15 digits nor a business-scoped user id.
    NotARecipient,
    /// Not a business-scoped user id.
    NotAUserId,
    /// Neither RFC 3339 with an offset nor whole Unix seconds between the years 1 and 9999.
    NotAnInstant,
    /// Not a whole number from 0 to 4,294,967,294.
    NotANumber,
    /// Neither `template` nor `free_form`.
    UnknownType,
    /// None of `sent`, `delivered`, `read`, `played`, `failed`.
    UnknownStatus,
    /// Neither `opt_in` nor `opt_out`.
    UnknownAction,
    /// None of `marketing`, `utility`, `authentication`, `all`.
    UnknownScope,
    /// Longer than the column allows, or a line beyond 1 MiB.
    TooLong,
    /// A quote that is never closed, or that stands where none may.
    Quoting,
    /// Another number of fields than the header has.
    FieldCount,
    /// The line is not a JSON object.
    NotAnObject,
    /// A JSON value that is neither text, number nor null.
    JsonType,
}

impl RowReason {
    /// Stable word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotARecipient => "not_a_recipient",
            Self::NotAUserId => "not_a_user_id",
            Self::NotAnInstant => "not_an_instant",
            Self::NotANumber => "not_a_number",
            Self::UnknownType => "unknown_type",
            Self::UnknownStatus => "unknown_status",
            Self::UnknownAction => "unknown_action",
            Self::UnknownScope => "unknown_scope",
            Self::TooLong => "too_long",
            Self::Quoting => "quoting",
            Self::FieldCount => "field_count",
            Self::NotAnObject => "not_an_object",
            Self::JsonType => "json_type",
        }
    }
}

impl fmt::Display for RowReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "is empty but required",
            Self::NotARecipient => "is neither a number of 7 to 15 digits nor a business-scoped user id",
            Self::NotAUserId => "is not a business-scoped user id",
            Self::NotAnInstant => "is neither RFC 3339 with an offset nor whole Unix seconds",
            Self::NotANumber => "is not a whole number",
            Self::UnknownType => "is neither template nor free_form",
            Self::UnknownStatus => "is none of sent, delivered, read, played, failed",
            Self::UnknownAction => "is neither opt_in nor opt_out",
            Self::UnknownScope => "is none of marketing, utility, authentication, all",
            Self::TooLong => "is too long",
            Self::Quoting => "has a quote that is not closed or stands inside a field",
            Self::FieldCount => "has another number of fields than the header",
            Self::NotAnObject => "is not a JSON object",
            Self::JsonType => "is neither text, number nor null",
        })
    }
}

/// One rejected row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowError {
    /// Line of the file, from 1 (the header is a line); in Parquet the row, from 1.
    pub line: u64,
    /// The column at fault, or none when the row could not be taken apart.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub reason: RowReason,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}: {column} {}", self.line, self.reason),
            None => write!(f, "line {}: {}", self.line, self.reason),
        }
    }
}

/// The rejected rows of one file: the first by line, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowErrors {
    first: Vec<RowError>,
    total: u64,
}

impl RowErrors {
    /// Counts a rejected row. Whoever reads a file adds its rows in the order of their lines.
    pub(crate) fn push(&mut self, error: RowError) {
        self.total += 1;
        if self.first.len() < ROW_ERRORS_KEPT {
            self.first.push(error);
        }
    }

    /// Joins what two readers of the same file saw; the first by line stay, whoever saw them.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.first.extend_from_slice(&other.first);
        self.first.sort_unstable();
        self.first.truncate(ROW_ERRORS_KEPT);
    }

    /// The first [`ROW_ERRORS_KEPT`], by line.
    #[must_use]
    pub fn first(&self) -> &[RowError] {
        &self.first
    }

    /// How many rows were rejected.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }
}
