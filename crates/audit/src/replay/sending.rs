//! What Meta answered to sends, or had said before them: wrong parameters, too fast, a paused template, a restriction, a
//! window that is open for one clock and shut for the other; and how thick templates are sent.

use domain::traffic::{
    Category, MessageType, Outcome, RuleId,
    failure::{OUTSIDE_WINDOW, PARAMETER_COUNT, PARAMETER_FORMAT, TEMPLATE_DISABLED, TEMPLATE_PAUSED, THROUGHPUT},
};

use crate::{
    NO_NAME, Send,
    tally::{HeardMinutes, Tally, cell, slot_of},
};

use super::{Pass, Person, watch::Watch};

/// The marks of the person's sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'m> {
    /// In the window.
    pub(super) in_window: &'m [bool],
    /// Taken by Meta though the window is shut; empty when that never happens.
    pub(super) accepted: &'m [bool],
}

/// Counts the person's sends of the period.
pub(super) fn count<'h>(
    person: &Person<'h>,
    marks: Marks<'_>,
    watch: &Watch,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if person.has(Pass::Throughput) && person.holds.failures {
        throughput(person, tally, evidence);
    }
    if person.has(Pass::Clock) && person.holds.free_form {
        clock(person, marks, tally, evidence);
    }
    if person.has(Pass::Parameters) && person.holds.failures {
        parameters(person, tally, evidence);
    }
    if person.has(Pass::Barred) && (person.holds.failures || watch.has_barred()) {
        barred(person, watch, tally, evidence);
    }
    if person.has(Pass::Bursts) && watch.has_campaigns() {
        bursts(person, watch, tally);
    }
    if person.has(Pass::Forbidden) && watch.has_barriers() {
        forbidden(person, marks.in_window, watch, tally, evidence);
    }
}

/// Counts a send of the period by its number and, if silence is looked for, takes note of its minute: whether any status came
/// back of what was sent then.
#[inline]
pub(super) fn by_number(send: &Send<'_>, silence: bool, tally: &mut Tally) {
    let number = cell(&mut tally.sending.numbers, slot_of(send.number));
    number.sent += 1;
    if !silence {
        return;
    }
    if send.outcome == Outcome::Sent {
        number.silent.add(send.sent_at);
    } else {
        HeardMinutes::mark(&mut number.heard, send.sent_at);
    }
}

fn throughput<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    let (limit, thick) = (tally.sample_size, tally.thick.throttled);
    let is_throttled = |send: &&Send<'_>| send.outcome == Outcome::Failed && send.error_code == Some(THROUGHPUT);
    for send in person.period().iter().filter(is_throttled) {
        let number = cell(&mut tally.sending.numbers, slot_of(send.number));
        person.trace(&mut number.throttled, limit, send);
        number.throttle_cluster.add(send.sent_at, thick);
        evidence(RuleId::Lim05, send);
    }
}

/// Compares our clock with Meta's answer, when there is one: a delivery, or a refusal because the window is shut.
fn clock<'h>(person: &Person<'h>, marks: Marks<'_>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    for (index, send) in person.sends.iter().enumerate().skip(person.first) {
        let refused = send.outcome == Outcome::Failed && send.error_code == Some(OUTSIDE_WINDOW);
        let is_answered = refused || send.outcome >= Outcome::Delivered;
        if send.message_type != MessageType::FreeForm || !is_answered {
            continue;
        }
        let inside = marks.in_window[index];
        let may_pass = inside || marks.accepted.get(index).copied().unwrap_or_default();
        let clock = &mut tally.sending.clock;
        clock.judged += 1;
        if refused != inside || (!refused && may_pass) {
            continue;
        }
        clock.refused_inside += u64::from(refused);
        person.trace(&mut clock.disagreements, tally.sample_size, send);
        cell(&mut clock.numbers, slot_of(send.number)).add(person.number);
        evidence(RuleId::Win02, send);
    }
}

fn parameters<'h>(person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    for send in person.period().iter().filter(|send| is_template(send) && send.outcome == Outcome::Failed) {
        if matches!(send.error_code, Some(PARAMETER_COUNT | PARAMETER_FORMAT)) {
            let template = cell(&mut tally.sending.templates, send.template as usize);
            person.trace(&mut template.mismatches, tally.sample_size, send);
            template.mismatch_cluster.add(send.sent_at, tally.thick.mismatches);
            evidence(RuleId::Tpl09, send);
        }
    }
}

fn bursts(person: &Person<'_>, watch: &Watch, tally: &mut Tally) {
    for send in person.period().iter().filter(|send| is_undeclared(send, watch)) {
        let numbers = cell(&mut tally.sending.bursts, send.template_name as usize);
        cell(numbers, slot_of(send.number)).add(send.sent_at);
        cell(&mut tally.sending.undeclared, send.template_name as usize).add(person.number);
    }
}

/// Whether it may be of a campaign that was not declared by name. Codes and replies are of none: they come one by one, as people
/// ask for them.
pub(super) fn is_undeclared(send: &Send<'_>, watch: &Watch) -> bool {
    is_template(send)
        && !matches!(send.category, Category::Authentication | Category::Service)
        && send.template_name != NO_NAME
        && watch.is_undeclared(send.campaign)
}

/// Takes note of where the person's templates go.
pub(super) fn countries(person: &Person<'_>, tally: &mut Tally) {
    let country = person.facts.country.index();
    for send in person.period().iter().filter(|send| is_template(send)) {
        cell(&mut tally.sending.templates, send.template as usize).countries.insert(country);
    }
}

fn barred<'h>(person: &Person<'h>, watch: &Watch, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
    for send in person.period().iter().filter(|send| is_template(send)) {
        let refusal = send
            .error_code
            .filter(|code| send.outcome == Outcome::Failed && matches!(*code, TEMPLATE_PAUSED | TEMPLATE_DISABLED));
        if refusal.is_some() || watch.is_barred(send.template, send.number, send.sent_at) {
            let template = cell(&mut tally.sending.templates, send.template as usize);
            person.trace(&mut template.barred, tally.sample_size, send);
            template.refused_paused += u64::from(refusal == Some(TEMPLATE_PAUSED));
            template.refused_disabled += u64::from(refusal == Some(TEMPLATE_DISABLED));
            evidence(RuleId::Tpl02, send);
        }
    }
}

fn forbidden<'h>(
    person: &Person<'h>,
    in_window: &[bool],
    watch: &Watch,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    for (send, inside) in person.period().iter().zip(&in_window[person.first..]) {
        let template = send.message_type == MessageType::Template;
        if watch.is_forbidden(send.number, template, send.category, *inside, send.sent_at) {
            person.trace(&mut tally.sending.forbidden, tally.sample_size, send);
            cell(&mut tally.sending.numbers, slot_of(send.number)).forbidden.add(person.number);
            evidence(RuleId::Enf03, send);
        }
    }
}

/// Whether it was made from a template that is known by name.
pub(super) fn is_template(send: &Send<'_>) -> bool {
    send.message_type == MessageType::Template && send.template != NO_NAME
}
