//! What Meta told, as rules look at it: events before the end of the period, and states that last.

use std::collections::BTreeMap;

use domain::traffic::{PlatformEvent, Subject, SubjectKind};

use crate::events::{Account, by_time, micros};

use super::Case;

/// A state of something, and how long it lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held<'e> {
    pub(super) value: &'e str,
    /// What it was before, when told.
    pub(super) previous: Option<&'e str>,
    pub(super) from: i64,
    /// The end, excluded; `i64::MAX` while it lasts.
    pub(super) until: i64,
}

/// A change of something's state.
#[derive(Debug, Clone)]
pub(super) struct Change<'e> {
    pub(super) subject: Subject,
    pub(super) account: Account<'e>,
    pub(super) at: i64,
    pub(super) previous: Option<&'e str>,
    pub(super) value: &'e str,
}

/// The states of a subject in an account, by time.
pub(super) type States<'e> = BTreeMap<(Subject, Account<'e>), Vec<Held<'e>>>;

/// The states of each subject in each account. Told again, a state is the same one still.
pub(super) fn held<'e>(changes: impl Iterator<Item = Change<'e>>) -> States<'e> {
    let mut states = States::new();
    for Change { subject, account, at, previous, value } in changes {
        let states = states.entry((subject, account)).or_default();
        let last = states.last_mut();
        if last.as_ref().is_some_and(|last| last.value == value) {
            continue;
        }
        let previous = last.as_ref().map(|last| last.value).or(previous);
        if let Some(last) = last {
            last.until = at;
        }
        states.push(Held { value, previous, from: at, until: i64::MAX });
    }
    states
}

impl<'a> Case<'a> {
    /// What Meta told before the end of the period, by time; `None` when nobody passed it on.
    pub(super) fn told(&self) -> Option<Vec<&'a PlatformEvent>> {
        let events = by_time(self.inputs.surroundings.events.as_deref()?);
        let to = self.tally.period_to().unwrap_or(i64::MAX);
        Some(events.into_iter().filter(|event| micros(event.at) < to).collect())
    }

    /// Whether a moment before the end of the period lies in it.
    pub(super) fn is_in_period(&self, at: i64) -> bool {
        self.tally.period_from().is_none_or(|from| at >= from)
    }

    /// The part of a state's time that lies before the end of the period, if any of it lies in the period: its length.
    pub(super) fn lasted(&self, held: &Held<'_>) -> Option<i64> {
        let until = held.until.min(self.tally.period_to().unwrap_or(i64::MAX));
        self.is_in_period(until.saturating_sub(1)).then(|| until.saturating_sub(held.from))
    }
}

/// What Meta told of an account, by its own word, as the subject of a finding.
pub(super) fn notice(word: &str, account: Account<'_>) -> Subject {
    let id = account.map_or_else(|| word.to_owned(), |account| format!("{word}/{account}"));
    Subject { kind: SubjectKind::Notice, id: Some(id), day: None }
}

/// A template as the subject of a finding, by what Meta calls it.
pub(super) fn template(name: &str, language: &str) -> Subject {
    let id = if language.is_empty() { name.to_owned() } else { format!("{name}/{language}") };
    Subject { kind: SubjectKind::Template, id: Some(id), day: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_lasts_until_it_changes() {
        let change = |at, previous, value| Change { subject: Subject::client(), account: None, at, previous, value };
        let changes = [change(1, Some("GREEN"), "YELLOW"), change(5, None, "YELLOW"), change(9, Some("YELLOW"), "RED")];
        let states = held(changes.into_iter());
        let yellow = Held { value: "YELLOW", previous: Some("GREEN"), from: 1, until: 9 };
        let red = Held { value: "RED", previous: Some("YELLOW"), from: 9, until: i64::MAX };
        assert_eq!(states[&(Subject::client(), None)], [yellow, red]);
    }
}
