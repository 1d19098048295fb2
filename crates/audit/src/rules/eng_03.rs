//! ENG-03: Meta chose not to deliver too much of the marketing (131049). Not an error to try again: a sign of too much, to the
//! wrong people.

use domain::traffic::{Severity, Subject};

use crate::statistics::{share, wilson};

use super::{
    Case, Draft, Judgement,
    days::{Run, runs},
};

/// Judges every run of days that ends in the period; the finding is of the worst.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.engagement;
    let enough = thresholds.choice_min_messages.max(1);
    let runs = runs(&case.tally.choices, thresholds.choice_days, thresholds.choice_base_days);
    let runs: Vec<Run> = runs.into_iter().filter(|run| run.whole >= enough).collect();
    if runs.is_empty() {
        return Judgement::Insufficient;
    }
    let has_risen = |run: &Run| {
        run.base_whole >= enough
            && run.share() >= thresholds.choice_least_share
            && run.share() >= thresholds.choice_factor * share(run.base_part, run.base_whole)
            && wilson(run.part, run.whole).0 > wilson(run.base_part, run.base_whole).1
    };
    let is_bad = |run: &&Run| wilson(run.part, run.whole).0 > thresholds.choice_share || has_risen(run);
    let worst = runs.iter().filter(is_bad).max_by(|one, other| one.share().total_cmp(&other.share()));
    let Some(worst) = worst else { return Judgement::Judged(Vec::new()) };
    let withheld = &case.tally.not_delivered;
    let draft = Draft::new(Severity::Medium, Subject::client(), withheld.count)
        .count("attempts", worst.whole)
        .count("withheld", worst.part)
        .value("share", worst.share())
        .value("lowerBound", wilson(worst.part, worst.whole).0)
        .value("threshold", thresholds.choice_share)
        .sample(case, &withheld.evidence);
    let draft = if worst.base_whole >= enough {
        draft.value("baseShare", share(worst.base_part, worst.base_whole))
    } else {
        draft
    };
    Judgement::Judged(vec![draft])
}
