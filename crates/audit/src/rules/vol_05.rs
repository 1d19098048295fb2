//! VOL-05: one template tried again and again on a person after refusals that a retry does not cure.

use domain::traffic::{Severity, Subject, SubjectKind};

use super::{Case, Draft, Judgement};

/// Any storm is a finding: enough retries of one template to one person within 24 hours.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let tally = case.tally;
    if tally.templates_sent == 0 {
        return Judgement::Insufficient;
    }
    if tally.storms.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let templates = tally.storm_templates.iter().enumerate().map(|(id, count)| {
        let name = case.names.templates.get(id).map(|template| template.name.as_str());
        (Subject::of(SubjectKind::Template, name), *count)
    });
    let draft = Draft::new(Severity::High, Subject::client(), tally.storms.count)
        .count("retryMessages", tally.retries.messages)
        .count("retryRecipients", tally.retries.recipients)
        .count("threshold", case.thresholds.pressure.retries.into())
        .parts(templates)
        .sample(case, &tally.storms.evidence);
    Judgement::Judged(vec![draft])
}
