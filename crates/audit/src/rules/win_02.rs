//! WIN-02: the window is open by our clock and shut by Meta's, or the other way round.

use domain::traffic::{Severity, Subject};

use crate::statistics::share;

use super::{Case, Draft, Judgement};

/// Judges the share of disagreements among the free-form messages of which Meta said whether the window was open.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (clock, thresholds) = (&case.tally.sending.clock, &case.thresholds.clock);
    if clock.judged == 0 {
        return Judgement::Insufficient;
    }
    let count = clock.disagreements.count;
    let part = share(count.messages, clock.judged);
    if count.messages == 0 || part < thresholds.share {
        return Judgement::Judged(Vec::new());
    }
    let draft = Draft::new(Severity::Medium, Subject::client(), count)
        .count("judged", clock.judged)
        .value("share", part)
        .value("threshold", thresholds.share)
        .count("refusedInside", clock.refused_inside)
        .count("acceptedOutside", count.messages - clock.refused_inside)
        .parts(clock.numbers.iter().enumerate().map(|(slot, count)| (case.number(slot), *count)))
        .sample(case, &clock.disagreements.evidence);
    Judgement::Judged(vec![draft])
}
