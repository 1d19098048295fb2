//! Where civil time is torn: gaps, repeated hours, a skipped date.

use sla::CalendarSpec;

use crate::support::{HOUR, at, calendar, daily, windows};

#[test]
fn an_edge_in_a_gap_moves_forward_by_the_gap() {
    // Rome, 29 March 2026: 02:00 becomes 03:00.
    let early = calendar(daily("Europe/Rome", "02:30-06:00"));
    assert_eq!(
        windows(&early, "2026-03-28T12:00Z", "2026-03-29T12:00Z"),
        ["2026-03-29T01:30:00Z 2026-03-29T04:00:00Z"],
        "opens at 03:30 summer time"
    );
    let late = calendar(daily("Europe/Rome", "00:00-02:30"));
    assert_eq!(
        windows(&late, "2026-03-28T12:00Z", "2026-03-29T12:00Z"),
        ["2026-03-28T23:00:00Z 2026-03-29T01:30:00Z"],
        "closes at 03:30 summer time: two hours and a half, as on every day"
    );
}

#[test]
fn a_window_that_vanishes_is_none() {
    let vanishing = calendar(daily("Europe/Rome", "02:30-03:00"));
    assert!(windows(&vanishing, "2026-03-28T12:00Z", "2026-03-29T12:00Z").is_empty());
    assert_eq!(windows(&vanishing, "2026-03-29T12:00Z", "2026-03-30T12:00Z").len(), 1);
}

#[test]
fn an_ambiguous_edge_takes_its_first_occurrence() {
    // Rome, 25 October 2026: 03:00 becomes 02:00.
    let from = calendar(daily("Europe/Rome", "02:30-06:00"));
    assert_eq!(windows(&from, "2026-10-24T12:00Z", "2026-10-25T12:00Z"), ["2026-10-25T00:30:00Z 2026-10-25T05:00:00Z"]);
    let until = calendar(daily("Europe/Rome", "00:00-02:30"));
    assert_eq!(
        windows(&until, "2026-10-24T12:00Z", "2026-10-25T12:00Z"),
        ["2026-10-24T22:00:00Z 2026-10-25T00:30:00Z"]
    );
}

#[test]
fn half_an_hour_of_daylight_saving() {
    // Lord Howe, 4 October 2026: 02:00 (+10:30) becomes 02:30 (+11).
    let island = calendar(daily("Australia/Lord_Howe", "02:15-04:00"));
    assert_eq!(
        windows(&island, "2026-10-03T00:00Z", "2026-10-04T00:00Z"),
        ["2026-10-03T15:45:00Z 2026-10-03T17:00:00Z"],
        "opens at 02:45"
    );
}

#[test]
fn midnight_that_happens_twice() {
    // St John's, 7 November 2010: 00:01 becomes 23:01 of the day before.
    let whole_days = calendar(daily("America/St_Johns", "00:00-24:00"));
    assert_eq!(
        windows(&whole_days, "2010-11-06T00:00Z", "2010-11-09T00:00Z"),
        ["2010-11-06T00:00:00Z 2010-11-09T00:00:00Z"]
    );
    let evening = calendar(daily("America/St_Johns", "23:30-24:00"));
    assert_eq!(
        windows(&evening, "2010-11-06T12:00Z", "2010-11-07T12:00Z"),
        ["2010-11-07T02:00:00Z 2010-11-07T02:30:00Z"]
    );
}

#[test]
fn a_local_date_that_does_not_exist_has_no_windows() {
    // Apia went from Thursday 29 to Saturday 31 December 2011.
    let day = calendar(daily("Pacific/Apia", "09:00-18:00"));
    assert_eq!(
        windows(&day, "2011-12-29T12:00Z", "2011-12-31T12:00Z"),
        ["2011-12-29T19:00:00Z 2011-12-30T04:00:00Z", "2011-12-30T19:00:00Z 2011-12-31T04:00:00Z"],
        "Thursday's and Saturday's"
    );
    let night = calendar(daily("Pacific/Apia", "22:00-06:00"));
    assert_eq!(
        windows(&night, "2011-12-30T06:00Z", "2011-12-31T06:00Z"),
        ["2011-12-30T08:00:00Z 2011-12-30T16:00:00Z"],
        "the night from Thursday to Saturday lasts eight hours"
    );
}

#[test]
fn round_the_clock_is_the_same_in_every_zone() {
    let utc = calendar(CalendarSpec::always_open());
    let (from, to) = (at("2009-06-15T12:34:56Z"), at("2013-02-03T04:05:06Z"));
    let elapsed = u64::try_from(to.as_second() - from.as_second()).unwrap();
    assert_eq!(utc.between(from, to), elapsed);
    for zone in ["Europe/Rome", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"] {
        let everywhere = calendar(daily(zone, "00:00-24:00"));
        assert_eq!(everywhere.between(from, to), elapsed, "{zone}");
        assert_eq!(everywhere.add(from, elapsed), Some(to), "{zone}");
        assert_eq!(everywhere.windows(from, to).count(), 1, "{zone}");
    }
}

#[test]
fn a_deadline_over_the_change_of_clocks_is_still_right() {
    // Scenario S6, step 5: Friday 23 October to Monday 26, over the end of summer time in Madrid.
    let madrid = calendar(daily("Europe/Madrid", "08:00-18:00"));
    assert_eq!(madrid.add(at("2026-10-24T17:30+02"), 10 * HOUR), Some(at("2026-10-25T17:30+01")));
    let nights = calendar(daily("Europe/Madrid", "22:00-08:00"));
    let whole_night: u64 = nights.between(at("2026-10-24T12:00+02"), at("2026-10-25T12:00+01"));
    assert_eq!(whole_night, 11 * HOUR, "the night of the change has an hour more");
}
