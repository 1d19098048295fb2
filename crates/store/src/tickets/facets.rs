//! What a ticket's words are, as bits of one number: on SQLite, where the indexes of orders hold it, conditions on words are judged
//! without looking at the tickets. The number itself is made by the database (migration `ticket_facets`).
//!
//! Conditions on the same words are also folded into one, so that what contradicts itself is not looked for.

use domain::tickets::{Appealable, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn};

use super::filter::{TicketCondition, TicketFilter};

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

/// The conditions of a list that all must hold, with those on the words of one field as one; `None` when they leave no word.
pub(super) fn folded(parts: &[TicketFilter]) -> Option<Vec<TicketFilter>> {
    let (mut words, mut others): (Vec<TicketCondition>, Vec<TicketFilter>) = (Vec::new(), Vec::new());
    for part in parts {
        let Some(condition) = on_words(part) else {
            others.push(part.clone());
            continue;
        };
        let mut places = words.iter().enumerate();
        let same = places.find_map(|(place, known)| Some((place, both(known, &condition)?)));
        match same {
            Some((place, both)) => words[place] = both,
            None => words.push(condition),
        }
    }
    if words.iter().any(|condition| bits(condition) == Some(0)) {
        return None;
    }
    others.extend(words.into_iter().map(TicketFilter::Is));
    Some(others)
}

/// The condition on the words of a field that every ticket has which says the same, if there is one.
fn on_words(filter: &TicketFilter) -> Option<TicketCondition> {
    match filter {
        TicketFilter::Is(condition) => both(condition, condition),
        TicketFilter::All(parts) if parts.len() == 1 => on_words(parts.first()?),
        TicketFilter::Not(part) => opposite(&on_words(part)?),
        TicketFilter::All(_) | TicketFilter::Any(_) => None,
    }
}

/// Where a condition on the words of a field does not hold.
fn opposite(condition: &TicketCondition) -> Option<TicketCondition> {
    fn rest<T: Copy + PartialEq>(all: &[T], words: &[T]) -> Vec<T> {
        all.iter().copied().filter(|word| !words.contains(word)).collect()
    }
    Some(match condition {
        TicketCondition::Kind(words) => TicketCondition::Kind(rest(TicketKind::ALL, words)),
        TicketCondition::Level(words) => TicketCondition::Level(rest(TicketLevel::ALL, words)),
        TicketCondition::Priority(words) => TicketCondition::Priority(rest(TicketPriority::ALL, words)),
        TicketCondition::Status(words) => TicketCondition::Status(rest(TicketStatus::ALL, words)),
        TicketCondition::WaitingOn(words) => TicketCondition::WaitingOn(rest(WaitingOn::ALL, words)),
        TicketCondition::Appealable(words) => TicketCondition::Appealable(rest(Appealable::ALL, words)),
        _ => return None,
    })
}

/// Where two conditions on the words of the same field both hold.
fn both(one: &TicketCondition, other: &TicketCondition) -> Option<TicketCondition> {
    fn common<T: Copy + PartialEq>(one: &[T], other: &[T]) -> Vec<T> {
        one.iter().copied().filter(|word| other.contains(word)).collect()
    }
    Some(match (one, other) {
        (TicketCondition::Kind(one), TicketCondition::Kind(other)) => TicketCondition::Kind(common(one, other)),
        (TicketCondition::Level(one), TicketCondition::Level(other)) => TicketCondition::Level(common(one, other)),
        (TicketCondition::Priority(one), TicketCondition::Priority(other)) => {
            TicketCondition::Priority(common(one, other))
        }
        (TicketCondition::Status(one), TicketCondition::Status(other)) => TicketCondition::Status(common(one, other)),
        (TicketCondition::WaitingOn(one), TicketCondition::WaitingOn(other)) => {
            TicketCondition::WaitingOn(common(one, other))
        }
        (TicketCondition::Appealable(one), TicketCondition::Appealable(other)) => {
            TicketCondition::Appealable(common(one, other))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_on_the_same_words_are_one_and_what_contradicts_itself_is_none() {
        let is = |kinds: &[TicketKind]| TicketFilter::Is(TicketCondition::Kind(kinds.to_vec()));
        let not = |filter: TicketFilter| TicketFilter::Not(Box::new(TicketFilter::All(vec![filter])));
        let (one, other) = (TicketKind::Other, TicketKind::DisplayName);
        assert_eq!(folded(&[is(&[one, other]), not(is(&[other]))]), Some(vec![is(&[one])]));
        assert_eq!(folded(&[is(&[one]), is(&[other])]), None);
        assert_eq!(folded(&[not(is(TicketKind::ALL))]), None);
        // A ticket without an outcome satisfies neither, so the opposite of one is no list of words.
        let outcome = TicketFilter::Is(TicketCondition::Outcome(vec![TicketOutcome::Resolved]));
        assert_eq!(folded(&[not(outcome.clone())]), Some(vec![not(outcome)]));
    }
}
