//! What another version of the terms does to the deadlines of a ticket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::Metric;
use crate::timer::{Timer, TimerState};

/// A deadline that stands elsewhere under other terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Of which metric.
    pub metric: Metric,
    /// Of which cycle.
    pub cycle: u32,
    /// Where it stood; `None`: nothing was promised, or not certainly.
    pub from: Option<Timestamp>,
    /// Where it stands; `None`: nothing is promised, or not certainly.
    pub to: Option<Timestamp>,
    /// Whether the promise is broken now and was not.
    pub breached: bool,
}

/// The deadlines that differ between two answers about the same log and instant, in the order of `after`, then those that are no
/// more. Stopped timers do not move.
pub fn moved(before: &[Timer], after: &[Timer]) -> Vec<Moved> {
    let deadline = |timer: &Timer| timer.due_at.or(timer.due_if_resumed);
    let breached = |timer: &Timer| timer.state == TimerState::Breached;
    let same = |one: &Timer, other: &Timer| (one.metric, one.cycle) == (other.metric, other.cycle);
    let running = |timer: &&Timer| timer.stopped_at.is_none();
    let mut moved = Vec::new();
    for timer in after.iter().filter(running) {
        let old = before.iter().find(|old| same(old, timer));
        let (from, to) = (old.and_then(deadline), deadline(timer));
        let breached = breached(timer) && !old.is_some_and(breached);
        if from != to || breached {
            moved.push(Moved { metric: timer.metric, cycle: timer.cycle, from, to, breached });
        }
    }
    let gone = before.iter().filter(running).filter(|old| !after.iter().any(|timer| same(old, timer)));
    moved.extend(gone.filter_map(|old| {
        let from = deadline(old)?;
        Some(Moved { metric: old.metric, cycle: old.cycle, from: Some(from), to: None, breached: false })
    }));
    moved
}
