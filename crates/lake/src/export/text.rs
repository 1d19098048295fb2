//! Rows as CSV and NDJSON lines.

use std::io::Write;

use chrono::{DateTime, SecondsFormat};

use crate::exchange::{Cell, ExchangeRow, Kind, columns::columns};

pub(super) fn csv_header(out: &mut Vec<u8>, kind: Kind) {
    for (position, column) in columns(kind).iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        out.extend_from_slice(column.name.as_bytes());
    }
    out.push(b'\n');
}

pub(super) fn csv_row<R: ExchangeRow>(out: &mut Vec<u8>, row: &R) {
    let mut first = true;
    row.cells(&mut |cell| {
        if !first {
            out.push(b',');
        }
        first = false;
        match cell {
            Cell::Absent => {}
            Cell::Text(text) => csv_text(out, text),
            Cell::Instant(micros) => instant(out, micros),
            Cell::Integer(number) => integer(out, number),
        }
    });
    out.push(b'\n');
}

fn csv_text(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b';' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

pub(super) fn ndjson_row<R: ExchangeRow>(out: &mut Vec<u8>, row: &R) {
    let mut names = columns(R::KIND).iter();
    let mut separator = b'{';
    row.cells(&mut |cell| {
        let Some(column) = names.next() else { return };
        if cell == Cell::Absent {
            return;
        }
        out.push(separator);
        separator = b',';
        out.push(b'"');
        out.extend_from_slice(column.name.as_bytes());
        out.extend_from_slice(b"\":");
        match cell {
            Cell::Absent => {}
            Cell::Text(text) => json_text(out, text),
            Cell::Instant(micros) => {
                out.push(b'"');
                instant(out, micros);
                out.push(b'"');
            }
            Cell::Integer(number) => integer(out, number),
        }
    });
    if separator == b'{' {
        out.push(b'{');
    }
    out.extend_from_slice(b"}\n");
}

fn json_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x1f => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            byte => out.push(byte),
        }
    }
    out.push(b'"');
}

/// RFC 3339 in UTC, with as many digits of the second as it has. An instant that no calendar holds is written as seconds.
fn instant(out: &mut Vec<u8>, micros: i64) {
    let text = DateTime::from_timestamp_micros(micros).map_or_else(
        || micros.div_euclid(1_000_000).to_string(),
        |instant| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
    );
    out.extend_from_slice(text.as_bytes());
}

fn integer(out: &mut Vec<u8>, number: u32) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number}");
}
