//! The statistics of the rules.
//!
//! Wilson's bounds and robust scores are closed forms of a few lines, which no crate offers more plainly. The tail of the
//! binomial distribution is not: it comes from `statrs`.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.96;
/// Makes the median absolute deviation an estimate of the standard deviation of a normal distribution.
const MAD_SCALE: f64 = 1.4826;

/// x ÷ n; 0 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Wilson's lower and upper 95 % bound of a rate of which x in n were seen; (0, 1) when n is 0.
pub(crate) fn wilson(x: u64, n: u64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (whole, rate) = (n, share(x, n));
    let n = n as f64;
    let centre = rate + Z * Z / (2.0 * n);
    let half = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // At the ends the bound is the end itself; computed, it may miss it by a rounding error, and a template that never
    // failed would then fail more than others that never did.
    let lower = if x == 0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let upper = if x == whole { 1.0 } else { ((centre + half) / scale).min(1.0) };
    (lower, upper)
}

/// Probability of at least x in n when the rate is p.
pub(crate) fn at_least(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    Binomial::new(p.clamp(0.0, 1.0), n).map_or(1.0, |binomial| binomial.sf(x - 1))
}

/// Benjamini–Hochberg: which of the hypotheses with these p-values are refused when a share `q` of the refusals may be
/// wrong.
pub(crate) fn discoveries(p_values: &[f64], q: f64) -> Vec<bool> {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let m = sorted.len() as f64;
    let passes = |(rank, p): &(usize, &f64)| **p <= q * (*rank + 1) as f64 / m;
    let limit = sorted.iter().enumerate().rfind(passes).map(|(_, p)| *p);
    p_values.iter().map(|p| limit.is_some_and(|limit| *p <= limit)).collect()
}

/// The median; of an even number, the mean of the middle two. `None` of nothing.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    if values.is_empty() {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    let lower = if even { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) } else { upper };
    Some(lower.midpoint(upper))
}

/// How unusual a day is against the days before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// What the day should have been.
    pub(crate) expected: f64,
    /// Robust standard deviations above it.
    pub(crate) z: f64,
}

/// Scores the count `x` of the day `today` against earlier days, with a factor for the weekday that is shrunk toward 1 for
/// want of data. Days are counted since 1970. `None` when the median day had nothing.
pub(crate) fn score(history: &[(i64, f64)], today: i64, x: f64) -> Option<Score> {
    let mut counts: Vec<f64> = history.iter().map(|(_, count)| *count).collect();
    let base = median(&mut counts).filter(|base| *base > 0.0)?;
    let factors: [f64; 7] = std::array::from_fn(|weekday| {
        let same = history.iter().filter(|(day, _)| weekday_of(*day) == weekday);
        let mut same: Vec<f64> = same.map(|(_, count)| *count).collect();
        let n = same.len() as f64;
        median(&mut same).map_or(1.0, |median| (1.0 + n / (n + 4.0) * (median / base - 1.0)).max(0.05))
    });
    let mut levelled: Vec<f64> = history.iter().map(|(day, count)| count / factors[weekday_of(*day)]).collect();
    let level = median(&mut levelled)?;
    let mut deviations: Vec<f64> = levelled.iter().map(|count| (count - level).abs()).collect();
    let spread = (MAD_SCALE * median(&mut deviations)?).max(0.05 * level);
    let factor = factors[weekday_of(today)];
    Some(Score { expected: level * factor, z: (x / factor - level) / spread })
}

fn weekday_of(day: i64) -> usize {
    day.rem_euclid(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 5e-5
    }

    #[test]
    fn wilson_bounds_are_those_of_the_tables() {
        // Newcombe 1998, table I.
        let (lower, upper) = wilson(81, 263);
        assert!(near(lower, 0.2553) && near(upper, 0.3662), "{lower} {upper}");
        let (lower, upper) = wilson(15, 148);
        assert!(near(lower, 0.0624) && near(upper, 0.1605), "{lower} {upper}");
        let (lower, upper) = wilson(0, 20);
        assert!(near(lower, 0.0) && near(upper, 0.1611), "{lower} {upper}");
        let (lower, upper) = wilson(29, 29);
        assert!(near(lower, 0.8830) && near(upper, 1.0), "{lower} {upper}");
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the ends are exact")]
    fn wilson_bounds_of_none_and_of_all_are_exact() {
        for n in 1..2_000 {
            assert_eq!(wilson(0, n).0, 0.0, "none of {n}");
            assert_eq!(wilson(n, n).1, 1.0, "all of {n}");
        }
    }

    #[test]
    fn the_binomial_tail_is_exact() {
        assert!(near(at_least(5, 100, 0.01), 0.003_43));
        assert!(near(at_least(1, 10, 0.1), 0.651_32));
        assert!(near(at_least(0, 10, 0.0), 1.0));
        assert!(near(at_least(1, 10, 0.0), 0.0));
        assert!(near(at_least(10, 10, 1.0), 1.0));
    }

    #[test]
    fn discoveries_follow_benjamini_and_hochberg() {
        // The example of their paper of 1995: 15 tests, q = 0.05, four refused.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        assert_eq!(discoveries(&p, 0.05).iter().filter(|refused| **refused).count(), 4);
        assert_eq!(discoveries(&[0.05], 0.05), [true]);
        assert!(discoveries(&[], 0.05).is_empty());
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn a_steady_number_is_judged_by_five_per_cent_of_its_level() {
        let history: Vec<(i64, f64)> = (0..28).map(|day| (day, 100.0)).collect();
        let score = score(&history, 28, 150.0).unwrap();
        assert!(near(score.expected, 100.0) && near(score.z, 10.0));
    }

    #[test]
    fn a_weekday_factor_is_shrunk_by_its_number_of_days() {
        // 28 days at 100, but 200 on each of 4 Thursdays (day 0): f = 1 + 4/8 · (2 − 1) = 1.5.
        let history: Vec<(i64, f64)> = (0..28).map(|day| (day, if day % 7 == 0 { 200.0 } else { 100.0 })).collect();
        assert!(near(score(&history, 28, 150.0).unwrap().expected, 150.0));
        assert!(near(score(&history, 29, 150.0).unwrap().expected, 100.0));
    }

    #[test]
    fn a_number_that_is_mostly_silent_has_no_score() {
        let history: Vec<(i64, f64)> = (0..28).map(|day| (day, if day % 2 == 0 { 0.0 } else { 1.0 })).collect();
        assert!(score(&history[..27], 28, 100.0).is_none());
    }
}
