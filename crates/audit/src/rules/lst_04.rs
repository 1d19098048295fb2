//! LST-04: lists with numbers that cannot be WhatsApp users', or with people who stand on them twice.
//!
//! What the inputs allow to decide: a number whose country code is nobody's or that is too long or too short for its country, a
//! number that is surely a fixed line by its country's plan, and duplicates by what they cause (see the replay). What is no
//! number at all was rejected when it was read, and the report counts it there. Business-scoped user ids have no faults.

use domain::traffic::Severity;

use crate::{statistics::share, tally::ListCell};

use super::{Case, Draft, Judgement};

/// Judges each list with enough messages by the share of either fault; a finding counts the messages of both, each once.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let thresholds = &case.thresholds.list;
    let enough = thresholds.unclean_min_messages.max(1);
    let mut lists = case.tally.lists.iter().enumerate().filter(|(_, list)| list.sent >= enough).peekable();
    if lists.peek().is_none() {
        return Judgement::Insufficient;
    }
    let draft = |(slot, list): (usize, &ListCell)| {
        let (unsuitable, duplicates) = (list.unsuitable.messages, list.duplicates.messages);
        let [unsuitable_share, duplicate_share] = [unsuitable, duplicates].map(|fault| share(fault, list.sent));
        if unsuitable_share.max(duplicate_share) <= thresholds.unclean_share {
            return None;
        }
        let draft = Draft::new(Severity::Low, case.list(slot), list.unclean.count)
            .count("sent", list.sent)
            .count("impossible", unsuitable - list.fixed_lines.messages)
            .count("fixedLines", list.fixed_lines.messages)
            .count("duplicates", duplicates)
            .value("unsuitableShare", unsuitable_share)
            .value("duplicateShare", duplicate_share)
            .value("threshold", thresholds.unclean_share)
            .sample(case, &list.unclean.evidence);
        Some(draft)
    };
    Judgement::Judged(lists.filter_map(draft).collect())
}
