//! LIM-04: Meta puts off, refuses, or wants to know more before it raises the messaging limit.

use std::collections::BTreeMap;

use domain::traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind};

use crate::events::micros;

use super::{Case, Draft, Judgement};

/// Meta's words for it begin so.
const ELIGIBILITY: &str = "INCREASED_CAPABILITIES_ELIGIBILITY_";

/// Any such alert of the period is a finding, one for each of Meta's words.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut alerts = BTreeMap::<&str, u64>::new();
    for event in events.into_iter().filter(|event| case.is_in_period(micros(event.at))) {
        if let PlatformEventKind::ScalingAlert { alert } = &event.kind
            && alert.starts_with(ELIGIBILITY)
        {
            *alerts.entry(alert).or_default() += 1;
        }
    }
    let draft = |(alert, times)| {
        Draft::new(Severity::Medium, Subject::of(SubjectKind::Notice, Some(alert)), Count::default())
            .count("times", times)
    };
    Judgement::Judged(alerts.into_iter().map(draft).collect())
}
