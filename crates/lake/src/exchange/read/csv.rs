//! CSV, strictly: a quote opens a field only at its start, is doubled inside, and a separator or the line's end follows
//! the closing one. What is broken costs its own line, not those after it.

use std::ops::Range;

use super::super::columns::columns;
use super::super::error::ReadError;
use super::super::format::Kind;
use super::super::row_error::{RowError, RowReason};
use super::batch::{Column, Places, SourceBatch, TextColumn};
use super::lines::{Found, LONGEST, Line, Lines};
use super::{BATCH_BYTES, BATCH_ROWS, Header};

pub(crate) struct CsvReader {
    lines: Lines,
    separator: u8,
    /// For each field of the header, the column that it is.
    fields: Vec<Option<usize>>,
    count: usize,
    splitter: Splitter,
}

/// One record, taken apart: the fields are ranges of the record's own text, or of `unquoted`.
#[derive(Default)]
struct Splitter {
    ranges: Vec<Range<usize>>,
    unquoted: String,
}

impl CsvReader {
    pub(crate) fn open(mut lines: Lines, kind: Kind) -> Result<(Self, Header), ReadError> {
        lines.skip_mark()?;
        let empty = |lines: &Lines| ReadError::Empty { file: lines.label().to_owned() };
        let broken = |lines: &Lines| ReadError::Header { file: lines.label().to_owned() };
        let line = match lines.find(0)? {
            Found::Line(line) => line,
            Found::End => return Err(empty(&lines)),
            Found::TooLong => return Err(broken(&lines)),
        };
        let text = lines.text(line.length)?.trim_end_matches('\r').to_owned();
        if text.trim_ascii().is_empty() {
            return Err(empty(&lines));
        }
        let separator = separator(&text);
        let mut splitter = Splitter::default();
        if !splitter.split(&text, separator) {
            return Err(broken(&lines));
        }
        let names: Vec<&str> = (0..splitter.ranges.len()).map(|field| splitter.field(&text, field).trim()).collect();
        let header = Header::of_names(lines.label(), kind, names.iter().copied())?;
        lines.take(line.taken, 1);
        let reader = Self { lines, separator, fields: header.fields.clone(), count: columns(kind).len(), splitter };
        Ok((reader, header))
    }

    /// The next rows; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<SourceBatch>, ReadError> {
        let mut texts: Vec<Option<TextColumn>> = (0..self.count).map(|_| None).collect();
        for column in self.fields.iter().flatten() {
            texts[*column] = Some(TextColumn::default());
        }
        let (mut places, mut broken) = (Vec::new(), Vec::new());
        let mut bytes = 0;
        while places.len() < BATCH_ROWS && broken.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            let line = match self.lines.find(0)? {
                Found::Line(line) => line,
                Found::TooLong => {
                    broken.push(RowError { line: self.lines.line(), column: None, reason: RowReason::TooLong });
                    self.lines.skip_line()?;
                    continue;
                }
                Found::End => break,
            };
            bytes += line.length;
            match self.record(line)? {
                Record::Blank { taken } => self.lines.take(taken, 1),
                Record::Fields { length, taken, lines } => {
                    let text = record_text(self.lines.text(length)?);
                    for (field, column) in self.fields.iter().enumerate() {
                        if let Some(column) = column.and_then(|column| texts[column].as_mut()) {
                            column.push(self.splitter.field(text, field));
                        }
                    }
                    places.push(self.lines.line());
                    self.lines.take(taken, lines);
                }
                Record::Broken(reason) => {
                    broken.push(RowError { line: self.lines.line(), column: None, reason });
                    self.lines.take(line.taken, 1);
                }
            }
        }
        if places.is_empty() && broken.is_empty() {
            return Ok(None);
        }
        let columns = texts.into_iter().map(|text| text.map_or(Column::Missing, Column::Text)).collect();
        Ok(Some(SourceBatch { rows: places.len(), places: Places::Lines(places), columns, broken }))
    }

    /// Takes apart the record that begins with `first`, over as many lines as its quotes span: an odd number of quotes leaves
    /// a field open.
    fn record(&mut self, first: Line) -> Result<Record, ReadError> {
        let (mut length, mut taken, mut lines) = (first.length, first.taken, 1);
        let mut open = quotes(self.lines.bytes(length)) % 2 == 1;
        while open {
            match self.lines.find(taken)? {
                Found::Line(next) if taken + next.length <= LONGEST => {
                    open ^= quotes(&self.lines.bytes(taken + next.length)[taken..]) % 2 == 1;
                    length = taken + next.length;
                    taken += next.taken;
                    lines += 1;
                }
                _ => return Ok(Record::Broken(RowReason::Quoting)),
            }
        }
        let text = record_text(self.lines.text(length)?);
        if text.is_empty() {
            return Ok(Record::Blank { taken });
        }
        if !self.splitter.split(text, self.separator) {
            return Ok(Record::Broken(RowReason::Quoting));
        }
        if self.splitter.ranges.len() == self.fields.len() {
            Ok(Record::Fields { length, taken, lines })
        } else {
            Ok(Record::Broken(RowReason::FieldCount))
        }
    }
}

fn quotes(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'"', bytes).count()
}

enum Record {
    Blank { taken: usize },
    Fields { length: usize, taken: usize, lines: u64 },
    Broken(RowReason),
}

fn record_text(text: &str) -> &str {
    text.strip_suffix('\r').unwrap_or(text)
}

/// `;` when the header has more of them than commas outside quotes.
fn separator(header: &str) -> u8 {
    let (mut commas, mut semicolons, mut quoted) = (0, 0, false);
    for byte in header.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

impl Splitter {
    /// The text of a field of the record that was split last. Ranges beyond the record's text lie in `unquoted`.
    fn field<'a>(&'a self, text: &'a str, field: usize) -> &'a str {
        let range = self.ranges[field].clone();
        if range.start > text.len() {
            &self.unquoted[range.start - text.len() - 1..range.end - text.len() - 1]
        } else {
            &text[range]
        }
    }

    /// Whether the quotes of a record are in order; its fields are then in `ranges`.
    fn split(&mut self, text: &str, separator: u8) -> bool {
        self.ranges.clear();
        self.unquoted.clear();
        let bytes = text.as_bytes();
        if memchr::memchr(b'"', bytes).is_none() {
            let mut start = 0;
            for at in memchr::memchr_iter(separator, bytes) {
                self.ranges.push(start..at);
                start = at + 1;
            }
            self.ranges.push(start..bytes.len());
            return true;
        }
        let mut start = 0;
        loop {
            let next = if bytes.get(start) == Some(&b'"') {
                match self.quoted(text, start + 1, separator) {
                    Some(next) => next,
                    None => return false,
                }
            } else {
                let end = memchr::memchr(separator, &bytes[start..]).map_or(bytes.len(), |at| start + at);
                if memchr::memchr(b'"', &bytes[start..end]).is_some() {
                    return false;
                }
                self.ranges.push(start..end);
                end
            };
            if next >= bytes.len() {
                return true;
            }
            start = next + 1;
        }
    }

    /// A quoted field whose content begins at `start`; the place of the separator behind it, or the text's end.
    fn quoted(&mut self, text: &str, start: usize, separator: u8) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut from, mut doubled) = (start, false);
        let unquoted = self.unquoted.len();
        loop {
            let at = from + memchr::memchr(b'"', &bytes[from..])?;
            match bytes.get(at + 1) {
                Some(b'"') => {
                    self.unquoted.push_str(&text[from..=at]);
                    doubled = true;
                    from = at + 2;
                }
                after if after.is_none() || after == Some(&separator) => {
                    if doubled {
                        self.unquoted.push_str(&text[from..at]);
                        let base = text.len() + 1;
                        self.ranges.push(base + unquoted..base + self.unquoted.len());
                    } else {
                        self.ranges.push(start..at);
                    }
                    return Some(at + 1);
                }
                _ => return None,
            }
        }
    }
}
