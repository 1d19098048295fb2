//! LST-05: too many people who neither read nor write, however much marketing they get.
//!
//! The catalogue of rules suggests to look at 180 days. The figure of the exchange formats is over the period that was asked for,
//! and a finding that a figure defines carries that figure; so whoever wants 180 days asks for them. Five messages within a
//! shorter period make the same person dead: the threshold of messages, not the length, keeps newcomers out.

use domain::traffic::{Severity, Subject};

use crate::statistics::share;

use super::{Case, Draft, Judgement};

/// Compares the dead with all who got enough marketing to be judged.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (dead, judged) = (&case.tally.dead, case.tally.judged_dead);
    let threshold = case.thresholds.list.dead_share;
    if judged == 0 {
        return Judgement::Insufficient;
    }
    let part = share(dead.count.recipients, judged);
    if part <= threshold {
        return Judgement::Judged(Vec::new());
    }
    let draft = Draft::new(Severity::Low, Subject::client(), dead.count)
        .count("judgedRecipients", judged)
        .value("share", part)
        .value("threshold", threshold)
        .sample(case, &dead.evidence);
    Judgement::Judged(vec![draft])
}
