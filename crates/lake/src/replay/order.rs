//! Puts records in the order of their keys: a radix sort of (key, place) pairs, which keeps the order of equal keys.

/// Bits that one pass looks at.
const DIGIT: u32 = 11;

/// Puts the places 0.. of `keys` in the order of the keys, each with its key, into `pairs`; `other` is space.
pub(crate) fn by_key(
    keys: impl ExactSizeIterator<Item = u64>,
    pairs: &mut Vec<(u64, u32)>,
    other: &mut Vec<(u64, u32)>,
) {
    pairs.clear();
    pairs.extend(keys.zip(0..));
    let ends = pairs.iter().fold((u64::MAX, 0), |(least, greatest), pair| (pair.0.min(least), pair.0.max(greatest)));
    let (least, greatest) = if pairs.is_empty() { (0, 0) } else { ends };
    let bits = u64::BITS - (greatest - least).leading_zeros();
    other.resize(pairs.len(), (0, 0));
    for pass in 0..bits.div_ceil(DIGIT) {
        let digit = |key: u64| ((key - least) >> (pass * DIGIT)) as usize & ((1 << DIGIT) - 1);
        let mut starts = vec![0_u32; 1 << DIGIT];
        for pair in pairs.iter() {
            starts[digit(pair.0)] += 1;
        }
        let mut start = 0;
        for count in &mut starts {
            start += std::mem::replace(count, start);
        }
        for pair in pairs.iter() {
            let place = &mut starts[digit(pair.0)];
            other[*place as usize] = *pair;
            *place += 1;
        }
        std::mem::swap(pairs, other);
    }
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
            let (mut pairs, mut other) = (vec![(1, 1)], vec![(2, 2); 400]);
            by_key(keys.into_iter(), &mut pairs, &mut other);
            prop_assert_eq!(pairs, expected);
        }
    }
}
