//! TPL-02: sending with a template that Meta had paused or disabled. A refusal that says so counts even where no event told.

use domain::traffic::Severity;

use super::{Case, Draft, Judgement};

/// Any such send is a finding.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let templates = case.tally.sending.templates.iter().enumerate();
    let barred = templates.filter(|(_, template)| template.barred.count.messages > 0);
    let drafts: Vec<Draft> = barred
        .map(|(id, template)| {
            Draft::new(Severity::High, case.template(id), template.barred.count)
                .count("refusedPaused", template.refused_paused)
                .count("refusedDisabled", template.refused_disabled)
                .sample(case, &template.barred.evidence)
        })
        .collect();
    let knows_events = case.inputs.surroundings.events.is_some() && !case.tally.uninformed;
    if drafts.is_empty() && !knows_events {
        Judgement::NotFed
    } else if case.tally.templates_sent == 0 {
        Judgement::Insufficient
    } else {
        Judgement::Judged(drafts)
    }
}
