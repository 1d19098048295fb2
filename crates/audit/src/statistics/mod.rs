//! The statistics of the rules, usable alone: plain functions of counts, without state.
//!
//! Wilson's bounds, robust scores, exact tests over a recurrence and changepoints are closed forms or a few lines, which no
//! crate offers more plainly. Distributions (binomial, beta, normal, the logarithm of a binomial coefficient) are not: they
//! come from `statrs`. Nothing here knows what a message is.

mod changepoints;
mod discovery;
mod fisher;
mod prior;
mod rates;
mod spike;
mod strata;

pub use changepoints::{Changepoint, changepoints};
pub use discovery::{discoveries, q_values};
pub use fisher::TwoByTwo;
pub use prior::BetaPrior;
pub use rates::{at_least, share, wilson};
pub use spike::{Score, score, tail_of_score};
pub use strata::{OddsRatio, mantel_haenszel};

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.96;
/// Makes the median absolute deviation an estimate of the standard deviation of a normal distribution.
const MAD_SCALE: f64 = 1.4826;

/// The median; of an even number, the mean of the middle two. `None` of nothing. Puts the values into another order.
pub fn median(values: &mut [f64]) -> Option<f64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
