//! CON-02: messages after an opt-out, once its grace had passed.

use domain::traffic::{Severity, Verdict};

use super::{
    Case, Judgement,
    consent::{View, due, of},
};

const VIEW: View =
    View { count: |list| list.after_grace.count, evidence: |list| &list.after_grace.evidence, whole: due };

/// Any message is a finding. The grace counts from the moment when the person said stop.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.consent;
    VIEW.by_list(
        case,
        |_| Severity::Critical,
        |list, draft| {
            draft
                .count("due", due(list))
                .count("optedOut", of(list, Verdict::OptedOut).messages)
                .count("nativeGraceSeconds", thresholds.native_grace_seconds.into())
                .count("offChannelGraceSeconds", thresholds.off_channel_grace_seconds.into())
        },
    )
}
