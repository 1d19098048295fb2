//! CON-07: opt-ins that the ledger learned only after the message.

use domain::traffic::{Severity, Verdict};

use crate::statistics::share;

use super::{
    Case, Judgement,
    consent::{View, due, of},
};

const VIEW: View =
    View { count: |list| of(list, Verdict::Retroactive), evidence: |list| &list.retroactive, whole: due };

/// A finding above a share of the due messages, or when any such opt-in was recorded after Meta told of a violation.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let threshold = case.thresholds.consent.retroactive_share;
    let (part, whole) = VIEW.totals(case);
    let after_violation: u64 = case.tally.lists.iter().map(|list| list.after_violation).sum();
    // Of nothing due nobody can say that it was agreed to.
    if whole > 0 && after_violation == 0 && share(part, whole) <= threshold {
        return Judgement::Judged(Vec::new());
    }
    VIEW.by_list(
        case,
        |_| Severity::High,
        |list, draft| {
            draft.count("due", due(list)).count("afterViolation", list.after_violation).value("threshold", threshold)
        },
    )
}
