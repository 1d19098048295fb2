//! CON-04: valid consents that could not be proved, for want of source, evidence or wording.

use domain::traffic::{Severity, Verdict};

use crate::{statistics::share, tally::ListCell};

use super::{
    Case, Judgement,
    consent::{View, of},
};

const VIEW: View =
    View { count: |list| list.incomplete.count, evidence: |list| &list.incomplete.evidence, whole: valid };

/// A finding from a share of the valid messages on.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let threshold = case.thresholds.consent.incomplete_share;
    let (part, whole) = VIEW.totals(case);
    if whole == 0 {
        return Judgement::Insufficient;
    }
    if part == 0 || share(part, whole) < threshold {
        return Judgement::Judged(Vec::new());
    }
    VIEW.by_list(
        case,
        |_| Severity::Medium,
        |list, draft| {
            draft
                .count("valid", valid(list))
                .count("withoutSource", list.lacking_source)
                .count("withoutEvidence", list.lacking_evidence)
                .count("withoutWording", list.lacking_wording)
                .value("threshold", threshold)
        },
    )
}

fn valid(list: &ListCell) -> u64 {
    of(list, Verdict::Valid).messages
}
