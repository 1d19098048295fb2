//! WIN-03: marketing in the window to people of whom no opt-in is on file. The window makes it no send that is due, but a
//! reply to a question is not a wish for advertisements.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any message is a finding; without marketing in the window there is none to judge.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (traced, templates) = (&case.tally.sending.unagreed_inside, &case.tally.sending.unagreed_inside_templates);
    if case.tally.sending.marketing_inside == 0 {
        return Judgement::Insufficient;
    }
    if traced.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let draft = Draft::new(Severity::Medium, Subject::client(), traced.count)
        .parts(templates.iter().enumerate().map(|(id, count)| (case.template(id), *count)))
        .sample(case, &traced.evidence);
    Judgement::Judged(vec![draft])
}
