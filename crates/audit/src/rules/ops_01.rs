//! OPS-01: a stretch of time in which messages went out and no status came back: half an hour, or a gap far longer than the
//! number's gaps between statuses are.
//!
//! Messages carry their outcome, not when it was told. So silence is seen from what it leaves behind: sends in a row, of one
//! number, none of which was ever delivered, read or failed. What Meta delivers later closes the gap, within its 7 days.

use std::collections::BTreeMap;

use domain::traffic::{Count, Severity};

use crate::tally::NumberSends;

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
    /// Minutes between the status before and the status after, when there are both.
    gap: Option<u64>,
}

/// Minutes of the 99th percentile of the gaps between statuses, of a number with enough of them.
fn usual_gap(heard: &[i64], enough: u64) -> Option<u64> {
    let mut gaps: Vec<u64> = heard.windows(2).map(|pair| pair[1].abs_diff(pair[0])).collect();
    gaps.sort_unstable();
    let rank = (gaps.len() * 99).div_ceil(100);
    gaps.get(rank.checked_sub(1)?).filter(|_| gaps.len() as u64 >= enough).copied()
}

fn draft(case: &Case<'_>, slot: usize, number: &NumberSends) -> Option<Draft> {
    let thresholds = &case.thresholds.silence;
    // The newest sends may still be answered.
    let settled = case.inputs.as_of.map(|now| now.saturating_sub(i64::from(thresholds.settle_minutes) * MINUTE));
    let mut silent = BTreeMap::new();
    number.silent.pour(&mut silent, |_| true, |at| settled.is_some_and(|settled| at >= settled));
    let heard: Vec<i64> = number.heard.iter().flat_map(|(block, minutes)| minutes.of(block)).collect();
    let usual = usual_gap(&heard, thresholds.gap_min_gaps);
    let length = |silence: &Silence| (silence.last - silence.first) as u64;
    let is_long =
        |silence: &Silence| length(silence) >= thresholds.minutes.into() && silence.sends > thresholds.messages;
    let is_unusual = |silence: &Silence| {
        let gap = silence.gap.zip(usual).is_some_and(|(gap, usual)| gap as f64 > thresholds.gap_factor * usual as f64);
        gap && silence.sends >= thresholds.gap_messages
    };
    let silences = silences(&silent, &heard).into_iter().filter(|silence| is_long(silence) || is_unusual(silence));
    let silences: Vec<Silence> = silences.collect();
    let longest = silences.iter().max_by_key(|silence| length(silence))?;
    let draft = Draft::new(Severity::High, case.number(slot), Count { messages: longest.sends, recipients: 0 })
        .count("minutes", length(longest))
        .count("silences", silences.len() as u64)
        .count("usualGapMinutes", usual.unwrap_or_default())
        .count("startedAt", longest.first.saturating_mul(60).max(0).unsigned_abs());
    Some(draft)
}

fn silences(silent: &BTreeMap<i64, u64>, heard: &[i64]) -> Vec<Silence> {
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
        if let Some(silence) = silences.last_mut().filter(|_| !broken) {
            silence.last = *minute;
            silence.sends += sends;
        } else {
            let before = next.checked_sub(1).and_then(|before| heard.get(before));
            let gap = before.zip(heard.get(next)).map(|(before, after)| after.abs_diff(*before));
            silences.push(Silence { first: *minute, last: *minute, sends: *sends, gap });
        }
        broken = false;
    }
    silences
}
