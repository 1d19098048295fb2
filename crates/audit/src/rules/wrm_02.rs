//! WRM-02: a new number that begins with people who neither wrote nor bought anything lately.

use domain::traffic::Severity;

use crate::statistics::share;

use super::{Case, Draft, Judgement};

/// Judges, for each number that was new in the period, the share of cold people among those whom it reached.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    if case.tally.uninformed || case.first_days().is_empty() {
        return Judgement::NotFed;
    }
    let thresholds = &case.thresholds.warm_up;
    let (mut drafts, mut few) = (Vec::new(), false);
    for (slot, number) in case.tally.sending.numbers.iter().enumerate() {
        let (reached, cold) = (number.audience.recipients, number.cold.count);
        if reached < thresholds.cold_min_people {
            few |= reached > 0;
            continue;
        }
        let part = share(cold.recipients, reached);
        if part <= thresholds.cold_share {
            continue;
        }
        let draft = Draft::new(Severity::Medium, case.number(slot), cold)
            .count("reached", reached)
            .value("share", part)
            .value("threshold", thresholds.cold_share)
            .sample(case, &number.cold.evidence);
        drafts.push(draft);
    }
    let is_blind = drafts.is_empty() && (few || case.may_hide_new(thresholds.cold_days));
    if is_blind { Judgement::Insufficient } else { Judgement::Judged(drafts) }
}
