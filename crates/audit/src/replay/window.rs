//! The customer service window: open while the person wrote to the same number at most 24 hours before.

use crate::tally::{DAY, cell, slot_of};

use super::Person;

/// Finds out which sends are in the window.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// By number: the recipient that wrote to it last, and when.
    last: Vec<(u64, i64)>,
    marks: Vec<bool>,
}

impl Windows {
    /// Marks the person's sends, look-back included.
    pub(super) fn mark(&mut self, person: &Person<'_>) {
        self.marks.clear();
        if person.history.inbound.is_empty() {
            self.marks.resize(person.sends.len(), false);
            return;
        }
        let mut inbound = person.history.inbound.iter().peekable();
        for send in person.sends {
            while let Some(received) = inbound.next_if(|received| received.received_at <= send.sent_at) {
                *cell(&mut self.last, slot_of(received.number)) = (person.number, received.received_at);
            }
            let last = self.last.get(slot_of(send.number));
            self.marks.push(last.is_some_and(|(writer, received_at)| {
                *writer == person.number && send.sent_at.saturating_sub(*received_at) <= DAY
            }));
        }
    }

    /// Whether each of the sends is in the window.
    pub(super) fn marks(&self) -> &[bool] {
        &self.marks
    }
}
