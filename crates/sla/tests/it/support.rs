//! Words for the tests.

use jiff::Timestamp;
use sla::{
    Calendar, CalendarError, CalendarSpec, Calendars, Event, EventKind, Goal, Level, Metric, MetricPolicy, Owner,
    Policy, Priority, Target, Terms, Timer, Weekly, Window, evaluate,
};

pub(crate) const MINUTE: u64 = 60;
pub(crate) const HOUR: u64 = 3600;

/// A timestamp with its offset: `2026-10-09T17:30+02`.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// `t` and so many seconds later.
pub(crate) fn plus(t: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(t.as_second() + seconds).unwrap()
}

pub(crate) fn hours(text: &str) -> Vec<Window> {
    text.split_whitespace().map(|window| window.parse().unwrap()).collect()
}

/// The same windows from Monday to Friday.
pub(crate) fn weekdays(zone: &str, windows: &str) -> CalendarSpec {
    CalendarSpec::weekly(zone, Weekly::monday_to_friday(&hours(windows)))
}

/// The same windows every day.
pub(crate) fn daily(zone: &str, windows: &str) -> CalendarSpec {
    CalendarSpec::weekly(zone, Weekly::every_day(&hours(windows)))
}

pub(crate) fn calendar(spec: CalendarSpec) -> Calendar {
    Calendar::new(spec).unwrap()
}

pub(crate) fn refused(spec: CalendarSpec) -> CalendarError {
    Calendar::new(spec).unwrap_err()
}

/// The open intervals of `[from, to)` as text in UTC.
pub(crate) fn windows(calendar: &Calendar, from: &str, to: &str) -> Vec<String> {
    calendar.windows(at(from), at(to)).map(|window| format!("{} {}", window.start, window.end)).collect()
}

/// Mon–Fri 8–18 in Madrid, with Monday 12 October 2026 a holiday; and the round-the-clock calendar.
pub(crate) fn madrid() -> Calendars {
    let mut spec = weekdays("Europe/Madrid", "08:00-18:00");
    spec.holidays.insert("2026-10-12".parse().unwrap(), "Fiesta Nacional".to_owned());
    Calendars::new()
        .with(sla::BUSINESS_HOURS, calendar(spec))
        .with(sla::ALWAYS_OPEN, calendar(CalendarSpec::always_open()))
}

/// One metric with one goal for every priority.
pub(crate) fn promise(metric: Metric, target: Target, key: &str, pauses_for: &[Owner]) -> Policy {
    let goal = Goal { target, calendar: key.to_owned() };
    let goals = [Priority::P1, Priority::P2, Priority::P3, Priority::P4].map(|priority| (priority, goal.clone()));
    let pauses_for = pauses_for.iter().copied().collect();
    let metric = MetricPolicy { metric, for_tiers: Vec::new(), goals: goals.into(), pauses_for };
    Policy {
        metrics: vec![metric],
        levels: [50, 75, 90].map(Level::Percent).into(),
        escalations: Vec::new(),
        resume_window_seconds: 24 * HOUR,
    }
}

pub(crate) fn log(entries: &[(&str, EventKind)]) -> Vec<Event> {
    entries.iter().map(|(text, kind)| Event::new(at(text), *kind)).collect()
}

/// The timers of a P3 ticket.
pub(crate) fn timers(log: &[Event], policy: &Policy, calendars: &Calendars, now: Timestamp) -> Vec<Timer> {
    evaluate(log, &Terms::new(policy.clone(), calendars.clone()), Priority::P3, now).unwrap()
}

/// Without the places of events in the log, which differ where other events were inserted or the log arrived in another order.
pub(crate) fn without_places(mut timers: Vec<Timer>) -> Vec<Timer> {
    for timer in &mut timers {
        timer.stopped_by = None;
        timer.segments.iter_mut().for_each(|segment| segment.event = None);
    }
    timers
}

/// The last timer of a P3 ticket under `policy`, in Madrid.
pub(crate) fn timer(entries: &[(&str, EventKind)], policy: &Policy, now: &str) -> Timer {
    timers(&log(entries), policy, &madrid(), at(now)).pop().unwrap()
}
