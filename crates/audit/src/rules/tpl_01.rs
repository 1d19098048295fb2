//! TPL-01: a template that fails more than the client's others, for reasons that lie in the template.

use domain::traffic::{FailureClass, Severity, TemplateThresholds};

use crate::{
    statistics::{BetaPrior, at_least, discoveries, share, wilson},
    tally::{DAY, TemplateDay},
};

use super::{Case, Draft, Judgement};

/// A template with enough messages to be judged.
struct Suspect {
    id: usize,
    sent: u64,
    failures: u64,
    /// Failure rate of the client's other templates.
    base: f64,
    lower: f64,
}

/// Judges each template with enough messages by the lower bound of its failure rate. With many templates some exceed the
/// others by chance: those are sorted out by Benjamini and Hochberg's procedure over exact binomial tails. Each finding also
/// tells how probable it is that the true rate exceeds the base, given the rates of all templates (empirical Bayes).
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.template;
    let suspects = suspects(case, thresholds);
    if suspects.is_empty() {
        return Judgement::Insufficient;
    }
    let beyond_chance = if suspects.len() > thresholds.many_templates {
        let tail = |suspect: &Suspect| at_least(suspect.failures, suspect.sent, suspect.base);
        discoveries(&suspects.iter().map(tail).collect::<Vec<f64>>(), thresholds.false_discovery_rate)
    } else {
        vec![true; suspects.len()]
    };
    let prior = prior(case);
    let failing =
        suspects.iter().zip(beyond_chance).filter(|(suspect, beyond)| *beyond && suspect.lower > suspect.base);
    Judgement::Judged(failing.map(|(suspect, _)| draft(case, suspect, &prior, thresholds)).collect())
}

/// What the client's templates together say of the rate of any of them.
fn prior(case: &Case<'_>) -> BetaPrior {
    let rates =
        case.tally.templates.iter().map(|template| (template.own_failures.count.messages, template.all.messages));
    BetaPrior::fitted(&rates.collect::<Vec<_>>())
}

fn draft(case: &Case<'_>, suspect: &Suspect, prior: &BetaPrior, thresholds: &TemplateThresholds) -> Draft {
    let rate = share(suspect.failures, suspect.sent);
    let severity = if rate >= thresholds.critical_rate {
        Severity::Critical
    } else if suspect.lower > thresholds.high_factor * suspect.base && rate >= thresholds.high_rate {
        Severity::High
    } else {
        Severity::Medium
    };
    let template = &case.tally.templates[suspect.id];
    let draft = Draft::new(severity, case.template(suspect.id), template.own_failures.count)
        .count("sent", suspect.sent)
        .value("rate", rate)
        .value("lowerBound", suspect.lower)
        .value("baseRate", suspect.base)
        .value("probabilityAboveBase", prior.probability_above(suspect.base, suspect.failures, suspect.sent))
        .sample(case, &template.own_failures.evidence);
    match top_code(case, suspect.id) {
        Some((code, messages)) => draft.count("topCode", code.into()).count("topCodeMessages", messages),
        None => draft,
    }
}

/// The template's own most frequent error; the lower code of equals.
fn top_code(case: &Case<'_>, id: usize) -> Option<(u32, u64)> {
    let own =
        case.tally.errors.iter().filter(|((template, code), _)| {
            *template as usize == id && FailureClass::of(*code) == FailureClass::Template
        });
    own.map(|((_, code), messages)| (*code, *messages))
        .max_by_key(|(code, messages)| (*messages, std::cmp::Reverse(*code)))
}

fn suspects(case: &Case<'_>, thresholds: &TemplateThresholds) -> Vec<Suspect> {
    let Some(to) = case.tally.period_to() else { return Vec::new() };
    let last_day = to.saturating_sub(1).div_euclid(DAY);
    let first_day = last_day - i64::from(thresholds.base_days) + 1;
    let recent = |template: &crate::tally::TemplateCell| {
        template.days.range(first_day, last_day).fold(TemplateDay::default(), |sum, (_, day)| TemplateDay {
            sent: sum.sent + day.sent,
            own_failures: sum.own_failures + day.own_failures,
        })
    };
    let days: Vec<TemplateDay> = case.tally.templates.iter().map(recent).collect();
    let sent: u64 = days.iter().map(|day| day.sent).sum();
    let failures: u64 = days.iter().map(|day| day.own_failures).sum();
    let enough = thresholds.min_messages.max(1);
    let judged =
        case.tally.templates.iter().zip(days).enumerate().filter(|(_, (template, _))| template.all.messages >= enough);
    let suspect = |(id, (template, own)): (usize, (&crate::tally::TemplateCell, TemplateDay))| {
        let others = sent - own.sent;
        let base = if others < enough { thresholds.fallback_base } else { share(failures - own.own_failures, others) };
        let own_failures = template.own_failures.count.messages;
        Suspect {
            id,
            sent: template.all.messages,
            failures: own_failures,
            base,
            lower: wilson(own_failures, template.all.messages).0,
        }
    };
    judged.map(suspect).collect()
}
