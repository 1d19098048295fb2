//! Physical lines of a text file in bounded memory, with the possibility to look further before taking any.

use std::io::{self, Read};

use super::super::error::ReadError;

/// The longest line, and the longest quoted record.
pub(crate) const LONGEST: usize = 1 << 20;

const CHUNK: usize = 1 << 18;

/// A line that was found: its length without the line feed, and with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) length: usize,
    pub(crate) taken: usize,
}

/// What stands at a place of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Line(Line),
    TooLong,
    End,
}

/// Reads lines.
pub(crate) struct Lines {
    label: String,
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    position: usize,
    filled: usize,
    ended: bool,
    line: u64,
}

impl Lines {
    pub(crate) fn new(label: String, reader: Box<dyn Read + Send>) -> Self {
        Self { label, reader, buffer: vec![0; CHUNK * 2], position: 0, filled: 0, ended: false, line: 1 }
    }

    /// Number of the line at the current place, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// Leaves out a byte order mark at the start of the file.
    pub(crate) fn skip_mark(&mut self) -> Result<(), ReadError> {
        while self.filled < 3 && !self.ended {
            self.fill()?;
        }
        if self.buffer[..self.filled].starts_with(b"\xef\xbb\xbf") {
            self.position = 3;
        }
        Ok(())
    }

    /// The line that begins `offset` bytes after the current place.
    pub(crate) fn find(&mut self, offset: usize) -> Result<Found, ReadError> {
        let mut searched = offset;
        loop {
            let rest = &self.buffer[self.position + searched..self.filled];
            if let Some(at) = memchr::memchr(b'\n', rest) {
                let length = searched + at - offset;
                return Ok(if length > LONGEST {
                    Found::TooLong
                } else {
                    Found::Line(Line { length, taken: length + 1 })
                });
            }
            searched = self.filled - self.position;
            if self.ended {
                let length = searched - offset;
                return Ok(if length == 0 { Found::End } else { Found::Line(Line { length, taken: length }) });
            }
            if searched - offset > LONGEST {
                return Ok(Found::TooLong);
            }
            self.fill()?;
        }
    }

    /// `length` bytes from the current place.
    pub(crate) fn bytes(&self, length: usize) -> &[u8] {
        &self.buffer[self.position..self.position + length]
    }

    /// Goes `bytes` on, over `lines` line ends.
    pub(crate) fn take(&mut self, bytes: usize, lines: u64) {
        self.position += bytes;
        self.line += lines;
    }

    /// Goes behind the next line feed, however far it is.
    pub(crate) fn skip_line(&mut self) -> Result<(), ReadError> {
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.buffer[self.position..self.filled]) {
                self.take(at + 1, 1);
                return Ok(());
            }
            self.position = self.filled;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        if self.position > 0 {
            self.buffer.copy_within(self.position..self.filled, 0);
            self.filled -= self.position;
            self.position = 0;
        }
        if self.buffer.len() - self.filled < CHUNK {
            self.buffer.resize(self.filled + CHUNK, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(error)),
            }
            return Ok(());
        }
    }

    /// The last line that is whole, as far as has been read, tells the user where the damage is.
    fn failed(&self, source: io::Error) -> ReadError {
        let whole = memchr::memchr_iter(b'\n', &self.buffer[self.position..self.filled]).count() as u64;
        let (file, line) = (self.label.clone(), self.line - 1 + whole);
        match source.kind() {
            io::ErrorKind::UnexpectedEof => ReadError::Truncated { file, line },
            // A system error has a number; what the decompressors find has none.
            _ if source.raw_os_error().is_none() => ReadError::Damaged { file, line },
            _ => ReadError::Io { file, source },
        }
    }

    /// The text of `length` bytes from the current place.
    pub(crate) fn text(&self, length: usize) -> Result<&str, ReadError> {
        let bytes = self.bytes(length);
        std::str::from_utf8(bytes).map_err(|error| {
            let before = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() as u64;
            ReadError::NotUtf8 { file: self.label.clone(), line: self.line + before }
        })
    }
}
