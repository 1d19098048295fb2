//! The customer service window: open while the person wrote to the same number at most 24 hours before.

use crate::tally::{DAY, cell, slot_of};

use super::Person;

/// Finds out which sends are in the window.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// By number: the recipient that wrote to it last, and when.
    last: Vec<(u64, i64)>,
    marks: Vec<bool>,
    /// Whether Meta may take free text, where that is longer than the window; else empty.
    accepted: Vec<bool>,
}

impl Windows {
    /// Marks the person's sends, look-back included. Meta may take free text for `accepted_hours` after the person wrote.
    pub(super) fn mark(&mut self, person: &Person<'_>, accepted_hours: u32) {
        self.marks.clear();
        self.accepted.clear();
        let accepted = i64::from(accepted_hours) * (DAY / 24);
        if person.history.inbound.is_empty() {
            self.marks.resize(person.sends.len(), false);
            return;
        }
        let mut inbound = person.history.inbound.iter().peekable();
        for send in person.sends {
            while let Some(received) = inbound.next_if(|received| received.received_at <= send.sent_at) {
                *cell(&mut self.last, slot_of(received.number)) = (person.number, received.received_at);
            }
            let last = self.last.get(slot_of(send.number)).filter(|(writer, _)| *writer == person.number);
            let since = last.map_or(i64::MAX, |(_, received_at)| send.sent_at.saturating_sub(*received_at));
            self.marks.push(since <= DAY);
            if accepted > DAY {
                self.accepted.push(since <= accepted);
            }
        }
    }

    /// Whether each of the sends is in the window.
    pub(super) fn marks(&self) -> &[bool] {
        &self.marks
    }

    /// Whether Meta may take free text with each of the sends though the window is shut; empty when that is never so.
    pub(super) fn accepted(&self) -> &[bool] {
        &self.accepted
    }
}
