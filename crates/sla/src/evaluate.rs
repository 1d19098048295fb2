//! The one question: given the log and the promises, how do things stand now?

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::event::{Event, EventKind};
use crate::instant::{floor, timestamp};
use crate::judge::{Reached, Verdict, judge};
use crate::policy::{Metric, MetricPolicy, Priority};
use crate::run::{Entry, Era, Hold, Promise, Recorder, Run, Stop};
use crate::segments::segments;
use crate::terms::Terms;
use crate::timer::{Clock, LevelReached, Timer, TimerState};

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

/// How the promises of `terms` stand at `now`, for the ticket whose log is `events`: in the order of the policy's metrics,
/// and of cycles within each. A metric without a goal for any priority that the ticket has had gives no timer.
///
/// A pure function: the same arguments give the same answer, whenever and however often it is asked. Events after `now` are
/// left out, so an answer about the past does not know the future; nor does it know of terms that begin to hold after `now`,
/// except that they are a wake-up. `events` may be in any order; those of the same second take effect in the order given, after
/// terms that begin to hold in that second. `priority` is that of the ticket when it was opened; later ones come as events.
pub fn evaluate(
    events: &[Event],
    terms: &Terms,
    priority: Priority,
    now: Timestamp,
) -> Result<Vec<Timer>, EvaluateError> {
    let now = floor(now);
    let log = in_order(events, now);
    let Some(opened) = log.iter().find(|entry| entry.kind == EventKind::Opened).map(|entry| entry.at) else {
        return Ok(Vec::new());
    };
    let changes = terms.changes_after(opened);
    let mut timers = Vec::new();
    for metric in metrics(terms, opened, &changes) {
        let first = era(terms, metric, opened, opened)?;
        let later: Vec<Era<'_>> = changes.iter().map(|&at| era(terms, metric, opened, at)).collect::<Result<_, _>>()?;
        let mut recorder = Recorder::new(metric, &first, &later, priority);
        for &entry in &log {
            recorder.take(entry);
        }
        let (runs, other_terms) = recorder.finish(now);
        let runs = runs.into_iter().filter(Run::had_a_promise);
        timers.extend(runs.map(|run| timer(metric, &run, judge(&run), other_terms)));
    }
    Ok(timers)
}

/// The log up to `now`, in the order in which it takes effect.
pub(crate) fn in_order(events: &[Event], now: i64) -> Vec<Entry> {
    let entries = events.iter().enumerate();
    let mut log: Vec<Entry> =
        entries.map(|(place, event)| Entry { at: floor(event.at), place, kind: event.kind }).collect();
    log.retain(|entry| entry.at <= now);
    log.sort_by_key(|entry| entry.at);
    log
}

/// What any policy that holds at some time measures: in the order of the first one, then of each later one.
fn metrics(terms: &Terms, opened: i64, changes: &BTreeSet<i64>) -> Vec<Metric> {
    let mut metrics = Vec::new();
    for at in std::iter::once(opened).chain(changes.iter().copied()) {
        let policy = terms.policy_at(opened, at).map(|(_, policy)| policy);
        for MetricPolicy { metric, .. } in policy.into_iter().flat_map(|policy| &policy.metrics) {
            if !metrics.contains(metric) {
                metrics.push(*metric);
            }
        }
    }
    metrics
}

/// What is promised on `metric` from `at` on.
fn era(terms: &Terms, metric: Metric, opened: i64, at: i64) -> Result<Era<'_>, EvaluateError> {
    let mut era = Era { from: at, policy: 0, promises: [].into(), pauses_for: None, resume_window: 0 };
    let Some((index, policy)) = terms.policy_at(opened, at) else { return Ok(era) };
    era.policy = index;
    era.resume_window = policy.resume_window_seconds;
    let Some(measured) = policy.metrics.iter().find(|measured| measured.metric == metric) else { return Ok(era) };
    era.pauses_for = Some(&measured.pauses_for);
    for (&priority, goal) in measured.goals_of(terms.tier_at(at)) {
        let Some(calendar) = terms.calendars().at(&goal.calendar, opened, at) else {
            return Err(EvaluateError::UnknownCalendar { metric, priority, key: goal.calendar.clone() });
        };
        era.promises.insert(priority, Promise { goal, calendar, levels: &policy.levels });
    }
    Ok(era)
}

fn timer(metric: Metric, run: &Run<'_>, verdict: Verdict, other_terms: Option<i64>) -> Timer {
    let clock = match (run.stop, run.mode.hold) {
        (Some(_), _) => Clock::Stopped,
        (None, Some(_)) => Clock::Paused,
        (None, None) => Clock::Ticking,
    };
    let due = verdict.outlook.and_then(|outlook| outlook.due);
    let due_at = if clock == Clock::Paused { verdict.certain_due } else { due };
    let due_if_resumed = if clock == Clock::Paused && due_at.is_none() { due } else { None };
    let remaining = verdict.outlook.map(|outlook| i128::from(outlook.budget) - i128::from(verdict.elapsed));
    let level = |Reached { level, at, due }| LevelReached { level, at: timestamp(at), due_at: due.map(timestamp) };
    let other_terms = other_terms.filter(|_| run.stop.is_none());
    Timer {
        metric,
        cycle: run.cycle,
        priority: run.mode.priority,
        policy: run.mode.policy,
        goal: run.mode.promise.map(|promise| promise.goal.clone()),
        state: state(run, &verdict),
        clock,
        started_at: timestamp(run.started),
        due_at: due_at.map(timestamp),
        due_if_resumed: due_if_resumed.map(timestamp),
        breached_at: verdict.breached.map(timestamp),
        will_breach_at: verdict.will_breach.map(timestamp),
        stopped_at: run.stop.map(|_| timestamp(run.until)),
        stopped_by: run.stopped_by,
        elapsed_seconds: verdict.elapsed,
        remaining_seconds: remaining.and_then(|seconds| i64::try_from(seconds).ok()),
        levels: verdict.levels.into_iter().map(level).collect(),
        next_wakeup: [verdict.next_wakeup, other_terms].into_iter().flatten().min().map(timestamp),
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
