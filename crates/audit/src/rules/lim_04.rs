//! LIM-04: Meta puts off, refuses, or wants to know more before it raises the messaging limit.

use std::collections::BTreeMap;

use domain::traffic::{Count, PlatformEventKind, Severity};

use crate::events::{Account, micros};

use super::{Case, Draft, Judgement, told};

/// Meta's words for it begin so.
const ELIGIBILITY: &str = "INCREASED_CAPABILITIES_ELIGIBILITY_";

/// Any such alert of the period is a finding, one for each of Meta's words to an account.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut alerts = BTreeMap::<(&str, Account<'_>), u64>::new();
    for event in events.into_iter().filter(|event| case.is_in_period(micros(event.at))) {
        if let PlatformEventKind::ScalingAlert { alert } = &event.kind
            && alert.starts_with(ELIGIBILITY)
        {
            *alerts.entry((alert, event.account.as_deref())).or_default() += 1;
        }
    }
    let draft = |((alert, account), times): ((&str, Account<'_>), u64)| {
        Draft::new(Severity::Medium, told::notice(alert, account), Count::default()).count("times", times)
    };
    Judgement::Judged(alerts.into_iter().map(draft).collect())
}
