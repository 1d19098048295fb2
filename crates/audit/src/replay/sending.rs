//! What Meta answered to sends, or had said before them: wrong parameters, too fast, a paused template, a restriction, a
//! window that is open for one clock and shut for the other; and how thick templates are sent.

use domain::traffic::{
    Category, MessageType, Outcome, RuleId,
    failure::{OUTSIDE_WINDOW, PARAMETER_COUNT, PARAMETER_FORMAT, TEMPLATE_DISABLED, TEMPLATE_PAUSED, THROUGHPUT},
};

use crate::{
    NO_NAME, Send,
    tally::{HeardMinutes, NumberSends, Tally, cell, slot_of},
};

use super::{Person, watch::Watch};

/// The marks of the person's sends, and what is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'m> {
    /// In the window.
    pub(super) in_window: &'m [bool],
    /// Taken by Meta though the window is shut; empty when that never happens.
    pub(super) accepted: &'m [bool],
    /// Whether rules that only the profile `full` runs count too.
    pub(super) is_full: bool,
}

/// Counts the person's sends of the period.
pub(super) fn count<'h>(
    person: &Person<'h>,
    marks: Marks<'_>,
    watch: &Watch,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    for (index, send) in person.sends.iter().enumerate().skip(person.first) {
        let inside = marks.in_window[index];
        let number = cell(&mut tally.sending.numbers, slot_of(send.number));
        number.sent += 1;
        if send.outcome == Outcome::Sent {
            number.silent.add(send.sent_at);
        } else {
            HeardMinutes::mark(&mut number.heard, send.sent_at);
        }
        if send.outcome == Outcome::Failed {
            throttled(person, send, number, (tally.sample_size, tally.thick), evidence);
        }
        if send.message_type == MessageType::FreeForm {
            let may_pass = inside || marks.accepted.get(index).copied().unwrap_or_default();
            clock(person, send, (inside, may_pass), tally, evidence);
        } else if send.template != NO_NAME {
            mismatched(person, send, tally, evidence);
            barred(person, send, watch, tally, evidence);
            if marks.is_full {
                burst(person, send, watch, tally);
            }
        }
        if watch.has_barriers() {
            forbidden(person, send, inside, watch, tally, evidence);
        }
    }
}

fn burst(person: &Person<'_>, send: &Send<'_>, watch: &Watch, tally: &mut Tally) {
    // Codes and replies come one by one, as people ask for them.
    let may_be_campaign = !matches!(send.category, Category::Authentication | Category::Service);
    if send.template_name != NO_NAME && may_be_campaign && watch.is_undeclared(send.campaign) {
        let numbers = cell(&mut tally.sending.bursts, send.template_name as usize);
        cell(numbers, slot_of(send.number)).add(send.sent_at);
        cell(&mut tally.sending.undeclared, send.template_name as usize).add(person.number);
    }
}

fn barred<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    watch: &Watch,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let refusal = send
        .error_code
        .filter(|code| send.outcome == Outcome::Failed && matches!(*code, TEMPLATE_PAUSED | TEMPLATE_DISABLED));
    if refusal.is_some() || watch.is_barred(send.template, send.sent_at) {
        let template = cell(&mut tally.sending.templates, send.template as usize);
        person.trace(&mut template.barred, tally.sample_size, send);
        template.refused_paused += u64::from(refusal == Some(TEMPLATE_PAUSED));
        template.refused_disabled += u64::from(refusal == Some(TEMPLATE_DISABLED));
        evidence(RuleId::Tpl02, send);
    }
}

fn forbidden<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    inside: bool,
    watch: &Watch,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let template = send.message_type == MessageType::Template;
    if watch.is_forbidden(template, send.category, inside, send.sent_at) {
        person.trace(&mut tally.sending.forbidden, tally.sample_size, send);
        cell(&mut tally.sending.numbers, slot_of(send.number)).forbidden.add(person.number);
        evidence(RuleId::Enf03, send);
    }
}

fn throttled<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    number: &mut NumberSends,
    (limit, thick): (usize, crate::tally::Thick),
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if send.error_code == Some(THROUGHPUT) {
        person.trace(&mut number.throttled, limit, send);
        number.throttle_cluster.add(send.sent_at, thick.throttled);
        evidence(RuleId::Lim05, send);
    }
}

fn mismatched<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if send.outcome == Outcome::Failed && matches!(send.error_code, Some(PARAMETER_COUNT | PARAMETER_FORMAT)) {
        let template = cell(&mut tally.sending.templates, send.template as usize);
        person.trace(&mut template.mismatches, tally.sample_size, send);
        template.mismatch_cluster.add(send.sent_at, tally.thick.mismatches);
        evidence(RuleId::Tpl09, send);
    }
}

/// Compares our clock with Meta's answer, when there is one: a delivery, or a refusal because the window is shut.
fn clock<'h>(
    person: &Person<'h>,
    send: &Send<'h>,
    (inside, may_pass): (bool, bool),
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let refused = send.outcome == Outcome::Failed && send.error_code == Some(OUTSIDE_WINDOW);
    let delivered = send.outcome >= Outcome::Delivered;
    if !refused && !delivered {
        return;
    }
    let clock = &mut tally.sending.clock;
    clock.judged += 1;
    if refused != inside || (!refused && may_pass) {
        return;
    }
    clock.refused_inside += u64::from(refused);
    person.trace(&mut clock.disagreements, tally.sample_size, send);
    cell(&mut clock.numbers, slot_of(send.number)).add(person.number);
    evidence(RuleId::Win02, send);
}
