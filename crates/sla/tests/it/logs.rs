//! Arbitrary calendars and logs around the torn places of civil time.

use std::sync::LazyLock;

use jiff::ToSpan;
use proptest::prelude::*;
use proptest::sample::select;
use sla::{CalendarSpec, Event, EventKind, Owner, Priority, TimeOfDay, Weekly, Window};

use crate::oracle::Walk;

pub(crate) const DAYS: usize = 24;
/// Outside of this many days at each end a walk does not see all windows.
const MARGIN: usize = 3;
pub(crate) const FIRST: usize = MARGIN * 1440;
pub(crate) const LAST: usize = (DAYS - MARGIN) * 1440;

/// Places and weeks in which clocks change.
pub(crate) static WALKS: LazyLock<Vec<Walk>> = LazyLock::new(|| {
    [
        ("Europe/Rome", "2026-03-18T00:00Z"),
        ("Europe/Rome", "2026-10-14T00:00Z"),
        ("America/St_Johns", "2010-03-04T00:00Z"),
        ("America/St_Johns", "2010-10-27T00:00Z"),
        ("Asia/Kathmandu", "1985-12-20T00:00Z"),
        ("Australia/Lord_Howe", "2026-03-25T00:00Z"),
        ("Australia/Lord_Howe", "2026-09-22T00:00Z"),
        ("Pacific/Apia", "2011-12-18T00:00Z"),
        ("America/Sao_Paulo", "2018-10-24T00:00Z"),
    ]
    .map(|(zone, from)| Walk::new(zone, from, DAYS))
    .into()
});

pub(crate) fn walk() -> impl Strategy<Value = &'static Walk> {
    (0..WALKS.len()).prop_map(|index| &WALKS[index])
}

fn time(minutes: u16) -> TimeOfDay {
    TimeOfDay::new(u8::try_from(minutes / 60).unwrap(), u8::try_from(minutes % 60).unwrap()).unwrap()
}

/// None to three windows that do not overlap, many edges in the small hours.
fn windows() -> impl Strategy<Value = Vec<Window>> {
    let edge = prop_oneof![(0u16..=16).prop_map(|quarter| quarter * 15), 0u16..=1440, (0u16..=24).prop_map(|h| h * 60)];
    prop::collection::btree_set(edge, 0..=6).prop_map(|edges| {
        let edges: Vec<u16> = edges.into_iter().collect();
        edges.chunks_exact(2).map(|pair| Window { from: time(pair[0]), to: time(pair[1]) }).collect()
    })
}

/// Makes the last window of a day run into the night, as far as the next day's first window.
fn into_the_night(day: &mut [Window], next: &[Window]) {
    let limit = next.iter().map(|window| window.from).min().unwrap_or(time(6 * 60));
    if let Some(last) = day.last_mut().filter(|last| limit < last.from) {
        last.to = limit;
    }
}

/// A weekly calendar with overnight windows, special days and holidays.
pub(crate) fn spec(walk: &'static Walk) -> impl Strategy<Value = CalendarSpec> {
    let week = prop::collection::vec((windows(), any::<bool>()), 7);
    let day = 0..i64::try_from(DAYS).unwrap();
    let overrides = prop::collection::vec((day.clone(), windows()), 0..4);
    let holidays = prop::collection::vec(day, 0..4);
    (week, overrides, holidays)
        .prop_filter_map("never open", |(week, overrides, holidays)| {
            let (mut days, nights): (Vec<_>, Vec<_>) = week.into_iter().unzip();
            for index in 0..7 {
                let next = days[(index + 1) % 7].clone();
                if nights[index] {
                    into_the_night(&mut days[index], &next);
                }
            }
            let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = days.try_into().unwrap();
            let weekly = Weekly { monday, tuesday, wednesday, thursday, friday, saturday, sunday };
            Some((weekly, overrides, holidays)).filter(|(weekly, ..)| *weekly != Weekly::default())
        })
        .prop_map(move |(weekly, overrides, holidays)| {
            let date = |day: i64| walk.date(0) + day.days();
            let mut spec = CalendarSpec::weekly(&*walk.zone, weekly);
            spec.overrides.extend(overrides.into_iter().map(|(day, windows)| (date(day), windows)));
            spec.holidays.extend(holidays.into_iter().map(|day| (date(day), format!("holiday {day}"))));
            spec
        })
}

/// A log by minutes of a walk: opened within the first days, then changes of turn and priority, perhaps closed.
pub(crate) fn log() -> impl Strategy<Value = Vec<(usize, EventKind)>> {
    let turn = select(vec![Owner::Us, Owner::Us, Owner::Client, Owner::Meta, Owner::ThirdParty]);
    let kind = prop_oneof![
        5 => turn.prop_map(EventKind::WaitingOn),
        2 => select(vec![Priority::P1, Priority::P3]).prop_map(EventKind::PriorityChanged),
        1 => Just(EventKind::Other),
    ];
    let step = prop_oneof![Just(0usize), 1usize..600, 1usize..4000];
    (FIRST..FIRST + 4 * 1440, prop::collection::vec((step, kind), 0..8), any::<bool>()).prop_map(
        |(opened, changes, closed)| {
            let mut log = vec![(opened, EventKind::Opened)];
            let mut minute = opened;
            for (step, kind) in changes {
                minute = (minute + step).min(LAST - 1);
                log.push((minute, kind));
            }
            if closed {
                log.push(((minute + 1234).min(LAST - 1), EventKind::Closed));
            }
            log
        },
    )
}

pub(crate) fn events(walk: &Walk, log: &[(usize, EventKind)]) -> Vec<Event> {
    log.iter().map(|&(minute, kind)| Event::new(walk.at(minute), kind)).collect()
}
