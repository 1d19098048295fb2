//! What can be mended when an audit is asked for.

use crate::Code;

/// Why an audit, its cancellation or its schedule was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCode {
    /// The period ends before it begins, or with its beginning.
    PeriodEmpty,
    /// The audit has ended already.
    Ended,
    /// The time of the day is none.
    LocalTimeInvalid,
    /// The audit has no result that could be previewed.
    NotCompleted,
    /// A threshold is none, or cannot have this value.
    ThresholdInvalid,
    /// Only lists, and templates and numbers by their id, can be left out.
    NotRemovable,
}

impl Code for AuditCode {
    fn key(self) -> &'static str {
        match self {
            Self::PeriodEmpty => "error-period-empty",
            Self::Ended => "error-audit-finished",
            Self::LocalTimeInvalid => "error-local-time-malformed",
            Self::NotCompleted => "error-audit-not-completed",
            Self::ThresholdInvalid => "error-threshold-invalid",
            Self::NotRemovable => "error-audit-not-removable",
        }
    }
}
