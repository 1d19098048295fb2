//! Measures a run: what was counted, when it is due, which levels were reached and whether it was breached.
//!
//! The run is gone through in order, and each stretch is judged by what was known when it began: what has been reached stays
//! reached, and a later change never judges the past anew.

use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::instant::Span;
use crate::policy::{Level, Target};
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
    /// When the promise will be broken if nothing happens; `None` also when it is broken already.
    pub(crate) will_breach: Option<i64>,
    pub(crate) next_wakeup: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub(crate) level: Level,
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

/// Judges `run`.
pub(crate) fn judge(run: &Run<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (index, stretch) in run.stretches.iter().enumerate() {
        let before = &run.stretches[..index];
        let running = stretch.mode.hold.is_none();
        let last = if running { stretch.span.end - 1 } else { stretch.span.start };
        let at = Checkpoint { run, before, now: stretch.span.start, mode: stretch.mode };
        at.latch(&mut verdict, last);
        if running {
            verdict.elapsed += counted(stretch, stretch.span);
        }
    }
    let end = Checkpoint { run, before: &run.stretches, now: run.until, mode: run.mode };
    end.latch(&mut verdict, run.until);
    verdict.outlook = end.outlook(verdict.elapsed);
    verdict.certain_due = end.certain_due(verdict.elapsed);
    verdict.levels.sort_by_key(|reached| reached.at);
    if run.stop.is_none() && run.mode.hold.is_none() {
        verdict.will_breach = end.will_breach(&verdict);
        verdict.next_wakeup = end.next_wakeup(&verdict);
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
    fn latch(&self, verdict: &mut Verdict, last: i64) {
        let Some(promise) = self.mode.promise else { return };
        if (verdict.breached.is_some() && pending(promise, verdict).next().is_none()) || self.goes_on_pausing() {
            return;
        }
        let elapsed = verdict.elapsed;
        let Some(outlook) = self.outlook(elapsed) else { return };
        let when = |level: Level| {
            let at = self.when_counted(promise, level.counted(outlook.budget)?, elapsed);
            at.filter(|&at| at <= last)
        };
        let reached: Vec<Reached> = pending(promise, verdict)
            .filter_map(|level| Some(Reached { level, at: when(level)?, due: outlook.due }))
            .collect();
        verdict.levels.extend(reached);
        if verdict.breached.is_none() {
            verdict.breached = when(Level::Breach);
        }
    }

    /// Whether the clock already stood still, with the same goal. Nothing comes about in a pause, only when it begins or
    /// when the goal or its calendar become others; the days that a pause takes away would otherwise make levels come and go.
    fn goes_on_pausing(&self) -> bool {
        self.before.last().is_some_and(|Stretch { mode, .. }| {
            mode.hold.is_some() && self.mode.hold.is_some() && same_terms(mode.promise, self.mode.promise)
        })
    }

    fn will_breach(&self, verdict: &Verdict) -> Option<i64> {
        let (promise, outlook) = self.mode.promise.zip(verdict.outlook)?;
        let counted = Level::Breach.counted(outlook.budget).filter(|_| verdict.breached.is_none())?;
        self.when_counted(promise, counted, verdict.elapsed)
    }

    fn next_wakeup(&self, verdict: &Verdict) -> Option<i64> {
        let (promise, outlook) = self.mode.promise.zip(verdict.outlook)?;
        let level = pending(promise, verdict).filter_map(|level| level.counted(outlook.budget)).min();
        let level = level.and_then(|counted| self.when_counted(promise, counted, verdict.elapsed));
        [level, verdict.will_breach].into_iter().flatten().min()
    }

    /// The first instant from now on at which `wanted` seconds have been counted.
    fn when_counted(&self, promise: Promise<'_>, wanted: u64, elapsed: u64) -> Option<i64> {
        promise.calendar.advance(self.now, wanted.saturating_sub(elapsed))
    }

    fn outlook(&self, elapsed: u64) -> Option<Outlook> {
        let promise @ Promise { goal, calendar, .. } = self.mode.promise?;
        match goal.target {
            Target::Seconds(budget) => {
                let due = self.already_counted(budget, elapsed);
                let due = due.or_else(|| calendar.advance(self.now, budget.saturating_sub(elapsed)));
                Some(Outlook { due, budget })
            }
            Target::WorkingDays(days) => {
                let due = self.end_of_day(promise, days, None)?;
                let until_due = Span::new(self.run.started, due);
                let past: u64 = self.before.iter().map(|stretch| counted(stretch, until_due)).sum();
                Some(Outlook { due: Some(due), budget: past + calendar.open_seconds(Span::new(self.now, due)) })
            }
        }
    }

    fn certain_due(&self, elapsed: u64) -> Option<i64> {
        let promise = self.mode.promise?;
        match promise.goal.target {
            Target::Seconds(budget) => self.already_counted(budget, elapsed),
            Target::WorkingDays(days) => self.end_of_day(promise, days, Some(Span::new(self.now, i64::MAX))),
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
    fn end_of_day(&self, promise: Promise<'_>, days: u32, more: Option<Span>) -> Option<i64> {
        let held = self.before.iter().filter(|stretch| stretch.mode.hold.is_some()).map(|stretch| stretch.span);
        let pauses: Vec<Span> = held.chain(more).collect();
        let endless = pauses.last().filter(|pause| pause.end == i64::MAX).map(|pause| pause.start);
        let versions = self.versions_of(promise);
        let (mut end, mut left) = (self.run.started, days);
        let working_days = versions.iter().enumerate().flat_map(|(index, &(after, calendar))| {
            let until = versions.get(index + 1).map(|(until, _)| *until);
            let days = calendar.working_days_after(after);
            days.take_while(move |(date, _)| until.is_none_or(|until| *date <= until)).map(|(_, windows)| windows)
        });
        let begins = |day: &&[Span]| endless.is_none_or(|start| day.iter().any(|window| window.start < start));
        let mut working_days = working_days.take_while(begins);
        while left > 0 {
            let day = working_days.next()?;
            end = day.iter().map(|window| window.end).fold(end, i64::max);
            left -= u32::from(!wholly_paused(day, &pauses));
        }
        Some(end)
    }

    /// The calendars by which days are judged, each for the dates after the one beside it. A version of the same calendar that
    /// held before keeps the dates before its successor began; the past is not judged anew.
    fn versions_of<'p>(&'p self, promise: Promise<'p>) -> Vec<(Date, &'p Calendar)> {
        let same = |other: &Promise<'_>| other.goal.calendar == promise.goal.calendar;
        let earlier = self.before.iter().filter_map(|stretch| {
            let promise = stretch.mode.promise.filter(same)?;
            Some((stretch.span.start, promise.calendar))
        });
        let mut versions: Vec<(Date, &Calendar)> = Vec::new();
        for (from, calendar) in earlier.chain([(self.now, promise.calendar)]) {
            match versions.last() {
                None => versions.push((calendar.local_date(self.run.started), calendar)),
                Some((_, last)) if std::ptr::eq(*last, calendar) => {}
                Some((after, _)) => {
                    let eve = calendar.local_date(from).yesterday().unwrap_or(Date::MIN);
                    versions.push((eve.max(*after), calendar));
                }
            }
        }
        versions
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
        Mode { promise: Some(promise), hold: None, .. } => promise.calendar.open_seconds(stretch.span.within(within)),
        _ => 0,
    }
}

/// The levels of a promise that have not been reached.
fn pending<'r>(promise: Promise<'r>, verdict: &'r Verdict) -> impl Iterator<Item = Level> + 'r {
    let reached = |level: Level| verdict.levels.iter().any(|reached| reached.level == level);
    promise.levels.iter().copied().filter(move |level| !reached(*level))
}

/// Whether two promises say the same.
fn same_terms(one: Option<Promise<'_>>, other: Option<Promise<'_>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            let calendars = std::ptr::eq(one.calendar, other.calendar) || one.calendar.spec() == other.calendar.spec();
            calendars && one.goal == other.goal
        }
        (None, None) => true,
        _ => false,
    }
}
