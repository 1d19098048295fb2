//! The moments of a timer at which somebody is told something.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A moment of a timer, measured on its counted time. Written `50%`, `due-1800` (seconds), `breach` or `due+3600`; in JSON a
/// percentage may be a bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub enum Level {
    /// So many percent of the budget are used up.
    Percent(u8),
    /// So many seconds of the budget are left. A goal that is not longer has no such moment.
    BeforeDue(u64),
    /// The promise is broken.
    Breach,
    /// So many counted seconds after the budget was used up.
    AfterDue(u64),
}

impl Level {
    /// The counted seconds at which it is reached, for a budget; `None`: never.
    pub(crate) fn counted(self, budget: u64) -> Option<u64> {
        match self {
            Self::Percent(percent) => {
                let percent = u64::from(percent);
                // The first whole second at or above the share.
                Some(budget / 100 * percent + (budget % 100 * percent).div_ceil(100))
            }
            Self::BeforeDue(seconds) => budget.checked_sub(seconds).filter(|counted| *counted > 0),
            Self::Breach => budget.checked_add(1),
            Self::AfterDue(seconds) => budget.checked_add(seconds),
        }
    }
}

/// A text that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no level: write a percentage such as 75%, due-1800 or due+3600 (seconds), or breach")]
pub struct InvalidLevel {
    /// As given.
    pub text: String,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::BeforeDue(seconds) => write!(f, "due-{seconds}"),
            Self::Breach => f.write_str("breach"),
            Self::AfterDue(seconds) => write!(f, "due+{seconds}"),
        }
    }
}

impl FromStr for Level {
    type Err = InvalidLevel;

    fn from_str(text: &str) -> Result<Self, InvalidLevel> {
        let digits =
            |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let level = if text == "breach" {
            Some(Self::Breach)
        } else if let Some(percent) = text.strip_suffix('%') {
            digits(percent).and_then(|percent| u8::try_from(percent).ok()).map(Self::Percent)
        } else if let Some(seconds) = text.strip_prefix("due-") {
            digits(seconds).map(Self::BeforeDue)
        } else {
            text.strip_prefix("due+").and_then(digits).map(Self::AfterDue)
        };
        level.ok_or_else(|| InvalidLevel { text: text.to_owned() })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Percent(u8),
    Text(String),
}

impl TryFrom<Stored> for Level {
    type Error = InvalidLevel;

    fn try_from(stored: Stored) -> Result<Self, InvalidLevel> {
        match stored {
            Stored::Percent(percent) => Ok(Self::Percent(percent)),
            Stored::Text(text) => text.parse(),
        }
    }
}

impl From<Level> for Stored {
    fn from(level: Level) -> Self {
        match level {
            Level::Percent(percent) => Self::Percent(percent),
            other => Self::Text(other.to_string()),
        }
    }
}
