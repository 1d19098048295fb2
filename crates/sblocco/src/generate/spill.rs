//! Puts records in order of time with bounded memory: they are made person by person and must come out as a gateway
//! would have written them.
//!
//! Records are spread over equal slices of time; full slices go to one unnamed temporary file, which vanishes with the
//! process however it ends. Reading sorts one slice after the other. Memory is one slice and a buffer for each.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// A record of fixed size that has a time.
pub(super) trait Record: Copy + Ord {
    /// Bytes of the encoding.
    const SIZE: usize;

    /// Instant by which the record is put in order; its natural order starts with it.
    fn time(&self) -> i64;

    /// Appends exactly `SIZE` bytes.
    fn encode(&self, out: &mut Vec<u8>);

    /// Reads what `encode` wrote.
    fn decode(bytes: &[u8]) -> Self;
}

const BUFFER_RECORDS: usize = 512;

/// Records to be put in order.
#[derive(Debug)]
pub(super) struct Spill<R> {
    from: i64,
    slice_length: i64,
    slices: Vec<Slice<R>>,
    file: File,
    written: u64,
    bytes: Vec<u8>,
}

#[derive(Debug)]
struct Slice<R> {
    buffer: Vec<R>,
    /// Offsets of full buffers in the file.
    extents: Vec<u64>,
}

impl<R: Record> Spill<R> {
    /// Expects about `expected` records with times in `from..to`; times outside are put into the outermost slices.
    pub(super) fn new(folder: &Path, (from, to): (i64, i64), expected: u64) -> io::Result<Self> {
        let slices = (expected / 100_000).clamp(16, 2_048) as i64;
        Ok(Self {
            from,
            slice_length: ((to - from) / slices).max(1),
            slices: (0..slices).map(|_| Slice { buffer: Vec::new(), extents: Vec::new() }).collect(),
            file: tempfile::tempfile_in(folder)?,
            written: 0,
            bytes: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, record: R) -> io::Result<()> {
        let last = self.slices.len() as i64 - 1;
        let index = ((record.time() - self.from).div_euclid(self.slice_length)).clamp(0, last);
        let slice = &mut self.slices[index as usize];
        slice.buffer.push(record);
        if slice.buffer.len() < BUFFER_RECORDS {
            return Ok(());
        }
        self.bytes.clear();
        for record in slice.buffer.drain(..) {
            record.encode(&mut self.bytes);
        }
        self.file.write_all(&self.bytes)?;
        slice.extents.push(self.written);
        self.written += self.bytes.len() as u64;
        Ok(())
    }

    /// Hands out everything, in order.
    pub(super) fn drain<E: From<io::Error>>(mut self, mut each: impl FnMut(&R) -> Result<(), E>) -> Result<(), E> {
        let mut sorted = Vec::new();
        self.bytes.resize(BUFFER_RECORDS * R::SIZE, 0);
        for slice in &mut self.slices {
            sorted.clear();
            sorted.append(&mut slice.buffer);
            for extent in &slice.extents {
                self.file.seek(SeekFrom::Start(*extent))?;
                self.file.read_exact(&mut self.bytes)?;
                sorted.extend(self.bytes.chunks_exact(R::SIZE).map(R::decode));
            }
            sorted.sort_unstable();
            for record in &sorted {
                each(record)?;
            }
        }
        Ok(())
    }
}

/// Takes fixed-size numbers off the front of an encoding.
#[derive(Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk::<N>().map_or(([0; N], &[][..]), |(head, rest)| (*head, rest));
        self.0 = rest;
        head
    }

    pub(super) fn i64(&mut self) -> i64 {
        i64::from_le_bytes(self.take())
    }

    pub(super) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    pub(super) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    pub(super) fn u8(&mut self) -> u8 {
        u8::from_le_bytes(self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::dice::Dice;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    struct Pair(i64, u32);

    impl Record for Pair {
        const SIZE: usize = 12;
        fn time(&self) -> i64 {
            self.0
        }
        fn encode(&self, out: &mut Vec<u8>) {
            out.extend(self.0.to_le_bytes());
            out.extend(self.1.to_le_bytes());
        }
        fn decode(bytes: &[u8]) -> Self {
            let mut fields = Fields(bytes);
            Self(fields.i64(), fields.u32())
        }
    }

    #[test]
    fn everything_comes_out_once_and_in_order_also_from_outside_the_range() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(folder.path(), (0, 1_000), 50_000).unwrap();
        let mut dice = Dice::of(7, 0, 0);
        let mut expected = Vec::new();
        for serial in 0..50_000 {
            let pair = Pair(dice.between(-100, 1_200), serial);
            expected.push(pair);
            spill.push(pair).unwrap();
        }
        expected.sort_unstable();
        let mut got = Vec::new();
        spill
            .drain(|pair| {
                got.push(*pair);
                io::Result::Ok(())
            })
            .unwrap();
        assert_eq!(got, expected);
    }
}
