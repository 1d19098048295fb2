//! LST-06: messages to people whom a former provider had on its list of suppressed recipients.

use domain::traffic::Severity;

use crate::statistics::share;

use super::{Case, Draft, Judgement};

/// Any message is a finding; without the former provider's list nothing can be said.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(suppressed) = &case.inputs.surroundings.suppressed else { return Judgement::NotFed };
    if case.tally.uninformed {
        return Judgement::NotFed;
    }
    let lists = case.tally.lists.iter().enumerate().filter(|(_, list)| list.suppressed.count.messages > 0);
    let drafts = lists.map(|(slot, list)| {
        Draft::new(Severity::Critical, case.list(slot), list.suppressed.count)
            .count("suppressed", suppressed.len() as u64)
            .count("sent", list.sent)
            .value("share", share(list.suppressed.count.messages, list.sent))
            .sample(case, &list.suppressed.evidence)
    });
    Judgement::Judged(drafts.collect())
}
