//! Day targets, a unit of their own: day 1 is the first working day after the start's local date; a wholly paused day does
//! not count; due is the end of the last day's last window.

use sla::{BUSINESS_HOURS, EventKind, Metric, Owner, Policy, Target, Timer, TimerState};

use crate::support::{HOUR, at, calendar, log, promise, timer, timers, weekdays};

const OPENED: (&str, EventKind) = ("2026-10-09T17:30+02", EventKind::Opened);

fn days(days: u32) -> Policy {
    promise(Metric::Resolution, Target::WorkingDays(days), BUSINESS_HOURS, &[Owner::Client])
}

fn due(events: &[(&str, EventKind)], target: u32, now: &str) -> Timer {
    timer(events, &days(target), now)
}

#[test]
fn the_first_day_is_the_one_after_the_start_and_holidays_do_not_count() {
    // Friday; then a weekend and a holiday on Monday.
    assert_eq!(due(&[OPENED], 1, OPENED.0).due_at, Some(at("2026-10-13T18:00+02")));
    assert_eq!(due(&[OPENED], 5, OPENED.0).due_at, Some(at("2026-10-19T18:00+02")));
    let early = ("2026-10-09T00:00+02", EventKind::Opened);
    assert_eq!(
        due(&[early], 1, early.0).due_at,
        Some(at("2026-10-13T18:00+02")),
        "the hour of the start is indifferent"
    );
    let thursday = ("2026-10-08T23:59:59+02", EventKind::Opened);
    assert_eq!(due(&[thursday], 1, thursday.0).due_at, Some(at("2026-10-09T18:00+02")), "its local date is not");
}

#[test]
fn breach_is_the_first_working_second_after_the_last_day() {
    let in_time = due(&[OPENED], 1, "2026-10-14T08:00:00+02");
    assert_eq!((in_time.state, in_time.remaining_seconds), (TimerState::Running, Some(0)));
    assert_eq!(in_time.next_wakeup, Some(at("2026-10-14T08:00:01+02")));
    let late = due(&[OPENED], 1, "2026-10-20T08:00+02");
    assert_eq!(late.breached_at, Some(at("2026-10-14T08:00:01+02")));
}

#[test]
fn time_left_and_warnings_are_measured_in_open_seconds_until_due() {
    let timer = due(&[OPENED], 2, "2026-10-13T18:00+02");
    // Half an hour on Friday, ten hours on Tuesday, ten on Wednesday.
    assert_eq!((timer.elapsed_seconds, timer.remaining_seconds), (10 * HOUR + 1800, Some(36_000)));
    assert_eq!(timer.levels[0].at, at("2026-10-13T17:45+02"), "half of 20.5 hours");
}

#[test]
fn a_wholly_paused_day_does_not_count_and_a_partly_paused_one_does() {
    let pause = |from, to| {
        let asked = (from, EventKind::WaitingOn(Owner::Client));
        let replied = (to, EventKind::WaitingOn(Owner::Us));
        due(&[OPENED, asked, replied], 2, "2026-10-16T08:00+02").due_at.unwrap()
    };
    let tuesday_and_wednesday = at("2026-10-14T18:00+02");
    let one_day_more = at("2026-10-15T18:00+02");
    assert_eq!(pause("2026-10-13T08:00+02", "2026-10-13T18:00+02"), one_day_more);
    assert_eq!(pause("2026-10-12T08:00+02", "2026-10-14T07:00+02"), one_day_more);
    assert_eq!(pause("2026-10-13T08:00:01+02", "2026-10-13T18:00+02"), tuesday_and_wednesday);
    assert_eq!(pause("2026-10-13T08:00+02", "2026-10-13T17:59:59+02"), tuesday_and_wednesday);
    assert_eq!(pause("2026-10-09T18:00+02", "2026-10-13T08:00+02"), tuesday_and_wednesday);
}

#[test]
fn two_pauses_that_meet_outside_hours_take_a_whole_day() {
    let split = calendar(weekdays("Europe/Madrid", "09:00-13:00 15:00-19:00"));
    let calendars = sla::Calendars::new().with(BUSINESS_HOURS, split);
    let events = log(&[
        OPENED,
        ("2026-10-12T08:00+02", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-12T13:30+02", EventKind::WaitingOn(Owner::Us)),
        ("2026-10-12T14:30+02", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-12T19:00+02", EventKind::WaitingOn(Owner::Us)),
    ]);
    let timer = timers(&events, &days(1), &calendars, at("2026-10-13T08:00+02")).pop().unwrap();
    assert_eq!(timer.due_at, Some(at("2026-10-13T19:00+02")));
}

#[test]
fn while_paused_the_due_day_is_certain_only_if_enough_of_it_has_passed() {
    let asked = ("2026-10-13T10:00+02", EventKind::WaitingOn(Owner::Client));
    let certain = due(&[OPENED, asked], 1, "2026-10-20T12:00+02");
    assert_eq!((certain.state, certain.due_at), (TimerState::Paused, Some(at("2026-10-13T18:00+02"))));
    assert_eq!(certain.due_if_resumed, None);
    let open = due(&[OPENED, asked], 2, "2026-10-20T12:00+02");
    assert_eq!((open.due_at, open.due_if_resumed), (None, Some(at("2026-10-20T18:00+02"))));
}

#[test]
fn an_overnight_shift_is_one_day() {
    let nights = calendar(weekdays("Europe/Madrid", "22:00-06:00"));
    let calendars = sla::Calendars::new().with(BUSINESS_HOURS, nights);
    let timer = timers(&log(&[OPENED]), &days(5), &calendars, at(OPENED.0)).pop().unwrap();
    assert_eq!(timer.due_at, Some(at("2026-10-17T06:00+02")), "Friday's shift ends on Saturday");
}

#[test]
fn a_long_pause_takes_days_away_but_makes_no_warning_come_or_go() {
    let asked = ("2026-10-13T10:00+02", EventKind::WaitingOn(Owner::Client));
    for now in ["2026-10-13T10:00+02", "2026-10-13T18:00+02", "2026-10-24T12:00+02", "2026-11-20T17:59+01"] {
        let waiting = due(&[OPENED, asked], 2, now);
        assert_eq!((waiting.levels.len(), waiting.next_wakeup), (0, None), "{now}");
    }
}

#[test]
fn a_pause_does_not_make_it_due_earlier_even_where_a_night_outlasts_the_next_day() {
    let mut spec = weekdays("Europe/Madrid", "22:00-06:00");
    spec.overrides.insert("2026-10-13".parse().unwrap(), vec!["01:00-02:00".parse().unwrap()]);
    let calendars = sla::Calendars::new().with(BUSINESS_HOURS, calendar(spec));
    // Waiting takes all of Monday's shift, and Tuesday's hour with it; the next day is Wednesday.
    let monday_night_paused = [
        OPENED,
        ("2026-10-12T22:00+02", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-13T06:00+02", EventKind::WaitingOn(Owner::Us)),
    ];
    let due = |events: &[_]| timers(&log(events), &days(1), &calendars, at("2026-10-13T06:00+02"))[0].due_at;
    let due_in_two_days = || timers(&log(&[OPENED]), &days(2), &calendars, at(OPENED.0))[0].due_at;
    assert_eq!(due(&[OPENED]), Some(at("2026-10-13T06:00+02")));
    assert_eq!(due(&monday_night_paused), Some(at("2026-10-15T06:00+02")));
    assert_eq!(due_in_two_days(), Some(at("2026-10-13T06:00+02")), "not at 02:00, when Tuesday's own hour ends");
}
