//! LIM-03: Meta lowered the messaging limit.

use std::{cmp::Reverse, collections::BTreeMap};

use domain::traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind};

use crate::events::{Account, micros};

use super::{Case, Draft, Judgement};

/// Any step down in the period is a finding; of several of an account, the one from its highest limit to its lowest is told.
///
/// The accounts of a client may be of several portfolios, and each tells of its own: the lowest limit of all is what hurts, with
/// what that account had before.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut known = BTreeMap::<Account<'_>, u64>::new();
    let mut lost = BTreeMap::<Account<'_>, (u64, u64)>::new();
    for event in events {
        let PlatformEventKind::MessagingLimit { previous, limit } = event.kind else { continue };
        let account = event.account.as_deref();
        let known = known.insert(account, limit);
        if let Some(before) = previous.or(known).filter(|before| limit < *before && case.is_in_period(micros(event.at)))
        {
            let (high, low) = lost.entry(account).or_insert((before, limit));
            (*high, *low) = (before.max(*high), limit.min(*low));
        }
    }
    let worst = lost.into_values().min_by_key(|(before, limit)| (*limit, Reverse(*before)));
    let subject = Subject { kind: SubjectKind::Portfolio, id: None, day: None };
    let draft = |(before, limit): (u64, u64)| {
        let draft = Draft::new(Severity::High, subject, Count::default()).count("limit", limit);
        // A portfolio without a limit has none to name.
        if before == u64::MAX { draft.count("wasUnlimited", 1) } else { draft.count("before", before) }
    };
    Judgement::Judged(worst.map(draft).into_iter().collect())
}
