//! Totals, outcomes by template, free text outside of the window, and undeliverable messages by list.

use domain::traffic::{Category, FailureClass, MessageType, Outcome, RuleId, failure::UNDELIVERABLE};

use crate::{
    NO_NAME, Send,
    tally::{DAY, Tally, cell, slot_of},
};

use super::{Pass, Person};

/// Counts the person's sends of the period; the templates' days before it too.
pub(super) fn count<'h>(
    person: &Person<'h>,
    in_window: &[bool],
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if person.has(Pass::OwnFailures) {
        own_failures(person, tally, evidence);
    }
    let sends = person.period();
    if sends.is_empty() {
        return;
    }
    tally.messages.add_all(person.number, sends.len());
    for (send, inside) in sends.iter().zip(&in_window[person.first..]) {
        tally.in_window += u64::from(*inside);
        tally.unknown_category += u64::from(send.category == Category::Unknown);
        cell(&mut tally.lists, slot_of(send.list)).sent += 1;
        match send.message_type {
            MessageType::Template => template(person, send, tally),
            MessageType::FreeForm => free_form(person, send, *inside, tally, evidence),
        }
    }
    if person.holds.failures {
        failures(person, tally, evidence);
    }
}

/// Counts failures that lie in the template itself, by day, among all sends of the template.
fn own_failures<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    for (index, send) in person.sends.iter().enumerate() {
        if send.template == NO_NAME || send.message_type != MessageType::Template {
            continue;
        }
        let template = cell(&mut tally.templates, send.template as usize);
        let day = template.days.at(send.sent_at.div_euclid(DAY));
        day.sent += 1;
        if send.outcome == Outcome::Failed && class_of(send) == Some(FailureClass::Template) {
            day.own_failures += 1;
            if index >= person.first {
                person.trace(&mut template.own_failures, tally.sample_size, send);
                evidence(RuleId::Tpl01, send);
            }
        }
    }
}

fn template(person: &Person<'_>, send: &Send<'_>, tally: &mut Tally) {
    tally.templates_sent += 1;
    if send.template != NO_NAME {
        let template = cell(&mut tally.templates, send.template as usize);
        template.all.add(person.number);
        template.outcomes[send.outcome as usize] += 1;
    }
}

/// Counts what failed by its code, and what speaks of the person by list.
fn failures<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    for send in person.period().iter().filter(|send| send.outcome == Outcome::Failed) {
        let Some(code) = send.error_code else { continue };
        tally.unknown_error += u64::from(!FailureClass::is_documented(code));
        if send.template != NO_NAME && send.message_type == MessageType::Template {
            *tally.errors.entry((send.template, code)).or_default() += 1;
        }
        let list = cell(&mut tally.lists, slot_of(send.list));
        if code == UNDELIVERABLE {
            person.trace(&mut list.undeliverable, tally.sample_size, send);
            evidence(RuleId::Lst02, send);
        }
        if FailureClass::of(code) == FailureClass::Recipient {
            person.trace(&mut list.refused, tally.sample_size, send);
            evidence(RuleId::Lst03, send);
        }
    }
}

fn class_of(send: &Send<'_>) -> Option<FailureClass> {
    send.error_code.map(FailureClass::of)
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
