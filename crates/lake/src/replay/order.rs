//! Puts records in the order of their keys: a radix sort of (key, place) pairs, which keeps the order of equal keys.

/// Bits that one pass looks at.
const DIGIT: u32 = 11;

/// The places 0.. of `keys` in the order of the keys.
pub(crate) fn by_key(keys: impl ExactSizeIterator<Item = u64>) -> Vec<(u64, u32)> {
    let mut pairs: Vec<(u64, u32)> = keys.zip(0..).collect();
    let least = pairs.iter().map(|pair| pair.0).min().unwrap_or_default();
    let greatest = pairs.iter().map(|pair| pair.0).max().unwrap_or_default();
    let bits = u64::BITS - (greatest - least).leading_zeros();
    let mut other = vec![(0, 0); pairs.len()];
    for pass in 0..bits.div_ceil(DIGIT) {
        let digit = |key: u64| ((key - least) >> (pass * DIGIT)) as usize & ((1 << DIGIT) - 1);
        let mut starts = vec![0_u32; 1 << DIGIT];
        for pair in &pairs {
            starts[digit(pair.0)] += 1;
        }
        let mut start = 0;
        for count in &mut starts {
            start += std::mem::replace(count, start);
        }
        for pair in &pairs {
            let place = &mut starts[digit(pair.0)];
            other[*place as usize] = *pair;
            *place += 1;
        }
        std::mem::swap(&mut pairs, &mut other);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_order_is_that_of_a_stable_sort(keys in proptest::collection::vec(
            prop_oneof![any::<u64>(), 5_000_000_u64..5_010_000, Just(7)], 0..300,
        )) {
            let mut expected: Vec<(u64, u32)> = keys.iter().copied().zip(0..).collect();
            expected.sort_by_key(|pair| pair.0);
            prop_assert_eq!(by_key(keys.into_iter()), expected);
        }
    }
}
