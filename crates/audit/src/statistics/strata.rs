//! Whether an association remains once something else is held fixed.

use super::{TwoByTwo, Z};

/// A common odds ratio over strata, with its 95 % bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddsRatio {
    /// The estimate; infinite when in no stratum an unexposed case and an exposed non-case meet.
    pub estimate: f64,
    /// Its lower bound; 0 when the estimate is 0 or infinite, for then nothing bounds it.
    pub lower: f64,
    /// Its upper bound; infinite when the estimate is 0 or infinite.
    pub upper: f64,
}

/// Mantel and Haenszel's common odds ratio of being a case, exposed against others, over strata; bounds by Robins, Breslow
/// and Greenland 1986. Strata without exposed, or without others, say nothing and count for nothing. `None` when all are
/// such, or when nobody in the remaining ones is a case, or everybody.
pub fn mantel_haenszel(strata: impl Iterator<Item = TwoByTwo>) -> Option<OddsRatio> {
    let (mut agreeing, mut differing) = (0.0, 0.0);
    let (mut own_variance, mut cross_variance, mut other_variance) = (0.0, 0.0, 0.0);
    let mut strata: Vec<_> = strata.filter(|stratum| stratum.exposed > 0 && stratum.others > 0).collect();
    // The last digits of a sum depend on its order, and strata come in the order in which their names were first read: the same
    // traffic from other files, or read by more threads, must give the same figures.
    strata.sort_unstable_by_key(|stratum| (stratum.exposed, stratum.cases, stratum.others, stratum.other_cases));
    for stratum in strata {
        let all = (stratum.exposed + stratum.others) as f64;
        let [cases, other_cases] = [stratum.cases, stratum.other_cases].map(|count| count as f64);
        let non_cases = stratum.exposed.saturating_sub(stratum.cases) as f64;
        let other_non_cases = stratum.others.saturating_sub(stratum.other_cases) as f64;
        let (concordant, discordant) = ((cases + other_non_cases) / all, (non_cases + other_cases) / all);
        let (agree, differ) = (cases * other_non_cases / all, non_cases * other_cases / all);
        agreeing += agree;
        differing += differ;
        own_variance += concordant * agree;
        cross_variance += concordant * differ + discordant * agree;
        other_variance += discordant * differ;
    }
    if agreeing <= 0.0 && differing <= 0.0 {
        return None;
    }
    if agreeing <= 0.0 || differing <= 0.0 {
        let estimate = if differing <= 0.0 { f64::INFINITY } else { 0.0 };
        return Some(OddsRatio { estimate, lower: 0.0, upper: f64::INFINITY });
    }
    let variance = own_variance / (2.0 * agreeing * agreeing)
        + cross_variance / (2.0 * agreeing * differing)
        + other_variance / (2.0 * differing * differing);
    let deviation = variance.sqrt();
    let estimate = agreeing / differing;
    Some(OddsRatio { estimate, lower: estimate * (-Z * deviation).exp(), upper: estimate * (Z * deviation).exp() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(cases: u64, exposed: u64, other_cases: u64, others: u64) -> TwoByTwo {
        TwoByTwo { cases, exposed, other_cases, others }
    }

    #[test]
    fn the_order_of_the_strata_changes_nothing_to_the_last_digit() {
        let strata = || (1..60_u64).map(|n| stratum(n % 7 + 1, 10 + n, n % 5 + 2, 400 + n * 13));
        let forwards = mantel_haenszel(strata()).unwrap();
        assert_eq!(mantel_haenszel(strata().rev()).unwrap(), forwards);
        let odd_first = strata().filter(|stratum| stratum.others % 2 == 1);
        let even_last = strata().filter(|stratum| stratum.others % 2 == 0);
        assert_eq!(mantel_haenszel(odd_first.chain(even_last)).unwrap(), forwards);
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 5e-4
    }

    #[test]
    fn one_stratum_has_the_plain_odds_ratio_and_woolf_s_bounds() {
        let ratio = mantel_haenszel([stratum(20, 100, 10, 100)].into_iter()).unwrap();
        assert!(near(ratio.estimate, (20.0 * 90.0) / (80.0 * 10.0)));
        let deviation = (1.0_f64 / 20.0 + 1.0 / 80.0 + 1.0 / 10.0 + 1.0 / 90.0).sqrt();
        assert!(near(ratio.lower, ratio.estimate * (-Z * deviation).exp()));
        assert!(near(ratio.upper, ratio.estimate * (Z * deviation).exp()));
    }

    #[test]
    fn what_another_thing_explains_falls_out() {
        // A list fails twice as often only because it gets the bad template three times as often.
        let bad = stratum(150, 300, 50, 100);
        let good = stratum(2, 100, 6, 300);
        let crude = stratum(152, 400, 56, 400);
        assert!(crude.lift().unwrap() > 2.0);
        let ratio = mantel_haenszel([bad, good].into_iter()).unwrap();
        assert!(near(ratio.estimate, 1.0) && ratio.lower < 1.0 && ratio.upper > 1.0, "{ratio:?}");
    }

    #[test]
    fn what_cannot_be_separated_has_no_ratio() {
        assert_eq!(mantel_haenszel([stratum(5, 10, 0, 0), stratum(0, 0, 7, 90)].into_iter()), None);
        assert_eq!(mantel_haenszel(std::iter::empty()), None);
        assert_eq!(mantel_haenszel([stratum(0, 10, 0, 10)].into_iter()), None);
        let always = mantel_haenszel([stratum(5, 10, 0, 10)].into_iter()).unwrap();
        assert!(always.estimate.is_infinite() && always.lower <= 0.0);
    }
}
