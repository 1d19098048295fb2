//! LIM-03: Meta lowered the messaging limit.

use std::collections::BTreeMap;

use domain::traffic::{Count, PlatformEventKind, Severity, Subject, SubjectKind};

use crate::events::micros;

use super::{Case, Draft, Judgement};

/// Any step down in the period is a finding; of several, the one from the highest limit to the lowest is told.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    // The accounts of a client may be of several portfolios.
    let mut known = BTreeMap::new();
    let mut lost: Option<(u64, u64)> = None;
    for event in events {
        let PlatformEventKind::MessagingLimit { previous, limit } = event.kind else { continue };
        let known = known.insert(event.account.as_deref(), limit);
        if let Some(before) = previous.or(known).filter(|before| limit < *before && case.is_in_period(micros(event.at)))
        {
            lost = Some(lost.map_or((before, limit), |(high, low)| (high.max(before), low.min(limit))));
        }
    }
    let subject = Subject { kind: SubjectKind::Portfolio, id: None, day: None };
    let draft = |(before, limit): (u64, u64)| {
        let draft = Draft::new(Severity::High, subject, Count::default()).count("limit", limit);
        // A portfolio without a limit has none to name.
        if before == u64::MAX { draft.count("wasUnlimited", 1) } else { draft.count("before", before) }
    };
    Judgement::Judged(lost.map(draft).into_iter().collect())
}
