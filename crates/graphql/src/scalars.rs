//! Scalars: strict on the way in, one spelling on the way out.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as ChronoDateTime, SecondsFormat, Utc};

/// An instant: RFC 3339, always shown in UTC with `Z`, up to microseconds. Example: `2026-09-01T08:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DateTime(pub(crate) domain::Instant);

/// An instant: RFC 3339, always shown in UTC with `Z`, up to microseconds. Example: `2026-09-01T08:30:00Z`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let instant = ChronoDateTime::parse_from_rfc3339(text)
            .map_err(|_| {
                InputValueError::custom("write an instant as RFC 3339 with an offset, such as 2026-09-01T08:30:00Z")
            })?
            .with_timezone(&Utc);
        let instant = ChronoDateTime::from_timestamp_micros(instant.timestamp_micros())
            .ok_or_else(|| InputValueError::custom("the instant is out of range"))?;
        Ok(Self(instant))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl From<domain::Instant> for DateTime {
    fn from(instant: domain::Instant) -> Self {
        Self(instant)
    }
}

/// A whole number that may exceed 32 bits, as a string. Example: `"4294967296"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BigInt(pub(crate) u64);

/// A whole number that may exceed 32 bits, as a string. Example: `"4294967296"`.
#[Scalar]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        text.parse().map(Self).map_err(|_| InputValueError::custom("write the number as a string of digits"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any JSON, where its shape is data: values of thresholds. Example: `{"consent": {"incompleteShare": 0.1}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Json(pub(crate) serde_json::Value);

/// Any JSON, where its shape is data: values of thresholds. Example: `{"consent": {"incompleteShare": 0.1}}`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(|_| InputValueError::custom("write plain JSON"))
    }

    fn to_value(&self) -> Value {
        // A number that JSON has and GraphQL has not does not exist.
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_needs_its_offset_and_comes_back_in_utc() {
        let parse = |text: &str| {
            DateTime::parse(Value::String(text.to_owned())).ok().map(|instant| instant.to_value().to_string())
        };
        assert_eq!(parse("2026-09-01T10:30:00+02:00").as_deref(), Some("\"2026-09-01T08:30:00Z\""));
        assert_eq!(parse("2026-09-01T08:30:00.1234567Z").as_deref(), Some("\"2026-09-01T08:30:00.123456Z\""));
        for bad in ["", "2026-09-01", "2026-09-01T08:30:00", "2026-02-30T00:00:00Z", "yesterday"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert!(DateTime::parse(Value::from(1)).is_err());
    }
}
