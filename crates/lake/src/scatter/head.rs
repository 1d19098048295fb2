//! What every row of a message begins with, in one of two fixed widths: where one number ends does not depend on it, so that
//! no processor has to guess. Nearly all rows stand near the row before them and name few things: the narrow width is theirs.

/// Bytes of a head.
const NARROW: usize = 38;
const WIDE: usize = 58;

/// Bit of [`Head::form`]: the head is wide.
const IS_WIDE: u8 = 1;

/// Where the numbers begin, in both widths.
const BITS: usize = 0;
const FORM: usize = 1;
const KEY: usize = 2;
const HASH: usize = 10;
const STEPS: usize = 18;

/// The numbers that every row of a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// What the row's kinds are, and what follows the head.
    pub(super) bits: u8,
    /// What else follows the head; the lowest bit is taken.
    pub(super) form: u8,
    pub(super) key: u64,
    pub(super) hash: u64,
    /// Order, place and time, as differences from the row before.
    pub(super) steps: [i64; 3],
    /// Plus one, so that absence is zero.
    pub(super) names: [u32; 4],
}

impl Head {
    /// Appends the head.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match self.narrow() {
            Some(bytes) => out.extend_from_slice(&bytes),
            None => out.extend_from_slice(&self.wide()),
        }
    }

    /// Takes a head off the front; none when the bytes are damaged.
    pub(super) fn decode(from: &mut &[u8]) -> Option<Self> {
        if *from.get(FORM)? & IS_WIDE == 0 {
            let (bytes, rest) = from.split_first_chunk::<NARROW>()?;
            *from = rest;
            Some(Self {
                steps: [STEPS, STEPS + 4, STEPS + 8].map(|at| i64::from(i32::from_le_bytes(part(bytes, at)))),
                names: [30, 32, 34, 36].map(|at| u32::from(u16::from_le_bytes(part(bytes, at)))),
                ..Self::begun(bytes)
            })
        } else {
            let (bytes, rest) = from.split_first_chunk::<WIDE>()?;
            *from = rest;
            Some(Self {
                steps: [STEPS, STEPS + 8, STEPS + 16].map(|at| i64::from_le_bytes(part(bytes, at))),
                names: [42, 46, 50, 54].map(|at| u32::from_le_bytes(part(bytes, at))),
                ..Self::begun(bytes)
            })
        }
    }

    fn begun(bytes: &[u8]) -> Self {
        Self {
            bits: bytes[BITS],
            form: bytes[FORM] & !IS_WIDE,
            key: u64::from_le_bytes(part(bytes, KEY)),
            hash: u64::from_le_bytes(part(bytes, HASH)),
            steps: [0; 3],
            names: [0; 4],
        }
    }

    fn begin(&self, bytes: &mut [u8], width: u8) {
        bytes[BITS] = self.bits;
        bytes[FORM] = self.form | width;
        bytes[KEY..KEY + 8].copy_from_slice(&self.key.to_le_bytes());
        bytes[HASH..HASH + 8].copy_from_slice(&self.hash.to_le_bytes());
    }

    /// None when a number is too large.
    fn narrow(&self) -> Option<[u8; NARROW]> {
        let mut bytes = [0; NARROW];
        self.begin(&mut bytes, 0);
        let (steps, names) = bytes[STEPS..].split_at_mut(12);
        for (bytes, step) in steps.chunks_exact_mut(4).zip(self.steps) {
            bytes.copy_from_slice(&i32::try_from(step).ok()?.to_le_bytes());
        }
        for (bytes, name) in names.chunks_exact_mut(2).zip(self.names) {
            bytes.copy_from_slice(&u16::try_from(name).ok()?.to_le_bytes());
        }
        Some(bytes)
    }

    fn wide(&self) -> [u8; WIDE] {
        let mut bytes = [0; WIDE];
        self.begin(&mut bytes, IS_WIDE);
        let (steps, names) = bytes[STEPS..].split_at_mut(24);
        for (bytes, step) in steps.chunks_exact_mut(8).zip(self.steps) {
            bytes.copy_from_slice(&step.to_le_bytes());
        }
        for (bytes, name) in names.chunks_exact_mut(4).zip(self.names) {
            bytes.copy_from_slice(&name.to_le_bytes());
        }
        bytes
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_come_back_in_both_widths() {
        let narrow = Head {
            bits: 0xa5,
            form: 6,
            key: u64::MAX - 7,
            hash: 1 << 63 | 5,
            steps: [i32::MAX.into(), i32::MIN.into(), -1],
            names: [0, 1, 65_535, 300],
        };
        let far = Head { steps: [0, i64::from(i32::MAX) + 1, i64::MIN], ..narrow };
        let named = Head { names: [0, 65_536, u32::MAX, 2], ..narrow };
        for (head, width) in [(narrow, NARROW), (far, WIDE), (named, WIDE)] {
            let mut bytes = Vec::new();
            head.encode(&mut bytes);
            assert_eq!(bytes.len(), width);
            let mut from = bytes.as_slice();
            assert_eq!(Head::decode(&mut from), Some(head));
            assert!(from.is_empty());
            for cut in 0..width {
                assert_eq!(Head::decode(&mut &bytes[..cut]), None, "{cut}");
            }
        }
    }
}
