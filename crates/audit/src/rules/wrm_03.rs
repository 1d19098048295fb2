//! WRM-03: a number in its first days that sends mostly marketing with templates that Meta has not rated yet.

use domain::traffic::Severity;

use crate::{statistics::share, tally::NumberSends};

use super::{Case, Draft, Judgement};

/// Judges each number that was in its first days in the period.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let surroundings = &case.inputs.surroundings;
    let knows_ratings = surroundings.templates.is_some() || surroundings.events.is_some();
    if case.tally.uninformed || !knows_ratings || case.first_days().is_empty() {
        return Judgement::NotFed;
    }
    let thresholds = &case.thresholds.warm_up;
    let numbers = case.tally.sending.numbers.iter().enumerate();
    let hasty = numbers.filter(|(_, number)| {
        let unrated = number.early_unrated.count.messages;
        unrated > thresholds.unrated_messages && share(unrated, number.early) > thresholds.unrated_share
    });
    let draft = |(slot, number): (usize, &NumberSends)| {
        Draft::new(Severity::Medium, case.number(slot), number.early_unrated.count)
            .count("counted", number.early)
            .value("share", share(number.early_unrated.count.messages, number.early))
            .value("threshold", thresholds.unrated_share)
            .sample(case, &number.early_unrated.evidence)
    };
    let drafts: Vec<Draft> = hasty.map(draft).collect();
    let is_blind = drafts.is_empty() && case.may_hide_new(thresholds.unrated_days);
    if is_blind { Judgement::Insufficient } else { Judgement::Judged(drafts) }
}
