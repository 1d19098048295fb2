//! Previews: what other thresholds would find on the traffic that an audit has looked at, or the same thresholds without some of
//! its messages. A preview accuses nobody: its findings
//! stand apart, are compared with those of its audit alone, and open nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    AuditId, AuditPreviewId, ClientId, Instant, JobId, UserId,
    audits::{AuditFailure, AuditState, Finding},
    thresholds::Overrides,
    traffic::{Counterfactual, Figure, Remedy, RuleId, RuleResult, RuleState, Severity, Subject},
};

/// A preview of an audit with other thresholds, or without some messages.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPreview {
    /// Id.
    pub id: AuditPreviewId,
    /// Whose traffic.
    pub client: ClientId,
    /// The audit whose traffic, period and profile it repeats.
    pub audit: AuditId,
    /// The job that runs it.
    pub job: Option<JobId>,
    /// Where it stands.
    pub state: AuditState,
    /// What was changed of the audit's thresholds.
    pub overrides: Overrides,
    /// Lists, templates and numbers whose messages it leaves out.
    pub without: Vec<Subject>,
    /// Whether it searches what should not have been sent.
    pub searches_remedies: bool,
    /// Every threshold that it runs with, as JSON.
    pub thresholds: Value,
    /// Who asked; absent for a program.
    pub requested_by: Option<UserId>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When a worker first took it.
    pub started_at: Option<Instant>,
    /// When it ended, however it did.
    pub finished_at: Option<Instant>,
    /// Why it has no result.
    pub failure: Option<AuditFailure>,
}

/// What a preview found beside findings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhatWouldBe {
    /// How the traffic without the messages left out compares with all of it; absent when none were left out.
    pub counterfactual: Option<Counterfactual>,
    /// For each rule with findings, the least that should not have been sent; empty when it was not searched.
    pub remedies: Vec<Remedy>,
}

/// What a preview found; without messages, for nobody is to act on it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewFinding {
    /// The rule.
    pub rule: RuleId,
    /// As of a finding of the same rule and subject.
    pub fingerprint: String,
    /// How bad it would be.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// Sends that it counts.
    pub messages: u64,
    /// Distinct recipients that it counts.
    pub recipients: u64,
    /// Numbers that explain it, and the thresholds that it was judged by.
    pub figures: BTreeMap<String, Figure>,
}

/// How one rule differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleDifference {
    /// The rule.
    pub rule: RuleId,
    /// What it says in the audit; absent when the audit did not run it.
    pub before: Option<RuleState>,
    /// What it would say.
    pub after: Option<RuleState>,
    /// Findings that would be new.
    pub appeared: u32,
    /// Findings that would be gone.
    pub disappeared: u32,
    /// Findings of another severity.
    pub severity_changed: u32,
    /// Findings of the same severity.
    pub unchanged: u32,
}

/// How a preview differs from its audit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// By rule: those that the audit or the preview ran.
    pub rules: Vec<RuleDifference>,
    /// Findings that would be new, worst first.
    pub appeared: Vec<PreviewFinding>,
    /// Findings that would be gone, worst first.
    pub disappeared: Vec<Finding>,
    /// Findings that would have another severity, worst first by what they would be.
    pub severity_changed: Vec<(Finding, PreviewFinding)>,
}

impl Difference {
    /// Between an audit's findings and rules, and a preview's.
    pub fn between(
        (before, rules_before): (Vec<Finding>, &[RuleResult]),
        (after, rules_after): (Vec<PreviewFinding>, &[RuleResult]),
    ) -> Self {
        let rules: BTreeSet<&str> = rules_before.iter().chain(rules_after).map(|result| result.rule.as_str()).collect();
        let state = |results: &[RuleResult], rule: RuleId| {
            results.iter().find(|result| result.rule == rule).map(|result| result.state)
        };
        let mut by_rule: BTreeMap<&str, RuleDifference> = rules
            .into_iter()
            .filter_map(|rule| Some((rule, rule.parse::<RuleId>().ok()?)))
            .map(|(name, rule)| {
                let (before, after) = (state(rules_before, rule), state(rules_after, rule));
                let none = RuleDifference {
                    rule,
                    before,
                    after,
                    appeared: 0,
                    disappeared: 0,
                    severity_changed: 0,
                    unchanged: 0,
                };
                (name, none)
            })
            .collect();
        let mut old: BTreeMap<String, Finding> =
            before.into_iter().map(|finding| (finding.found.fingerprint.clone(), finding)).collect();
        let mut difference = Self::default();
        for finding in after {
            let mut count = |of: fn(&mut RuleDifference) -> &mut u32| {
                if let Some(rule) = by_rule.get_mut(finding.rule.as_str()) {
                    *of(rule) += 1;
                }
            };
            match old.remove(&finding.fingerprint) {
                None => {
                    count(|rule| &mut rule.appeared);
                    difference.appeared.push(finding);
                }
                Some(was) if was.found.severity == finding.severity => count(|rule| &mut rule.unchanged),
                Some(was) => {
                    count(|rule| &mut rule.severity_changed);
                    difference.severity_changed.push((was, finding));
                }
            }
        }
        difference.disappeared = old.into_values().collect();
        difference.disappeared.sort_by_key(|finding| finding.ordinal);
        for finding in &difference.disappeared {
            if let Some(rule) = by_rule.get_mut(finding.found.rule.as_str()) {
                rule.disappeared += 1;
            }
        }
        difference.rules = by_rule.into_values().collect();
        difference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        FindingId,
        audits::Comparison,
        traffic::{self, SubjectKind},
    };

    fn before(list: &str, severity: Severity) -> Finding {
        let subject = Subject::of(SubjectKind::List, Some(list));
        let now = Instant::from_timestamp(1_790_000_000, 0).unwrap();
        Finding {
            id: FindingId::from_uuid(uuid::Uuid::nil()),
            client: ClientId::from_uuid(uuid::Uuid::nil()),
            audit: AuditId::from_uuid(uuid::Uuid::nil()),
            ordinal: 0,
            comparison: Comparison::New,
            is_provisional: false,
            first_seen_at: now,
            found: traffic::Finding {
                rule: RuleId::Con01,
                fingerprint: traffic::Finding::fingerprint_of(RuleId::Con01, &subject),
                severity,
                subject,
                messages: 1,
                recipients: 1,
                figures: BTreeMap::new(),
                breakdown: Vec::new(),
                places: Vec::new(),
                sample: Vec::new(),
            },
        }
    }

    fn after(list: &str, severity: Severity) -> PreviewFinding {
        let traffic::Finding { rule, fingerprint, subject, messages, recipients, figures, .. } =
            before(list, severity).found;
        PreviewFinding { rule, fingerprint, severity, subject, messages, recipients, figures }
    }

    #[test]
    fn findings_appear_disappear_and_change_their_severity() {
        let rule = |state| [RuleResult { rule: RuleId::Con01, state, provisional: false }];
        let old = vec![before("a", Severity::High), before("b", Severity::High), before("c", Severity::High)];
        let new = vec![after("b", Severity::High), after("c", Severity::Critical), after("d", Severity::High)];
        let difference = Difference::between((old, &rule(RuleState::Finding)), (new, &rule(RuleState::Finding)));
        assert_eq!(difference.appeared, [after("d", Severity::High)]);
        assert_eq!(difference.disappeared, [before("a", Severity::High)]);
        assert_eq!(difference.severity_changed, [(before("c", Severity::High), after("c", Severity::Critical))]);
        let expected = RuleDifference {
            rule: RuleId::Con01,
            before: Some(RuleState::Finding),
            after: Some(RuleState::Finding),
            appeared: 1,
            disappeared: 1,
            severity_changed: 1,
            unchanged: 1,
        };
        assert_eq!(difference.rules, [expected]);
    }
}
