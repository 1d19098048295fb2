//! Newline-delimited JSON, one document per line, read with bounded memory. A bad line does not end the reading; a
//! failure of the source does.

use std::io::{self, BufRead, Read as _};

use crate::ReadError;

/// Longest line that is read. Meta's largest template (ten carousel cards) stays under 100 kB.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// What went wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The line is not a readable document; the next one may be.
    #[error("line {line}: {error}")]
    Rejected {
        /// Number of the line, from 1.
        line: u64,
        /// Why.
        error: ReadError,
    },
    /// The line is longer than [`MAX_LINE_BYTES`] or not UTF-8; the next one may be readable.
    #[error("line {line}: {reason}")]
    Unreadable {
        /// Number of the line, from 1.
        line: u64,
        /// Why.
        reason: &'static str,
    },
    /// The source failed; nothing more comes.
    #[error("cannot read further than line {line}: {source}")]
    Io {
        /// Number of the last line that was read.
        line: u64,
        /// The source's error.
        source: io::Error,
    },
}

/// Reads documents line by line; blank lines and a leading byte order mark are skipped.
pub fn read<R: BufRead, T>(
    reader: R,
    parse: impl Fn(&str) -> Result<T, ReadError>,
) -> impl Iterator<Item = Result<T, LineError>> {
    let mut lines = Lines { reader, line: 0, buffer: Vec::new(), failed: false };
    std::iter::from_fn(move || lines.next_document(&parse))
}

struct Lines<R> {
    reader: R,
    line: u64,
    buffer: Vec<u8>,
    failed: bool,
}

impl<R: BufRead> Lines<R> {
    fn next_document<T>(&mut self, parse: impl Fn(&str) -> Result<T, ReadError>) -> Option<Result<T, LineError>> {
        while !self.failed {
            match self.fill() {
                Ok(0) => return None,
                Ok(_) => {}
                Err(source) => {
                    self.failed = true;
                    return Some(Err(LineError::Io { line: self.line, source }));
                }
            }
            self.line += 1;
            let line = self.line;
            if self.buffer.len() > MAX_LINE_BYTES {
                if let Err(source) = self.skip_rest_of_line() {
                    self.failed = true;
                    return Some(Err(LineError::Io { line, source }));
                }
                return Some(Err(LineError::Unreadable { line, reason: "longer than 1 MiB" }));
            }
            let Ok(text) = std::str::from_utf8(&self.buffer) else {
                return Some(Err(LineError::Unreadable { line, reason: "not UTF-8" }));
            };
            let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text };
            if !text.trim().is_empty() {
                return Some(parse(text.trim()).map_err(|error| LineError::Rejected { line, error }));
            }
        }
        None
    }

    fn fill(&mut self) -> io::Result<usize> {
        self.buffer.clear();
        self.reader.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut self.buffer)
    }

    fn skip_rest_of_line(&mut self) -> io::Result<()> {
        if self.buffer.ends_with(b"\n") {
            return Ok(());
        }
        self.reader.skip_until(b'\n').map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u64, ReadError> {
        crate::value::parse(text)?.as_u64().ok_or(ReadError::NotAnObject { found: "something else" })
    }

    fn summary(source: &[u8]) -> Vec<Result<u64, u64>> {
        read(source, number)
            .map(|item| {
                item.map_err(|error| match error {
                    LineError::Rejected { line, .. }
                    | LineError::Unreadable { line, .. }
                    | LineError::Io { line, .. } => line,
                })
            })
            .collect()
    }

    #[test]
    fn bad_lines_are_named_and_the_rest_is_read() {
        assert_eq!(summary(b"\xef\xbb\xbf1\n\nx\r\n\xff\n5\r\n6"), [Ok(1), Err(3), Err(4), Ok(5), Ok(6)]);
    }

    #[test]
    fn a_line_without_end_is_refused_without_being_held() {
        let mut source = vec![b' '; 3 * MAX_LINE_BYTES];
        source.extend_from_slice(b"\n7\n");
        assert_eq!(summary(&source), [Err(1), Ok(7)]);
    }

    #[test]
    fn a_failing_source_ends_the_reading_once() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk gone"))
            }
        }
        let items: Vec<_> = read(io::BufReader::new(Broken), number).collect();
        assert!(matches!(items.as_slice(), [Err(LineError::Io { line: 0, .. })]));
    }
}
