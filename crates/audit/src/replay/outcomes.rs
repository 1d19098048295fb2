//! Totals, outcomes by template, free text outside of the window, and undeliverable messages by list.

use domain::traffic::{FailureClass, MessageType, Outcome, RuleId, failure::UNDELIVERABLE};

use crate::{
    NO_NAME, Send,
    tally::{DAY, Tally, cell, slot_of},
};

use super::Person;

/// Counts the person's sends of the period; the templates' days before it too.
pub(super) fn count<'h>(
    person: &Person<'h>,
    in_window: &[bool],
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    for (index, send) in person.sends.iter().enumerate() {
        if send.template != NO_NAME && send.message_type == MessageType::Template {
            template(person, send, index >= person.first, tally, evidence);
        }
    }
    for (send, inside) in person.period().iter().zip(&in_window[person.first..]) {
        tally.messages.add(person.number);
        tally.in_window += u64::from(*inside);
        let list = cell(&mut tally.lists, slot_of(send.list));
        list.sent += 1;
        if send.error_code == Some(UNDELIVERABLE) && send.outcome == Outcome::Failed {
            person.trace(&mut list.undeliverable, tally.sample_size, send);
            evidence(RuleId::Lst02, send);
        }
        if send.outcome == Outcome::Failed && class_of(send) == Some(FailureClass::Recipient) {
            person.trace(&mut list.refused, tally.sample_size, send);
            evidence(RuleId::Lst03, send);
        }
        match send.message_type {
            MessageType::Template => tally.templates_sent += 1,
            MessageType::FreeForm => free_form(person, send, *inside, tally, evidence),
        }
    }
}

/// Whether the message failed for a reason that lies in the template itself.
fn is_own_failure(send: &Send<'_>) -> bool {
    send.outcome == Outcome::Failed && class_of(send) == Some(FailureClass::Template)
}

fn class_of(send: &Send<'_>) -> Option<FailureClass> {
    send.error_code.map(FailureClass::of)
}

fn template<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    in_period: bool,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let template = cell(&mut tally.templates, send.template as usize);
    let own_failure = is_own_failure(send);
    let day = template.days.at(send.sent_at.div_euclid(DAY));
    day.sent += 1;
    day.own_failures += u64::from(own_failure);
    if !in_period {
        return;
    }
    template.sent += 1;
    template.all.add(person.number);
    template.delivered += u64::from(send.outcome >= Outcome::Delivered);
    template.read += u64::from(send.outcome == Outcome::Read);
    if send.outcome == Outcome::Failed {
        template.failed += 1;
        if let Some(code) = send.error_code {
            *tally.errors.entry((send.template, code)).or_default() += 1;
        }
        if own_failure {
            person.trace(&mut template.own_failures, tally.sample_size, send);
            evidence(RuleId::Tpl01, send);
        }
    }
}

fn free_form<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    inside: bool,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let day = tally.window_days.at(send.sent_at.div_euclid(DAY));
    day.free_form += 1;
    if !inside {
        day.outside += 1;
        person.trace(&mut tally.outside_window, tally.sample_size, send);
        cell(&mut tally.outside_window_numbers, slot_of(send.number)).add(person.number);
        evidence(RuleId::Win01, send);
    }
}
