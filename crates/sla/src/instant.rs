//! Whole seconds since the Unix epoch, the only kind of instant inside the engine.
//!
//! Every timestamp is floored here, once, on entry; nothing rounds afterwards.

use jiff::Timestamp;

/// A half-open interval `[start, end)` of whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Span {
    pub(crate) fn new(start: i64, end: i64) -> Self {
        Self { start, end }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.end <= self.start
    }

    pub(crate) fn seconds(self) -> u64 {
        u64::try_from(self.end.saturating_sub(self.start)).unwrap_or(0)
    }

    /// The part of `self` that lies in `other`; empty when they do not meet.
    pub(crate) fn within(self, other: Self) -> Self {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

/// The whole second at or before `t`. (`Timestamp::as_second` cuts toward zero, which before 1970 would be a ceiling.)
pub(crate) fn floor(t: Timestamp) -> i64 {
    if t.subsec_nanosecond() < 0 { t.as_second() - 1 } else { t.as_second() }
}

/// Back to a timestamp. Every instant that the engine makes lies between two that came in or in the years of a calendar,
/// so that the clamp is never felt.
pub(crate) fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(if second < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
