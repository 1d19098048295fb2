//! The one question: given the log and the promises, how do things stand now?

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::event::{Event, EventKind};
use crate::instant::{floor, timestamp};
use crate::judge::{Reached, Verdict, judge};
use crate::policy::{Goal, Metric, MetricPolicy, Policy, Priority};
use crate::run::{Hold, Promise, Recorder, Run, Stop};
use crate::segments::segments;
use crate::timer::{Clock, LevelReached, Timer, TimerState};

/// Calendars by the key under which goals name them. Cheap to clone; the calendars (and their caches) are shared.
#[derive(Debug, Clone, Default)]
pub struct Calendars(BTreeMap<String, Arc<Calendar>>);

impl Calendars {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a calendar, or replaces the one of the same key.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, calendar: impl Into<Arc<Calendar>>) -> Self {
        self.0.insert(key.into(), calendar.into());
        self
    }

    /// The calendar of this key.
    pub fn get(&self, key: &str) -> Option<&Calendar> {
        self.0.get(key).map(Arc::as_ref)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A goal names a calendar that was not given.
    #[error("the goal of {metric:?} for {priority:?} names the calendar {key:?}, which does not exist")]
    UnknownCalendar {
        /// The metric of the goal.
        metric: Metric,
        /// The priority of the goal.
        priority: Priority,
        /// As the goal names it.
        key: String,
    },
}

/// How the promises of `policy` stand at `now`, for the ticket whose log is `events`: in the order of the policy's metrics,
/// and of cycles within each. A metric without a goal for any priority that the ticket has had gives no timer.
///
/// A pure function: the same arguments give the same answer, whenever and however often it is asked. Events after `now` are
/// left out, so an answer about the past does not know the future. `events` may be in any order; those of the same second
/// take effect in the order given. `priority` is that of the ticket when it was opened; later ones come as events.
pub fn evaluate(
    events: &[Event],
    policy: &Policy,
    calendars: &Calendars,
    priority: Priority,
    now: Timestamp,
) -> Result<Vec<Timer>, EvaluateError> {
    let now = floor(now);
    let mut log: Vec<(i64, EventKind)> = events.iter().map(|event| (floor(event.at), event.kind)).collect();
    log.retain(|(at, _)| *at <= now);
    log.sort_by_key(|(at, _)| *at);

    let mut timers = Vec::new();
    for metric in &policy.metrics {
        let promises = promises(metric, calendars)?;
        let mut recorder = Recorder::new(metric, promises, policy.resume_window_seconds, priority);
        for &(at, kind) in &log {
            recorder.take(at, kind);
        }
        let runs = recorder.finish(now).into_iter().filter(Run::had_a_promise);
        timers.extend(runs.map(|run| timer(metric.metric, &run, judge(&run, &policy.levels))));
    }
    Ok(timers)
}

fn promises<'a>(
    policy: &'a MetricPolicy,
    calendars: &'a Calendars,
) -> Result<BTreeMap<Priority, Promise<'a>>, EvaluateError> {
    let promise = |(&priority, goal): (&Priority, &'a Goal)| match calendars.get(&goal.calendar) {
        Some(calendar) => Ok((priority, Promise { goal, calendar })),
        None => Err(EvaluateError::UnknownCalendar { metric: policy.metric, priority, key: goal.calendar.clone() }),
    };
    policy.goals.iter().map(promise).collect()
}

fn timer(metric: Metric, run: &Run<'_>, verdict: Verdict) -> Timer {
    let clock = match (run.stop, run.mode.hold) {
        (Some(_), _) => Clock::Stopped,
        (None, Some(_)) => Clock::Paused,
        (None, None) => Clock::Ticking,
    };
    let due = verdict.outlook.and_then(|outlook| outlook.due);
    let due_at = if clock == Clock::Paused { verdict.certain_due } else { due };
    let due_if_resumed = if clock == Clock::Paused && due_at.is_none() { due } else { None };
    let remaining = verdict.outlook.map(|outlook| i128::from(outlook.budget) - i128::from(verdict.elapsed));
    let level = |Reached { percent, at, due }| LevelReached { percent, at: timestamp(at), due_at: due.map(timestamp) };
    Timer {
        metric,
        cycle: run.cycle,
        goal: run.mode.promise.map(|promise| promise.goal.clone()),
        state: state(run, &verdict),
        clock,
        started_at: timestamp(run.started),
        due_at: due_at.map(timestamp),
        due_if_resumed: due_if_resumed.map(timestamp),
        breached_at: verdict.breached.map(timestamp),
        stopped_at: run.stop.map(|_| timestamp(run.until)),
        elapsed_seconds: verdict.elapsed,
        remaining_seconds: remaining.and_then(|seconds| i64::try_from(seconds).ok()),
        levels: verdict.levels.into_iter().map(level).collect(),
        next_wakeup: verdict.next_wakeup.map(timestamp),
        segments: segments(run),
    }
}

fn state(run: &Run<'_>, verdict: &Verdict) -> TimerState {
    match (verdict.breached, run.stop, run.mode.hold) {
        (Some(_), _, _) => TimerState::Breached,
        (None, Some(Stop::Fulfilled), _) => TimerState::Met,
        (None, Some(Stop::Cancelled), _) | (None, None, Some(Hold::NoGoal)) => TimerState::Cancelled,
        (None, None, Some(_)) => TimerState::Paused,
        (None, None, None) => TimerState::Running,
    }
}
