//! What is promised: goals by metric and priority, who stops the clock, and when to warn. Plain data with a stable JSON form
//! (it is stored); knows nothing of time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// How bad it is. The platform calls 1 and 2 severities; 3 and 4 are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Nothing can be sent.
    P1,
    /// Business-initiated messages are blocked.
    P2,
    /// Some templates or capabilities are blocked.
    P3,
    /// A question.
    P4,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the owners explain themselves")]
pub enum Owner {
    Us,
    Client,
    Meta,
    ThirdParty,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Until the first public message by staff.
    FirstResponse,
    /// Until the request is filed with Meta.
    Submission,
    /// Until the account has recovered or the ticket is closed.
    Resolution,
}

/// How much time is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Open seconds of the calendar.
    Seconds(u64),
    /// Working days, a unit of its own: day 1 is the first date after the local date of the start on which a window begins;
    /// a date whose windows are wholly paused does not count; due is the end of the last window of the last day (but not
    /// before the end of an earlier day's night shift).
    WorkingDays(u32),
}

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// How much time.
    pub target: Target,
    /// By which calendar: a key of [`Calendars`](crate::Calendars).
    pub calendar: String,
}

impl Goal {
    fn new(target: Target, calendar: &str) -> Self {
        Self { target, calendar: calendar.to_owned() }
    }
}

/// The promises of one metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricPolicy {
    /// What is measured.
    pub metric: Metric,
    /// A priority without a goal promises nothing.
    pub goals: BTreeMap<Priority, Goal>,
    /// While one of these has the turn, the clock stands still.
    #[serde(default)]
    pub pauses_for: BTreeSet<Owner>,
}

/// Everything that is promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// In the order in which timers are shown; each metric at most once.
    pub metrics: Vec<MetricPolicy>,
    /// Percentages of the budget, 1 to 99, ascending, at which to warn.
    #[serde(default)]
    pub levels: Vec<u8>,
    /// A ticket that is reopened so soon after its end goes on with its old cycle; later, a new cycle begins.
    #[serde(default = "resume_window_by_default")]
    pub resume_window_seconds: u64,
}

/// The key of the round-the-clock calendar in [`Policy::default_policy`].
pub const ALWAYS_OPEN: &str = "always_open";
/// The key of the working hours in [`Policy::default_policy`].
pub const BUSINESS_HOURS: &str = "business_hours";

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn resume_window_by_default() -> u64 {
    24 * HOUR
}

/// Why a policy is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A metric is listed twice.
    #[error("the metric {0:?} is listed twice: join the two")]
    DuplicateMetric(Metric),
    /// A goal of no time at all.
    #[error("the goal of {0:?} for {1:?} is zero: leave the goal out if nothing is promised")]
    ZeroTarget(Metric, Priority),
    /// Our own turn cannot stop our clock.
    #[error("{0:?} pauses while the ticket waits for us: only client, meta and third_party can stop the clock")]
    PausesForUs(Metric),
    /// Warning levels out of range or order.
    #[error("warning levels must be percentages from 1 to 99 in ascending order")]
    InvalidLevels,
}

impl Policy {
    /// The product's defaults. First responses never pause; the others pause while the client or Meta has the turn.
    ///
    /// | | P1 | P2 | P3 | P4 |
    /// |---|---|---|---|---|
    /// | first response | 30 min, 24/7 | 2 h | 4 h | 8 h |
    /// | submission | 4 h, 24/7 | 8 h | 16 h | – |
    /// | resolution | 24 h, 24/7 | 48 h, 24/7 | 5 working days | 10 working days |
    pub fn default_policy() -> Self {
        let goals = |targets: &[(Priority, Target, &str)]| {
            targets.iter().map(|&(priority, target, calendar)| (priority, Goal::new(target, calendar))).collect()
        };
        let business = |priority, hours| (priority, Target::Seconds(hours * HOUR), BUSINESS_HOURS);
        let always = |priority, minutes| (priority, Target::Seconds(minutes * MINUTE), ALWAYS_OPEN);
        let days = |priority, days| (priority, Target::WorkingDays(days), BUSINESS_HOURS);
        let others = BTreeSet::from([Owner::Client, Owner::Meta]);
        let (p1, p2, p3, p4) = (Priority::P1, Priority::P2, Priority::P3, Priority::P4);
        Self {
            metrics: vec![
                MetricPolicy {
                    metric: Metric::FirstResponse,
                    goals: goals(&[always(p1, 30), business(p2, 2), business(p3, 4), business(p4, 8)]),
                    pauses_for: BTreeSet::new(),
                },
                MetricPolicy {
                    metric: Metric::Submission,
                    goals: goals(&[always(p1, 4 * 60), business(p2, 8), business(p3, 16)]),
                    pauses_for: others.clone(),
                },
                MetricPolicy {
                    metric: Metric::Resolution,
                    goals: goals(&[always(p1, 24 * 60), always(p2, 48 * 60), days(p3, 5), days(p4, 10)]),
                    pauses_for: others,
                },
            ],
            levels: vec![50, 75, 90],
            resume_window_seconds: resume_window_by_default(),
        }
    }

    /// The keys of the calendars that the goals name.
    pub fn calendar_keys(&self) -> BTreeSet<&str> {
        self.metrics.iter().flat_map(|metric| metric.goals.values()).map(|goal| goal.calendar.as_str()).collect()
    }

    /// Refuses what cannot be meant; to be asked before a policy is stored.
    pub fn check(&self) -> Result<(), PolicyError> {
        let mut seen = BTreeSet::new();
        for MetricPolicy { metric, goals, pauses_for } in &self.metrics {
            if !seen.insert(*metric) {
                return Err(PolicyError::DuplicateMetric(*metric));
            }
            if pauses_for.contains(&Owner::Us) {
                return Err(PolicyError::PausesForUs(*metric));
            }
            let zero = |goal: &Goal| matches!(goal.target, Target::Seconds(0) | Target::WorkingDays(0));
            if let Some((priority, _)) = goals.iter().find(|(_, goal)| zero(goal)) {
                return Err(PolicyError::ZeroTarget(*metric, *priority));
            }
        }
        let ascending = self.levels.is_sorted_by(|a, b| a < b);
        if !ascending || self.levels.iter().any(|level| !(1..=99).contains(level)) {
            return Err(PolicyError::InvalidLevels);
        }
        Ok(())
    }
}
