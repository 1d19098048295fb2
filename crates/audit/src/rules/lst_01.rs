//! LST-01: messages to people who could not be reached on two days before.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any message is a finding.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let resends = &case.tally.resends;
    if resends.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let lists = case.tally.lists.iter().enumerate().map(|(slot, list)| (case.list(slot), list.resends));
    let draft =
        Draft::new(Severity::Medium, Subject::client(), resends.count).parts(lists).sample(case, &resends.evidence);
    Judgement::Judged(vec![draft])
}
