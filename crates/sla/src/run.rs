//! From the log to stretches: for one metric, when its clock ran by which goal, and when it stood still and why.
//!
//! Measures nothing; that is `judge`'s part.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Calendar;
use crate::event::EventKind;
use crate::instant::Span;
use crate::policy::{Goal, Level, Metric, Owner, Priority};

/// A goal with its calendar and the levels at which to warn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise<'a> {
    pub(crate) goal: &'a Goal,
    pub(crate) calendar: &'a Calendar,
    pub(crate) levels: &'a [Level],
}

/// What is promised on one metric from an instant on.
#[derive(Debug)]
pub(crate) struct Era<'a> {
    pub(crate) from: i64,
    /// The index of the policy's version.
    pub(crate) policy: usize,
    pub(crate) promises: BTreeMap<Priority, Promise<'a>>,
    pub(crate) pauses_for: Option<&'a BTreeSet<Owner>>,
    pub(crate) resume_window: u64,
}

/// Why a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Waiting(Owner),
    NoGoal,
    Ended,
}

/// What holds over a stretch of time: the promise, and whether the clock stands still.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode<'a> {
    pub(crate) priority: Priority,
    pub(crate) policy: usize,
    pub(crate) promise: Option<Promise<'a>>,
    pub(crate) hold: Option<Hold>,
    /// The event, by its place in the log as it was given, that made the clock stand still.
    pub(crate) since: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub(crate) span: Span,
    pub(crate) mode: Mode<'a>,
}

/// How a clock was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Fulfilled,
    Cancelled,
}

/// One cycle of one metric up to the instant that was asked about.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) cycle: u32,
    pub(crate) started: i64,
    /// Tile `[started, until)`, none empty.
    pub(crate) stretches: Vec<Stretch<'a>>,
    pub(crate) until: i64,
    /// What holds at `until`; when stopped, what held then.
    pub(crate) mode: Mode<'a>,
    pub(crate) stop: Option<Stop>,
    /// The event that stopped it.
    pub(crate) stopped_by: Option<usize>,
}

impl Run<'_> {
    /// Whether anything was promised at any time.
    pub(crate) fn had_a_promise(&self) -> bool {
        self.mode.promise.is_some() || self.stretches.iter().any(|stretch| stretch.mode.promise.is_some())
    }

    fn advance(&mut self, to: i64) {
        if to > self.until {
            self.stretches.push(Stretch { span: Span::new(self.until, to), mode: self.mode });
            self.until = to;
        }
    }
}

/// An entry of the log, with its place as it was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) at: i64,
    pub(crate) place: usize,
    pub(crate) kind: EventKind,
}

/// Follows the log for one metric.
pub(crate) struct Recorder<'a, 'e> {
    metric: Metric,
    /// What is promised, and what will be from later instants on.
    era: &'e Era<'a>,
    eras: std::slice::Iter<'e, Era<'a>>,
    priority: Priority,
    owner: Owner,
    /// The place of the event that gave the turn to its owner, or that set the priority.
    turned_by: Option<usize>,
    ranked_by: Option<usize>,
    opened: bool,
    closed: bool,
    responded: bool,
    /// When the ticket came to its end, while it is there.
    ended: Option<i64>,
    runs: Vec<Run<'a>>,
}

impl<'a, 'e> Recorder<'a, 'e> {
    /// Begins before the opening. `first` holds then, `later` from their instants on.
    pub(crate) fn new(metric: Metric, first: &'e Era<'a>, later: &'e [Era<'a>], priority: Priority) -> Self {
        Self {
            metric,
            era: first,
            eras: later.iter(),
            priority,
            owner: Owner::Us,
            turned_by: None,
            ranked_by: None,
            opened: false,
            closed: false,
            responded: false,
            ended: None,
            runs: Vec::new(),
        }
    }

    /// Takes the next event; its instant must not go back.
    pub(crate) fn take(&mut self, Entry { at, place, kind }: Entry) {
        self.enter_eras(at);
        match kind {
            EventKind::Opened if !self.opened => {
                self.opened = true;
                if self.metric != Metric::NextReply {
                    self.begin(at);
                }
            }
            EventKind::WaitingOn(owner) => self.change(at, |recorder| {
                if recorder.owner != owner {
                    recorder.turned_by = Some(place);
                }
                recorder.owner = owner;
            }),
            EventKind::PriorityChanged(priority) => self.change(at, |recorder| {
                recorder.priority = priority;
                recorder.ranked_by = Some(place);
            }),
            EventKind::PublicReplyByStaff => self.staff_wrote(at, place),
            EventKind::PublicReplyByClient => self.client_wrote(at),
            EventKind::Submitted => self.stop_if(at, place, kind),
            EventKind::Recovered | EventKind::Closed => {
                self.stop_if(at, place, kind);
                self.ended = Some(at);
                self.closed |= kind == EventKind::Closed;
            }
            EventKind::Reopened => self.reopen(at, place),
            EventKind::Opened | EventKind::Other => {}
        }
    }

    /// The cycles as of `now`, which must not be before the last event, and the next instant at which other terms begin.
    pub(crate) fn finish(mut self, now: i64) -> (Vec<Run<'a>>, Option<i64>) {
        self.enter_eras(now);
        if let Some(run) = self.runs.last_mut().filter(|run| run.stop.is_none()) {
            run.advance(now);
        }
        (self.runs, self.eras.next().map(|era| era.from))
    }

    /// Lets other terms hold that begin at or before `at`.
    fn enter_eras(&mut self, at: i64) {
        while let Some(era) = self.eras.as_slice().first().filter(|era| era.from <= at) {
            self.eras.next();
            self.change(era.from, |recorder| recorder.era = era);
        }
    }

    fn mode(&self) -> Mode<'a> {
        let promise = self.era.promises.get(&self.priority).copied();
        let pauses = self.era.pauses_for.is_some_and(|owners| owners.contains(&self.owner));
        let (hold, since) = match promise {
            None => (Some(Hold::NoGoal), self.ranked_by),
            Some(_) if pauses => (Some(Hold::Waiting(self.owner)), self.turned_by),
            Some(_) => (None, None),
        };
        Mode { priority: self.priority, policy: self.era.policy, promise, hold, since }
    }

    fn active(&mut self) -> Option<&mut Run<'a>> {
        self.runs.last_mut().filter(|run| run.stop.is_none())
    }

    fn begin(&mut self, at: i64) {
        let cycle = self.runs.last().map_or(1, |run| run.cycle + 1);
        let mode = self.mode();
        let run = Run { cycle, started: at, stretches: Vec::new(), until: at, mode, stop: None, stopped_by: None };
        self.runs.push(run);
    }

    /// Changes what holds from `at` on; a stopped run keeps what held when it stopped.
    fn change(&mut self, at: i64, change: impl FnOnce(&mut Self)) {
        change(self);
        let mode = self.mode();
        if let Some(run) = self.active() {
            run.advance(at);
            // A stand-still that goes on was brought about by the event that began it.
            let since = if mode.hold == run.mode.hold { run.mode.since } else { mode.since };
            run.mode = Mode { since, ..mode };
        }
    }

    fn stop(&mut self, at: i64, place: usize, stop: Stop) {
        if let Some(run) = self.active() {
            run.advance(at);
            run.stop = Some(stop);
            run.stopped_by = Some(place);
        }
    }

    fn staff_wrote(&mut self, at: i64, place: usize) {
        self.responded |= self.opened;
        match self.metric {
            Metric::FirstResponse | Metric::NextReply => self.stop(at, place, Stop::Fulfilled),
            Metric::KeepPosted => {
                // Two messages of one second are one.
                if self.active().is_some_and(|run| run.started < at) {
                    self.stop(at, place, Stop::Fulfilled);
                    self.begin(at);
                }
            }
            Metric::Submission | Metric::Resolution => {}
        }
    }

    fn client_wrote(&mut self, at: i64) {
        // Until the first response, that is what is owed.
        let owed = self.metric == Metric::NextReply && self.responded && !self.closed;
        if owed && self.active().is_none() {
            self.begin(at);
        }
    }

    fn stop_if(&mut self, at: i64, place: usize, kind: EventKind) {
        let stop = match (self.metric, kind) {
            (Metric::Submission, EventKind::Submitted)
            | (Metric::Resolution, EventKind::Recovered | EventKind::Closed) => Stop::Fulfilled,
            (Metric::Submission, EventKind::Recovered) | (_, EventKind::Closed) => Stop::Cancelled,
            _ => return,
        };
        self.stop(at, place, stop);
    }

    /// A reopening goes on with the cycle that the end of the ticket had stopped if it comes within the resume window, and
    /// begins a new one otherwise. A response, once given, is given for good.
    fn reopen(&mut self, at: i64, place: usize) {
        let Some(ended) = self.ended.take() else { return };
        self.closed = false;
        self.owner = Owner::Us;
        self.turned_by = Some(place);
        let mode = self.mode();
        let (metric, resume_window) = (self.metric, self.era.resume_window);
        let Some(run) = self.runs.last_mut() else { return };
        let Some(stop) = run.stop else { return };
        let response = matches!(metric, Metric::FirstResponse | Metric::NextReply);
        if Span::new(ended, at).seconds() <= resume_window {
            if stop == Stop::Cancelled || metric == Metric::Resolution {
                run.mode.hold = Some(Hold::Ended);
                run.mode.since = run.stopped_by.take();
                run.advance(at);
                run.mode = mode;
                run.stop = None;
            }
        } else if stop == Stop::Cancelled || !response {
            self.begin(at);
        }
    }
}
