//! Properties of calendars, and their agreement with the walk, around the torn places of civil time.

use proptest::prelude::*;
use sla::CalendarSpec;

use crate::logs::{FIRST, LAST, spec, walk};
use crate::oracle::Walk;
use crate::support::{calendar, daily, plus};

fn walk_and_spec() -> impl Strategy<Value = (&'static Walk, CalendarSpec)> {
    walk().prop_flat_map(|walk| spec(walk).prop_map(move |spec| (walk, spec)))
}

/// A second within the trusted part of a walk.
fn second() -> impl Strategy<Value = i64> {
    i64::try_from(FIRST * 60).unwrap()..i64::try_from(LAST * 60).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_walk_agrees((walk, spec) in walk_and_spec(), starts in prop::collection::vec(second(), 4), budget in 0u64..200_000) {
        let open = walk.open(&spec);
        let calendar = calendar(spec);
        let found: Vec<bool> = (FIRST..LAST).map(|minute| calendar.is_open(walk.at(minute))).collect();
        prop_assert_eq!(&found[..], &open[FIRST..LAST]);

        let mut from_windows = vec![false; walk.len()];
        let origin = walk.at(0).as_second();
        for window in calendar.windows(walk.at(FIRST), walk.at(LAST)) {
            prop_assert!(window.start < window.end);
            let minute = |t: jiff::Timestamp| usize::try_from((t.as_second() - origin) / 60).unwrap();
            from_windows[minute(window.start)..minute(window.end)].fill(true);
        }
        prop_assert_eq!(&from_windows[FIRST..LAST], &open[FIRST..LAST]);

        for start in starts {
            let counted_within = |minute: usize| {
                let begin = start.max(i64::try_from(minute * 60).unwrap());
                if open[minute] { u64::try_from(i64::try_from((minute + 1) * 60).unwrap() - begin).unwrap() } else { 0 }
            };
            let first = usize::try_from(start / 60).unwrap();
            let total: u64 = (first..LAST).map(counted_within).sum();
            prop_assert_eq!(calendar.between(walk.at_second(0, start), walk.at(LAST)), total);

            let mut left = budget;
            let due = (first..LAST).find_map(|minute| {
                let counted = counted_within(minute);
                if left > 0 && left <= counted {
                    let begin = start.max(i64::try_from(minute * 60).unwrap());
                    return Some(walk.at_second(0, begin).as_second() + i64::try_from(left).unwrap());
                }
                left -= counted.min(left);
                None
            });
            if let Some(due) = due {
                let found = calendar.add(walk.at_second(0, start), budget);
                prop_assert_eq!(found.map(jiff::Timestamp::as_second), Some(due));
            }
        }
    }

    #[test]
    fn time_between_a_start_and_its_due_time_is_the_budget((walk, spec) in walk_and_spec(), start in second(), budget in 0u64..10_000_000) {
        let calendar = calendar(spec);
        let start = walk.at_second(0, start);
        if let Some(due) = calendar.add(start, budget) {
            prop_assert_eq!(calendar.between(start, due), budget);
            if budget > 0 {
                prop_assert_eq!(calendar.between(start, plus(due, -1)), budget - 1, "and it is the first such instant");
            }
        }
    }

    #[test]
    fn time_between_is_additive((walk, spec) in walk_and_spec(), mut at in prop::array::uniform3(-100_000_000i64..100_000_000)) {
        let calendar = calendar(spec);
        at.sort_unstable();
        let [a, b, c] = at.map(|second| walk.at_second(0, second));
        prop_assert_eq!(calendar.between(a, c), calendar.between(a, b) + calendar.between(b, c));
        prop_assert_eq!(calendar.between(c, a), 0);
        let sum: i64 = calendar.windows(a, c).map(|window| window.end.as_second() - window.start.as_second()).sum();
        prop_assert_eq!(calendar.between(a, c), u64::try_from(sum).unwrap());
    }

    #[test]
    fn a_due_time_never_comes_earlier_for_a_later_start_or_a_larger_budget(
        (walk, spec) in walk_and_spec(), start in second(), later in 0i64..1_000_000, budget in 0u64..1_000_000, more in 0u64..1_000_000,
    ) {
        let calendar = calendar(spec);
        let due = |start, budget| calendar.add(walk.at_second(0, start), budget).unwrap_or(jiff::Timestamp::MAX);
        prop_assert!(due(start, budget) <= due(start + later, budget));
        prop_assert!(due(start, budget) <= due(start, budget + more));
        prop_assert!(due(start, budget) >= walk.at_second(0, start));
    }

    #[test]
    fn round_the_clock_equals_elapsed_instants_in_any_zone(walk in walk(), from in second(), seconds in 0i64..300_000_000) {
        let always = calendar(daily(&walk.zone, "00:00-24:00"));
        let (from, elapsed) = (walk.at_second(0, from), u64::try_from(seconds).unwrap());
        prop_assert_eq!(always.between(from, plus(from, seconds)), elapsed);
        prop_assert_eq!(always.add(from, elapsed), Some(plus(from, seconds)));
        prop_assert!(always.is_open(from));
    }
}
