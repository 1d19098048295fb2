//! Messages and what went wrong with them, by everything that may explain it.

use domain::traffic::{BadOutcome, Category, FailureClass, Outcome};

use crate::{
    Send,
    numbering::Country,
    tally::{DAY, Slots, Tally, slot_of},
};

use super::Person;

/// Microseconds of an hour.
const HOUR: i64 = DAY / 24;

/// Where a send stands in each dimension.
pub(super) fn slots(send: &Send<'_>, country: Country) -> Slots {
    let hour = send.sent_at.rem_euclid(DAY) / HOUR + 1;
    [
        slot_of(send.list) as u32,
        slot_of(send.template) as u32,
        country.index(),
        hour as u32,
        slot_of(send.number) as u32,
        slot_of(send.campaign) as u32,
    ]
}

/// Counts the person's sends of the period.
pub(super) fn count(person: &Person<'_>, tally: &mut Tally) {
    for send in person.period() {
        let failure = (send.outcome == Outcome::Failed)
            .then(|| send.error_code.map_or(BadOutcome::Other, |code| FailureClass::of(code).into()));
        tally.breakdown.message(slots(send, person.facts.country), is_reached(send), failure);
    }
}

/// Whether the send is marketing that reached the person, who may say stop to it.
pub(super) fn is_reached(send: &Send<'_>) -> bool {
    send.category == Category::Marketing && send.outcome >= Outcome::Delivered
}
