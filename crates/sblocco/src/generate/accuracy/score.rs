//! What was right and what was wrong, by rule.

use std::collections::BTreeMap;

use domain::traffic::{Finding, RuleId};
use serde_json::Value;

/// Rules that judge by statistics, which may err: the least precision and recall over all runs. All others are exact.
const FLOORS: [(RuleId, f64, f64); 8] = [
    (RuleId::Con10, 1.0, 1.0),
    (RuleId::Eng01, 0.8, 1.0),
    (RuleId::Eng02, 0.8, 1.0),
    (RuleId::Eng03, 0.8, 1.0),
    (RuleId::Lst02, 0.8, 1.0),
    (RuleId::Lst03, 0.8, 1.0),
    (RuleId::Tpl01, 0.8, 1.0),
    (RuleId::Vol01, 0.8, 1.0),
];

pub(super) fn is_statistical(rule: RuleId) -> bool {
    FLOORS.iter().any(|(statistical, ..)| *statistical == rule)
}

/// Of one rule.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) planted: u64,
    pub(super) recalled: u64,
    pub(super) found: u64,
    pub(super) right: u64,
}

impl Score {
    pub(super) fn precision(self) -> f64 {
        ratio(self.right, self.found)
    }

    pub(super) fn recall(self) -> f64 {
        ratio(self.recalled, self.planted)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Of all rules.
#[derive(Debug, Default)]
pub(super) struct Scores {
    pub(super) rules: BTreeMap<&'static str, (RuleId, Score)>,
    mistakes: Vec<String>,
    /// Findings whose counts are not what was planted.
    differing: Vec<String>,
}

impl Scores {
    fn of(&mut self, rule: RuleId) -> &mut Score {
        &mut self.rules.entry(rule.as_str()).or_insert((rule, Score::default())).1
    }

    /// A fault, and what differs of the finding that tells of it, if there is one.
    pub(super) fn planted(&mut self, fault: &Value, found: Option<Vec<String>>) {
        let rule = fault["rule"].as_str().unwrap().parse().unwrap();
        self.of(rule).planted += 1;
        match found {
            None => self.mistakes.push(format!("missed: {fault}")),
            Some(differ) => {
                self.of(rule).recalled += 1;
                self.differing
                    .extend(differ.into_iter().map(|figure| format!("{rule} {}: {figure}", fault["subject"])));
            }
        }
    }

    /// A finding, and whether it was planted.
    pub(super) fn found(&mut self, finding: &Finding, planted: bool) {
        let score = self.of(finding.rule);
        score.found += 1;
        score.right += u64::from(planted);
        if !planted {
            let Finding { rule, severity, subject, figures, .. } = finding;
            self.mistakes.push(format!("not planted: {rule} {severity} {subject:?} {figures:?}"));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (rule, added) in other.rules.into_values() {
            let score = self.of(rule);
            score.planted += added.planted;
            score.recalled += added.recalled;
            score.found += added.found;
            score.right += added.right;
        }
        self.mistakes.extend(other.mistakes);
        self.differing.extend(other.differing);
    }

    /// Holds every rule to its floors.
    pub(super) fn hold(&self) {
        assert!(self.differing.is_empty(), "{:#?}\n{:#?}", self.differing, self.mistakes);
        for (rule, score) in self.rules.values() {
            let floor = FLOORS.iter().find(|(statistical, ..)| statistical == rule);
            let (_, precision, recall) = floor.copied().unwrap_or((*rule, 1.0, 1.0));
            let enough = score.precision() >= precision && score.recall() >= recall;
            assert!(enough, "{rule}: {score:?}\n{:#?}", self.mistakes);
        }
    }
}
