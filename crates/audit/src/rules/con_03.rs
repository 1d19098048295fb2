//! CON-03: messages for a purpose other than the one that the person agreed to.

use domain::traffic::{Severity, Verdict};

use super::{
    Case, Judgement,
    consent::{View, due, of},
};

const VIEW: View =
    View { count: |list| of(list, Verdict::ScopeMismatch), evidence: |list| &list.scope_mismatch, whole: due };

/// Any message is a finding; marketing makes it HIGH.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    VIEW.by_list(
        case,
        |list| if list.scope_mismatch_marketing > 0 { Severity::High } else { Severity::Medium },
        |list, draft| draft.count("due", due(list)).count("marketing", list.scope_mismatch_marketing),
    )
}
