//! What the engine answers: one timer for each metric and cycle.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::{Goal, Level, Metric, Owner, Priority};

/// How a promise stands, as of the `now` that was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// What is measured.
    pub metric: Metric,
    /// 1 from the opening; one more with each reopening after the resume window.
    pub cycle: u32,
    /// The priority that it is judged by, or was when the clock was stopped.
    pub priority: Priority,
    /// The version of the policy that it is judged by, or was when the clock was stopped: an index into
    /// [`Terms::policies`](crate::Terms::policies).
    pub policy: usize,
    /// The promise in force, or in force when the clock was stopped. `None`: the priority has none.
    pub goal: Option<Goal>,
    /// How it stands.
    pub state: TimerState,
    /// Whether time is being counted; tells apart a breached timer that still runs from one that is over.
    pub clock: Clock,
    /// When the cycle began.
    pub started_at: Timestamp,
    /// When the budget is used up, with every pause so far cut out. While the clock is paused: only if it is certain
    /// whatever happens, otherwise `None`. When stopped: where the deadline stood at that moment.
    pub due_at: Option<Timestamp>,
    /// While the clock is paused and the due time is not certain: what it would be if the pause ended now. Moves with `now`,
    /// so it is to be shown and not to be stored.
    pub due_if_resumed: Option<Timestamp>,
    /// The first whole second at which more than the budget was counted. Derived from the log: late is late even if nobody
    /// looked.
    pub breached_at: Option<Timestamp>,
    /// While time is counted and the promise is kept: the first second at which it will be broken if nothing happens.
    pub will_breach_at: Option<Timestamp>,
    /// When the clock was stopped for good (so far: a reopening within the resume window starts it again).
    pub stopped_at: Option<Timestamp>,
    /// The event that stopped it, by its place in the log as it was given.
    pub stopped_by: Option<usize>,
    /// Seconds counted so far.
    pub elapsed_seconds: u64,
    /// Seconds of the budget that are left; negative when it is overdrawn. Of working days: the open seconds until the end of
    /// the last day. `None` without a goal, or if the calendar does not open for so long within 100 years.
    pub remaining_seconds: Option<i64>,
    /// The warning levels reached, ascending, each once in a cycle.
    pub levels: Vec<LevelReached>,
    /// The earliest later instant at which a level is reached, the promise breached or other terms begin to hold, if nothing
    /// happens. Until then nothing but the running figures (elapsed, remaining, segments, `due_if_resumed`) changes without an event.
    pub next_wakeup: Option<Timestamp>,
    /// Where the time went: tiles `[started_at, stopped_at or now]` without gap or overlap.
    pub segments: Vec<Segment>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerState {
    /// Not fulfilled, not late.
    Running,
    /// Not fulfilled, not late, and somebody else has the turn.
    Paused,
    /// Fulfilled in time.
    Met,
    /// Late, whether fulfilled since or not.
    Breached,
    /// Fell away in time: the ticket ended before, or its priority has no goal any more.
    Cancelled,
}

impl TimerState {
    /// Stable name, as the JSON form has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Breached => "breached",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Whether time is being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// In opening hours, yes.
    Ticking,
    /// Somebody else has the turn, or nothing is promised at present.
    Paused,
    /// Over.
    Stopped,
}

/// A warning level that was reached. With ticket, metric and cycle, `level` and `due_at` are the key of its effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LevelReached {
    /// Which.
    pub level: Level,
    /// The first whole second at which so much had been counted.
    pub at: Timestamp,
    /// When the timer was due as things stood then.
    pub due_at: Option<Timestamp>,
}

/// A stretch of time and why it counts or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// First second.
    pub start: Timestamp,
    /// First second after.
    pub end: Timestamp,
    /// Whether its seconds are counted.
    pub counted: bool,
    /// Why.
    pub reason: Reason,
    /// The event that made the clock stand still, by its place in the log as it was given; `None` for opening hours, and for
    /// what holds since the opening.
    pub event: Option<usize>,
}

/// Why time counts or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The calendar is open: the only reason that counts.
    OpenHours,
    /// The calendar is closed.
    OutsideHours,
    /// The calendar is closed for the holiday of this name.
    Holiday(String),
    /// Somebody else has the turn, in opening hours or not.
    Waiting(Owner),
    /// Nothing is promised at this priority.
    NoGoal,
    /// The ticket was at its end, and was reopened within the resume window.
    Ended,
}
