//! From the log to stretches: for one metric, when its clock ran by which goal, and when it stood still and why.
//!
//! Measures nothing; that is `judge`'s part.

use std::collections::BTreeMap;

use crate::calendar::Calendar;
use crate::event::EventKind;
use crate::instant::Span;
use crate::policy::{Goal, Metric, MetricPolicy, Owner, Priority};

/// A goal with its calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise<'a> {
    pub(crate) goal: &'a Goal,
    pub(crate) calendar: &'a Calendar,
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
    pub(crate) promise: Option<Promise<'a>>,
    pub(crate) hold: Option<Hold>,
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

/// Follows the log for one metric.
pub(crate) struct Recorder<'a> {
    policy: &'a MetricPolicy,
    promises: BTreeMap<Priority, Promise<'a>>,
    resume_window: u64,
    priority: Priority,
    owner: Owner,
    /// When the ticket came to its end, while it is there.
    ended: Option<i64>,
    runs: Vec<Run<'a>>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(
        policy: &'a MetricPolicy,
        promises: BTreeMap<Priority, Promise<'a>>,
        resume_window: u64,
        priority: Priority,
    ) -> Self {
        Self { policy, promises, resume_window, priority, owner: Owner::Us, ended: None, runs: Vec::new() }
    }

    /// Takes the next event; `at` must not go back.
    pub(crate) fn take(&mut self, at: i64, kind: EventKind) {
        match kind {
            EventKind::Opened if self.runs.is_empty() => self.begin(at),
            EventKind::WaitingOn(owner) => self.change(at, |recorder| recorder.owner = owner),
            EventKind::PriorityChanged(priority) => self.change(at, |recorder| recorder.priority = priority),
            EventKind::PublicReplyByStaff | EventKind::Submitted => self.stop_if(at, kind),
            EventKind::Recovered | EventKind::Closed => {
                self.stop_if(at, kind);
                self.ended = Some(at);
            }
            EventKind::Reopened => self.reopen(at),
            EventKind::Opened | EventKind::Other => {}
        }
    }

    /// The cycles as of `now`, which must not be before the last event.
    pub(crate) fn finish(mut self, now: i64) -> Vec<Run<'a>> {
        if let Some(run) = self.runs.last_mut().filter(|run| run.stop.is_none()) {
            run.advance(now);
        }
        self.runs
    }

    fn mode(&self) -> Mode<'a> {
        let promise = self.promises.get(&self.priority).copied();
        let hold = match promise {
            None => Some(Hold::NoGoal),
            Some(_) if self.policy.pauses_for.contains(&self.owner) => Some(Hold::Waiting(self.owner)),
            Some(_) => None,
        };
        Mode { promise, hold }
    }

    fn begin(&mut self, at: i64) {
        let cycle = self.runs.last().map_or(1, |run| run.cycle + 1);
        let mode = self.mode();
        self.runs.push(Run { cycle, started: at, stretches: Vec::new(), until: at, mode, stop: None });
    }

    /// Changes what holds from `at` on; a stopped run keeps what held when it stopped.
    fn change(&mut self, at: i64, change: impl FnOnce(&mut Self)) {
        change(self);
        let mode = self.mode();
        if let Some(run) = self.runs.last_mut().filter(|run| run.stop.is_none()) {
            run.advance(at);
            run.mode = mode;
        }
    }

    fn stop_if(&mut self, at: i64, kind: EventKind) {
        let stop = match (self.policy.metric, kind) {
            (Metric::FirstResponse, EventKind::PublicReplyByStaff)
            | (Metric::Submission, EventKind::Submitted)
            | (Metric::Resolution, EventKind::Recovered | EventKind::Closed) => Stop::Fulfilled,
            (Metric::FirstResponse | Metric::Submission, EventKind::Closed)
            | (Metric::Submission, EventKind::Recovered) => Stop::Cancelled,
            _ => return,
        };
        if let Some(run) = self.runs.last_mut().filter(|run| run.stop.is_none()) {
            run.advance(at);
            run.stop = Some(stop);
        }
    }

    /// A reopening goes on with the cycle that the end of the ticket had stopped if it comes within the resume window, and
    /// begins a new one otherwise. A first response, once given, is given for good.
    fn reopen(&mut self, at: i64) {
        let Some(ended) = self.ended.take() else { return };
        self.owner = Owner::Us;
        let mode = self.mode();
        let metric = self.policy.metric;
        let Some(run) = self.runs.last_mut() else { return };
        let Some(stop) = run.stop else { return };
        if Span::new(ended, at).seconds() <= self.resume_window {
            if stop == Stop::Cancelled || metric == Metric::Resolution {
                run.mode.hold = Some(Hold::Ended);
                run.advance(at);
                run.mode = mode;
                run.stop = None;
            }
        } else if stop == Stop::Cancelled || metric != Metric::FirstResponse {
            self.begin(at);
        }
    }
}
