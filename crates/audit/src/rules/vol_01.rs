//! VOL-01: a day on which a number sent far more than its past and its weekday let expect.

use domain::traffic::{Severity, SpikeThresholds, Subject, instant_of_micros};

use crate::{
    statistics::{Score, discoveries, score, tail_of_score},
    tally::{DAY, NumberDay, Timeline},
};

use super::{Case, Draft, Judgement};

/// Scores every day of the period for every number that has enough history. Of many numbers some spike by chance on some day:
/// then only what Benjamini and Hochberg's procedure over all of them holds for more than chance is more than information.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.spike;
    let numbers = case.tally.number_days.iter().enumerate();
    let scored: Vec<(usize, Vec<Scored>)> =
        numbers.map(|(slot, days)| (slot, scored(days, thresholds))).filter(|(_, days)| !days.is_empty()).collect();
    if scored.is_empty() {
        return Judgement::Insufficient;
    }
    let is_many = scored.len() > thresholds.many_numbers;
    let days: Vec<(usize, &Scored)> =
        scored.iter().flat_map(|(slot, days)| days.iter().map(|day| (*slot, day))).collect();
    let beyond_chance = if is_many {
        let tails: Vec<f64> = days.iter().map(|(_, day)| tail_of_score(day.score.z)).collect();
        discoveries(&tails, thresholds.false_discovery_rate)
    } else {
        vec![true; days.len()]
    };
    let drafts = days.into_iter().zip(beyond_chance);
    Judgement::Judged(drafts.filter_map(|((slot, day), beyond)| draft(case, slot, day, beyond)).collect())
}

/// A day of the period with its score.
struct Scored {
    day: i64,
    counts: NumberDay,
    score: Score,
}

/// The days of the period that have enough history. Days between are days without messages.
fn scored(days: &Timeline<NumberDay>, thresholds: &SpikeThresholds) -> Vec<Scored> {
    let days: Vec<(i64, NumberDay)> = days.iter().map(|(day, counts)| (day, *counts)).collect();
    let Some((first, _)) = days.first().copied() else { return Vec::new() };
    let in_period = days.iter().enumerate().filter(|(_, (_, counts))| counts.period.messages > 0);
    let scored = in_period.filter_map(|(position, (day, counts))| {
        let length = (day - first).min(thresholds.max_days.into());
        if length < thresholds.min_days.into() {
            return None;
        }
        let start = day - length;
        let mut history: Vec<(i64, f64)> = (start..*day).map(|day| (day, 0.0)).collect();
        for (past, counts) in days[..position].iter().rev().take_while(|(past, _)| *past >= start) {
            history[(past - start) as usize].1 = counts.whole as f64;
        }
        let score = score(&history, *day, counts.period.messages as f64)?;
        Some(Scored { day: *day, counts: *counts, score })
    });
    scored.collect()
}

fn draft(case: &Case<'_>, slot: usize, spike: &Scored, beyond_chance: bool) -> Option<Draft> {
    let thresholds = &case.thresholds.spike;
    let (x, Score { expected, z }) = (spike.counts.period.messages as f64, spike.score);
    if z <= thresholds.display_score || x < thresholds.factor * expected || x - expected < thresholds.excess {
        return None;
    }
    let severity = if z <= thresholds.finding_score || !beyond_chance {
        Severity::Info
    } else if x >= thresholds.high_factor * expected {
        Severity::High
    } else {
        Severity::Medium
    };
    let declared = is_declared(case, slot, spike.day);
    let severity = if declared == Some(false) { raised(severity) } else { severity };
    let day = instant_of_micros(spike.day.saturating_mul(DAY)).format("%Y-%m-%d").to_string();
    let subject = Subject { day: Some(day), ..case.number(slot) };
    let draft = Draft::new(severity, subject, spike.counts.period)
        .value("expected", expected)
        .value("score", z)
        .value("factor", x / expected);
    Some(match declared {
        Some(declared) => draft.count("declared", declared.into()),
        None => draft,
    })
}

/// One step worse; HIGH is the worst that a volume alone can be.
fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Info => Severity::Low,
        Severity::Low => Severity::Medium,
        _ => Severity::High,
    }
}

/// Whether a declared campaign explains the day: it starts on that day or the day before, from this number or any. `None`
/// when the client declares no campaigns at all.
fn is_declared(case: &Case<'_>, slot: usize, day: i64) -> Option<bool> {
    let campaigns = case.inputs.surroundings.campaigns.as_ref()?;
    let number = case.names.number(slot);
    Some(campaigns.iter().any(|campaign| {
        let start = campaign.start.div_euclid(DAY);
        (start == day || start == day - 1) && (campaign.number.is_none() || campaign.number.as_deref() == number)
    }))
}
