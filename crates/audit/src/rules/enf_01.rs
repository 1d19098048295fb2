//! ENF-01: Meta holds that a policy was violated.

use std::collections::BTreeMap;

use domain::{
    enforcement::APPEAL_DAYS,
    traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind},
};

use crate::{events::micros, tally::DAY};

use super::{Case, Draft, Judgement};

/// Any notice of the period is a finding, one for each violation. A restriction that takes nothing away is a warning, and as
/// good as a notice.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut notices = BTreeMap::<&str, (u64, i64)>::new();
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
            let (times, last) = notices.entry(violation).or_insert((0, at));
            *times += 1;
            *last = at;
        }
    }
    let draft = |(violation, (times, last)): (&str, (u64, i64))| {
        let subject = Subject::of(SubjectKind::Notice, Some(violation));
        let draft = Draft::new(Severity::High, subject, Count::default()).count("times", times);
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
