//! Measures a run: what was counted, when it is due, which levels were reached and whether it was breached.
//!
//! The run is gone through in order, and each stretch is judged by what was known when it began: what has been reached stays
//! reached, and a later change never judges the past anew.

use crate::calendar::Calendar;
use crate::instant::Span;
use crate::policy::Target;
use crate::run::{Mode, Promise, Run, Stretch};

/// How a run stands at its end.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) elapsed: u64,
    pub(crate) breached: Option<i64>,
    pub(crate) levels: Vec<Reached>,
    /// If the clock runs on from the end of the run.
    pub(crate) outlook: Option<Outlook>,
    /// The due time that holds even if the clock never runs again.
    pub(crate) certain_due: Option<i64>,
    pub(crate) next_wakeup: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub(crate) percent: u8,
    pub(crate) at: i64,
    pub(crate) due: Option<i64>,
}

/// What comes if the clock runs on from some instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outlook {
    /// `None`: the calendar does not open for so long within its horizon.
    pub(crate) due: Option<i64>,
    /// The seconds to be counted from the start of the run until due.
    pub(crate) budget: u64,
}

/// Judges `run` by the warning `levels` (percent of the budget).
pub(crate) fn judge(run: &Run<'_>, levels: &[u8]) -> Verdict {
    let mut verdict = Verdict::default();
    for (index, stretch) in run.stretches.iter().enumerate() {
        let before = &run.stretches[..index];
        let running = stretch.mode.hold.is_none();
        let last = if running { stretch.span.end - 1 } else { stretch.span.start };
        let at = Checkpoint { run, before, now: stretch.span.start, mode: stretch.mode };
        at.latch(&mut verdict, levels, last);
        if running {
            verdict.elapsed += counted(stretch, stretch.span);
        }
    }
    let end = Checkpoint { run, before: &run.stretches, now: run.until, mode: run.mode };
    end.latch(&mut verdict, levels, run.until);
    verdict.outlook = end.outlook(verdict.elapsed);
    verdict.certain_due = end.certain_due(verdict.elapsed);
    if run.stop.is_none() && run.mode.hold.is_none() {
        verdict.next_wakeup = end.next_wakeup(&verdict, levels);
    }
    verdict
}

/// An instant from which to look ahead, knowing only what was before.
struct Checkpoint<'r, 'a> {
    run: &'r Run<'a>,
    before: &'r [Stretch<'a>],
    now: i64,
    mode: Mode<'a>,
}

impl Checkpoint<'_, '_> {
    /// Notes the levels and the breach that come about from now until `last`, as things stand now.
    fn latch(&self, verdict: &mut Verdict, levels: &[u8], last: i64) {
        let complete = verdict.breached.is_some() && verdict.levels.len() == levels.len();
        if complete || self.goes_on_pausing() {
            return;
        }
        let elapsed = verdict.elapsed;
        let Some((promise, outlook)) = self.mode.promise.zip(self.outlook(elapsed)) else { return };
        for &percent in levels {
            let reached = verdict.levels.iter().any(|reached| reached.percent == percent);
            let at = self.when_counted(promise, share(outlook.budget, percent), elapsed);
            if let Some(at) = at.filter(|&at| !reached && at <= last) {
                verdict.levels.push(Reached { percent, at, due: outlook.due });
            }
        }
        if verdict.breached.is_none() {
            let at = self.when_counted(promise, outlook.budget.saturating_add(1), elapsed);
            verdict.breached = at.filter(|&at| at <= last);
        }
    }

    /// Whether the clock already stood still, with the same goal. Nothing comes about in a pause, only when it begins or
    /// when the goal becomes another; the days that a pause takes away would otherwise make levels come and go.
    fn goes_on_pausing(&self) -> bool {
        let goal = |mode: &Mode<'_>| mode.promise.map(|promise| std::ptr::from_ref(promise.goal));
        self.before.last().is_some_and(|Stretch { mode, .. }| {
            mode.hold.is_some() && self.mode.hold.is_some() && goal(mode) == goal(&self.mode)
        })
    }

    fn next_wakeup(&self, verdict: &Verdict, levels: &[u8]) -> Option<i64> {
        let (promise, outlook) = self.mode.promise.zip(verdict.outlook)?;
        let reached = |percent: u8| verdict.levels.iter().any(|reached| reached.percent == percent);
        let levels = levels.iter().filter(|&&percent| !reached(percent)).map(|&percent| share(outlook.budget, percent));
        let breach = verdict.breached.is_none().then_some(outlook.budget.saturating_add(1));
        let soonest = levels.chain(breach).min()?;
        self.when_counted(promise, soonest, verdict.elapsed)
    }

    /// The first instant from now on at which `wanted` seconds have been counted.
    fn when_counted(&self, promise: Promise<'_>, wanted: u64, elapsed: u64) -> Option<i64> {
        promise.calendar.advance(self.now, wanted.saturating_sub(elapsed))
    }

    fn outlook(&self, elapsed: u64) -> Option<Outlook> {
        let Promise { goal, calendar } = self.mode.promise?;
        match goal.target {
            Target::Seconds(budget) => {
                let due = self.already_counted(budget, elapsed);
                let due = due.or_else(|| calendar.advance(self.now, budget.saturating_sub(elapsed)));
                Some(Outlook { due, budget })
            }
            Target::WorkingDays(days) => {
                let due = self.end_of_day(calendar, days, None)?;
                let until_due = Span::new(self.run.started, due);
                let past: u64 = self.before.iter().map(|stretch| counted(stretch, until_due)).sum();
                Some(Outlook { due: Some(due), budget: past + calendar.open_seconds(Span::new(self.now, due)) })
            }
        }
    }

    fn certain_due(&self, elapsed: u64) -> Option<i64> {
        let Promise { goal, calendar } = self.mode.promise?;
        match goal.target {
            Target::Seconds(budget) => self.already_counted(budget, elapsed),
            Target::WorkingDays(days) => self.end_of_day(calendar, days, Some(Span::new(self.now, i64::MAX))),
        }
    }

    /// The instant by which `budget` seconds had been counted, if that was before now.
    fn already_counted(&self, budget: u64, elapsed: u64) -> Option<i64> {
        if budget > elapsed {
            return None;
        }
        let mut left = budget;
        for stretch in self.before.iter().filter(|stretch| stretch.mode.hold.is_none()) {
            let seconds = counted(stretch, stretch.span);
            if left <= seconds {
                return stretch.mode.promise?.calendar.advance(stretch.span.start, left);
            }
            left -= seconds;
        }
        Some(self.now)
    }

    /// The end of the last window of working day number `days`; days that the pauses so far, or `more`, take wholly do not
    /// count. A night shift can outlast the short day that follows it: due is never before the end of an earlier day, or else
    /// a pause that takes that day away would make it earlier.
    fn end_of_day(&self, calendar: &Calendar, days: u32, more: Option<Span>) -> Option<i64> {
        let held = self.before.iter().filter(|stretch| stretch.mode.hold.is_some()).map(|stretch| stretch.span);
        let pauses: Vec<Span> = held.chain(more).collect();
        let endless = pauses.last().filter(|pause| pause.end == i64::MAX).map(|pause| pause.start);
        let (mut end, mut left) = (self.run.started, days);
        let mut working_days = calendar
            .working_days_after(calendar.local_date(self.run.started))
            .take_while(|day| endless.is_none_or(|start| day.iter().any(|window| window.start < start)));
        while left > 0 {
            let day = working_days.next()?;
            end = day.iter().map(|window| window.end).fold(end, i64::max);
            left -= u32::from(!wholly_paused(day, &pauses));
        }
        Some(end)
    }
}

/// Whether no second of `windows` lies outside `pauses` (which are disjoint and ascending).
fn wholly_paused(windows: &[Span], pauses: &[Span]) -> bool {
    windows.iter().all(|window| {
        let first = pauses.partition_point(|pause| pause.end <= window.start);
        let meeting = pauses[first..].iter().take_while(|pause| pause.start < window.end);
        meeting.map(|pause| pause.within(*window).seconds()).sum::<u64>() == window.seconds()
    })
}

/// The seconds of `stretch` that count, as far as they lie in `within`.
fn counted(stretch: &Stretch<'_>, within: Span) -> u64 {
    match stretch.mode {
        Mode { promise: Some(promise), hold: None } => promise.calendar.open_seconds(stretch.span.within(within)),
        _ => 0,
    }
}

/// The first whole second of `budget` that is at or above `percent` of it.
fn share(budget: u64, percent: u8) -> u64 {
    let percent = u64::from(percent);
    budget / 100 * percent + (budget % 100 * percent).div_ceil(100)
}
