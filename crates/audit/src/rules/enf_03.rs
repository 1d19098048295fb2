//! ENF-03: messages that Meta had forbidden to send.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any attempt is a finding, whatever became of it.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    if case.inputs.surroundings.events.is_none() || case.tally.uninformed {
        return Judgement::NotFed;
    }
    let sending = &case.tally.sending;
    if sending.forbidden.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let draft = Draft::new(Severity::Critical, Subject::client(), sending.forbidden.count)
        .parts(sending.numbers.iter().enumerate().map(|(slot, number)| (case.number(slot), number.forbidden)))
        .sample(case, &sending.forbidden.evidence);
    Judgement::Judged(vec![draft])
}
