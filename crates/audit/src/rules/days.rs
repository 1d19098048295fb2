//! Runs of consecutive days against the days before them.

use crate::tally::{PartDay, Timeline};

/// Some consecutive days, and those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Its last day, since 1970.
    pub(super) last_day: i64,
    /// Messages.
    pub(super) whole: u64,
    /// Those of them that are looked for.
    pub(super) part: u64,
    /// Messages of the days before.
    pub(super) base_whole: u64,
    /// Those of them that are looked for.
    pub(super) base_part: u64,
}

impl Run {
    /// part ÷ whole.
    pub(super) fn share(&self) -> f64 {
        crate::statistics::share(self.part, self.whole)
    }
}

/// The run of `length` days that ends with each day on which a message of the period was sent, against the `base` days before
/// it. A run may begin before the period.
pub(super) fn runs(days: &Timeline<PartDay>, length: u32, base: u32) -> Vec<Run> {
    let days: Vec<(i64, PartDay)> = days.iter().map(|(day, counts)| (day, *counts)).collect();
    let (length, base) = (i64::from(length.max(1)), i64::from(base));
    // Sums up to each day, so that any stretch is a difference.
    let mut sums = vec![(0_u64, 0_u64)];
    for (_, counts) in &days {
        let (whole, part) = sums[sums.len() - 1];
        sums.push((whole + counts.whole, part + counts.part));
    }
    let before = |day: i64| days.partition_point(|(other, _)| *other < day);
    let between = |from: i64, to: i64| {
        let ((whole_from, part_from), (whole_to, part_to)) = (sums[before(from)], sums[before(to)]);
        (whole_to - whole_from, part_to - part_from)
    };
    let in_period = days.iter().filter(|(_, counts)| counts.in_period);
    in_period
        .map(|(day, _)| {
            let first = day - length + 1;
            let ((whole, part), (base_whole, base_part)) = (between(first, day + 1), between(first - base, first));
            Run { last_day: *day, whole, part, base_whole, base_part }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_compared_with_the_days_right_before_it() {
        let mut days = Timeline::<PartDay>::default();
        for (day, part, in_period) in
            [(10, true, false), (11, false, false), (13, true, false), (14, true, true), (20, false, true)]
        {
            days.at(day).add(part, in_period);
        }
        let found: Vec<(i64, u64, u64, u64, u64)> = runs(&days, 2, 3)
            .iter()
            .map(|run| (run.last_day, run.whole, run.part, run.base_whole, run.base_part))
            .collect();
        // Days 13 and 14 against 10 to 12; days 19 and 20 against 16 to 18.
        assert_eq!(found, [(14, 2, 2, 2, 1), (20, 1, 0, 0, 0)]);
    }
}
