//! QLT-02: one number for how near a client is to trouble, put together from what the other rules found.
//!
//! Nothing is hidden in it: each component has a weight, and the worst finding of its rules says how much of the weight
//! counts. A component of which no rule could be judged adds nothing and is named by its absence; so the score is a lower
//! bound, and only CLEAR when the missing components could not lift it over the first band.

use domain::traffic::{Count, Finding, RiskThresholds, RuleId, RuleResult, RuleState, Severity, Subject, SubjectKind};

use super::{Case, Draft, Judgement};

/// What a score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Component {
    Consent,
    Template,
    OptOut,
    Quality,
    Volume,
    Hygiene,
}

const COMPONENTS: [Component; 6] = [
    Component::Consent,
    Component::Template,
    Component::OptOut,
    Component::Quality,
    Component::Volume,
    Component::Hygiene,
];

/// How many contributors are told.
const CONTRIBUTORS: usize = 3;

impl Component {
    fn of(rule: RuleId) -> Option<Self> {
        let (family, _) = rule.as_str().split_once('-')?;
        Some(match (rule, family) {
            (RuleId::Qlt02, _) => return None,
            (RuleId::Con02 | RuleId::Con11 | RuleId::Eng02, _) => Self::OptOut,
            (RuleId::Win03 | RuleId::Lst06, _) | (_, "CON") => Self::Consent,
            (_, "TPL" | "PRO") => Self::Template,
            (_, "QLT" | "ENF" | "ENG") => Self::Quality,
            (_, "WIN" | "VOL" | "WRM" | "LIM") => Self::Volume,
            _ => Self::Hygiene,
        })
    }

    fn figure(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Template => "template",
            Self::OptOut => "optOut",
            Self::Quality => "quality",
            Self::Volume => "volume",
            Self::Hygiene => "hygiene",
        }
    }

    fn weight(self, risk: &RiskThresholds) -> f64 {
        match self {
            Self::Consent => risk.consent,
            Self::Template => risk.template,
            Self::OptOut => risk.opt_out,
            Self::Quality => risk.quality,
            Self::Volume => risk.volume,
            Self::Hygiene => risk.hygiene,
        }
    }
}

/// How much of a component's weight a finding counts.
fn level(severity: Severity, risk: &RiskThresholds) -> f64 {
    match severity {
        Severity::Info => 0.0,
        Severity::Low => risk.low,
        Severity::Medium => risk.medium,
        Severity::High => risk.high,
        Severity::Critical => 1.0,
    }
}

/// Adds up what the other rules found.
pub(super) fn judge(case: &Case<'_>, results: &[RuleResult], findings: &[Finding]) -> Judgement {
    let risk = &case.thresholds.risk;
    let is_judged = |component: Component| {
        let own = results.iter().filter(|result| Component::of(result.rule) == Some(component));
        own.into_iter().any(|result| matches!(result.state, RuleState::Finding | RuleState::Clear))
    };
    let points = |finding: &Finding| {
        Component::of(finding.rule).map_or(0.0, |component| component.weight(risk) * level(finding.severity, risk))
    };
    let (mut score, mut unknown) = (0.0, 0.0);
    let mut figures = Vec::new();
    for component in COMPONENTS {
        if !is_judged(component) {
            unknown += component.weight(risk);
            continue;
        }
        let own = findings.iter().filter(|finding| Component::of(finding.rule) == Some(component));
        let worst = own.map(points).fold(0.0, f64::max);
        score += worst;
        figures.push((component.figure(), worst));
    }
    if figures.is_empty() {
        return Judgement::NotFed;
    }
    let Some(severity) = severity(score, risk) else {
        return if score + unknown >= risk.medium_band {
            Judgement::Insufficient
        } else {
            Judgement::Judged(Vec::new())
        };
    };
    let draft =
        Draft::new(severity, Subject::client(), Count::default()).value("score", score).value("unknown", unknown);
    let draft = figures.into_iter().fold(draft, |draft, (name, points)| draft.value(name, points));
    Judgement::Judged(vec![draft.contributors(contributors(findings, points))])
}

fn severity(score: f64, risk: &RiskThresholds) -> Option<Severity> {
    let bands = [
        (risk.critical_band, Severity::Critical),
        (risk.high_band, Severity::High),
        (risk.medium_band, Severity::Medium),
    ];
    bands.into_iter().find(|(band, _)| score >= *band).map(|(_, severity)| severity)
}

/// The rules that add most, each by its worst finding, with the messages of all its findings; a rule's people may overlap, so
/// the most of one finding are told.
fn contributors(findings: &[Finding], points: impl Fn(&Finding) -> f64) -> Vec<(Subject, Count)> {
    let mut rules: Vec<(f64, RuleId, Count)> = Vec::new();
    for finding in findings {
        let added = points(finding);
        if let Some((most, _, count)) = rules.iter_mut().find(|(_, rule, _)| *rule == finding.rule) {
            *most = most.max(added);
            count.messages += finding.messages;
            count.recipients = count.recipients.max(finding.recipients);
        } else {
            let count = Count { messages: finding.messages, recipients: finding.recipients };
            rules.push((added, finding.rule, count));
        }
    }
    rules.retain(|(points, ..)| *points > 0.0);
    rules.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.as_str().cmp(other.1.as_str())));
    let subject = |rule: RuleId| Subject::of(SubjectKind::Rule, Some(rule.as_str()));
    rules.into_iter().take(CONTRIBUTORS).map(|(_, rule, count)| (subject(rule), count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_rule_belongs_to_a_component() {
        for rule in RuleId::ALL {
            assert_eq!(Component::of(*rule).is_none(), *rule == RuleId::Qlt02, "{rule}");
        }
        assert_eq!(Component::of(RuleId::Con02), Some(Component::OptOut));
        assert_eq!(Component::of(RuleId::Lst06), Some(Component::Consent));
        assert_eq!(Component::of(RuleId::Lst01), Some(Component::Hygiene));
        assert_eq!(Component::of(RuleId::Win01), Some(Component::Volume));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the weights are whole numbers")]
    fn the_weights_are_a_hundred() {
        let risk = RiskThresholds::default();
        assert_eq!(COMPONENTS.iter().map(|component| component.weight(&risk)).sum::<f64>(), 100.0);
    }
}
