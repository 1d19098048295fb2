//! Totals, outcomes by template, free text outside of the window, and undeliverable messages by list.

use domain::traffic::{Category, FailureClass, MessageType, Outcome, RuleId, failure::UNDELIVERABLE};

use crate::{
    NO_NAME, Send,
    tally::{Tally, cell, slot_of},
};

use super::Person;

/// Counts a send of the period.
#[inline]
pub(super) fn count<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    (day, inside): (i64, bool),
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    tally.in_window += u64::from(inside);
    tally.unknown_category += u64::from(send.category == Category::Unknown);
    cell(&mut tally.lists, slot_of(send.list)).sent += 1;
    match send.message_type {
        MessageType::Template => tally.templates_sent += 1,
        MessageType::FreeForm => free_form(person, send, (day, inside), tally, evidence),
    }
}

/// Counts a send by its template, if it is of the period; and failures that lie in the template itself, by day, among all sends
/// of the template, if they are asked for.
#[inline]
pub(super) fn template<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    (day, in_period, own_failures): (i64, bool, bool),
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if send.template == NO_NAME || send.message_type != MessageType::Template {
        return;
    }
    let template = cell(&mut tally.templates, send.template as usize);
    if in_period {
        template.all.add(person.number);
        template.outcomes[send.outcome as usize] += 1;
    }
    if !own_failures {
        return;
    }
    let day = template.days.at(day);
    day.sent += 1;
    if send.outcome == Outcome::Failed && class_of(send) == Some(FailureClass::Template) {
        day.own_failures += 1;
        if in_period {
            person.trace(&mut template.own_failures, tally.sample_size, send);
            evidence(RuleId::Tpl01, send);
        }
    }
}

/// Counts what failed by its code, and what speaks of the person by list.
pub(super) fn failures<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
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
            person.trace(&mut list.troubled, tally.sample_size, send);
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
    (day, inside): (i64, bool),
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let day = tally.window_days.at(day);
    day.free_form += 1;
    if !inside {
        day.outside += 1;
        person.trace(&mut tally.outside_window, tally.sample_size, send);
        cell(&mut tally.outside_window_numbers, slot_of(send.number)).add(person.number);
        evidence(RuleId::Win01, send);
    }
}
