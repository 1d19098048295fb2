//! Reading single fields of a JSON object. `take_…` moves the field out, so that what is left are the unknown ones.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::ReadError;

pub(crate) type Object = Map<String, Value>;

/// Parses one document; the error names a position and no content.
pub(crate) fn parse(text: &str) -> Result<Value, ReadError> {
    serde_json::from_str(text).map_err(|error| ReadError::NotJson { column: error.column() })
}

pub(crate) fn object(value: Value) -> Result<Object, ReadError> {
    match value {
        Value::Object(fields) => Ok(fields),
        other => Err(ReadError::NotAnObject { found: type_name(&other) }),
    }
}

pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Moves a field out; null counts as absent.
pub(crate) fn take(fields: &mut Object, field: &str) -> Option<Value> {
    fields.remove(field).filter(|value| !value.is_null())
}

/// Moves out the first of several spellings of a field; the others stay among the unknown fields.
fn take_first(fields: &mut Object, spellings: &[&'static str]) -> Option<(&'static str, Value)> {
    spellings.iter().find_map(|field| take(fields, field).map(|value| (*field, value)))
}

fn wrong_type(field: &'static str, expected: &'static str, value: &Value) -> ReadError {
    ReadError::WrongType { field, expected, found: type_name(value) }
}

/// A string; empty or blank counts as absent.
pub(crate) fn take_string(fields: &mut Object, spellings: &[&'static str]) -> Result<Option<String>, ReadError> {
    match take_first(fields, spellings) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Some((field, other)) => Err(wrong_type(field, "a string", &other)),
    }
}

/// An id: a string, or a non-negative integer below 2^64. Anything that went through a floating point number is
/// refused, for its last digits are lost.
pub(crate) fn take_id(fields: &mut Object, spellings: &[&'static str]) -> Result<Option<String>, ReadError> {
    match take_first(fields, spellings) {
        None => Ok(None),
        Some((field, value)) => id(field, value).map(|id| Some(id).filter(|id| !id.is_empty())),
    }
}

/// One id or an array of ids.
pub(crate) fn take_ids(fields: &mut Object, spellings: &[&'static str]) -> Result<Vec<String>, ReadError> {
    match take_first(fields, spellings) {
        None => Ok(Vec::new()),
        Some((field, Value::Array(items))) => items.into_iter().map(|item| id(field, item)).collect(),
        Some((field, value)) => Ok(vec![id(field, value)?]),
    }
}

fn id(field: &'static str, value: Value) -> Result<String, ReadError> {
    match value {
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Number(number) => number.as_u64().map(|id| id.to_string()).ok_or(ReadError::InvalidValue {
            field,
            expected: "a string or a non-negative integer below 2^64 (larger ids as strings)",
        }),
        other => Err(wrong_type(field, "a string or an integer", &other)),
    }
}

/// One string or an array of strings.
pub(crate) fn take_strings(fields: &mut Object, spellings: &[&'static str]) -> Result<Vec<String>, ReadError> {
    const EXPECTED: &str = "a string or an array of strings";
    let Some((field, value)) = take_first(fields, spellings) else { return Ok(Vec::new()) };
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(items) => items
            .into_iter()
            .map(|item| match item {
                Value::String(text) => Ok(text),
                other => Err(wrong_type(field, EXPECTED, &other)),
            })
            .collect(),
        other => Err(wrong_type(field, EXPECTED, &other)),
    }
}

/// A count: a non-negative integer, or the same as a string.
pub(crate) fn take_count(fields: &mut Object, spellings: &[&'static str]) -> Result<Option<u64>, ReadError> {
    const EXPECTED: &str = "a non-negative integer";
    let Some((field, value)) = take_first(fields, spellings) else { return Ok(None) };
    let count = match &value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        other => return Err(wrong_type(field, EXPECTED, other)),
    };
    count.map(Some).ok_or(ReadError::InvalidValue { field, expected: EXPECTED })
}

/// An instant: RFC 3339 with offset, Meta's ISO form with `+0000`, Unix seconds as integer or as string.
pub(crate) fn take_instant(
    fields: &mut Object,
    spellings: &[&'static str],
) -> Result<Option<DateTime<Utc>>, ReadError> {
    const EXPECTED: &str = "an RFC 3339 time with offset or Unix seconds";
    let Some((field, value)) = take_first(fields, spellings) else { return Ok(None) };
    let instant = match &value {
        Value::Number(number) => number.as_i64().and_then(seconds),
        Value::String(text) => instant_of(text.trim()),
        other => return Err(wrong_type(field, EXPECTED, other)),
    };
    instant.map(Some).ok_or(ReadError::InvalidValue { field, expected: EXPECTED })
}

fn seconds(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

fn instant_of(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(unix) = text.parse::<i64>() {
        return seconds(unix);
    }
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|instant| instant.to_utc())
}

/// Turns an absent value into an error that names the field.
pub(crate) fn require<T>(value: Option<T>, field: &'static str) -> Result<T, ReadError> {
    value.ok_or(ReadError::Missing { field })
}
