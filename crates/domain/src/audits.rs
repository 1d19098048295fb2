//! Audits that were asked for, their findings, and how the findings of one audit stand to those of the one before.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    AuditId, ClientId, FindingId, Instant, JobId, UserId,
    thresholds::UsedThresholds,
    traffic::{self, AuditParameters, Period, RuleId, RuleResult, RuleState},
    words::words,
};

words! {
    /// Where an audit stands.
    AuditState {
        /// Waits for a worker.
        Queued = "queued",
        /// A worker replays the traffic.
        Running = "running",
        /// Done: figures and findings stand.
        Completed = "completed",
        /// Given up; there is no result.
        Failed = "failed",
        /// Somebody cancelled it; there is no result.
        Cancelled = "cancelled",
    }
}

impl AuditState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

words! {
    /// Why an audit has no result; texts for people stand in `i18n` under `audit-failure-…`.
    AuditFailure {
        /// The traffic could not be read: a segment is damaged, missing, or of a newer release.
        UnreadableTraffic = "unreadable_traffic",
        /// It failed, or took its worker down, too often.
        TooManyAttempts = "too_many_attempts",
        /// The messages of a finding were looked for again, and they are not as many as it counts: nothing is handed out.
        EvidenceDiffers = "evidence_differs",
        /// A defect of ours.
        Internal = "internal",
    }
}

/// An audit of one client's traffic. Its figures and findings are read apart: they can be large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Id.
    pub id: AuditId,
    /// Whose traffic.
    pub client: ClientId,
    /// The job that runs it.
    pub job: Option<JobId>,
    /// Where it stands.
    pub state: AuditState,
    /// What was asked.
    pub parameters: AuditParameters,
    /// The thresholds that held when it was asked for, and that it runs with.
    pub thresholds: UsedThresholds,
    /// The period that was looked at; before the end of the audit, the period that was asked for.
    pub period: Period,
    /// Whether late webhooks can still change a figure.
    pub is_provisional: bool,
    /// Who asked; absent for a schedule and for a program.
    pub requested_by: Option<UserId>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When a worker first took it.
    pub started_at: Option<Instant>,
    /// When it ended, however it did.
    pub finished_at: Option<Instant>,
    /// The audit that its findings are compared with.
    pub previous: Option<AuditId>,
    /// Why it has no result.
    pub failure: Option<AuditFailure>,
}

words! {
    /// How a finding stands to the audits before.
    Comparison {
        /// Never seen before.
        New = "new",
        /// Also in the previous audit.
        Continuing = "continuing",
        /// Not in the previous audit, but in an earlier one.
        Returned = "returned",
    }
}

/// A finding that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Id.
    pub id: FindingId,
    /// Whose.
    pub client: ClientId,
    /// The audit that found it.
    pub audit: AuditId,
    /// Its place among the findings of the audit, from 0, worst first.
    pub ordinal: u32,
    /// How it stands to the audits before.
    pub comparison: Comparison,
    /// Whether late webhooks can still change it.
    pub is_provisional: bool,
    /// When the audit was asked for that began the unbroken row of audits with this finding.
    pub first_seen_at: Instant,
    /// What was found.
    pub found: traffic::Finding,
}

/// What an earlier audit knew of a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it was first seen, in an unbroken row of audits.
    pub first_seen_at: Instant,
}

/// What the audits before say about fingerprints.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The findings of the previous audit.
    pub previous: BTreeMap<String, Seen>,
    /// Fingerprints that any audit before ever found.
    pub ever: BTreeSet<String>,
}

impl History {
    /// How `fingerprint`, found by an audit that was asked for at `requested_at`, stands to the audits before, and since when
    /// it has been seen.
    pub fn compare(&self, fingerprint: &str, requested_at: Instant) -> (Comparison, Instant) {
        match self.previous.get(fingerprint) {
            Some(seen) => (Comparison::Continuing, seen.first_seen_at),
            None if self.ever.contains(fingerprint) => (Comparison::Returned, requested_at),
            None => (Comparison::New, requested_at),
        }
    }
}

/// Whether a finding of `rule` in the previous audit, absent from this one, is resolved: only when the rule had its data and
/// judged. A rule that was not fed, or had too little, acquits nobody.
pub fn is_resolved(rule: RuleId, rules: &[RuleResult]) -> bool {
    rules.iter().any(|result| result.rule == rule && matches!(result.state, RuleState::Finding | RuleState::Clear))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_finding_is_new_continuing_or_returned() {
        let history = History {
            previous: [("a".to_owned(), Seen { first_seen_at: at(1) })].into(),
            ever: ["a".to_owned(), "b".to_owned()].into(),
        };
        assert_eq!(history.compare("a", at(9)), (Comparison::Continuing, at(1)));
        assert_eq!(history.compare("b", at(9)), (Comparison::Returned, at(9)));
        assert_eq!(history.compare("c", at(9)), (Comparison::New, at(9)));
    }

    #[test]
    fn a_rule_that_did_not_judge_resolves_nothing() {
        let result = |state| [RuleResult { rule: RuleId::Con01, state, provisional: false }];
        assert!(is_resolved(RuleId::Con01, &result(RuleState::Clear)));
        assert!(is_resolved(RuleId::Con01, &result(RuleState::Finding)));
        assert!(!is_resolved(RuleId::Con01, &result(RuleState::NotFed)));
        assert!(!is_resolved(RuleId::Con01, &result(RuleState::InsufficientData)));
        assert!(!is_resolved(RuleId::Tpl01, &result(RuleState::Clear)));
        assert!(!is_resolved(RuleId::Con01, &[]));
    }
}
