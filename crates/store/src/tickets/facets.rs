//! What a ticket's words are, as bits of one number: on SQLite, where the indexes of orders hold it, conditions on words are judged
//! without looking at the tickets. The number itself is made by the database (migration `ticket_facets`).

use domain::tickets::{Appealable, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn};

use super::filter::TicketCondition;

/// The bits of which a ticket must have one for the condition to hold; `None` when words do not tell.
pub(super) fn bits(condition: &TicketCondition) -> Option<i64> {
    let bits = match condition {
        TicketCondition::Kind(kinds) => of(TicketKind::ALL, kinds, 0),
        TicketCondition::Level(levels) => of(TicketLevel::ALL, levels, 9),
        TicketCondition::Priority(priorities) => of(TicketPriority::ALL, priorities, 13),
        TicketCondition::Status(statuses) => of(TicketStatus::ALL, statuses, 17),
        TicketCondition::WaitingOn(owners) => of(WaitingOn::ALL, owners, 25),
        TicketCondition::Outcome(outcomes) => of(TicketOutcome::ALL, outcomes, 29),
        TicketCondition::ProposedOutcome(outcomes) => of(TicketOutcome::ALL, outcomes, 36),
        TicketCondition::Appealable(answers) => of(Appealable::ALL, answers, 43),
        TicketCondition::Unassigned => 1 << 46,
        TicketCondition::Assigned => 1 << 47,
        _ => return None,
    };
    Some(bits)
}

/// The bits of words, of which the first has bit `first`.
fn of<T: PartialEq>(all: &[T], words: &[T], first: u32) -> i64 {
    let places = (first..).zip(all).filter(|(_, word)| words.contains(word));
    places.fold(0, |bits, (place, _)| bits | 1 << place)
}
