//! WRM-01: a new number that sends more each day than a new number should.

use domain::traffic::{Severity, Subject, instant_of_micros};

use crate::tally::{DAY, NumberDay, Timeline};

use super::{Case, Draft, Judgement};

/// Compares each day of a number's first weeks with the days just before. Nobody passes whose number may be new for all that is
/// known, or whose days before are not known.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let ages = case.first_days();
    if ages.is_empty() {
        return Judgement::NotFed;
    }
    let numbers = case.tally.number_days.iter().enumerate();
    let known = numbers.filter_map(|(slot, days)| Some((slot, days, *ages.get(&slot)?)));
    let (mut drafts, mut is_blind) = (Vec::new(), case.may_hide_new(case.thresholds.warm_up.ramp_days));
    for (slot, days, first) in known {
        let (steep, unknown) = steep(case, slot, days, first);
        drafts.extend(steep);
        is_blind |= unknown;
    }
    if drafts.is_empty() && is_blind { Judgement::Insufficient } else { Judgement::Judged(drafts) }
}

/// The days that are too steep, and whether there are days that nobody can judge.
fn steep(case: &Case<'_>, slot: usize, days: &Timeline<NumberDay>, first: i64) -> (Vec<Draft>, bool) {
    let thresholds = &case.thresholds.warm_up;
    let last = first.saturating_add(i64::from(thresholds.ramp_days)).saturating_sub(1);
    let look_back = i64::from(thresholds.ramp_look_back);
    // Before the first day of the traffic that was given nothing is known, unless the number was not in use yet.
    let known_from = case.tally.sent.map_or(i64::MAX, |(least, _)| least.div_euclid(DAY));
    let (mut drafts, mut unknown) = (Vec::new(), false);
    for (day, counts) in days.range(first, last).filter(|(_, counts)| counts.period.messages > 0) {
        let since = day - look_back;
        if since.max(first) < known_from && day > first {
            unknown |= counts.whole > thresholds.ramp_messages;
            continue;
        }
        let before = days.range(since, day - 1).map(|(_, counts)| counts.whole).max().unwrap_or_default();
        let messages = counts.whole;
        if messages <= thresholds.ramp_messages || messages as f64 <= thresholds.ramp_factor * before as f64 {
            continue;
        }
        let date = instant_of_micros(day.saturating_mul(DAY)).format("%Y-%m-%d").to_string();
        let subject = Subject { day: Some(date), ..case.number(slot) };
        let draft = Draft::new(Severity::High, subject, counts.period)
            .count("day", messages)
            .count("before", before)
            .count("age", day.abs_diff(first))
            .value("threshold", thresholds.ramp_factor);
        drafts.push(draft);
    }
    (drafts, unknown)
}
