//! What no policy can mean.

use std::collections::BTreeSet;

use super::{Escalation, Level, Metric, MetricPolicy, Owner, Policy, Priority, Recipient, Target};

/// Why a policy is refused. Each says what to change.
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
    #[error(
        "levels must be percentages from 1 to 99, then times before due, then times after it, each in ascending order and \
         above zero; a breach is always one"
    )]
    InvalidLevels,
    /// Goals for no tier, or for one without a name, or for one that an earlier entry has taken.
    #[error("the goals of {0:?} for tiers must name tiers, each once")]
    InvalidTiers(Metric),
    /// An escalation at a level that the policy does not have.
    #[error("an escalation stands at {0}, which is none of the levels")]
    UnknownLevel(Level),
    /// An escalation that does nothing.
    #[error("the escalation at {0} does nothing: let it notify, raise the priority or reassign")]
    IdleEscalation(Level),
    /// Work can only be given to the lead or the manager.
    #[error("the escalation at {0} gives the work to {1:?}: only lead and manager can take it over")]
    InvalidAssignee(Level, Recipient),
}

pub(super) fn check(policy: &Policy) -> Result<(), PolicyError> {
    let mut seen = BTreeSet::new();
    for metric in &policy.metrics {
        if !seen.insert(metric.metric) {
            return Err(PolicyError::DuplicateMetric(metric.metric));
        }
        check_metric(metric)?;
    }
    let ascending = policy.levels.is_sorted_by(|a, b| a < b);
    if !ascending || policy.levels.iter().any(|level| !can_be_listed(*level)) {
        return Err(PolicyError::InvalidLevels);
    }
    policy.escalations.iter().try_for_each(|escalation| check_escalation(policy, escalation))
}

fn check_metric(policy: &MetricPolicy) -> Result<(), PolicyError> {
    let metric = policy.metric;
    if policy.pauses_for.contains(&Owner::Us) {
        return Err(PolicyError::PausesForUs(metric));
    }
    let mut tiers = BTreeSet::new();
    for entry in &policy.for_tiers {
        let new = |tier: &String| !tier.trim().is_empty() && tiers.insert(tier.clone());
        if entry.tiers.is_empty() || !entry.tiers.iter().all(new) {
            return Err(PolicyError::InvalidTiers(metric));
        }
    }
    let zero = |target: Target| matches!(target, Target::Seconds(0) | Target::WorkingDays(0));
    match policy.all_goals().find(|(_, goal)| zero(goal.target)) {
        Some((priority, _)) => Err(PolicyError::ZeroTarget(metric, priority)),
        None => Ok(()),
    }
}

const fn can_be_listed(level: Level) -> bool {
    match level {
        Level::Percent(percent) => percent >= 1 && percent <= 99,
        Level::BeforeDue(seconds) | Level::AfterDue(seconds) => seconds > 0,
        Level::Breach => false,
    }
}

fn check_escalation(policy: &Policy, escalation: &Escalation) -> Result<(), PolicyError> {
    let Escalation { at, notify, raise_priority, reassign_to, .. } = escalation;
    if *at != Level::Breach && !policy.levels.contains(at) {
        return Err(PolicyError::UnknownLevel(*at));
    }
    match reassign_to {
        None if notify.is_empty() && !raise_priority => Err(PolicyError::IdleEscalation(*at)),
        Some(to @ (Recipient::Owner | Recipient::Client)) => Err(PolicyError::InvalidAssignee(*at, *to)),
        _ => Ok(()),
    }
}
