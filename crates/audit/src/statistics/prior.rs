//! A prior for the rates of many things of one kind, fitted to all of them: what the rates of one's other templates say
//! of a template of which little is seen.

use statrs::distribution::{Beta, ContinuousCDF};

/// Fewest groups that a prior can be fitted to.
const ENOUGH: usize = 3;
/// Bounds of the correlation within a group: rates as good as equal, and rates that know only none and all.
const LEAST_CORRELATION: f64 = 1e-4;
const GREATEST_CORRELATION: f64 = 0.5;

/// Beta distribution of a rate, before anything is seen of the thing itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaPrior {
    /// Cases that are assumed beforehand.
    pub alpha: f64,
    /// Non-cases that are assumed beforehand.
    pub beta: f64,
}

impl BetaPrior {
    /// Jeffreys' prior: knows nothing.
    pub const JEFFREYS: Self = Self { alpha: 0.5, beta: 0.5 };

    /// Empirical Bayes by the method of moments (Kleinman 1973): the mean of the groups, and as much spread as the rates
    /// show beyond chance. `groups` are (cases, all). Of fewer than three groups, or of rates that are all 0 or all 1,
    /// [`BetaPrior::JEFFREYS`].
    pub fn fitted(groups: &[(u64, u64)]) -> Self {
        let groups: Vec<(f64, f64)> =
            groups.iter().filter(|(_, n)| *n > 0).map(|(x, n)| (*x as f64, *n as f64)).collect();
        let all: f64 = groups.iter().map(|(_, n)| n).sum();
        let mean = groups.iter().map(|(x, _)| x).sum::<f64>() / all;
        if groups.len() < ENOUGH || mean <= 0.0 || mean >= 1.0 {
            return Self::JEFFREYS;
        }
        let spread: f64 = groups.iter().map(|(x, n)| n * (x / n - mean).powi(2)).sum();
        let chance = groups.len() as f64 - 1.0;
        let room = all - groups.iter().map(|(_, n)| n * n).sum::<f64>() / all - chance;
        let correlation = if room > 0.0 { (spread / (mean * (1.0 - mean)) - chance) / room } else { 0.0 };
        let weight = 1.0 / correlation.clamp(LEAST_CORRELATION, GREATEST_CORRELATION) - 1.0;
        Self { alpha: mean * weight, beta: (1.0 - mean) * weight }
    }

    /// Probability that the rate is above `threshold`, once `x` cases of `n` were seen.
    pub fn probability_above(&self, threshold: f64, x: u64, n: u64) -> f64 {
        let posterior = Beta::new(self.alpha + x as f64, self.beta + n.saturating_sub(x) as f64);
        posterior.map_or(0.0, |posterior| posterior.sf(threshold.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prior_is_as_wide_as_the_rates_are() {
        let equal: Vec<(u64, u64)> = vec![(20, 1_000); 10];
        let prior = BetaPrior::fitted(&equal);
        assert!((prior.alpha / (prior.alpha + prior.beta) - 0.02).abs() < 1e-12);
        assert!(prior.alpha + prior.beta > 9_000.0, "{prior:?}");
        let spread: Vec<(u64, u64)> = (0..10).map(|i| (i * 100, 1_000)).collect();
        let wide = BetaPrior::fitted(&spread);
        assert!(wide.alpha + wide.beta < 10.0, "{wide:?}");
    }

    #[test]
    fn too_little_to_fit_is_no_knowledge() {
        assert_eq!(BetaPrior::fitted(&[(3, 100), (5, 100)]), BetaPrior::JEFFREYS);
        assert_eq!(BetaPrior::fitted(&[(0, 100); 5]), BetaPrior::JEFFREYS);
        assert_eq!(BetaPrior::fitted(&[]), BetaPrior::JEFFREYS);
    }

    #[test]
    fn a_posterior_is_a_probability_that_data_moves() {
        // Uniform prior, 1 of 2: Beta(2, 2) has half of its mass above 0.5.
        let uniform = BetaPrior { alpha: 1.0, beta: 1.0 };
        assert!((uniform.probability_above(0.5, 1, 2) - 0.5).abs() < 1e-9);
        // Beta(1, 11): P(rate > 0.1) = 0.9^11.
        assert!((uniform.probability_above(0.1, 0, 10) - 0.9_f64.powi(11)).abs() < 1e-9);
        let prior = BetaPrior::fitted(&[(2, 100), (3, 100), (1, 100), (2, 100)]);
        assert!(prior.probability_above(0.05, 4, 100) < BetaPrior::JEFFREYS.probability_above(0.05, 4, 100));
        assert!(prior.probability_above(0.05, 2_000, 10_000) > 0.999);
    }
}
