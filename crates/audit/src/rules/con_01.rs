//! CON-01: messages to people of whom no opt-in is on file.

use domain::traffic::{Severity, Verdict};

use crate::statistics::share;

use super::{
    Case, Judgement,
    consent::{View, due, of},
};

const VIEW: View = View { count: |list| of(list, Verdict::None), evidence: |list| &list.none, whole: due };

/// Any message is a finding; how bad is told by the share of all due messages.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let critical_share = case.thresholds.consent.none_critical_share;
    let (part, whole) = VIEW.totals(case);
    let severity = if share(part, whole) >= critical_share { Severity::Critical } else { Severity::High };
    VIEW.by_list(case, |_| severity, |list, draft| draft.count("due", due(list)).value("criticalShare", critical_share))
}
