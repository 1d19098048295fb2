//! What an audit is asked to do, and by which thresholds.

use domain::traffic::{Category, Profile, RULES, RuleId, Thresholds};

/// What [`crate::Replay`] counts and [`crate::report`] judges. All replays of one audit, and its report, get equal settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Start of the period, included: microseconds since 1970-01-01 UTC. `None`: the least sent_at.
    pub from: Option<i64>,
    /// End of the period, excluded: microseconds since 1970-01-01 UTC. `None`: the greatest sent_at + 1 µs.
    pub to: Option<i64>,
    /// Categories whose templates need an opt-in. [`Category::Unknown`] never does, even when named here.
    pub purposes: Vec<Category>,
    /// The rules to evaluate. The figures of the exchange formats do not depend on it; what only rules of the profile `full`
    /// need is counted only for it, as are the advice per list and the attribution.
    pub profile: Profile,
    /// Only these rules of the profile are evaluated, and of the figures only totals are counted; `None`: all.
    pub only: Option<Vec<RuleId>>,
    /// Thresholds of the rules.
    pub thresholds: Thresholds,
    /// Stop words of the client's own, beside those of everybody.
    pub stop_words: Vec<String>,
    /// Most messages in the sample of one finding.
    pub sample_size: usize,
    /// When Meta first told of a violation, if it did: an opt-in that was recorded later is suspect (CON-07).
    pub violation_at: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            purposes: vec![Category::Marketing, Category::Utility],
            profile: Profile::Full,
            only: None,
            thresholds: Thresholds::default(),
            stop_words: Vec::new(),
            sample_size: 20,
            violation_at: None,
        }
    }
}

impl Settings {
    /// Whether the rule is evaluated. The composite of all rules needs all of them.
    pub(crate) fn asks_for(&self, rule: RuleId) -> bool {
        let is_full = self.profile == Profile::Full;
        let in_profile = || RULES.iter().any(|spec| spec.id == rule && (is_full || spec.in_minimum));
        self.only.as_ref().is_none_or(|only| only.contains(&rule) || only.contains(&RuleId::Qlt02)) && in_profile()
    }
}
