//! What is promised: goals by metric, priority and client tier, who stops the clock, when to warn, and whom to tell. Plain data
//! with a stable JSON form (it is stored); knows nothing of time.

mod check;
mod defaults;
mod level;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use check::PolicyError;
pub use defaults::{ALWAYS_OPEN, BUSINESS_HOURS};
pub use level::{InvalidLevel, Level};

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
    /// After the first response: from the oldest client message that nobody has answered until the next public message by staff.
    /// Each such wait is a cycle.
    NextReply,
    /// From one public message by staff (or the opening) to the next, until the ticket is closed. Each such stretch is a cycle.
    KeepPosted,
    /// Until the request is filed with Meta.
    Submission,
    /// Until the account has recovered or the ticket is closed.
    Resolution,
}

impl Metric {
    /// All metrics, in the order in which they are usually shown.
    pub const ALL: [Self; 5] =
        [Self::FirstResponse, Self::NextReply, Self::KeepPosted, Self::Submission, Self::Resolution];

    /// Stable name, as the JSON form has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstResponse => "first_response",
            Self::NextReply => "next_reply",
            Self::KeepPosted => "keep_posted",
            Self::Submission => "submission",
            Self::Resolution => "resolution",
        }
    }
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

/// The promises to clients of some tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierGoals {
    /// The tiers, by the names that the operator gave them.
    pub tiers: BTreeSet<String>,
    /// A priority without a goal promises nothing to these tiers.
    pub goals: BTreeMap<Priority, Goal>,
}

/// The promises of one metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricPolicy {
    /// What is measured.
    pub metric: Metric,
    /// Goals for clients of certain tiers. The first entry that names the client's tier holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub for_tiers: Vec<TierGoals>,
    /// The goals of everybody else. A priority without a goal promises nothing.
    pub goals: BTreeMap<Priority, Goal>,
    /// While one of these has the turn, the clock stands still.
    #[serde(default)]
    pub pauses_for: BTreeSet<Owner>,
}

impl MetricPolicy {
    /// The goals of a client of `tier`: those of the first entry that names it, else those of everybody.
    pub fn goals_of(&self, tier: Option<&str>) -> &BTreeMap<Priority, Goal> {
        let named = |entry: &&TierGoals| tier.is_some_and(|tier| entry.tiers.contains(tier));
        self.for_tiers.iter().find(named).map_or(&self.goals, |entry| &entry.goals)
    }

    /// All goals, whoever they are for.
    fn all_goals(&self) -> impl Iterator<Item = (Priority, &Goal)> {
        let tiers = self.for_tiers.iter().flat_map(|entry| &entry.goals);
        tiers.chain(&self.goals).map(|(priority, goal)| (*priority, goal))
    }
}

/// Whom an escalation tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Whoever works on it; while nobody does, the lead.
    Owner,
    /// Whoever leads the team.
    Lead,
    /// Whoever runs the service.
    Manager,
    /// The client.
    Client,
}

/// What is to be done when a level is reached. The engine only says when; doing it is the caller's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// At which level: one of the policy's, or the breach.
    pub at: Level,
    /// Of which metrics; none means every metric.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub metrics: BTreeSet<Metric>,
    /// Whom to tell.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub notify: BTreeSet<Recipient>,
    /// Whether the priority goes up by one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raise_priority: bool,
    /// Who takes the work over: the lead or the manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reassign_to: Option<Recipient>,
}

/// Everything that is promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// In the order in which timers are shown; each metric at most once.
    pub metrics: Vec<MetricPolicy>,
    /// When to warn, ascending: percentages of the budget, then times before the end of the budget, then times after it.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// What to do at a level or at a breach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalations: Vec<Escalation>,
    /// A ticket that is reopened so soon after its end goes on with its old cycle; later, a new cycle begins.
    #[serde(default = "defaults::resume_window_seconds")]
    pub resume_window_seconds: u64,
}

impl Policy {
    /// The keys of the calendars that the goals name.
    pub fn calendar_keys(&self) -> BTreeSet<&str> {
        self.metrics.iter().flat_map(MetricPolicy::all_goals).map(|(_, goal)| goal.calendar.as_str()).collect()
    }

    /// The names of the tiers that have goals of their own.
    pub fn tiers(&self) -> BTreeSet<&str> {
        let entries = self.metrics.iter().flat_map(|metric| &metric.for_tiers);
        entries.flat_map(|entry| &entry.tiers).map(String::as_str).collect()
    }

    /// What is to be done when `level` of `metric` is reached, in the order of the policy.
    pub fn escalations_at(&self, metric: Metric, level: Level) -> impl Iterator<Item = &Escalation> {
        let concerns = move |escalation: &&Escalation| {
            escalation.at == level && (escalation.metrics.is_empty() || escalation.metrics.contains(&metric))
        };
        self.escalations.iter().filter(concerns)
    }

    /// Refuses what cannot be meant; to be asked before a policy is stored.
    pub fn check(&self) -> Result<(), PolicyError> {
        check::check(self)
    }
}
