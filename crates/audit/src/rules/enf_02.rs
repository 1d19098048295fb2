//! ENF-02: Meta took something away.

use std::collections::BTreeMap;

use domain::{
    enforcement::RestrictionType,
    traffic::{Count, Severity},
};

use crate::{
    events::{Account, Imposed, imposed},
    tally::DAY,
};

use super::{Case, Draft, Judgement, told};

/// Any restriction that stood in the period is a finding, one for each capability of an account.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.inputs.surroundings.events.as_deref() else { return Judgement::NotFed };
    let to = case.tally.period_to().unwrap_or(i64::MAX);
    let stood = |entry: &Imposed<'_>| {
        entry.from < to && (case.is_in_period(entry.from) || case.is_in_period(entry.until.saturating_sub(1)))
    };
    let mut capabilities = BTreeMap::<(&str, Account<'_>), Vec<Imposed<'_>>>::new();
    for entry in imposed(events).into_iter().filter(stood) {
        capabilities.entry((entry.word, entry.account)).or_default().push(entry);
    }
    Judgement::Judged(capabilities.into_iter().map(|(of, entries)| draft(case, of, &entries)).collect())
}

fn draft(case: &Case<'_>, (word, account): (&str, Account<'_>), entries: &[Imposed<'_>]) -> Draft {
    let severity = entries.iter().map(|entry| severity(entry.restriction)).max().unwrap_or(Severity::High);
    let until = entries.iter().map(|entry| entry.until).max().unwrap_or(i64::MAX);
    let draft =
        Draft::new(severity, told::notice(word, account), Count::default()).count("times", entries.len() as u64);
    match case.inputs.as_of {
        Some(now) if until != i64::MAX => draft.value("daysLeft", until.saturating_sub(now).max(0) as f64 / DAY as f64),
        _ => draft,
    }
}

/// What stops messages is CRITICAL; what hinders growth or calls is HIGH.
fn severity(restriction: RestrictionType) -> Severity {
    match restriction {
        RestrictionType::CustomerInitiatedMessaging
        | RestrictionType::BusinessInitiatedMessaging
        | RestrictionType::Disabled => Severity::Critical,
        _ => Severity::High,
    }
}
