//! Reading fields that may be anything: what cannot be read counts as absent and is noted, never an error.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

use crate::value::{self, Object};

/// Longest word that is kept of what nobody knows.
const LONGEST_WORD: usize = 64;
/// Unix times from here on are milliseconds: in seconds they would lie beyond the year 5000.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// What was odd about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OddityKind {
    /// A field that this release does not know.
    UnknownField,
    /// A word of one of Meta's lists that this release does not know.
    UnknownWord,
    /// A field whose value cannot be read.
    Unreadable,
}

impl OddityKind {
    /// A stable word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown_field",
            Self::UnknownWord => "unknown_word",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Something that was not understood. Names places and words of Meta's lists, never a value that could be of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oddity {
    /// What.
    pub kind: OddityKind,
    /// Where: `account_update.event`.
    pub place: String,
    /// The word itself, of an unknown word; empty else.
    pub word: String,
}

/// One JSON object while it is read.
#[derive(Debug)]
pub(super) struct Fields<'n> {
    object: Object,
    place: String,
    odd: &'n mut Vec<Oddity>,
}

impl<'n> Fields<'n> {
    pub(super) fn new(object: Object, place: impl Into<String>, odd: &'n mut Vec<Oddity>) -> Self {
        Self { object, place: place.into(), odd }
    }

    fn note(&mut self, kind: OddityKind, name: &str, word: &str) {
        let place = format!("{}.{}", self.place, shortened(name));
        self.odd.push(Oddity { kind, place, word: shortened(word) });
    }

    /// Whether the field is there, whatever it holds.
    pub(super) fn has(&self, name: &str) -> bool {
        self.object.get(name).is_some_and(|value| !value.is_null())
    }

    /// The first of several spellings of a field. An empty text counts as absent.
    pub(super) fn take(&mut self, names: &[&str]) -> Option<Value> {
        let value = names.iter().find_map(|name| value::take(&mut self.object, name))?;
        match &value {
            Value::String(text) if text.trim().is_empty() => None,
            _ => Some(value),
        }
    }

    /// Puts several fields aside that are known and tell nothing here.
    pub(super) fn skip(&mut self, names: &[&str]) {
        for name in names {
            self.object.remove(*name);
        }
    }

    /// A text; numbers are written out.
    pub(super) fn text(&mut self, names: &[&str]) -> Option<String> {
        let value = self.take(names)?;
        let text = scalar(&value);
        if text.is_none() {
            self.note(OddityKind::Unreadable, names[0], "");
        }
        text
    }

    /// A word of one of Meta's lists, in upper case; the word `null` is none. One that is not among `known` is noted.
    pub(super) fn word(&mut self, names: &[&str], known: &[&str]) -> Option<String> {
        let word = match self.take(names)? {
            // One page of Meta's shows a state as an array.
            Value::Array(items) => items.iter().find_map(scalar),
            value => scalar(&value),
        };
        let Some(word) = word else {
            self.note(OddityKind::Unreadable, names[0], "");
            return None;
        };
        let word = word.trim().to_ascii_uppercase();
        if word == "NULL" {
            return None;
        }
        if !known.contains(&word.as_str()) {
            self.note(OddityKind::UnknownWord, names[0], &word);
        }
        Some(word)
    }

    /// An instant in any of Meta's forms.
    pub(super) fn instant(&mut self, names: &[&str]) -> Option<DateTime<Utc>> {
        let value = self.take(names)?;
        let instant = instant(&value);
        if instant.is_none() {
            self.note(OddityKind::Unreadable, names[0], "");
        }
        instant
    }

    /// A whole number, as such or as a text.
    pub(super) fn number(&mut self, names: &[&str]) -> Option<i64> {
        let value = self.take(names)?;
        let number = match &value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.note(OddityKind::Unreadable, names[0], "");
        }
        number
    }

    /// The objects of a field that holds one, or an array of them. What is no object is noted and left out.
    pub(super) fn objects(&mut self, names: &[&str]) -> Vec<Object> {
        let items = match self.take(names) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(value) => vec![value],
        };
        let mut objects = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::Object(object) => objects.push(object),
                _ => self.note(OddityKind::Unreadable, names[0], ""),
            }
        }
        objects
    }

    /// The object of a field; of an array of them the first.
    pub(super) fn object(&mut self, names: &[&str]) -> Option<Object> {
        self.objects(names).into_iter().next()
    }

    /// The fields of an object within this one.
    pub(super) fn within(&mut self, name: &str, object: Object) -> Fields<'_> {
        Fields { object, place: format!("{}.{name}", self.place), odd: self.odd }
    }

    /// A field and its value that stand here instead of in a change of their own.
    pub(super) fn bare_change(&mut self) -> Option<Object> {
        let field = value::take(&mut self.object, "field")?;
        let value = value::take(&mut self.object, "value").unwrap_or_default();
        Some(Object::from_iter([("field".to_owned(), field), ("value".to_owned(), value)]))
    }

    /// Notes a field that had to be there.
    pub(super) fn missing(&mut self, name: &str) {
        self.note(OddityKind::Unreadable, name, "");
    }

    /// Notes what is left: fields that nobody knows.
    pub(super) fn end(self) {
        let Self { object, place, odd } = self;
        odd.extend(object.keys().map(|name| Oddity {
            kind: OddityKind::UnknownField,
            place: format!("{place}.{}", shortened(name)),
            word: String::new(),
        }));
    }
}

/// The beginning of a name or word, of plain characters: what somebody invents is not to fill tables or break lines.
pub(super) fn shortened(word: &str) -> String {
    let plain = |character: &char| character.is_ascii_graphic();
    word.chars().filter(plain).take(LONGEST_WORD).collect()
}

/// A number with a fraction, or too large for an integer, has lost digits by now: as an id it would be another's.
fn scalar(value: &Value) -> Option<String> {
    match value {
        // Not every database takes the character that ends texts elsewhere.
        Value::String(text) => Some(text.replace('\0', "")),
        Value::Number(number) => (!number.is_f64()).then(|| number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Unix seconds or milliseconds as number or text, ISO with or without a colon in its offset, a day in English or ISO.
pub(super) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(number) => unix(number.as_i64()?),
        Value::String(text) => {
            let text = text.trim();
            text.parse().map_or_else(|_| iso(text).or_else(|| day(text)), unix)
        }
        _ => None,
    }
}

fn unix(time: i64) -> Option<DateTime<Utc>> {
    if time.unsigned_abs() >= MILLISECONDS_FROM.unsigned_abs() {
        DateTime::from_timestamp_millis(time)
    } else {
        DateTime::from_timestamp(time, 0)
    }
}

fn iso(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|instant| instant.to_utc())
}

fn day(text: &str) -> Option<DateTime<Utc>> {
    ["%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .map(|day| day.and_time(NaiveTime::MIN).and_utc())
}
