//! CSV, strictly: a quote opens a field only at its start, is doubled inside, and a separator or the line's end follows
//! the closing one. What is broken costs its own line, not those after it.

use std::ops::Range;

use super::super::columns::columns;
use super::super::error::ReadError;
use super::super::format::Kind;
use super::super::row_error::{RowError, RowReason};
use super::batch::{Places, SourceBatch, TextRows};
use super::lines::{Found, LONGEST, Line, Lines};
use super::{BATCH_BYTES, BATCH_ROWS, Header};

pub(crate) struct CsvReader {
    lines: Lines,
    separator: u8,
    /// For each field of the header, the column that it is.
    fields: Vec<Option<usize>>,
    count: usize,
    splitter: Splitter,
    /// Bytes of the batch before.
    usual: usize,
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
        let (fields, count) = (header.fields.clone(), columns(kind).len());
        Ok((Self { lines, separator, fields, count, splitter, usual: 0 }, header))
    }

    /// The next rows; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<SourceBatch>, ReadError> {
        let mut rows = TextRows::new(self.usual, self.count, |column| self.fields.contains(&Some(column)));
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
            match self.record(line, &mut rows)? {
                Record::Blank { taken } => self.lines.take(taken, 1),
                Record::Row { taken, lines } => {
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
        self.usual = rows.bytes();
        Ok(Some(SourceBatch { rows: places.len(), places: Places::Lines(places), columns: rows.finish(), broken }))
    }

    /// Takes apart the record that begins with `first`, over as many lines as its quotes span: an odd number of quotes leaves
    /// a field open. One that is good becomes the next of `rows`.
    fn record(&mut self, first: Line, rows: &mut TextRows) -> Result<Record, ReadError> {
        let (mut length, mut taken, mut lines) = (first.length, first.taken, 1);
        let mut quotes = quotes_in(self.lines.bytes(length));
        while quotes % 2 == 1 {
            match self.lines.find(taken)? {
                Found::Line(next) if taken + next.length <= LONGEST => {
                    quotes += quotes_in(&self.lines.bytes(taken + next.length)[taken..]);
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
        if quotes == 0 {
            self.splitter.split_plain(text, self.separator);
        } else if !self.splitter.split(text, self.separator) {
            return Ok(Record::Broken(RowReason::Quoting));
        }
        if self.splitter.ranges.len() != self.fields.len() {
            return Ok(Record::Broken(RowReason::FieldCount));
        }
        self.splitter.put(text, &self.fields, rows);
        Ok(Record::Row { taken, lines })
    }
}

fn quotes_in(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'"', bytes).count()
}

/// Shows every place of a byte that stands thick, a word of eight bytes at a time.
fn each_place(wanted: u8, bytes: &[u8], mut show: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let pattern = u64::from_le_bytes([wanted; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let differing = u64::from_le_bytes(*word) ^ pattern;
        // The highest bit of each byte that does not differ.
        let mut found = !(((differing & LOW) + LOW) | differing | LOW);
        while found != 0 {
            show(at + found.trailing_zeros() as usize / 8);
            found &= found - 1;
        }
    }
    for (byte, at) in rest.iter().zip(words.len() * 8..) {
        if *byte == wanted {
            show(at);
        }
    }
}

enum Record {
    Blank { taken: usize },
    Row { taken: usize, lines: u64 },
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

    /// Makes the fields of the record that was split last, of this text, the cells of the next row.
    fn put(&self, text: &str, columns: &[Option<usize>], rows: &mut TextRows) {
        let start = rows.append(text);
        if !self.unquoted.is_empty() {
            rows.append(&self.unquoted);
        }
        for (range, column) in self.ranges.iter().zip(columns) {
            let Some(column) = column else { continue };
            // What was unquoted follows the text at once; its ranges leave a place between.
            let between = usize::from(range.start > text.len());
            rows.push(*column, start + range.start - between..start + range.end - between);
        }
    }

    /// Takes a record without quotes apart; its fields are then in `ranges`.
    fn split_plain(&mut self, text: &str, separator: u8) {
        self.ranges.clear();
        self.unquoted.clear();
        let mut start = 0;
        each_place(separator, text.as_bytes(), |at| {
            self.ranges.push(start..at);
            start = at + 1;
        });
        self.ranges.push(start..text.len());
    }

    /// Whether the quotes of a record are in order; its fields are then in `ranges`.
    fn split(&mut self, text: &str, separator: u8) -> bool {
        self.ranges.clear();
        self.unquoted.clear();
        let bytes = text.as_bytes();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_is_shown(bytes in proptest::collection::vec(
            prop_oneof![Just(b','), Just(b'-'), Just(0xac), any::<u8>()], 0..70,
        )) {
            let mut places = Vec::new();
            each_place(b',', &bytes, |at| places.push(at));
            prop_assert_eq!(places, memchr::memchr_iter(b',', &bytes).collect::<Vec<_>>());
        }
    }
}
