//! ENF-04: Meta has set a day on which it disables the account, or has disabled it.

use std::collections::BTreeMap;

use domain::{
    Instant,
    traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind},
};

use crate::{
    events::{Account, micros},
    tally::DAY,
};

use super::{Case, Draft, Judgement};

/// A ban, and the day that Meta names.
type Ban<'e> = (&'e str, Option<Instant>);

/// What is known of an account's ban.
#[derive(Default)]
struct Known<'e> {
    /// What stands.
    standing: Option<Ban<'e>>,
    /// What the period was told last.
    told: Option<Ban<'e>>,
}

/// A finding while it stands, and in the period in which it was told; one for each account.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut accounts = BTreeMap::<Account<'_>, Known<'_>>::new();
    for event in events {
        let PlatformEventKind::Ban { state, date } = &event.kind else { continue };
        let account = event.account.as_deref();
        if matches!(state.as_str(), "SCHEDULE_FOR_DISABLE" | "DISABLE") {
            let known = accounts.entry(account).or_default();
            known.standing = Some((state, *date));
            known.told = known.standing.filter(|_| case.is_in_period(micros(event.at))).or(known.told);
            continue;
        }
        // What names no account may end the ban of any, and any may be the one that was banned without a name.
        let may_be = |banned: &Account<'_>| account.is_none() || banned.is_none() || *banned == account;
        accounts.iter_mut().filter(|(banned, _)| may_be(banned)).for_each(|(_, known)| known.standing = None);
    }
    Judgement::Judged(accounts.into_iter().filter_map(|(account, known)| draft(case, account, &known)).collect())
}

fn draft(case: &Case<'_>, account: Account<'_>, known: &Known<'_>) -> Option<Draft> {
    let (state, date) = known.standing.or(known.told)?;
    let subject = account.map_or_else(Subject::client, |account| Subject::of(SubjectKind::Account, Some(account)));
    let draft = Draft::new(Severity::Critical, subject, Count::default())
        .count("disabled", u64::from(state == "DISABLE"))
        .count("reinstated", known.standing.is_none().into());
    Some(match (case.inputs.as_of, date) {
        (Some(now), Some(date)) => {
            draft.count("daysLeft", micros(date).saturating_sub(now).div_euclid(DAY).max(0).unsigned_abs())
        }
        _ => draft,
    })
}
