//! What an audit would have said, had some messages not been sent.
//!
//! The messages of the removed lists, templates or numbers are deleted; what people wrote and consented to stays. The figures
//! are those of an audit of the rest, not an estimate.

use super::{Count, RuleId, Subject};

/// The figures that people ask for first, of one audit.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outline {
    /// Sends.
    pub messages: u64,
    /// Of them failed.
    pub failed: u64,
    /// Due sends without a valid opt-in.
    pub without_consent: u64,
    /// Distinct recipients of the busiest moving 24 hours.
    pub peak_recipients: u64,
    /// Findings.
    pub findings: u64,
    /// The composite risk score, 0 to 100, when it could be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_score: Option<f64>,
}

/// An audit without some messages, beside the audit with all of them.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counterfactual {
    /// The lists, templates and numbers whose messages are deleted.
    pub without: Vec<Subject>,
    /// The messages of the period that are deleted.
    pub removed: u64,
    /// With all messages.
    pub before: Outline,
    /// Without them.
    pub after: Outline,
    /// Rules with findings before and CLEAR after, by id.
    pub cleared: Vec<RuleId>,
    /// Rules with findings after that had none before: what was removed had hidden them.
    pub raised: Vec<RuleId>,
}

/// The least that must not have been sent for a rule to be CLEAR.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remedy {
    /// The rule.
    pub rule: RuleId,
    /// Whether no smaller set exists among the lists, templates and numbers that contribute most: sets of up to three are
    /// tried all, larger ones are found step by step and may not be the least.
    pub is_least: bool,
    /// What to leave out, and what follows; absent when no set was found that clears the rule.
    pub counterfactual: Option<Counterfactual>,
}

/// What to do with the people of one contact list, as things stand at the end of the period. Each recipient counts once, under
/// the first that applies.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAdvice {
    /// The contact list; absent for messages of no list.
    pub list_id: Option<String>,
    /// Sends of the period, and their distinct recipients.
    #[serde(flatten)]
    pub sent: Count,
    /// People who asked for no more, or who could not be reached on two days: to be removed.
    pub remove: u64,
    /// People without a valid opt-in for marketing: to be asked, where a channel is open to ask them.
    pub ask_again: u64,
    /// People who take no notice: to be written to less often, or no more.
    pub rest: u64,
    /// People who were written to for the first time, and who never wrote: to be reached in small portions.
    pub warm_up: u64,
    /// Everybody else.
    pub keep: u64,
}
