//! Every zone of the tz database at each of its transitions since 1970: the engine and the walk agree on windows around it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZoneDatabase};
use sla::{CalendarSpec, Weekly};

use crate::oracle::Walk;
use crate::support::{calendar, hours};

/// Days of a walk; the change lies in the middle, and the walk sees all windows of the two days around it.
const DAYS: usize = 6;

/// A change of the clock: when, from which offset to which. Zones that change so alike are alike around it.
type Change = (Timestamp, Offset, Offset);

fn changes() -> BTreeMap<Change, String> {
    let (first, last) = ("1970-01-10T00:00Z".parse().unwrap(), "2040-01-01T00:00Z".parse().unwrap());
    let database = TimeZoneDatabase::bundled();
    let mut changes = BTreeMap::new();
    for name in database.available() {
        let zone = database.get(name.as_str()).unwrap();
        let mut before = zone.to_offset(first);
        for transition in zone.following(first).take_while(|transition| transition.timestamp() < last) {
            let after = transition.offset();
            if before != after {
                changes.entry((transition.timestamp(), before, after)).or_insert_with(|| name.to_string());
            }
            before = after;
        }
    }
    changes
}

/// Windows on the days of the walk alone, whose edges lie in the small hours and over midnight: one of them meets the torn hour of
/// every zone.
fn specs(walk: &Walk) -> [CalendarSpec; 2] {
    let windows = [
        "00:15-00:45 01:30-02:15 02:30-03:00 03:15-12:00 23:15-00:15",
        "00:00-00:30 01:00-02:00 02:00-03:30 04:00-11:30 12:30-22:45 23:30-24:00",
    ];
    windows.map(|windows| {
        let mut spec = CalendarSpec::weekly(&*walk.zone, Weekly::default());
        spec.overrides.extend(walk.dates().into_iter().map(|date| (date, hours(windows))));
        spec
    })
}

#[test]
fn around_every_change_of_the_clock_in_every_zone_the_walk_agrees() {
    let changes = changes();
    assert!(changes.len() > 4_000, "{}", changes.len());
    let mut walked = 0;
    for ((at, before, after), zone) in &changes {
        let on_steps_of = |step: i64| {
            [i64::from(before.seconds()), i64::from(after.seconds()), at.as_second()]
                .iter()
                .all(|seconds| seconds % step == 0)
        };
        // Liberia kept seconds until 1972, finer than any walk.
        let Some(step) = [900, 60].into_iter().find(|step| on_steps_of(*step)) else { continue };
        let from = Timestamp::from_second(at.as_second().div_euclid(step) * step - 3 * 86_400).unwrap();
        let walk = Walk::by_steps(zone.clone(), from, DAYS, step);
        let (first, last) = (walk.len() / 3, 2 * walk.len() / 3);
        for spec in specs(&walk) {
            let expected = walk.open(&spec);
            let mut found = vec![false; walk.len()];
            let place = |t: Timestamp| usize::try_from((t.as_second() - from.as_second()) / step).unwrap();
            for window in calendar(spec).windows(walk.at(first), walk.at(last)) {
                found[place(window.start)..place(window.end)].fill(true);
            }
            assert_eq!(found[first..last], expected[first..last], "{zone} at {at}: {before} to {after}");
        }
        walked += 1;
    }
    assert!(walked * 100 > changes.len() * 99, "{walked} of {}", changes.len());
}
