//! Where the level of a daily series changed: optimal partitioning of its logarithms, by PELT (Killick 2012).

use super::{MAD_SCALE, median};

/// Least standard deviation of the logarithm of a day: noise below 5 % is rounding.
const LEAST_DEVIATION: f64 = 0.05;

/// A day on which the level changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changepoint {
    /// Index of the first day of the new level.
    pub index: usize,
    /// Geometric mean of the days of the old level (of count + 1, less 1).
    pub before: f64,
    /// Geometric mean of the days of the new level.
    pub after: f64,
}

/// Days on which the level changed by at least the factor `min_shift` up or down, with at least `min_days` days on each side.
///
/// Segments have a constant mean of ln(count + 1); the partition with the least sum of squares, in units of the noise between
/// neighbouring days, plus a penalty of 3·ln n for each change, is found exactly.
pub fn changepoints(counts: &[f64], min_days: usize, min_shift: f64) -> Vec<Changepoint> {
    let days = counts.len();
    let logs: Vec<f64> = counts.iter().map(|count| count.max(0.0).ln_1p()).collect();
    let penalty = 3.0 * (days.max(1) as f64).ln();
    let cost = Cost::of(&logs);
    let mut bounds = partition(&cost, days, min_days.max(1), penalty);
    bounds.push(days);
    let mut starts = vec![0];
    starts.extend(bounds);
    let level = |window: &[usize]| cost.mean(window[0], window[1]);
    let found = starts.windows(3).filter_map(|bounds| {
        let (before, after) = (level(&bounds[..2]), level(&bounds[1..]));
        let is_shift = (after - before).abs() >= min_shift.max(1.0).ln();
        is_shift.then(|| Changepoint { index: bounds[1], before: before.exp_m1(), after: after.exp_m1() })
    });
    found.collect()
}

/// Sums from the start, from which any segment's squares follow.
#[derive(Debug)]
struct Cost {
    sums: Vec<f64>,
    squares: Vec<f64>,
    variance: f64,
}

impl Cost {
    fn of(values: &[f64]) -> Self {
        let mut steps: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let centre = median(&mut steps).unwrap_or_default();
        let mut deviations: Vec<f64> = steps.iter().map(|step| (step - centre).abs()).collect();
        // A difference of two days has twice the variance of a day; a change of level is one step among many.
        let deviation = MAD_SCALE * median(&mut deviations).unwrap_or_default() / std::f64::consts::SQRT_2;
        let sums = |of: fn(f64) -> f64| {
            let start = std::iter::once(0.0);
            start
                .chain(values.iter().scan(0.0, move |sum, value| {
                    *sum += of(*value);
                    Some(*sum)
                }))
                .collect()
        };
        Self {
            sums: sums(|value| value),
            squares: sums(|value| value * value),
            variance: deviation.max(LEAST_DEVIATION).powi(2),
        }
    }

    fn mean(&self, start: usize, end: usize) -> f64 {
        (self.sums[end] - self.sums[start]) / (end - start) as f64
    }

    /// Sum of squares about the mean of [start, end), in units of the noise.
    fn of_segment(&self, start: usize, end: usize) -> f64 {
        let sum = self.sums[end] - self.sums[start];
        let squares = self.squares[end] - self.squares[start];
        (squares - sum * sum / (end - start) as f64).max(0.0) / self.variance
    }
}

/// Where a segment may have begun.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: usize,
    /// From this end on another start is better, whatever follows.
    until: usize,
}

/// The starts of all segments but the first.
fn partition(cost: &Cost, days: usize, min_days: usize, penalty: f64) -> Vec<usize> {
    // best[t]: least cost of the first t days, with a penalty for each segment; infinite where no segment fits.
    let mut best = vec![f64::INFINITY; days + 1];
    let mut last = vec![0; days + 1];
    best[0] = 0.0;
    let mut candidates: Vec<Candidate> = Vec::new();
    for end in min_days..=days {
        if best[end - min_days].is_finite() {
            candidates.push(Candidate { start: end - min_days, until: usize::MAX });
        }
        candidates.retain(|candidate| candidate.until > end);
        for candidate in &candidates {
            let total = best[candidate.start] + cost.of_segment(candidate.start, end) + penalty;
            if total < best[end] {
                (best[end], last[end]) = (total, candidate.start);
            }
        }
        // A start that is worse than a new segment at `end` stays worse, once that segment is long enough.
        for candidate in &mut candidates {
            if best[candidate.start] + cost.of_segment(candidate.start, end) > best[end] {
                candidate.until = candidate.until.min(end + min_days);
            }
        }
    }
    let mut starts = Vec::new();
    let mut end = days;
    while end > 0 && best[end].is_finite() && last[end] > 0 {
        end = last[end];
        starts.push(end);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn a_step_is_found_on_its_day() {
        let counts: Vec<f64> = (0..60).map(|day| if day < 33 { 100.0 } else { 300.0 } + f64::from(day % 5)).collect();
        let found = changepoints(&counts, 7, 1.5);
        assert_eq!(found.iter().map(|change| change.index).collect::<Vec<_>>(), [33]);
        assert!((found[0].before - 102.0).abs() < 1.0 && (found[0].after - 302.0).abs() < 1.0, "{found:?}");
    }

    #[test]
    fn both_sides_of_the_least_shift_and_of_the_least_length() {
        let step = |days: usize, factor: f64| -> usize {
            let counts: Vec<f64> = (0..60).map(|day| if day < days { 1_000.0 } else { 1_000.0 * factor }).collect();
            changepoints(&counts, 7, 1.5).len()
        };
        assert_eq!((step(30, 1.45), step(30, 1.52)), (0, 1));
        assert_eq!(step(53, 3.0), 1);
        // Six days of another level are no level: the change is placed where seven days fit, or not at all.
        let counts: Vec<f64> = (0..60).map(|day| if day < 54 { 1_000.0 } else { 3_000.0 }).collect();
        assert!(changepoints(&counts, 7, 1.5).iter().all(|change| change.index <= 53));
    }

    #[test]
    fn too_little_and_nothing_have_no_changes() {
        assert!(changepoints(&[], 7, 1.5).is_empty());
        assert!(changepoints(&[1.0; 13], 7, 1.5).is_empty());
        assert!(changepoints(&[0.0; 90], 7, 1.5).is_empty());
        assert!(changepoints(&[5.0], 0, 0.0).is_empty());
    }

    /// Every partition, one by one.
    fn slow(cost: &Cost, start: usize, days: usize, min_days: usize, penalty: f64) -> f64 {
        let whole = if days - start >= min_days { cost.of_segment(start, days) + penalty } else { f64::INFINITY };
        (start + min_days..days).fold(whole, |least, end| {
            least.min(cost.of_segment(start, end) + penalty + slow(cost, end, days, min_days, penalty))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_partition_is_better(
            logs in vec(prop_oneof![0.0..8.0_f64, Just(2.0), Just(5.0), Just(5.1)], 1..16),
            min_days in 1..5_usize,
            penalty in 0.1..20.0_f64,
        ) {
            let (cost, days) = (Cost::of(&logs), logs.len());
            let mut bounds = vec![0];
            bounds.extend(partition(&cost, days, min_days, penalty));
            bounds.push(days);
            let least = slow(&cost, 0, days, min_days, penalty);
            if least.is_finite() {
                prop_assert!(bounds.windows(2).all(|pair| pair[1] - pair[0] >= min_days), "{:?}", bounds);
                let total: f64 = bounds.windows(2).map(|pair| cost.of_segment(pair[0], pair[1]) + penalty).sum();
                prop_assert!((total - least).abs() < 1e-6 * (1.0 + least.abs()), "{} {} {:?}", total, least, bounds);
            } else {
                prop_assert_eq!(bounds.len(), 2);
            }
        }
    }
}
