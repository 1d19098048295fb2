//! ENF-05: the same violation again, soon after the last one was over: what was done about it did not help.

use std::collections::BTreeMap;

use domain::traffic::{Count, PlatformEventKind, Severity};

use crate::{
    events::{Account, imposed, micros},
    tally::DAY,
};

use super::{Case, Draft, Judgement, told};

/// Microseconds of an hour.
const HOUR: i64 = DAY / 24;

/// Follows each violation of each account: it is over when nothing that was taken away for it is still missing, or at once if nothing was.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(events) = case.told() else { return Judgement::NotFed };
    let mut notices = BTreeMap::<(&str, Account<'_>), Vec<i64>>::new();
    for event in &events {
        if let PlatformEventKind::Violation { violation }
        | PlatformEventKind::Restriction { violation: Some(violation), .. } = &event.kind
        {
            notices.entry((violation, event.account.as_deref())).or_default().push(micros(event.at));
        }
    }
    Judgement::Judged(notices.into_iter().filter_map(|(of, at)| repeated(case, of, &at)).collect())
}

fn repeated(case: &Case<'_>, (violation, account): (&str, Account<'_>), noticed: &[i64]) -> Option<Draft> {
    let thresholds = &case.thresholds.enforcement;
    let taken = imposed(case.inputs.surroundings.events.as_deref()?);
    // When the violation that was noticed at a time was over.
    let over = |at: i64| {
        let own = taken.iter().filter(|entry| (entry.violation, entry.account) == (Some(violation), account));
        let own = own.filter(|entry| entry.from >= at);
        let same = own.filter(|entry| entry.from - at <= i64::from(thresholds.same_notice_hours) * HOUR);
        same.map(|entry| entry.until).max().unwrap_or(at)
    };
    let (mut first, mut repeats, mut since) = (*noticed.first()?, 0, 0);
    for at in noticed {
        if at - first <= i64::from(thresholds.same_notice_hours) * HOUR {
            continue;
        }
        let gap = at.saturating_sub(over(first));
        if gap >= 0 && gap <= i64::from(thresholds.repeat_days) * DAY && case.is_in_period(*at) {
            repeats += 1;
            since = gap;
        }
        first = *at;
    }
    (repeats > 0).then(|| {
        Draft::new(Severity::Critical, told::notice(violation, account), Count::default())
            .count("repeats", repeats)
            .value("daysSince", since as f64 / DAY as f64)
    })
}
