//! CON-10: consent coverage (valid ÷ due) that is low, or fell: a list or an integration has begun to write to people who
//! never agreed.

use domain::traffic::{Severity, Subject, instant_of_micros};

use crate::{
    statistics::{share, wilson},
    tally::DAY,
};

use super::{
    Case, Draft, Judgement,
    days::{Run, runs},
};

/// Judges every run of days that ends in the period; the finding is of the worst.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.coverage;
    let enough = thresholds.min_messages.max(1);
    let runs = runs(&case.tally.coverage, thresholds.days, thresholds.base_days);
    let runs: Vec<Run> = runs.into_iter().filter(|run| run.whole >= enough).collect();
    if runs.is_empty() {
        return Judgement::Insufficient;
    }
    let has_fallen = |run: &Run| {
        run.base_whole >= enough
            && share(run.base_part, run.base_whole) - run.share() >= thresholds.fall
            && wilson(run.part, run.whole).1 < wilson(run.base_part, run.base_whole).0
    };
    let is_bad = |run: &&Run| run.share() < thresholds.least_share || has_fallen(run);
    let Some(worst) = runs.iter().filter(is_bad).min_by(|one, other| one.share().total_cmp(&other.share())) else {
        return Judgement::Judged(Vec::new());
    };
    // The day stands among the figures, not in the subject: the next audit of the same trouble finds another worst day.
    let last = instant_of_micros(worst.last_day.saturating_mul(DAY)).timestamp();
    let draft = Draft::new(Severity::Medium, Subject::client(), case.tally.uncovered)
        .count("due", worst.whole)
        .count("valid", worst.part)
        .value("coverage", worst.share())
        .count("lastDay", u64::try_from(last).unwrap_or_default())
        .value("threshold", thresholds.least_share)
        .parts(case.tally.lists.iter().enumerate().map(|(slot, list)| (case.list(slot), list.uncovered)));
    let draft = if worst.base_whole >= enough {
        draft.count("baseDue", worst.base_whole).value("baseCoverage", share(worst.base_part, worst.base_whole))
    } else {
        draft
    };
    Judgement::Judged(vec![draft])
}
