//! Civil times of day and the windows made of them, as people write them: `08:00-18:00`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::CalendarError;

/// Minutes in a day that has 24 hours.
const MIDNIGHT_AT_THE_END: u16 = 24 * 60;

/// A civil time of day in whole minutes, from `00:00` to `24:00` (the end of the day). Written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// `00:00`.
    pub const START_OF_DAY: Self = Self(0);
    /// `24:00`.
    pub const END_OF_DAY: Self = Self(MIDNIGHT_AT_THE_END);

    /// `hour` 0 to 23 and `minute` 0 to 59, or 24 and 0.
    pub fn new(hour: u8, minute: u8) -> Result<Self, CalendarError> {
        let minutes = u16::from(hour) * 60 + u16::from(minute);
        if minute > 59 || minutes > MIDNIGHT_AT_THE_END {
            return Err(CalendarError::InvalidTime { text: format!("{hour:02}:{minute:02}") });
        }
        Ok(Self(minutes))
    }

    /// Minutes since the beginning of the day, 0 to 1440.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// Whether this is `24:00`, which is the beginning of the next day.
    pub fn is_end_of_day(self) -> bool {
        self.0 == MIDNIGHT_AT_THE_END
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let invalid = || CalendarError::InvalidTime { text: text.to_owned() };
        let two_digits = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u8>().ok()).flatten()
        };
        let (hour, minute) = text.split_once(':').ok_or_else(invalid)?;
        let (hour, minute) = two_digits(hour).zip(two_digits(minute)).ok_or_else(invalid)?;
        Self::new(hour, minute).map_err(|_| invalid())
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

/// Opening hours within a day, half-open. A `to` at or before `from` lies on the next day (an overnight window); such a
/// window belongs to the date on which it begins, also for holidays and working days.
///
/// Nothing is checked here: [`Calendar::new`](super::Calendar::new) refuses windows of zero length and overlaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Opens, `00:00` to `23:59`.
    pub from: TimeOfDay,
    /// Closes, `00:00` to `24:00`.
    pub to: TimeOfDay,
}

impl Window {
    /// Whether the window closes on the day after the one on which it opens (by a time; `24:00` counts as the same day).
    pub fn is_overnight(self) -> bool {
        self.to <= self.from
    }

    /// Opening and closing in minutes since the beginning of the date to which the window belongs.
    pub(super) fn minutes(self) -> (u16, u16) {
        let to = self.to.minutes() + if self.is_overnight() { MIDNIGHT_AT_THE_END } else { 0 };
        (self.from.minutes(), to)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl FromStr for Window {
    type Err = CalendarError;

    /// Reads `08:00-18:00`.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let (from, to) = text.split_once('-').ok_or_else(|| CalendarError::InvalidTime { text: text.to_owned() })?;
        Ok(Self { from: from.parse()?, to: to.parse()? })
    }
}
