//! NDJSON: one object a line. Text, numbers and null are values; anything else costs its row.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use super::super::columns::{columns, position};
use super::super::error::ReadError;
use super::super::format::Kind;
use super::super::row_error::{RowError, RowReason};
use super::batch::{Places, SourceBatch, TextRows};
use super::lines::{Found, Lines};
use super::{BATCH_BYTES, BATCH_ROWS, Header, UnknownColumns};

/// How many lines are looked at, before any is read, for the columns that the file has.
const LOOKED_AT: usize = 100;

pub(crate) struct NdjsonReader {
    lines: Lines,
    kind: Kind,
    row: Row,
    /// Bytes of the batch before.
    usual: usize,
}

/// The cells of one line.
struct Row {
    kind: Kind,
    text: String,
    cells: Vec<std::ops::Range<usize>>,
    wrong: Option<usize>,
    unknown: UnknownColumns,
}

impl NdjsonReader {
    /// A file of which no line among the first has a required column does not have it.
    pub(crate) fn open(mut lines: Lines, kind: Kind) -> Result<(Self, Header), ReadError> {
        lines.skip_mark()?;
        let mut row = Row {
            kind,
            text: String::new(),
            cells: vec![0..0; columns(kind).len()],
            wrong: None,
            unknown: UnknownColumns::default(),
        };
        let (mut seen, mut objects, mut offset) = (vec![false; columns(kind).len()], 0, 0);
        while objects < LOOKED_AT && offset < super::lines::LONGEST {
            let Found::Line(line) = lines.find(offset)? else { break };
            let bytes = &lines.bytes(offset + line.length)[offset..];
            if row.parse(bytes) {
                objects += 1;
                for (seen, cell) in seen.iter_mut().zip(&row.cells) {
                    *seen |= !cell.is_empty();
                }
            }
            offset += line.taken;
        }
        if offset == 0 {
            return Err(ReadError::Empty { file: lines.label().to_owned() });
        }
        if objects > 0 {
            Header::check_required(lines.label(), kind, &seen)?;
        }
        let header = Header { fields: Vec::new(), unknown: UnknownColumns::default() };
        Ok((Self { lines, kind, row, usual: 0 }, header))
    }

    /// The next rows; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<SourceBatch>, ReadError> {
        let mut rows = TextRows::new(self.usual, columns(self.kind).len(), |_| true);
        let (mut places, mut broken) = (Vec::new(), Vec::new());
        let mut bytes = 0;
        while places.len() < BATCH_ROWS && broken.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            let place = self.lines.line();
            let mut refuse = |column, reason| broken.push(RowError { line: place, column, reason });
            let line = match self.lines.find(0)? {
                Found::Line(line) => line,
                Found::TooLong => {
                    refuse(None, RowReason::TooLong);
                    self.lines.skip_line()?;
                    continue;
                }
                Found::End => break,
            };
            bytes += line.length;
            let text = self.lines.text(line.length)?.trim_ascii();
            if text.is_empty() {
                // A blank line is no row.
            } else if !self.row.parse(text.as_bytes()) {
                refuse(None, RowReason::NotAnObject);
            } else if let Some(column) = self.row.wrong {
                refuse(Some(columns(self.kind)[column].name), RowReason::JsonType);
            } else {
                let start = rows.append(&self.row.text);
                for (column, cell) in self.row.cells.iter().enumerate() {
                    rows.push(column, start + cell.start..start + cell.end);
                }
                places.push(place);
            }
            self.lines.take(line.taken, 1);
        }
        if places.is_empty() && broken.is_empty() {
            return Ok(None);
        }
        self.usual = rows.bytes();
        Ok(Some(SourceBatch { rows: places.len(), places: Places::Lines(places), columns: rows.finish(), broken }))
    }

    pub(crate) fn unknown(&self) -> &UnknownColumns {
        &self.row.unknown
    }
}

impl Row {
    /// Whether the line is an object; its cells are then those of the row.
    fn parse(&mut self, line: &[u8]) -> bool {
        self.text.clear();
        self.cells.fill(0..0);
        self.wrong = None;
        let mut json = serde_json::Deserializer::from_slice(line);
        (&mut json).deserialize_map(Object(self)).is_ok() && json.end().is_ok()
    }
}

struct Object<'r>(&'r mut Row);

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let row = self.0;
        while let Some(known) = map.next_key_seed(Key { kind: row.kind, unknown: &mut row.unknown })? {
            let Some(column) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let start = row.text.len();
            let fits = map.next_value_seed(Value(&mut row.text))?;
            row.cells[column] = start..row.text.len();
            if !fits && row.wrong.is_none() {
                row.wrong = Some(column);
            }
        }
        Ok(())
    }
}

struct Key<'r> {
    kind: Kind,
    unknown: &'r mut UnknownColumns,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let known = position(self.kind, name);
        if known.is_none() {
            self.unknown.add(name);
        }
        Ok(known)
    }
}

/// Appends a value's text; says whether the value is of an allowed type.
struct Value<'r>(&'r mut String);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        self.0.push_str(text);
        Ok(true)
    }

    fn visit_u64<E>(self, number: u64) -> Result<bool, E> {
        self.0.push_str(&number.to_string());
        Ok(true)
    }

    fn visit_i64<E>(self, number: i64) -> Result<bool, E> {
        self.0.push_str(&number.to_string());
        Ok(true)
    }

    /// A fraction is no allowed value of any column: its text will be refused by the column.
    fn visit_f64<E>(self, number: f64) -> Result<bool, E> {
        self.0.push_str(&number.to_string());
        Ok(true)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut sequence: A) -> Result<bool, A::Error> {
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
}
