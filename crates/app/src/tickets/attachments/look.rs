//! What a file is, by its bytes: never by its name, and without unpacking anything.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

/// Text that is nothing else.
pub(super) const TEXT: &str = "text/plain";

/// Beginning of the file by which its type is told.
const HEAD: usize = 8 << 10;

/// Bytes that are read at a time.
const STEP: usize = 64 << 10;

/// What is taken: screenshots, scans, documents, tables, packed exports and recordings of a screen. Nothing that a browser or a system
/// would run.
const TAKEN: &[&str] = &[
    "application/msword",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/zip",
    "image/gif",
    "image/heif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
];

/// What there is to know of a file.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// Its type; `None` when it is none that is taken.
    pub(super) media_type: Option<&'static str>,
}

/// Reads a file once.
pub(super) fn look(path: &Path) -> io::Result<Look> {
    let mut file = File::open(path)?;
    let (mut digest, mut bytes, mut head, mut text) = (Sha256::new(), 0, Vec::new(), TextCheck::default());
    let mut buffer = vec![0; STEP];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let piece = &buffer[..read];
        digest.update(piece);
        bytes += read as u64;
        head.extend_from_slice(&piece[..read.min(HEAD - head.len().min(HEAD))]);
        text.take(piece);
    }
    let media_type = match infer::get(&head) {
        Some(kind) => TAKEN.iter().copied().find(|taken| *taken == kind.mime_type()),
        None => (bytes > 0 && text.is_text()).then_some(TEXT),
    };
    Ok(Look { bytes, sha256: hex::encode(digest.finalize()), media_type })
}

/// Whether bytes that come piece by piece are UTF-8 without control characters, but for those that lay out text.
#[derive(Debug, Default)]
struct TextCheck {
    /// The beginning of a character that goes on in the next piece.
    rest: Vec<u8>,
    failed: bool,
}

impl TextCheck {
    fn take(&mut self, piece: &[u8]) {
        if self.failed {
            return;
        }
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(piece);
        let valid = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => {
                let (whole, rest) = bytes.split_at(error.valid_up_to());
                self.rest = rest.to_vec();
                std::str::from_utf8(whole).unwrap_or_default()
            }
            Err(_) => {
                self.failed = true;
                return;
            }
        };
        self.failed = valid.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'));
    }

    fn is_text(&self) -> bool {
        !self.failed && self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn of(bytes: &[u8]) -> Look {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        look(file.path()).unwrap()
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(of(b"%PDF-1.7\n...").media_type, Some("application/pdf"));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n....").media_type, Some("image/png"));
        assert_eq!(of(b"PK\x03\x04 a bomb stays packed").media_type, Some("application/zip"));
        assert_eq!(of("nome;città\n".as_bytes()).media_type, Some(TEXT));
        for refused in [
            b"".as_slice(),
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"MZ\x90\0\x03\0\0\0",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"#!/bin/sh\nrm -rf /",
            b"a\0b",
            b"\xff\xfe\xfd",
            b"caf\xc3",
        ] {
            assert_eq!(of(refused).media_type, None, "{refused:?}");
        }
    }

    #[test]
    fn the_hash_and_the_length_are_of_all_bytes() {
        let look = of(&vec![b'x'; 200_000]);
        assert_eq!((look.bytes, look.sha256.len(), look.media_type), (200_000, 64, Some(TEXT)));
        assert_eq!(of(b"abc").sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_character_may_lie_over_two_pieces() {
        let mut bytes = vec![b'a'; STEP - 1];
        bytes.extend_from_slice("è".as_bytes());
        assert_eq!(of(&bytes).media_type, Some(TEXT));
    }
}
