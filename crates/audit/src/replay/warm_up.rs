//! How new numbers are used: to whom they write first, and whether with templates that Meta has rated.

use domain::traffic::{Category, MessageType, Outcome, RuleId};

use crate::{
    Send, Settings,
    tally::{DAY, Tally, cell, slot_of},
};

use super::{Person, watch::Watch};

/// Counts the person's counted sends of the period from numbers that were new then.
pub(super) fn count<'h>(
    person: &Person<'h>,
    in_window: &[bool],
    watch: &Watch,
    (settings, tally): (&Settings, &mut Tally),
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    if !person.period().first().is_some_and(|send| watch.has_new_numbers(send.sent_at)) {
        return;
    }
    let thresholds = &settings.thresholds.warm_up;
    for (index, send) in person.sends.iter().enumerate().skip(person.first) {
        let counted =
            send.message_type == MessageType::Template && send.outcome >= Outcome::Delivered && !in_window[index];
        let Some(age) = watch.age(send.number, send.sent_at).filter(|_| counted) else { continue };
        let number = cell(&mut tally.sending.numbers, slot_of(send.number));
        if age < i64::from(thresholds.unrated_days) * DAY {
            number.early += 1;
            if send.category == Category::Marketing && !watch.is_rated(send.template, send.number, send.sent_at) {
                person.trace(&mut number.early_unrated, settings.sample_size, send);
                evidence(RuleId::Wrm03, send);
            }
        }
        if age < i64::from(thresholds.cold_days) * DAY && number.audience.touch(person.number) {
            let since = send.sent_at.saturating_sub(i64::from(thresholds.cold_after_days) * DAY);
            if is_cold(person, index, since) {
                person.trace(&mut number.cold, settings.sample_size, send);
                evidence(RuleId::Wrm02, send);
            }
        }
    }
}

/// Whether, from `since` to this send, the person neither wrote nor was sent anything about a transaction; this send itself
/// counts as one if it is.
fn is_cold(person: &Person<'_>, index: usize, since: i64) -> bool {
    let at = person.sends[index].sent_at;
    let inbound = person.history.inbound;
    let last = inbound.partition_point(|received| received.received_at <= at).checked_sub(1);
    let wrote = last.is_some_and(|last| inbound[last].received_at >= since);
    let is_transaction = |send: &Send<'_>| matches!(send.category, Category::Utility | Category::Authentication);
    let earlier = person.sends[..=index].iter().rev().take_while(|send| send.sent_at >= since);
    !wrote && !earlier.into_iter().any(is_transaction)
}
