//! Sends to people who could not be reached on two days, and have not written since.

use domain::traffic::RuleId;

use crate::{
    Send,
    tally::{DAY, Tally, cell, slot_of},
};

use super::{Person, holds::is_undeliverable};

/// Counts sends of the period after the first undeliverable message of the second day, until the person writes.
pub(super) fn count<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    let Some(since) = second_day(person) else { return };
    let inbound = person.history.inbound;
    let after = inbound.partition_point(|received| received.received_at <= since);
    let wrote_at = inbound.get(after).map(|received| received.received_at);
    let hopeless = |send: &&Send<'_>| send.sent_at > since && wrote_at.is_none_or(|wrote_at| send.sent_at < wrote_at);
    for send in person.period().iter().filter(hopeless) {
        person.trace(&mut tally.resends, tally.sample_size, send);
        cell(&mut tally.lists, slot_of(send.list)).resends.add(person.number);
        evidence(RuleId::Lst01, send);
    }
}

/// Whether the person could not be reached on two days and has not written since.
pub(super) fn is_hopeless(person: &Person<'_>) -> bool {
    second_day(person).is_some_and(|since| person.history.inbound.last().is_none_or(|last| last.received_at <= since))
}

/// When a message was undeliverable on a second calendar day (UTC) for the first time.
fn second_day(person: &Person<'_>) -> Option<i64> {
    if !person.holds.undeliverable {
        return None;
    }
    let mut failures = person.sends.iter().filter(|send| is_undeliverable(send)).map(|send| send.sent_at);
    let first_day = failures.next()?.div_euclid(DAY);
    failures.find(|sent_at| sent_at.div_euclid(DAY) != first_day)
}
