//! LIM-05: a number that sends faster than its throughput allows.

use domain::traffic::Severity;

use crate::statistics::share;

use super::{Case, Draft, Judgement};

/// Judges each number by its share of throughput errors, and by how thick they came.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.throughput;
    let numbers = case.tally.sending.numbers.iter().enumerate();
    let throttled = numbers.filter(|(_, number)| {
        let errors = number.throttled.count.messages;
        number.throttle_cluster.is_found() || (errors > 0 && share(errors, number.sent) >= thresholds.share)
    });
    let drafts = throttled.map(|(slot, number)| {
        Draft::new(Severity::Low, case.number(slot), number.throttled.count)
            .count("sent", number.sent)
            .value("share", share(number.throttled.count.messages, number.sent))
            .value("threshold", thresholds.share)
            .count("withinMinutes", number.throttle_cluster.is_found().into())
            .sample(case, &number.throttled.evidence)
    });
    Judgement::Judged(drafts.collect())
}
