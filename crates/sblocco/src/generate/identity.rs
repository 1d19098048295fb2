//! Numbers and ids: functions of a person's index, so that nothing is stored. One to one, so that no two collide.

use super::dice::{Dice, scramble};

/// Prefixes of Italian mobile operators.
const PREFIXES: [u64; 40] = [
    320, 322, 323, 327, 328, 329, 330, 331, 333, 334, 335, 336, 337, 338, 339, 340, 342, 343, 344, 345, 346, 347, 348,
    349, 350, 351, 360, 366, 368, 370, 371, 373, 375, 377, 380, 388, 389, 391, 392, 393,
];
/// How many numbers there are: seven digits behind each prefix.
pub(super) const NUMBERS: u64 = PREFIXES.len() as u64 * 10_000_000;

/// Area codes of the United States.
const AREA_CODES: [u64; 20] =
    [202, 206, 212, 213, 214, 303, 305, 312, 404, 415, 512, 617, 646, 702, 713, 718, 773, 786, 818, 917];
/// How many of their numbers there are: the first of the seven digits is no 0 and no 1.
const AMERICAN_NUMBERS: u64 = AREA_CODES.len() as u64 * 8_000_000;
/// How many fixed lines of Milan there are: eight digits behind 02.
const LANDLINES: u64 = 100_000_000;

/// What kind of number a person has; it stands in the two highest bits of the person's index, whose others are enough for
/// twice as many people as there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// An Italian mobile.
    Mobile = 0,
    /// A fixed line in Milan, which receives nothing.
    Landline = 1,
    /// A number of the United States.
    American = 2,
}

impl Line {
    const SHIFT: u32 = 30;

    /// The index of a person with this kind of number.
    pub(super) fn mark(self, person: u32) -> u32 {
        person | (self as u32) << Self::SHIFT
    }

    pub(super) fn of(person: u32) -> Self {
        match person >> Self::SHIFT {
            0 => Self::Mobile,
            1 => Self::Landline,
            _ => Self::American,
        }
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a row is, for its id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Message = 0,
    Inbound = 1,
}

/// Makes one client's numbers and ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identities {
    step: u64,
    offset: u64,
    key: u64,
}

impl Identities {
    pub(super) fn new(seed: u64, client: u64) -> Self {
        let mut dice = Dice::of(seed, client, u64::MAX);
        // Coprime to the count of numbers (2 and 5 are its only primes): every index gets a number of its own.
        let mut step = (NUMBERS / 3 + dice.below(NUMBERS / 3)) | 1;
        if step.is_multiple_of(5) {
            step += 2;
        }
        Self { step, offset: dice.below(NUMBERS), key: dice.word() }
    }

    /// Writes a person's number, E.164 digits.
    pub(super) fn number(&self, person: u32, out: &mut String) {
        let index = u64::from(person & ((1 << Line::SHIFT) - 1));
        let spread = index * self.step + self.offset;
        out.clear();
        match Line::of(person) {
            Line::Mobile => {
                let place = spread % NUMBERS;
                out.push_str("39");
                push_digits(PREFIXES[(place / 10_000_000) as usize] * 10_000_000 + place % 10_000_000, out);
            }
            Line::Landline => {
                out.push_str("39");
                push_digits(200_000_000 + spread % LANDLINES, out);
            }
            Line::American => {
                let place = spread % AMERICAN_NUMBERS;
                let area = AREA_CODES[(place / 8_000_000) as usize];
                out.push('1');
                push_digits(area * 10_000_000 + 2_000_000 + place % 8_000_000, out);
            }
        }
    }

    /// Writes the id of a row of a person.
    pub(super) fn message(&self, kind: Kind, person: u32, serial: u16, out: &mut String) {
        let mut word = scramble((u64::from(person) << 17 | u64::from(serial) << 1 | kind as u64) ^ self.key);
        out.clear();
        out.push_str("wamid.HBgM");
        push_word(word, out);
        for _ in 0..2 {
            word = scramble(word.wrapping_add(self.key | 1));
            push_word(word, out);
        }
    }

    /// Writes the locator of the proof of a person's consent.
    pub(super) fn proof(&self, person: u32, serial: u16, out: &mut String) {
        out.clear();
        out.push_str("urn:proof:");
        push_word(scramble((u64::from(person) << 16 | u64::from(serial)) ^ !self.key), out);
    }
}

/// Ten digits.
fn push_digits(mut number: u64, out: &mut String) {
    let mut digits = [b'0'; 10];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    out.extend(digits.iter().map(|digit| char::from(*digit)));
}

/// Eleven characters that tell all 64 bits.
fn push_word(mut word: u64, out: &mut String) {
    for _ in 0..11 {
        out.push(char::from(ALPHABET[(word & 63) as usize]));
        word >>= 6;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_are_italian_mobiles_and_nobody_shares_one() {
        for seed in 0..20 {
            let identities = Identities::new(seed, 1);
            let mut seen = HashSet::new();
            let mut number = String::new();
            for person in 0..5_000 {
                identities.number(person, &mut number);
                assert_eq!(number.len(), 12);
                assert!(number.starts_with("393") && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
                assert!(seen.insert(number.clone()), "{number} twice");
            }
        }
    }

    #[test]
    fn fixed_lines_and_american_numbers_are_what_they_say() {
        let identities = Identities::new(7, 1);
        let mut seen = HashSet::new();
        let mut number = String::new();
        for person in 0..5_000 {
            identities.number(Line::Landline.mark(person), &mut number);
            assert!(number.starts_with("3902") && number.len() == 12, "{number}");
            assert!(seen.insert(number.clone()), "{number} twice");
            identities.number(Line::American.mark(person), &mut number);
            assert!(number.len() == 11 && number.starts_with('1') && number.as_bytes()[4] >= b'2', "{number}");
            assert!(seen.insert(number.clone()), "{number} twice");
        }
    }

    #[test]
    fn ids_are_unique_over_people_serials_and_kinds() {
        let identities = Identities::new(7, 2);
        let mut seen = HashSet::new();
        let mut id = String::new();
        for person in 0..500 {
            for serial in 0..20 {
                for kind in [Kind::Message, Kind::Inbound] {
                    identities.message(kind, person, serial, &mut id);
                    assert!(id.starts_with("wamid.HBgM") && id.len() == 43, "{id}");
                    assert!(seen.insert(id.clone()));
                }
            }
        }
    }
}
