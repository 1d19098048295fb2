//! Audits of what would have been sent without some lists, templates or numbers: exact, by replaying the rest.
//!
//! [`Alternatives`] replays several removals in one pass over the histories; [`Search`] asks for the removals that are worth a
//! pass and finds, for each rule with findings, the least that clears it.

mod alternatives;
mod contributors;
mod removal;
mod search;

pub use alternatives::Alternatives;
pub use contributors::Contributors;
pub use removal::Removal;
pub use search::{Question, Search};

use domain::traffic::{Counterfactual, Figure, Outline, Report, RuleId, RuleState, Subject, Verdict};

/// The figures of a report that are compared.
fn outline(report: &Report) -> Outline {
    let valid = |verdict: &&domain::traffic::VerdictFigures| verdict.verdict != Verdict::Valid;
    let score = report.findings.iter().find(|finding| finding.rule == RuleId::Qlt02);
    Outline {
        messages: report.totals.messages,
        failed: report.templates.iter().map(|template| template.failed).sum(),
        without_consent: report.consent.by_verdict.iter().filter(valid).map(|verdict| verdict.messages).sum(),
        peak_recipients: report.peak24h.recipients,
        findings: report.findings.len() as u64,
        risk_score: score.and_then(|finding| match finding.figures.get("score") {
            Some(Figure::Value(score)) => Some(*score),
            Some(Figure::Count(score)) => Some(*score as f64),
            None => None,
        }),
    }
}

/// Compares an audit with the audit of the same data without the messages of `without`.
pub fn compare(without: Vec<Subject>, before: &Report, after: &Report) -> Counterfactual {
    Counterfactual {
        without,
        removed: before.totals.messages.saturating_sub(after.totals.messages),
        before: outline(before),
        after: outline(after),
        cleared: rules(before, RuleState::Finding)
            .filter(|rule| state(after, *rule) == Some(RuleState::Clear))
            .collect(),
        raised: rules(after, RuleState::Finding)
            .filter(|rule| state(before, *rule) != Some(RuleState::Finding))
            .collect(),
    }
}

fn rules(report: &Report, state: RuleState) -> impl Iterator<Item = RuleId> {
    report.rules.iter().filter(move |result| result.state == state).map(|result| result.rule)
}

fn state(report: &Report, rule: RuleId) -> Option<RuleState> {
    report.rules.iter().find(|result| result.rule == rule).map(|result| result.state)
}
