//! Next replies and keeping posted: metrics of many cycles.

use sla::{ALWAYS_OPEN, Clock, EventKind, Metric, Owner, Target, Timer, TimerState};

use crate::support::{HOUR, at, log, madrid, promise, timers};

const OPENED: (&str, EventKind) = ("2026-10-05T10:00Z", EventKind::Opened);

fn staff(at: &str) -> (&str, EventKind) {
    (at, EventKind::PublicReplyByStaff)
}

fn client(at: &str) -> (&str, EventKind) {
    (at, EventKind::PublicReplyByClient)
}

fn ask(metric: Metric, events: &[(&str, EventKind)], now: &str) -> Vec<Timer> {
    let policy = promise(metric, Target::Seconds(2 * HOUR), ALWAYS_OPEN, &[Owner::Client]);
    timers(&log(events), &policy, &madrid(), at(now))
}

fn states(timers: &[Timer]) -> Vec<(u32, TimerState)> {
    timers.iter().map(|timer| (timer.cycle, timer.state)).collect()
}

#[test]
fn until_the_first_response_no_next_reply_is_owed() {
    let events = [OPENED, client("2026-10-05T10:10Z")];
    assert!(ask(Metric::NextReply, &events, "2026-10-05T11:00Z").is_empty());
    let answered = [OPENED, client("2026-10-05T10:10Z"), staff("2026-10-05T10:20Z")];
    assert!(ask(Metric::NextReply, &answered, "2026-10-05T11:00Z").is_empty());
}

#[test]
fn the_oldest_unanswered_message_counts_and_each_answer_ends_its_cycle() {
    let events = [
        OPENED,
        staff("2026-10-05T10:20Z"),
        client("2026-10-05T11:00Z"),
        client("2026-10-05T12:30Z"),
        staff("2026-10-05T12:59Z"),
        client("2026-10-05T15:00Z"),
    ];
    let timers = ask(Metric::NextReply, &events, "2026-10-05T18:00Z");
    assert_eq!(states(&timers), [(1, TimerState::Met), (2, TimerState::Breached)]);
    assert_eq!(timers[0].started_at, at("2026-10-05T11:00Z"));
    assert_eq!(timers[0].elapsed_seconds, 119 * 60);
    assert_eq!(timers[0].stopped_by, Some(4));
    assert_eq!(timers[1].breached_at, Some(at("2026-10-05T17:00:01Z")));
}

#[test]
fn a_message_that_is_unanswered_at_the_end_is_owed_again_on_reopening() {
    let answered = [OPENED, staff("2026-10-05T10:20Z"), client("2026-10-05T11:00Z")];
    let closed = ("2026-10-05T12:00Z", EventKind::Closed);
    let soon = ("2026-10-05T20:00Z", EventKind::Reopened);
    let resumed = ask(Metric::NextReply, &[&answered[..], &[closed, soon]].concat(), "2026-10-05T20:30Z");
    assert_eq!(states(&resumed), [(1, TimerState::Running)]);
    assert_eq!(resumed[0].elapsed_seconds, 90 * 60);
    let after_the_end = [&answered[..], &[staff("2026-10-05T11:30Z"), closed, client("2026-10-05T13:00Z")]].concat();
    assert_eq!(states(&ask(Metric::NextReply, &after_the_end, "2026-10-06T00:00Z")), [(1, TimerState::Met)]);
}

#[test]
fn each_update_begins_the_next_stretch_until_the_end() {
    let events = [
        OPENED,
        staff("2026-10-05T11:00Z"),
        staff("2026-10-05T14:00Z"),
        ("2026-10-05T15:00Z", EventKind::Recovered),
        ("2026-10-05T15:30Z", EventKind::Closed),
        staff("2026-10-05T15:40Z"),
    ];
    let timers = ask(Metric::KeepPosted, &events, "2026-10-06T00:00Z");
    assert_eq!(states(&timers), [(1, TimerState::Met), (2, TimerState::Breached), (3, TimerState::Cancelled)]);
    assert_eq!(timers[1].breached_at, Some(at("2026-10-05T13:00:01Z")));
    assert_eq!(timers[2].stopped_at, Some(at("2026-10-05T15:30Z")), "recovery alone does not end it");
}

#[test]
fn keeping_posted_stands_still_while_the_client_has_the_turn() {
    let events = [OPENED, ("2026-10-05T10:30Z", EventKind::WaitingOn(Owner::Client))];
    let timers = ask(Metric::KeepPosted, &events, "2026-10-08T00:00Z");
    assert_eq!(states(&timers), [(1, TimerState::Paused)]);
    assert_eq!((timers[0].clock, timers[0].elapsed_seconds), (Clock::Paused, 30 * 60));
    assert_eq!(timers[0].segments[1].event, Some(1), "the event that gave the client the turn");
}

#[test]
fn two_updates_of_one_second_are_one() {
    let events = [OPENED, staff("2026-10-05T11:00:00.1Z"), staff("2026-10-05T11:00:00.9Z")];
    let timers = ask(Metric::KeepPosted, &events, "2026-10-05T11:30Z");
    assert_eq!(states(&timers), [(1, TimerState::Met), (2, TimerState::Running)]);
}
