//! LST-02: lists of which too many cannot be reached.

use domain::traffic::Severity;

use crate::{
    statistics::{share, wilson},
    tally::ListCell,
};

use super::{Case, Draft, Judgement};

/// Judges each list with enough messages by the lower bound of its undeliverable share.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.list;
    let mut lists = case
        .tally
        .lists
        .iter()
        .enumerate()
        .filter(|(_, list)| list.sent > 0 && list.sent >= thresholds.min_messages)
        .peekable();
    if lists.peek().is_none() {
        return Judgement::Insufficient;
    }
    let draft = |(slot, list): (usize, &ListCell)| {
        let count = list.undeliverable.count;
        let (lower, _) = wilson(count.messages, list.sent);
        let severity = if lower > thresholds.undeliverable_high {
            Severity::High
        } else if lower > thresholds.undeliverable_medium {
            Severity::Medium
        } else {
            return None;
        };
        let draft = Draft::new(severity, case.list(slot), count)
            .count("sent", list.sent)
            .value("share", share(count.messages, list.sent))
            .value("lowerBound", lower)
            .value("threshold", thresholds.undeliverable_medium)
            .sample(case, &list.undeliverable.evidence);
        Some(draft)
    };
    Judgement::Judged(lists.filter_map(draft).collect())
}
