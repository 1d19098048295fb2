//! Reopening: within the resume window (24 hours) the old cycle goes on, later a new one begins.

use sla::{ALWAYS_OPEN, Clock, EventKind, Metric, Owner, Policy, Reason, Target, Timer, TimerState};

use crate::support::{HOUR, at, log, madrid, promise, timers, without_places};

const OPENED: (&str, EventKind) = ("2026-10-05T10:00+02", EventKind::Opened);
const CLOSED: (&str, EventKind) = ("2026-10-05T20:00+02", EventKind::Closed);
const ON_TIME: (&str, EventKind) = ("2026-10-06T20:00+02", EventKind::Reopened);
const LATER: (&str, EventKind) = ("2026-10-06T20:00:01+02", EventKind::Reopened);

fn policy(metric: Metric) -> Policy {
    promise(metric, Target::Seconds(12 * HOUR), ALWAYS_OPEN, &[Owner::Client])
}

fn cycles(metric: Metric, events: &[(&str, EventKind)], now: &str) -> Vec<Timer> {
    timers(&log(events), &policy(metric), &madrid(), at(now))
}

#[test]
fn within_the_window_the_old_cycle_goes_on_without_the_time_at_its_end() {
    let timers = cycles(Metric::Resolution, &[OPENED, CLOSED, ON_TIME], "2026-10-06T21:00+02");
    let [timer] = &timers[..] else { panic!("{timers:?}") };
    assert_eq!((timer.cycle, timer.state, timer.stopped_at), (1, TimerState::Running, None));
    assert_eq!((timer.elapsed_seconds, timer.due_at), (11 * HOUR, Some(at("2026-10-06T22:00+02"))));
    assert_eq!(timer.segments[1].reason, Reason::Ended);
}

#[test]
fn after_the_window_a_new_cycle_begins_and_the_old_one_stands() {
    let timers = cycles(Metric::Resolution, &[OPENED, CLOSED, LATER], "2026-10-07T20:00+02");
    let [first, second] = &timers[..] else { panic!("{timers:?}") };
    assert_eq!((first.cycle, first.state, first.elapsed_seconds), (1, TimerState::Met, 10 * HOUR));
    assert_eq!((second.cycle, second.state, second.clock), (2, TimerState::Breached, Clock::Ticking));
    assert_eq!(second.started_at, at(LATER.0));
}

#[test]
fn the_window_runs_from_the_last_end_of_the_ticket() {
    let recovered = ("2026-10-05T12:00+02", EventKind::Recovered);
    let timers = cycles(Metric::Resolution, &[OPENED, recovered, CLOSED, ON_TIME], "2026-10-06T21:00+02");
    assert_eq!((timers.len(), timers[0].elapsed_seconds), (1, 3 * HOUR), "two before the recovery, one since");
}

#[test]
fn a_first_response_once_given_is_given_for_good() {
    let replied = ("2026-10-05T11:00+02", EventKind::PublicReplyByStaff);
    for reopened in [ON_TIME, LATER] {
        let timers = cycles(Metric::FirstResponse, &[OPENED, replied, CLOSED, reopened], "2026-10-09T00:00+02");
        assert_eq!((timers.len(), timers[0].state), (1, TimerState::Met));
    }
    let owed = cycles(Metric::FirstResponse, &[OPENED, CLOSED, LATER], "2026-10-06T21:00+02");
    assert_eq!(owed.iter().map(|timer| timer.state).collect::<Vec<_>>(), [TimerState::Cancelled, TimerState::Running]);
}

#[test]
fn a_reopened_ticket_waits_for_us() {
    let asked = ("2026-10-05T11:00+02", EventKind::WaitingOn(Owner::Client));
    for reopened in [ON_TIME, LATER] {
        let timers = cycles(Metric::Resolution, &[OPENED, asked, CLOSED, reopened], "2026-10-06T20:30+02");
        assert_eq!(timers.last().unwrap().clock, Clock::Ticking);
    }
}

#[test]
fn what_was_filed_in_time_needs_filing_again_only_in_a_new_cycle() {
    let submitted = ("2026-10-05T11:00+02", EventKind::Submitted);
    let count = |reopened| {
        let timers = cycles(Metric::Submission, &[OPENED, submitted, CLOSED, reopened], "2026-10-06T20:30+02");
        timers.iter().map(|timer| timer.state).collect::<Vec<_>>()
    };
    assert_eq!(count(ON_TIME), [TimerState::Met]);
    assert_eq!(count(LATER), [TimerState::Met, TimerState::Running]);
}

#[test]
fn repeated_and_stray_events_change_nothing() {
    let plain = without_places(cycles(Metric::Resolution, &[OPENED, CLOSED], "2026-10-09T00:00+02"));
    let again = ("2026-10-05T10:30+02", EventKind::Opened);
    let stray = ("2026-10-05T10:40+02", EventKind::Reopened);
    let twice = ("2026-10-05T21:00+02", EventKind::Closed);
    let noisy = cycles(Metric::Resolution, &[OPENED, again, stray, CLOSED, twice], "2026-10-09T00:00+02");
    assert_eq!(without_places(noisy), plain);
    assert!(cycles(Metric::Resolution, &[CLOSED, ON_TIME], "2026-10-09T00:00+02").is_empty(), "never opened");
}
