//! ENF-04: Meta has set a day on which it disables the account, or has disabled it.

use domain::{
    Instant,
    traffic::{Count, PlatformEventKind, Severity, Subject},
};

use crate::{events::micros, tally::DAY};

use super::{Case, Draft, Judgement};

/// A finding while it stands, and in the period in which it was told.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut standing: Option<(&str, Option<Instant>)> = None;
    let mut told = None;
    for event in events {
        let PlatformEventKind::Ban { state, date } = &event.kind else { continue };
        match state.as_str() {
            "SCHEDULE_FOR_DISABLE" | "DISABLE" => {
                standing = Some((state, *date));
                told = standing.filter(|_| case.is_in_period(micros(event.at))).or(told);
            }
            _ => standing = None,
        }
    }
    let Some((state, date)) = standing.or(told) else { return Judgement::Judged(Vec::new()) };
    let draft = Draft::new(Severity::Critical, Subject::client(), Count::default())
        .count("disabled", u64::from(state == "DISABLE"))
        .count("reinstated", standing.is_none().into());
    let draft = match (case.inputs.as_of, date) {
        (Some(now), Some(date)) => {
            draft.count("daysLeft", micros(date).saturating_sub(now).div_euclid(DAY).max(0).unsigned_abs())
        }
        _ => draft,
    };
    Judgement::Judged(vec![draft])
}
