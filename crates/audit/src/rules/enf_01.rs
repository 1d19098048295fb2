//! ENF-01: Meta holds that a policy was violated.

use std::collections::BTreeMap;

use domain::{
    enforcement::APPEAL_DAYS,
    traffic::{Count, PlatformEventKind, Severity},
};

use crate::{
    events::{Account, micros},
    tally::DAY,
};

use super::{Case, Draft, Judgement, told};

/// Any notice of the period is a finding, one for each violation of an account. A restriction that takes nothing away is a warning, and as
/// good as a notice.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut notices = BTreeMap::<(&str, Account<'_>), (u64, i64)>::new();
    for event in events {
        let at = micros(event.at);
        let violation = match &event.kind {
            PlatformEventKind::Violation { violation } => violation,
            PlatformEventKind::Restriction { violation: Some(violation), restrictions } if restrictions.is_empty() => {
                violation
            }
            _ => continue,
        };
        if case.is_in_period(at) {
            let (times, last) = notices.entry((violation, event.account.as_deref())).or_insert((0, at));
            *times += 1;
            *last = at;
        }
    }
    let draft = |((violation, account), (times, last)): ((&str, Account<'_>), (u64, i64))| {
        let draft =
            Draft::new(Severity::High, told::notice(violation, account), Count::default()).count("times", times);
        match case.inputs.as_of {
            Some(now) => {
                let left = last.saturating_add(APPEAL_DAYS * DAY).saturating_sub(now).div_euclid(DAY).max(0);
                draft.count("appealDaysLeft", left.unsigned_abs())
            }
            None => draft,
        }
    };
    Judgement::Judged(notices.into_iter().map(draft).collect())
}
