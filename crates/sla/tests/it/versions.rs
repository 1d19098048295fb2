//! Versions of policies and calendars: for whom they hold, from when, and that the past is not judged anew.

use std::sync::Arc;

use jiff::Timestamp;
use sla::{
    ALWAYS_OPEN, BUSINESS_HOURS, Calendar, CalendarSpec, Event, EventKind, Level, Metric, Owner, Policy, Priority,
    Scope, Target, Terms, Timer, TimerState, Version, evaluate, moved,
};

use crate::support::{HOUR, at, calendar, daily, log, madrid, promise, weekdays};

const OPENED: (&str, EventKind) = ("2026-10-05T10:00Z", EventKind::Opened);

fn hours(target: u64) -> Policy {
    promise(Metric::Resolution, Target::Seconds(target * HOUR), ALWAYS_OPEN, &[Owner::Client])
}

fn version<T>(from: &str, scope: Scope, value: T) -> Version<Arc<T>> {
    Version { effective_from: at(from), scope, value: Arc::new(value) }
}

fn ask(events: &[(&str, EventKind)], terms: &Terms, now: &str) -> Vec<Timer> {
    evaluate(&log(events), terms, Priority::P3, at(now)).unwrap()
}

fn due(timers: &[Timer]) -> Option<Timestamp> {
    timers.last().unwrap().due_at
}

#[test]
fn a_version_for_new_tickets_leaves_those_alone_that_are_open() {
    let terms = Terms::new(hours(8), madrid()).with_policy(version("2026-10-05T12:00Z", Scope::NewTickets, hours(2)));
    let old = ask(&[OPENED], &terms, "2026-10-05T15:00Z");
    assert_eq!((due(&old), old[0].policy), (Some(at("2026-10-05T18:00Z")), 0));
    let new = ask(&[("2026-10-05T12:00Z", EventKind::Opened)], &terms, "2026-10-05T13:00Z");
    assert_eq!((due(&new), new[0].policy), (Some(at("2026-10-05T14:00Z")), 1));
}

#[test]
fn a_version_for_running_timers_holds_from_its_instant_and_is_a_wake_up() {
    let terms =
        Terms::new(hours(8), madrid()).with_policy(version("2026-10-05T12:00Z", Scope::RunningTimers, hours(3)));
    let before = ask(&[OPENED], &terms, "2026-10-05T11:59:59Z");
    assert_eq!((due(&before), before[0].next_wakeup), (Some(at("2026-10-05T18:00Z")), Some(at("2026-10-05T12:00Z"))));
    let after = ask(&[OPENED], &terms, "2026-10-05T12:00Z");
    assert_eq!((due(&after), after[0].policy), (Some(at("2026-10-05T13:00Z")), 1));
    assert_eq!(after[0].levels[0].at, at("2026-10-05T12:00Z"), "half of three hours has been reached at the change");
    assert_eq!(after[0].levels[0].level, Level::Percent(50));
}

#[test]
fn a_shorter_goal_breaks_no_promise_in_the_past() {
    let terms =
        Terms::new(hours(8), madrid()).with_policy(version("2026-10-05T15:00Z", Scope::RunningTimers, hours(2)));
    let before = ask(&[OPENED], &terms, "2026-10-05T14:59:59Z");
    assert_eq!((before[0].state, before[0].breached_at), (TimerState::Running, None));
    let after = ask(&[OPENED], &terms, "2026-10-05T16:00Z");
    assert_eq!(after[0].breached_at, Some(at("2026-10-05T15:00Z")), "not at noon, when eight hours were promised");
    // And a longer one heals none.
    let terms =
        Terms::new(hours(2), madrid()).with_policy(version("2026-10-05T15:00Z", Scope::RunningTimers, hours(8)));
    assert_eq!(ask(&[OPENED], &terms, "2026-10-05T16:00Z")[0].breached_at, Some(at("2026-10-05T12:00:01Z")));
}

#[test]
fn finished_cycles_keep_the_version_they_were_judged_with() {
    let closed = ("2026-10-05T11:00Z", EventKind::Closed);
    let reopened = ("2026-10-07T10:00Z", EventKind::Reopened);
    let terms =
        Terms::new(hours(8), madrid()).with_policy(version("2026-10-06T00:00Z", Scope::RunningTimers, hours(3)));
    let timers = ask(&[OPENED, closed, reopened], &terms, "2026-10-07T11:00Z");
    let judged: Vec<(u32, usize, Option<Timestamp>)> =
        timers.iter().map(|timer| (timer.cycle, timer.policy, timer.due_at)).collect();
    assert_eq!(judged, [(1, 0, Some(at("2026-10-05T18:00Z"))), (2, 1, Some(at("2026-10-07T13:00Z")))]);
}

#[test]
fn another_calendar_counts_from_its_instant_on() {
    let policy = promise(Metric::Resolution, Target::Seconds(8 * HOUR), BUSINESS_HOURS, &[]);
    // On Wednesday at noon somebody enters that Thursday is a holiday.
    let mut spec = weekdays("Europe/Madrid", "08:00-18:00");
    spec.holidays.insert("2026-10-08".parse().unwrap(), "Local".to_owned());
    let terms = Terms::new(policy, madrid())
        .with_calendar(BUSINESS_HOURS, version("2026-10-07T12:00+02", Scope::RunningTimers, calendar(spec)));
    let opened = ("2026-10-07T14:00+02", EventKind::Opened);
    let earlier = ("2026-10-07T11:00+02", EventKind::Opened);
    assert_eq!(due(&ask(&[opened], &terms, "2026-10-07T15:00+02")), Some(at("2026-10-09T12:00+02")));
    let running = ask(&[earlier], &terms, "2026-10-07T15:00+02");
    assert_eq!(due(&running), Some(at("2026-10-09T09:00+02")));
    assert_eq!(running[0].elapsed_seconds, 4 * HOUR);
    assert_eq!(due(&ask(&[earlier], &terms, "2026-10-07T11:59+02")), Some(at("2026-10-08T09:00+02")));
}

#[test]
fn working_days_that_have_passed_stay_working_days() {
    let policy = promise(Metric::Resolution, Target::WorkingDays(3), BUSINESS_HOURS, &[]);
    let business = |holidays: &[&str]| {
        let mut spec = weekdays("Europe/Madrid", "08:00-18:00");
        spec.holidays.extend(holidays.iter().map(|date| (date.parse().unwrap(), "Local".to_owned())));
        calendar(spec)
    };
    // On Wednesday somebody enters that yesterday was a holiday, and that tomorrow will be one.
    let edited = business(&["2026-10-06", "2026-10-08"]);
    let terms = Terms::new(policy, madrid().with(BUSINESS_HOURS, business(&[])))
        .with_calendar(BUSINESS_HOURS, version("2026-10-07T12:00+02", Scope::RunningTimers, edited));
    let monday = ("2026-10-05T10:00+02", EventKind::Opened);
    assert_eq!(due(&ask(&[monday], &terms, "2026-10-07T11:00+02")), Some(at("2026-10-08T18:00+02")));
    assert_eq!(due(&ask(&[monday], &terms, "2026-10-07T13:00+02")), Some(at("2026-10-09T18:00+02")), "not Monday");
}

#[test]
fn a_calendar_that_does_not_hold_yet_does_not_exist() {
    let policy = promise(Metric::Resolution, Target::Seconds(HOUR), "own", &[]);
    let spec = CalendarSpec::always_open();
    let own: Version<Arc<Calendar>> = version("2026-10-06T00:00Z", Scope::NewTickets, calendar(spec));
    let terms = Terms::new(policy, sla::Calendars::new().with_version("own", own));
    let ask = |opened: &str| evaluate(&[Event::new(at(opened), EventKind::Opened)], &terms, Priority::P3, at(opened));
    assert!(ask("2026-10-05T00:00Z").is_err());
    assert_eq!(ask("2026-10-06T00:00Z").unwrap().len(), 1);
}

#[test]
fn a_metric_that_a_later_version_adds_begins_with_the_ticket_and_counts_from_then_on() {
    let mut both = hours(8);
    let extra = promise(Metric::FirstResponse, Target::Seconds(HOUR), ALWAYS_OPEN, &[]);
    both.metrics.extend(extra.metrics);
    let terms = Terms::new(hours(8), madrid()).with_policy(version("2026-10-05T12:00Z", Scope::RunningTimers, both));
    assert_eq!(ask(&[OPENED], &terms, "2026-10-05T11:00Z").len(), 1);
    let timers = ask(&[OPENED], &terms, "2026-10-05T12:30Z");
    assert_eq!(
        timers.iter().map(|timer| timer.metric).collect::<Vec<_>>(),
        [Metric::Resolution, Metric::FirstResponse]
    );
    assert_eq!((timers[1].elapsed_seconds, due(&timers)), (1800, Some(at("2026-10-05T13:00Z"))));
}

#[test]
fn the_tier_of_the_client_chooses_the_goals() {
    let mut policy = hours(8);
    let gold = hours(1).metrics.remove(0).goals;
    policy.metrics[0].for_tiers.push(sla::TierGoals { tiers: ["gold".to_owned()].into(), goals: gold });
    let terms = Terms::new(policy, madrid());
    assert_eq!(due(&ask(&[OPENED], &terms, "2026-10-05T10:30Z")), Some(at("2026-10-05T18:00Z")));
    let gold = terms.for_tier(Some("gold".to_owned()));
    assert_eq!(due(&ask(&[OPENED], &gold, "2026-10-05T10:30Z")), Some(at("2026-10-05T11:00Z")));
}

#[test]
fn another_tier_holds_from_its_instant_on_and_judges_nothing_anew() {
    let mut policy = hours(8);
    let gold = hours(2).metrics.remove(0).goals;
    policy.metrics[0].for_tiers.push(sla::TierGoals { tiers: ["gold".to_owned()].into(), goals: gold });
    let plain = Terms::new(policy, madrid());
    let terms = plain.clone().with_tier(at("2026-10-05T15:00Z"), Some("gold".to_owned()));
    let before = ask(&[OPENED], &terms, "2026-10-05T14:59:59Z");
    assert_eq!((due(&before), before[0].next_wakeup), (Some(at("2026-10-05T18:00Z")), Some(at("2026-10-05T15:00Z"))));
    let after = ask(&[OPENED], &terms, "2026-10-05T16:00Z");
    assert_eq!(after[0].breached_at, Some(at("2026-10-05T15:00Z")), "not at noon, when eight hours were promised");
    let closed = [OPENED, ("2026-10-05T14:00Z", EventKind::Closed)];
    assert_eq!(ask(&closed, &terms, "2026-10-05T16:00Z"), ask(&closed, &plain, "2026-10-05T16:00Z"));
    // A tier that is taken away heals nothing, and what a later ticket is promised is that of its own time.
    let taken = terms.with_tier(at("2026-10-06T00:00Z"), None);
    assert_eq!(ask(&[OPENED], &taken, "2026-10-06T09:00Z")[0].breached_at, Some(at("2026-10-05T15:00Z")));
    let later = ("2026-10-06T09:00Z", EventKind::Opened);
    assert_eq!(due(&ask(&[later], &taken, "2026-10-06T09:00Z")), Some(at("2026-10-06T17:00Z")));
    assert_eq!(taken.changes(at(OPENED.0), at("2026-10-07T00:00Z")).count(), 2);
}

#[test]
fn what_if_says_which_deadlines_move_and_which_promises_break() {
    let terms = Terms::new(hours(8), madrid());
    let stricter = terms.clone().with_policy(version("2026-10-05T15:00Z", Scope::RunningTimers, hours(2)));
    let closed = ("2026-10-05T14:00Z", EventKind::Closed);
    let compare = |events: &[(&str, EventKind)]| {
        moved(&ask(events, &terms, "2026-10-05T15:00Z"), &ask(events, &stricter, "2026-10-05T15:00Z"))
    };
    let [change] = compare(&[OPENED])[..] else { panic!() };
    assert_eq!((change.metric, change.cycle, change.breached), (Metric::Resolution, 1, true));
    assert_eq!((change.from, change.to), (Some(at("2026-10-05T18:00Z")), Some(at("2026-10-05T12:00Z"))));
    assert!(compare(&[OPENED, closed]).is_empty(), "what is over does not move");
    assert!(
        moved(&ask(&[OPENED], &terms, "2026-10-05T15:00Z"), &ask(&[OPENED], &terms, "2026-10-05T15:00Z")).is_empty()
    );
    let nothing = Policy { metrics: Vec::new(), ..hours(8) };
    let dropped = terms.clone().with_policy(version("2026-10-05T15:00Z", Scope::RunningTimers, nothing));
    let gone = moved(&ask(&[OPENED], &terms, "2026-10-05T15:00Z"), &ask(&[OPENED], &dropped, "2026-10-05T15:00Z"));
    assert_eq!((gone.len(), gone[0].from, gone[0].to), (1, Some(at("2026-10-05T18:00Z")), None));
}

#[test]
fn daylight_saving_within_a_change_of_calendars() {
    // S6, step 5: the clocks go back between the edit and the due time.
    let policy = promise(Metric::Resolution, Target::Seconds(4 * HOUR), BUSINESS_HOURS, &[]);
    let nights = calendar(daily("Europe/Madrid", "00:00-04:00"));
    let terms = Terms::new(policy, madrid())
        .with_calendar(BUSINESS_HOURS, version("2026-10-24T20:00+02", Scope::RunningTimers, nights));
    let friday = ("2026-10-23T17:00+02", EventKind::Opened);
    let found = due(&ask(&[friday], &terms, "2026-10-24T20:00+02"));
    assert_eq!(
        found,
        Some(at("2026-10-25T02:00+01")),
        "an hour on Friday; the night has the hour from two to three twice"
    );
}
