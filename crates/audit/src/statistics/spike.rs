//! How unusual a day is against the days before it.

use statrs::distribution::{ContinuousCDF, Normal};

use super::{MAD_SCALE, median};

/// Weight of a weekday's own median against the median of all days: n ÷ (n + this), for n such days.
const SHRINKAGE: f64 = 4.0;
/// Least weekday factor, so that a weekday without traffic does not make every message a spike.
const LEAST_FACTOR: f64 = 0.05;
/// Least spread, as a part of the level: a steady number is not judged by its rounding.
const LEAST_SPREAD: f64 = 0.05;

/// A day against the days before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// What the day should have been.
    pub expected: f64,
    /// Robust standard deviations above it.
    pub z: f64,
}

/// Scores the count `x` of the day `today` against earlier days, with a factor for the weekday that is shrunk toward 1 for
/// want of data: plain weekday medians of a few weeks overfit, and cause the alarms that they should prevent. Days are
/// counted since 1970. `None` when the median day had nothing.
pub fn score(history: &[(i64, f64)], today: i64, x: f64) -> Option<Score> {
    let mut counts: Vec<f64> = history.iter().map(|(_, count)| *count).collect();
    let base = median(&mut counts).filter(|base| *base > 0.0)?;
    let factors: [f64; 7] = std::array::from_fn(|weekday| {
        let same = history.iter().filter(|(day, _)| weekday_of(*day) == weekday);
        let mut same: Vec<f64> = same.map(|(_, count)| *count).collect();
        let n = same.len() as f64;
        let shrunk = |median: f64| 1.0 + n / (n + SHRINKAGE) * (median / base - 1.0);
        median(&mut same).map_or(1.0, |median| shrunk(median).max(LEAST_FACTOR))
    });
    let mut levelled: Vec<f64> = history.iter().map(|(day, count)| count / factors[weekday_of(*day)]).collect();
    let level = median(&mut levelled)?;
    let mut deviations: Vec<f64> = levelled.iter().map(|count| (count - level).abs()).collect();
    let spread = (MAD_SCALE * median(&mut deviations)?).max(LEAST_SPREAD * level);
    let factor = factors[weekday_of(today)];
    Some(Score { expected: level * factor, z: (x / factor - level) / spread })
}

/// Probability of a robust score at least as high, were it normal. Scores of real traffic have heavier tails, so it orders
/// many days against each other and is no probability to show to anybody.
pub fn tail_of_score(z: f64) -> f64 {
    Normal::standard().sf(z)
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

    #[test]
    fn a_higher_score_has_a_smaller_tail() {
        assert!(near(tail_of_score(1.96), 0.025));
        assert!(tail_of_score(5.0) < 3e-7 && tail_of_score(30.0) < tail_of_score(20.0));
        assert!(near(tail_of_score(f64::INFINITY), 0.0));
    }
}
