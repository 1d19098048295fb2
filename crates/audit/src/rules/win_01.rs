//! WIN-01: free text to people who had not written in the last 24 hours. An attempt counts even when Meta refused it.

use domain::traffic::{Severity, Subject};

use crate::{
    statistics::share,
    tally::{Tally, WindowDay},
};

use super::{Case, Draft, Judgement};

/// Any message is a finding; the worst run of days tells how bad. Whoever sends no free text has nothing to be judged.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (tally, thresholds) = (case.tally, &case.thresholds.window);
    let (count, free_form) = (tally.outside_window.count, tally.messages.messages - tally.templates_sent);
    if free_form == 0 {
        return Judgement::Insufficient;
    }
    if count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let worst = worst_days(tally, thresholds.days.into(), thresholds.min_messages);
    let high = worst.is_some_and(|worst| share(worst.outside, worst.free_form) >= thresholds.high_share);
    let severity = if high { Severity::High } else { Severity::Low };
    let mut draft = Draft::new(severity, Subject::client(), count)
        .count("freeForm", free_form)
        .value("threshold", thresholds.high_share)
        .parts(tally.outside_window_numbers.iter().enumerate().map(|(slot, count)| (case.number(slot), *count)))
        .sample(case, &tally.outside_window.evidence);
    if let Some(worst) = worst {
        draft = draft
            .count("worstDaysFreeForm", worst.free_form)
            .count("worstDaysOutside", worst.outside)
            .value("worstDaysShare", share(worst.outside, worst.free_form));
    }
    Judgement::Judged(vec![draft])
}

/// The consecutive days with the greatest share outside of the window, of those with enough messages.
fn worst_days(tally: &Tally, length: i64, enough: u64) -> Option<WindowDay> {
    let days: Vec<(i64, WindowDay)> = tally.window_days.iter().map(|(day, counts)| (day, *counts)).collect();
    let (mut first, mut sum, mut worst) = (0, WindowDay::default(), None::<WindowDay>);
    for (day, counts) in &days {
        sum.free_form += counts.free_form;
        sum.outside += counts.outside;
        while days[first].0 <= day - length.max(1) {
            sum.free_form -= days[first].1.free_form;
            sum.outside -= days[first].1.outside;
            first += 1;
        }
        let is_worse = |worst: WindowDay| share(sum.outside, sum.free_form) > share(worst.outside, worst.free_form);
        if sum.free_form >= enough && worst.is_none_or(is_worse) {
            worst = Some(sum);
        }
    }
    worst
}
