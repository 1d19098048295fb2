//! Fisher's exact test of a table of two by two.

use statrs::function::factorial::ln_binomial;

use super::share;

/// Terms smaller than this part of the sum no longer change it.
const NEGLIGIBLE: f64 = 1e-17;
/// Tables as probable as the observed one count as at least as extreme; this much is rounding.
const EQUAL: f64 = 1.0 + 1e-7;

/// Cases among the exposed and among the others: 12 failures of 300 messages of a list, against 40 of 9,000 others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoByTwo {
    /// Cases among the exposed.
    pub cases: u64,
    /// The exposed, cases included.
    pub exposed: u64,
    /// Cases among the others.
    pub other_cases: u64,
    /// The others, cases included.
    pub others: u64,
}

/// Where the number of exposed cases may lie when all margins are as they are, and how probable each number is.
#[derive(Debug, Clone, Copy)]
struct Margins {
    exposed: u64,
    others: u64,
    all_cases: u64,
    least: u64,
    greatest: u64,
}

impl Margins {
    /// ln P(k exposed cases).
    fn ln_probability(self, k: u64) -> f64 {
        ln_binomial(self.exposed, k) + ln_binomial(self.others, self.all_cases - k)
            - ln_binomial(self.exposed + self.others, self.all_cases)
    }

    /// P(k + 1) ÷ P(k).
    fn step_up(self, k: u64) -> f64 {
        let cases_left = (self.all_cases - k) as f64;
        let room = (self.others + k + 1 - self.all_cases) as f64;
        ((self.exposed - k) as f64 / (k + 1) as f64) * (cases_left / room)
    }

    /// Sum of P(i) ÷ P(k) over i from k upward; `k` at or above the mode, where terms only shrink.
    fn up_from(self, k: u64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for i in k..self.greatest {
            term *= self.step_up(i);
            sum += term;
            if term < NEGLIGIBLE * sum {
                break;
            }
        }
        sum
    }

    /// Sum of P(i) ÷ P(k) over i from k downward; `k` at or below the mode.
    fn down_from(self, k: u64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for i in (self.least..k).rev() {
            term /= self.step_up(i);
            sum += term;
            if term < NEGLIGIBLE * sum {
                break;
            }
        }
        sum
    }

    /// The most probable number of exposed cases.
    fn mode(self) -> u64 {
        let all = u128::from(self.exposed) + u128::from(self.others);
        let mode = (u128::from(self.exposed) + 1) * (u128::from(self.all_cases) + 1) / (all + 2);
        u64::try_from(mode).unwrap_or(u64::MAX).clamp(self.least, self.greatest)
    }
}

impl TwoByTwo {
    /// Rate of cases among the exposed; 0 of nothing.
    pub fn rate(&self) -> f64 {
        share(self.cases, self.exposed)
    }

    /// Rate of cases among the others; 0 of nothing.
    pub fn other_rate(&self) -> f64 {
        share(self.other_cases, self.others)
    }

    /// How many times the others' rate the exposed have; `None` when the others have no case.
    pub fn lift(&self) -> Option<f64> {
        (self.other_cases > 0).then(|| self.rate() / self.other_rate())
    }

    fn margins(&self) -> Margins {
        // More cases than people is a mistake of the caller; it must not become an endless loop.
        let exposed = self.exposed.max(self.cases);
        let others = self.others.max(self.other_cases);
        let all_cases = self.cases + self.other_cases;
        Margins {
            exposed,
            others,
            all_cases,
            least: all_cases.saturating_sub(others),
            greatest: all_cases.min(exposed),
        }
    }

    /// ln of the probability of at least as many cases among the exposed, were exposure of no matter. It orders tables whose
    /// probability is too small for a number.
    pub fn ln_greater(&self) -> f64 {
        let margins = self.margins();
        if self.cases > margins.mode() {
            (margins.ln_probability(self.cases) + margins.up_from(self.cases).ln()).min(0.0)
        } else {
            self.greater().ln()
        }
    }

    /// Probability of at least as many cases among the exposed, were exposure of no matter (one-sided test).
    pub fn greater(&self) -> f64 {
        let margins = self.margins();
        if self.cases <= margins.least {
            return 1.0;
        }
        if self.cases > margins.mode() {
            return (margins.ln_probability(self.cases).exp() * margins.up_from(self.cases)).min(1.0);
        }
        let below = self.cases - 1;
        (1.0 - margins.ln_probability(below).exp() * margins.down_from(below)).clamp(0.0, 1.0)
    }

    /// Probability of a table at most as probable as this one, were exposure of no matter (two-sided test).
    pub fn two_sided(&self) -> f64 {
        let margins = self.margins();
        let limit = margins.ln_probability(self.cases).exp() * EQUAL;
        let mode = margins.mode();
        // Both tails start where the probability falls to the limit; P rises to the mode and falls after it.
        let lower = partition(margins.least, mode, |k| margins.ln_probability(k).exp() <= limit);
        let upper = partition(mode, margins.greatest, |k| margins.ln_probability(k).exp() > limit);
        let mut sum = 0.0;
        if lower > margins.least {
            sum += margins.ln_probability(lower - 1).exp() * margins.down_from(lower - 1);
        }
        let first = upper.max(lower);
        if first <= margins.greatest {
            sum += margins.ln_probability(first).exp() * margins.up_from(first);
        }
        sum.min(1.0)
    }
}

/// The first number in `first..=last` for which `before` no longer holds; last + 1 when it holds for all.
fn partition(first: u64, last: u64, before: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (first, last + 1);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(cases: u64, exposed: u64, other_cases: u64, others: u64) -> TwoByTwo {
        TwoByTwo { cases, exposed, other_cases, others }
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-9 + 1e-7 * other.abs()
    }

    #[test]
    fn the_lady_tasting_tea() {
        // Fisher 1935: three of four cups told right, of four and four.
        let tea = table(3, 4, 1, 4);
        assert!(near(tea.greater(), 17.0 / 70.0));
        assert!(near(tea.two_sided(), 34.0 / 70.0));
        assert!(near(table(4, 4, 0, 4).greater(), 1.0 / 70.0));
    }

    #[test]
    fn p_values_are_those_of_r() {
        // fisher.test(matrix(c(1, 9, 11, 3), 2)): 0.002759456; greater of the mirrored table: 0.001379728.
        assert!((table(1, 10, 11, 14).two_sided() - 0.002_759_456).abs() < 1e-9);
        assert!((table(9, 10, 3, 14).greater() - 0.001_379_728).abs() < 1e-9);
    }

    #[test]
    fn empty_margins_say_nothing() {
        for empty in [table(0, 0, 0, 0), table(0, 5, 0, 7), table(5, 5, 7, 7), table(3, 5, 0, 0), table(0, 0, 3, 5)] {
            assert!(near(empty.greater(), 1.0) && near(empty.two_sided(), 1.0), "{empty:?}");
        }
        assert_eq!(table(3, 5, 0, 9).lift(), None);
        assert_eq!(table(0, 0, 3, 5).lift(), Some(0.0));
    }

    #[test]
    fn large_tables_are_quick_and_keep_their_order() {
        let strong = table(40_000, 200_000, 100_000, 9_800_000);
        let stronger = table(50_000, 200_000, 100_000, 9_800_000);
        assert!(strong.greater() < 1e-300);
        assert!(stronger.ln_greater() < strong.ln_greater() && strong.ln_greater() < -1_000.0);
        let equal = table(100_000, 1_000_000, 900_000, 9_000_000);
        assert!((equal.greater() - 0.5).abs() < 0.01);
        assert!((equal.two_sided() - 1.0).abs() < 0.01);
    }

    /// All tables with the margins, term by term.
    fn slow(table: &TwoByTwo) -> (f64, f64) {
        let choose = |n: u64, k: u64| (0..k).fold(1.0, |product, i| product * (n - i) as f64 / (k - i) as f64);
        let all_cases = table.cases + table.other_cases;
        let probability = |k: u64| {
            choose(table.exposed, k) * choose(table.others, all_cases - k)
                / choose(table.exposed + table.others, all_cases)
        };
        let possible = all_cases.saturating_sub(table.others)..=all_cases.min(table.exposed);
        let observed = probability(table.cases);
        let greater = possible.clone().filter(|k| *k >= table.cases).map(probability).sum();
        (greater, possible.map(probability).filter(|p| *p <= observed * EQUAL).sum())
    }

    proptest! {
        #[test]
        fn tails_are_the_sums_of_their_terms((exposed, others) in (0..60_u64, 0..60_u64), (x, y) in (0.0..=1.0, 0.0..=1.0)) {
            let part = |n: u64, x: f64| (n as f64 * x).round() as u64;
            let table = table(part(exposed, x), exposed, part(others, y), others);
            let (greater, two_sided) = slow(&table);
            prop_assert!(near(table.greater(), greater), "{:?}: {} {}", table, table.greater(), greater);
            prop_assert!(near(table.two_sided(), two_sided), "{:?}: {} {}", table, table.two_sided(), two_sided);
            prop_assert!(near(table.ln_greater(), greater.ln()), "{:?}", table);
        }
    }
}
