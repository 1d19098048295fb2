//! CON-06: consents that had ended, or that nobody confirmed for years.
//!
//! Stale is marketing on a valid consent when more than the threshold lies between the message and the later of the opt-in
//! and the person's last message to the client. What had ended is worse, and tells the severity of its list.

use domain::traffic::{Severity, Verdict};

use super::{
    Case, Judgement,
    consent::{View, due, of},
};

const VIEW: View = View { count: |list| list.aged.count, evidence: |list| &list.aged.evidence, whole: due };

/// Any message is a finding: HIGH when a consent had ended, LOW when it is only stale.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    VIEW.by_list(
        case,
        |list| if of(list, Verdict::Expired).messages > 0 { Severity::High } else { Severity::Low },
        |list, draft| {
            draft
                .count("due", due(list))
                .count("expired", of(list, Verdict::Expired).messages)
                .count("stale", list.stale.messages)
                .count("staleDays", case.thresholds.consent.stale_days.into())
        },
    )
}
