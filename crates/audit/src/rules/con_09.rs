//! CON-09: messages that rest on a consent that somebody else collected: a purchased, shared or scraped list.

use domain::traffic::{Severity, Verdict};

use crate::{tally::ListCell, wordings::ClientNames};

use super::{
    Case, Judgement,
    consent::{View, of},
};

const VIEW: View = View {
    count: |list| list.third_party.count,
    evidence: |list| &list.third_party.evidence,
    whole: |list| of(list, Verdict::Valid).messages,
};

/// Any message is a finding: an opt-in speaks of the business that asked for it. Who collected it, and the name that it showed,
/// are compared with the client's names; where only those could tell and nobody told the names, nothing can be said.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (part, whole) = VIEW.totals(case);
    if whole == 0 {
        return Judgement::Insufficient;
    }
    let is_blind = ClientNames::of(&case.inputs.surroundings).is_none() || case.tally.uninformed;
    if part == 0 && is_blind && case.tally.controlled > 0 {
        return Judgement::NotFed;
    }
    let valid = |list: &ListCell| of(list, Verdict::Valid).messages;
    VIEW.by_list(
        case,
        |_| Severity::High,
        |list, draft| draft.count("valid", valid(list)).count("thirdPartySource", list.third_party_source),
    )
}
