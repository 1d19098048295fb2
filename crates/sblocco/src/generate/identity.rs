//! Numbers and ids: functions of a person's index, so that nothing is stored. One to one, so that no two collide.

use super::dice::{Dice, scramble};

/// Prefixes of Italian mobile operators.
const PREFIXES: [u64; 40] = [
    320, 322, 323, 327, 328, 329, 330, 331, 333, 334, 335, 336, 337, 338, 339, 340, 342, 343, 344, 345, 346, 347, 348,
    349, 350, 351, 360, 366, 368, 370, 371, 373, 375, 377, 380, 388, 389, 391, 392, 393,
];
/// How many numbers there are: seven digits behind each prefix.
pub(super) const NUMBERS: u64 = PREFIXES.len() as u64 * 10_000_000;

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
        let place = (u64::from(person) * self.step + self.offset) % NUMBERS;
        let prefix = PREFIXES[(place / 10_000_000) as usize];
        out.clear();
        out.push_str("39");
        push_digits(prefix * 10_000_000 + place % 10_000_000, out);
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
