//! TPL-09: a template that is filled with the wrong number or the wrong format of parameters.

use domain::traffic::{
    Severity,
    failure::{PARAMETER_COUNT, PARAMETER_FORMAT},
};

use crate::{statistics::share, tally::TemplateSends};

use super::{Case, Draft, Judgement};

/// Judges each template by its share of mismatches, and by how thick they came.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.parameters;
    let (templates, none) = (&case.tally.sending.templates, TemplateSends::default());
    let mut drafts = Vec::new();
    let mut judged = false;
    for (id, template) in case.tally.templates.iter().enumerate().filter(|(_, template)| template.all.messages > 0) {
        let mismatches = templates.get(id).unwrap_or(&none);
        let wrong = mismatches.mismatches.count;
        let part = share(wrong.messages, template.all.messages);
        let enough = template.all.messages >= thresholds.min_messages;
        let thick = mismatches.mismatch_cluster.is_found();
        judged |= enough || thick;
        let frequent = enough && wrong.messages > 0 && part >= thresholds.share;
        if !thick && !frequent {
            continue;
        }
        let of = |code: u32| case.tally.errors.get(&(id as u32, code)).copied().unwrap_or_default();
        let draft = Draft::new(Severity::Medium, case.template(id), wrong)
            .count("sent", template.all.messages)
            .value("share", part)
            .value("threshold", thresholds.share)
            .count("wrongCount", of(PARAMETER_COUNT))
            .count("wrongFormat", of(PARAMETER_FORMAT))
            .count("withinMinutes", thick.into())
            .sample(case, &mismatches.mismatches.evidence);
        drafts.push(draft);
    }
    if judged { Judgement::Judged(drafts) } else { Judgement::Insufficient }
}
