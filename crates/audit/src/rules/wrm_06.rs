//! WRM-06: back to the old volume at once, after a block has ended.

use domain::traffic::{Severity, Subject, instant_of_micros};

use crate::{
    events::{Accounts, barriers, blocks},
    statistics::median,
    tally::{DAY, NumberDay, Timeline},
};

use super::{Case, Draft, Judgement};

/// Compares each number's days after a block with its median day before.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (Some(events), Some(to)) = (case.inputs.surroundings.events.as_deref(), case.tally.period_to()) else {
        return Judgement::NotFed;
    };
    let (accounts, barriers) = (Accounts::of(&case.inputs.surroundings), barriers(events, 0));
    let (mut drafts, mut unknown) = (Vec::new(), false);
    for (slot, days) in case.tally.number_days.iter().enumerate() {
        let number = case.number(slot).id;
        let blocks = blocks(&barriers, |account| accounts.concerns(account, number.as_deref()));
        for (began, until) in blocks.into_iter().filter(|(_, until)| *until < to) {
            let after = watched(case, days, until);
            if after.is_empty() {
                continue;
            }
            match usual(case, days, began) {
                Some(usual) => drafts.extend(after.iter().filter_map(|day| draft(case, slot, *day, usual))),
                None => unknown = true,
            }
        }
    }
    if drafts.is_empty() && unknown { Judgement::Insufficient } else { Judgement::Judged(drafts) }
}

/// The days of the period in which the volume should still be small.
fn watched(case: &Case<'_>, days: &Timeline<NumberDay>, until: i64) -> Vec<(i64, NumberDay)> {
    let first = until.div_euclid(DAY);
    let last = first.saturating_add(i64::from(case.thresholds.warm_up.recovery_days)).saturating_sub(1);
    let after = days.range(first, last).filter(|(_, counts)| counts.period.messages > 0);
    after.map(|(day, counts)| (day, *counts)).collect()
}

/// The median day before the block began; `None` when too few days are known, or most were empty.
fn usual(case: &Case<'_>, days: &Timeline<NumberDay>, began: i64) -> Option<f64> {
    let thresholds = &case.thresholds.warm_up;
    let end = began.div_euclid(DAY);
    let (known_from, _) = case.tally.sent?;
    let first = known_from.div_euclid(DAY).max(end.saturating_sub(thresholds.recovery_base_days.into()));
    if end.saturating_sub(first) < thresholds.recovery_min_days.max(1).into() {
        return None;
    }
    let mut counts = vec![0.0; (end - first) as usize];
    for (day, cell) in days.range(first, end - 1) {
        counts[(day - first) as usize] = cell.whole as f64;
    }
    median(&mut counts).filter(|usual| *usual > 0.0)
}

fn draft(case: &Case<'_>, slot: usize, (day, counts): (i64, NumberDay), usual: f64) -> Option<Draft> {
    let threshold = case.thresholds.warm_up.recovery_share;
    let part = counts.whole as f64 / usual;
    if part <= threshold {
        return None;
    }
    let date = instant_of_micros(day.saturating_mul(DAY)).format("%Y-%m-%d").to_string();
    let subject = Subject { day: Some(date), ..case.number(slot) };
    let draft = Draft::new(Severity::High, subject, counts.period);
    Some(draft.count("day", counts.whole).value("usual", usual).value("share", part).value("threshold", threshold))
}
