//! Randomness that is a function of (seed, client, person) and nothing else: whoever is generated, in whichever order or
//! thread, comes out the same. Draws are computed here from the stream's 64-bit words, so that they do not change when
//! a library changes its distributions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// The dice of one person, or of a client's plan.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of one person of one client.
    pub(super) fn of(seed: u64, client: u64, person: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&client.to_le_bytes());
        key[16..24].copy_from_slice(&person.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    pub(super) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in `0..bound`; 0 when the bound is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(bound)) >> 64) as u64
    }

    /// Uniform in `from..to`.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(u64::try_from(to - from).unwrap_or(0)) as i64
    }

    /// True once in `1 / probability` times.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        // 53 bits fill a float's mantissa: every value of [0, 1) on that grid is equally likely.
        ((self.word() >> 11) as f64) < probability * (1u64 << 53) as f64
    }

    /// One of the items. The slice is never empty: callers pass tables of this module.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// Index into a table of weights.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut roll = self.below(weights.iter().map(|weight| u64::from(*weight)).sum());
        for (index, weight) in weights.iter().enumerate() {
            match roll.checked_sub(u64::from(*weight)) {
                Some(rest) => roll = rest,
                None => return index,
            }
        }
        weights.len() - 1
    }
}

/// Spreads a 64-bit number over all 64 bits, one to one (the finaliser of SplitMix64).
pub(super) fn scramble(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_each_of_its_three_coordinates() {
        let words = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2)].map(|(seed, client, person)| {
            assert_eq!(Dice::of(seed, client, person).word(), Dice::of(seed, client, person).word());
            Dice::of(seed, client, person).word()
        });
        for (index, word) in words.iter().enumerate() {
            assert!(!words[..index].contains(word));
        }
    }

    #[test]
    fn draws_stay_within_their_bounds_and_hit_all_values() {
        let mut dice = Dice::of(1, 2, 3);
        let mut seen = [0; 6];
        for _ in 0..6_000 {
            seen[dice.between(10, 16) as usize - 10] += 1;
        }
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
        assert_eq!(dice.below(0), 0);
        assert!(!dice.chance(0.0) && dice.chance(1.0));
        let mut shares = [0; 2];
        for _ in 0..4_000 {
            shares[dice.weighted(&[1, 3])] += 1;
        }
        assert!((850..1_150).contains(&shares[0]), "{shares:?}");
    }
}
