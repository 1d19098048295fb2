//! What a ticket is judged by: versions of policies and calendars, each with the instant from which it holds and for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::instant::{floor, timestamp};
use crate::policy::Policy;

/// For which tickets a version holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// For tickets that are opened from its effective instant on.
    NewTickets,
    /// For those, and from its effective instant on for timers that run. What was counted before stays as it was counted.
    RunningTimers,
}

impl Scope {
    /// Stable name, as the JSON form has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewTickets => "new_tickets",
            Self::RunningTimers => "running_timers",
        }
    }
}

/// A version of a policy or of a calendar. Immutable: a change is another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<T> {
    /// From when it holds; floored to the second.
    pub effective_from: Timestamp,
    /// For which tickets.
    pub scope: Scope,
    /// What it says.
    pub value: T,
}

impl<T> Version<T> {
    /// One that always held.
    pub fn since_ever(value: T) -> Self {
        Self { effective_from: Timestamp::MIN, scope: Scope::NewTickets, value }
    }

    /// Whether it applies at `at` to a ticket that was opened at `opened`.
    fn applies(&self, opened: i64, at: i64) -> bool {
        let from = floor(self.effective_from);
        from <= opened || (self.scope == Scope::RunningTimers && from <= at)
    }
}

/// The index of the version that holds at `at`: the last one in the list that applies.
fn holding<T>(versions: &[Version<T>], opened: i64, at: i64) -> Option<usize> {
    versions.iter().rposition(|version| version.applies(opened, at))
}

/// Calendars by the key under which goals name them, each in its versions. Cheap to clone; the calendars (and their caches) are
/// shared.
#[derive(Debug, Clone, Default)]
pub struct Calendars(BTreeMap<String, Vec<Version<Arc<Calendar>>>>);

impl Calendars {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a calendar that always held, in place of all versions of the same key.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, calendar: impl Into<Arc<Calendar>>) -> Self {
        self.0.insert(key.into(), vec![Version::since_ever(calendar.into())]);
        self
    }

    /// Adds a version. Of those that apply at an instant the one that was added last holds.
    #[must_use]
    pub fn with_version(mut self, key: impl Into<String>, version: Version<Arc<Calendar>>) -> Self {
        self.0.entry(key.into()).or_default().push(version);
        self
    }

    /// The latest version of this key.
    pub fn get(&self, key: &str) -> Option<&Calendar> {
        self.0.get(key)?.last().map(|version| &*version.value)
    }

    pub(crate) fn at(&self, key: &str, opened: i64, at: i64) -> Option<&Calendar> {
        let versions = self.0.get(key)?;
        holding(versions, opened, at).map(|index| &*versions[index].value)
    }
}

/// What a ticket is judged by: the versions of policies and calendars that can concern it, and the tiers of its client.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    policies: Vec<Version<Arc<Policy>>>,
    calendars: Calendars,
    /// Ascending; each holds until the next.
    tiers: Vec<(Timestamp, Option<String>)>,
}

impl Terms {
    /// One policy that always held.
    pub fn new(policy: impl Into<Arc<Policy>>, calendars: Calendars) -> Self {
        Self { policies: vec![Version::since_ever(policy.into())], calendars, tiers: Vec::new() }
    }

    /// Versions of a policy. Of those that apply at an instant the last one in the list holds.
    pub fn of_versions(policies: Vec<Version<Arc<Policy>>>, calendars: Calendars) -> Self {
        Self { policies, calendars, tiers: Vec::new() }
    }

    /// Adds a version of the policy, which holds before all others that apply.
    #[must_use]
    pub fn with_policy(mut self, version: Version<Arc<Policy>>) -> Self {
        self.policies.push(version);
        self
    }

    /// Adds a version of a calendar.
    #[must_use]
    pub fn with_calendar(mut self, key: impl Into<String>, version: Version<Arc<Calendar>>) -> Self {
        self.calendars = self.calendars.with_version(key, version);
        self
    }

    /// For a client that was always of this tier.
    #[must_use]
    pub fn for_tier(mut self, tier: Option<String>) -> Self {
        self.tiers = vec![(Timestamp::MIN, tier)];
        self
    }

    /// For a client that is of this tier (`None`: of none) from an instant on, until it is of another. Its goals hold from then on,
    /// for timers that run too.
    #[must_use]
    pub fn with_tier(mut self, effective_from: Timestamp, tier: Option<String>) -> Self {
        let place = self.tiers.partition_point(|(from, _)| *from <= effective_from);
        self.tiers.insert(place, (effective_from, tier));
        self
    }

    /// The versions of the policy; [`Timer::policy`](crate::Timer) is an index into them.
    pub fn policies(&self) -> &[Version<Arc<Policy>>] {
        &self.policies
    }

    /// The calendars.
    pub fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The instants after `opened` and up to `until` at which other terms began to hold for tickets that ran, ascending.
    pub fn changes(&self, opened: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        let until = floor(until);
        self.changes_after(floor(opened)).into_iter().take_while(move |at| *at <= until).map(timestamp)
    }

    /// The terms without what begins to hold at `at` or later: as they were before.
    #[must_use]
    pub fn before(&self, at: Timestamp) -> Self {
        let at = floor(at);
        let mut terms = self.clone();
        terms.policies.retain(|version| floor(version.effective_from) < at);
        terms.tiers.retain(|(from, _)| floor(*from) < at);
        for versions in terms.calendars.0.values_mut() {
            versions.retain(|version| floor(version.effective_from) < at);
        }
        terms
    }

    /// The policy that holds at `at` for a ticket that was opened at `opened`, with its index.
    pub(crate) fn policy_at(&self, opened: i64, at: i64) -> Option<(usize, &Policy)> {
        holding(&self.policies, opened, at).map(|index| (index, &*self.policies[index].value))
    }

    /// The tier of the client at `at`.
    pub(crate) fn tier_at(&self, at: i64) -> Option<&str> {
        self.tiers.iter().rev().find(|(from, _)| floor(*from) <= at)?.1.as_deref()
    }

    /// The instants after `opened` at which something else begins to hold for tickets that run, ascending.
    pub(crate) fn changes_after(&self, opened: i64) -> BTreeSet<i64> {
        let from = |scope: Scope, from: Timestamp| {
            Some(floor(from)).filter(|from| scope == Scope::RunningTimers && *from > opened)
        };
        let policies = self.policies.iter().filter_map(|version| from(version.scope, version.effective_from));
        let calendars = self.calendars.0.values().flatten();
        let calendars = calendars.filter_map(|version| from(version.scope, version.effective_from));
        let tiers = self.tiers.iter().filter_map(|(at, _)| from(Scope::RunningTimers, *at));
        policies.chain(calendars).chain(tiers).collect()
    }
}
