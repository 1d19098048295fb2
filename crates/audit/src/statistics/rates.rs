//! Rates and their bounds.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::Z;

/// part ÷ whole; 0 of nothing.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Wilson's lower and upper 95 % bound of a rate of which x in n were seen; (0, 1) when n is 0.
pub fn wilson(x: u64, n: u64) -> (f64, f64) {
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
pub fn at_least(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 {
        return 1.0;
    }
    Binomial::new(p.clamp(0.0, 1.0), n).map_or(1.0, |binomial| binomial.sf(x - 1))
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
}
