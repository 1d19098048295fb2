//! Whether a contact should have been on its list at all: numbers that cannot receive, duplicates, people who were suppressed
//! elsewhere, and marketing where it is not delivered.
//!
//! A list is known by the messages that name it, so its duplicates are what duplicates cause: the same marketing template of
//! the same campaign and list, twice to one person within the hour, the first not having failed. Numbers that are no numbers
//! at all never get here: they are rejected when they are read.

use std::collections::HashMap;

use domain::traffic::{Category, MessageType, Outcome, RuleId};

use crate::{
    NO_NAME, NameId, Send, Settings,
    numbering::Country,
    tally::{Tally, cell, slot_of},
};

use super::{Person, known::Known};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// What is looked up once, and what is remembered of the last recipients.
#[derive(Debug)]
pub(super) struct Hygiene {
    united_states: Country,
    /// By template name, list and campaign.
    last: HashMap<(NameId, NameId, NameId), Last, foldhash::fast::FixedState>,
}

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
        (settings, known): (&Settings, &Known),
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let limit = settings.sample_size;
        let facts = person.facts;
        if facts.is_impossible || facts.is_fixed_line {
            for send in person.period() {
                let list = cell(&mut tally.lists, slot_of(send.list));
                person.trace(&mut list.unsuitable, limit, send);
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
        if known.is_suppressed(person.history.recipient) {
            for send in person.period() {
                person.trace(&mut cell(&mut tally.lists, slot_of(send.list)).suppressed, limit, send);
                evidence(RuleId::Lst06, send);
            }
        }
        self.count_duplicates(person, settings, tally, evidence);
    }

    /// Counts sends that repeat one of the last hour. Only sends with a neighbour within the hour are remembered: others can
    /// neither repeat nor be repeated.
    fn count_duplicates<'h>(
        &mut self,
        person: &Person<'h>,
        settings: &Settings,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let within = i64::from(settings.thresholds.list.duplicate_minutes) * MINUTE;
        let sends = person.sends;
        let are_near = |one: usize, next: usize| sends[next].sent_at.saturating_sub(sends[one].sent_at) <= within;
        for (index, send) in sends.iter().enumerate() {
            let follows = index > 0 && are_near(index - 1, index);
            let precedes = index + 1 < sends.len() && are_near(index, index + 1);
            if !(follows || precedes) || send.list == NO_NAME || !is_marketing_template(send) {
                continue;
            }
            let last = self.last.entry((send.template_name, send.list, send.campaign)).or_default();
            let is_repeated = last.recipient == person.number && send.sent_at.saturating_sub(last.sent_at) <= within;
            if is_repeated && index >= person.first {
                let list = cell(&mut tally.lists, slot_of(send.list));
                person.trace(&mut list.duplicates, settings.sample_size, send);
                evidence(RuleId::Lst04, send);
            }
            if send.outcome != Outcome::Failed {
                *last = Last { recipient: person.number, sent_at: send.sent_at };
            }
        }
    }
}

fn is_marketing_template(send: &Send<'_>) -> bool {
    send.category == Category::Marketing && send.message_type == MessageType::Template
}
