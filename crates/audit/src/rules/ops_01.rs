//! OPS-01: a stretch of time in which messages went out and no status came back.
//!
//! Messages carry their outcome, not when it was told. So silence is seen from what it leaves behind: sends in a row, of one
//! number, none of which was ever delivered, read or failed. What Meta delivers later closes the gap, within its 7 days.

use std::collections::BTreeMap;

use domain::traffic::{Count, Severity};

use crate::tally::{HeardMinutes, NumberSends, Timeline};

use super::{Case, Draft, Judgement};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// Looks for the longest silence of each number. Where no message has an outcome, outcomes were not given.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let numbers = &case.tally.sending.numbers;
    if numbers.iter().all(|number| number.heard.iter().next().is_none()) {
        return Judgement::NotFed;
    }
    let drafts = numbers.iter().enumerate().filter_map(|(slot, number)| draft(case, slot, number));
    Judgement::Judged(drafts.collect())
}

/// Sends without a status, with none that has one between them.
#[derive(Debug, Clone, Copy, Default)]
struct Silence {
    first: i64,
    last: i64,
    sends: u64,
}

fn draft(case: &Case<'_>, slot: usize, number: &NumberSends) -> Option<Draft> {
    let thresholds = &case.thresholds.silence;
    // The newest sends may still be answered.
    let settled = case.inputs.as_of.map(|now| now.saturating_sub(i64::from(thresholds.settle_minutes) * MINUTE));
    let mut silent = BTreeMap::new();
    number.silent.pour(&mut silent, |_| true, |at| settled.is_some_and(|settled| at >= settled));
    let length = |silence: &Silence| (silence.last - silence.first) as u64;
    let is_long =
        |silence: &Silence| length(silence) >= thresholds.minutes.into() && silence.sends > thresholds.messages;
    let silences: Vec<Silence> = silences(&silent, &number.heard).into_iter().filter(is_long).collect();
    let longest = silences.iter().max_by_key(|silence| length(silence))?;
    let draft = Draft::new(Severity::High, case.number(slot), Count { messages: longest.sends, recipients: 0 })
        .count("minutes", length(longest))
        .count("silences", silences.len() as u64)
        .count("startedAt", longest.first.saturating_mul(60).max(0).unsigned_abs());
    Some(draft)
}

fn silences(silent: &BTreeMap<i64, u64>, heard: &Timeline<HeardMinutes>) -> Vec<Silence> {
    let heard: Vec<i64> = heard.iter().flat_map(|(block, minutes)| minutes.of(block)).collect();
    let mut silences: Vec<Silence> = Vec::new();
    let mut next = 0;
    let mut broken = true;
    for (minute, sends) in silent {
        while heard.get(next).is_some_and(|heard| heard < minute) {
            next += 1;
            broken = true;
        }
        if heard.get(next) == Some(minute) {
            broken = true;
            continue;
        }
        match silences.last_mut().filter(|_| !broken) {
            Some(silence) => {
                silence.last = *minute;
                silence.sends += sends;
            }
            None => silences.push(Silence { first: *minute, last: *minute, sends: *sends }),
        }
        broken = false;
    }
    silences
}
