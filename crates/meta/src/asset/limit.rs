//! Messaging limits: how many distinct people a portfolio may write to in any 24 hours outside service windows.
//!
//! Meta, *Messaging limits* (per portfolio since 2025-10-07) and the webhooks `business_capability_update` and
//! `phone_number_quality_update`: the same limit appears as `TIER_2K`, `2000`, `"2000"`, `TIER_UNLIMITED`, `UNLIMITED`
//! and `-1`; `TIER_NOT_SET` says that there is none yet.

use serde_json::Value;

use crate::ReadError;
use crate::value;

/// A messaging limit. Orders from the strictest to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessagingLimit {
    /// This many distinct recipients in 24 hours.
    Recipients(u64),
    /// No limit.
    Unlimited,
}

impl MessagingLimit {
    /// The number of recipients, or `None` when there is no limit.
    #[must_use]
    pub fn recipients(self) -> Option<u64> {
        match self {
            Self::Recipients(recipients) => Some(recipients),
            Self::Unlimited => None,
        }
    }

    /// Reads any of Meta's spellings; `None` within is Meta's `TIER_NOT_SET`.
    pub(crate) fn read(field: &'static str, value: &Value) -> Result<Option<Self>, ReadError> {
        const EXPECTED: &str = "a limit such as TIER_2K, 2000, UNLIMITED or -1";
        let read = match value {
            Value::Number(number) => number.as_i64().and_then(Self::of_number),
            Value::String(text) if text.trim().eq_ignore_ascii_case("TIER_NOT_SET") => return Ok(None),
            Value::String(text) => Self::of_text(text.trim()),
            other => {
                return Err(ReadError::WrongType { field, expected: EXPECTED, found: value::type_name(other) });
            }
        };
        read.map(Some).ok_or(ReadError::InvalidValue { field, expected: EXPECTED })
    }

    fn of_number(number: i64) -> Option<Self> {
        match number {
            -1 => Some(Self::Unlimited),
            _ => u64::try_from(number).ok().filter(|recipients| *recipients > 0).map(Self::Recipients),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        let tier = upper.strip_prefix("TIER_").unwrap_or(&upper);
        if tier == "UNLIMITED" {
            return Some(Self::Unlimited);
        }
        let (digits, unit) = match tier.as_bytes().last()? {
            b'K' => (&tier[..tier.len() - 1], 1_000),
            b'M' => (&tier[..tier.len() - 1], 1_000_000),
            _ => (tier, 1),
        };
        let number: i64 = digits.parse().ok()?;
        if number < 0 && unit != 1 {
            return None;
        }
        Self::of_number(number.checked_mul(unit)?)
    }
}
