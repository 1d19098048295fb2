//! Whether a contact should have been on its list at all: numbers that cannot receive, duplicates, people who were suppressed
//! elsewhere, and marketing where it is not delivered.
//!
//! A list is known by the messages that name it, so whoever stands on it twice is known by what that causes: the same marketing
//! template of the same campaign and list again to one person, an earlier one not having failed. A campaign that was declared
//! goes to each of its people once, so there any second message is a duplicate, however late it comes. Whether other messages
//! belong together only time can tell: a template may be sent again on another day for good reasons, within half a day hardly.
//! Numbers that are no numbers at all never get here: they are rejected when they are read.

use std::collections::HashMap;

use domain::traffic::{Category, MessageType, Outcome, RuleId};

use crate::{
    NO_NAME, NameId, Send, Settings,
    numbering::{Country, Facts},
    tally::{Tally, cell, slot_of},
};

use super::{Person, watch::Watch};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// What is looked up once, and what is remembered of the last recipients.
#[derive(Debug)]
pub(super) struct Hygiene {
    united_states: Country,
    /// By template name, list and campaign.
    last: HashMap<SendOut, Last, foldhash::fast::FixedState>,
}

/// What a contact of a list is sent once: template name, list and campaign.
type SendOut = (NameId, NameId, NameId);

/// The last send that did not fail, and to whom it went.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    recipient: u64,
    sent_at: i64,
}

impl Default for Hygiene {
    fn default() -> Self {
        Self { united_states: Country::of_code("US"), last: HashMap::default() }
    }
}

impl Hygiene {
    /// Counts the person's sends of the period.
    pub(super) fn count<'h>(
        &mut self,
        person: &Person<'h>,
        (settings, watch): (&Settings, &Watch),
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let limit = settings.sample_size;
        let facts = person.facts;
        if is_unsuitable(facts) {
            for send in person.period() {
                let list = cell(&mut tally.lists, slot_of(send.list));
                list.unsuitable.add(person.number);
                person.trace(&mut list.unclean, limit, send);
                if facts.is_fixed_line {
                    list.fixed_lines.add(person.number);
                }
                evidence(RuleId::Lst04, send);
            }
        }
        if facts.country == self.united_states {
            for send in person.period().iter().filter(|send| is_marketing_template(send)) {
                person.trace(&mut tally.to_united_states, limit, send);
                cell(&mut tally.lists, slot_of(send.list)).to_united_states.add(person.number);
                evidence(RuleId::Lst07, send);
            }
        }
        if watch.known().is_suppressed(person.history.recipient) {
            for send in person.period() {
                person.trace(&mut cell(&mut tally.lists, slot_of(send.list)).suppressed, limit, send);
                evidence(RuleId::Lst06, send);
            }
        }
        if may_repeat(person.sends) {
            self.count_duplicates(person, (settings, watch), tally, evidence);
        }
    }

    /// Counts sends that repeat one that the person got.
    fn count_duplicates<'h>(
        &mut self,
        person: &Person<'h>,
        (settings, watch): (&Settings, &Watch),
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let within = i64::from(settings.thresholds.list.duplicate_minutes) * MINUTE;
        let is_unsuitable = is_unsuitable(person.facts);
        for (index, send) in person.sends.iter().enumerate() {
            let Some(key) = send_out(send) else { continue };
            let last = self.last.entry(key).or_default();
            let is_repeated = last.recipient == person.number
                && (send.sent_at.saturating_sub(last.sent_at) <= within || watch.is_declared(send.campaign));
            if is_repeated && index >= person.first {
                let list = cell(&mut tally.lists, slot_of(send.list));
                list.duplicates.add(person.number);
                // All of an unsuitable number's are shown already.
                if !is_unsuitable {
                    person.trace(&mut list.unclean, settings.sample_size, send);
                    evidence(RuleId::Lst04, send);
                }
            }
            if send.outcome != Outcome::Failed {
                *last = Last { recipient: person.number, sent_at: send.sent_at };
            }
        }
    }
}

/// Whether nothing that is sent to such a recipient can arrive.
fn is_unsuitable(facts: Facts) -> bool {
    facts.is_impossible || facts.is_fixed_line
}

/// What a send belongs to that a contact of a list gets once.
fn send_out(send: &Send<'_>) -> Option<SendOut> {
    (send.list != NO_NAME && is_marketing_template(send)).then_some((send.template_name, send.list, send.campaign))
}

/// Whether any two of the sends may belong to one send-out. Sure when it says no, which costs next to nothing: hardly anybody
/// gets anything twice.
fn may_repeat(sends: &[Send<'_>]) -> bool {
    let mut seen = [0_u64; 8];
    sends.iter().filter_map(send_out).any(|(template, list, campaign)| {
        let mixed = [template, list, campaign]
            .into_iter()
            .fold(0_u64, |mixed, id| (mixed ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
        let (word, bit) = ((mixed >> 6 & 7) as usize, 1 << (mixed & 63));
        let is_seen = seen[word] & bit != 0;
        seen[word] |= bit;
        is_seen
    })
}

fn is_marketing_template(send: &Send<'_>) -> bool {
    send.category == Category::Marketing && send.message_type == MessageType::Template
}
