//! Why a calendar is refused.

use jiff::civil::Date;

use super::{FIRST_YEAR, LAST_YEAR, Window};

/// Why a calendar is refused. Each says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The zone is not in the IANA database.
    #[error("unknown time zone {zone:?}: give an IANA name such as Europe/Rome")]
    UnknownZone {
        /// As given.
        zone: String,
    },
    /// Not a time of day.
    #[error("invalid time {text:?}: write HH:MM from 00:00 to 24:00, and a window as HH:MM-HH:MM")]
    InvalidTime {
        /// As given.
        text: String,
    },
    /// A window opens at `24:00`.
    #[error("{day}: the window {window} opens at the end of the day: give it to the next day, from 00:00")]
    OpensAtEndOfDay {
        /// Weekday or date.
        day: String,
        /// As given.
        window: Window,
    },
    /// A window opens and closes at the same time.
    #[error("{day}: the window {window} is empty: a whole day is 00:00-24:00")]
    ZeroLength {
        /// Weekday or date.
        day: String,
        /// As given.
        window: Window,
    },
    /// Two windows share time: on one day, or by one that runs into the next weekday.
    #[error("the windows {first} ({first_day}) and {second} ({second_day}) overlap: join them or shorten one")]
    Overlap {
        /// Weekday or date of the earlier one.
        first_day: String,
        /// The window that begins earlier in the day or week.
        first: Window,
        /// Weekday or date of the later one.
        second_day: String,
        /// The window that begins later.
        second: Window,
    },
    /// An override or holiday outside the years that a calendar knows.
    #[error("the date {date} is out of range: give a year from {FIRST_YEAR} to {LAST_YEAR}")]
    DateOutOfRange {
        /// As given.
        date: Date,
    },
    /// No window ever opens, so nothing could ever come due.
    #[error("the calendar never opens: give at least one window")]
    NeverOpen,
}
