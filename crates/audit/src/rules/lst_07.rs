//! LST-07: marketing templates to numbers of the United States, which Meta does not deliver since 1 April 2025. Canada, the
//! Caribbean and the territories share the code +1 and are not meant.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any message is a finding.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let marketing = &case.tally.to_united_states;
    if marketing.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let lists = case.tally.lists.iter().enumerate().map(|(slot, list)| (case.list(slot), list.to_united_states));
    let draft =
        Draft::new(Severity::Low, Subject::client(), marketing.count).parts(lists).sample(case, &marketing.evidence);
    Judgement::Judged(vec![draft])
}
