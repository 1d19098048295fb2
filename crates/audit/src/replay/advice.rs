//! What to do with a person, as things stand at the end of the period.

use domain::traffic::{Category, Outcome, Verdict};

use crate::tally::{Tally, cell, slot_of};

use super::{Person, consent, marketing, undeliverable};

/// What a list's recipient should be; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Advice {
    Remove,
    AskAgain,
    Rest,
    WarmUp,
    Keep,
}

/// Counts the person under its advice, for each list that it was written to from in the period.
pub(super) fn count(person: &Person<'_>, ledger: &mut consent::Scratch, tally: &mut Tally) {
    if person.period().is_empty() {
        return;
    }
    let advice = of(person, ledger, tally.to, tally.from.is_some()) as usize;
    for of_list in person.period().chunk_by(|one, other| one.list == other.list) {
        let list = cell(&mut tally.lists, slot_of(of_list[0].list));
        list.recipients.touch(person.number);
        list.advice[advice].touch(person.number);
    }
}

/// Judged is a marketing message at the end of the period; when no end was asked for, just after the person's last message.
fn of(person: &Person<'_>, ledger: &mut consent::Scratch, to: Option<i64>, has_look_back: bool) -> Advice {
    let end = to.or(person.sends.last().map(|send| send.sent_at.saturating_add(1))).unwrap_or_default();
    let verdict = ledger.on_marketing(person, end);
    if verdict == Verdict::OptedOut || undeliverable::is_hopeless(person) {
        return Advice::Remove;
    }
    if verdict != Verdict::Valid {
        return Advice::AskAgain;
    }
    let wrote = !person.history.inbound.is_empty();
    let marketing = person.period().iter().filter(|send| send.category == Category::Marketing).count();
    let has_read = person.period().iter().any(|send| send.outcome == Outcome::Read);
    if marketing >= marketing::DEAD_AFTER && !wrote && !has_read {
        return Advice::Rest;
    }
    // What stands before the period is look-back: without a start, nothing tells who is new.
    if person.first == 0 && !wrote && has_look_back {
        return Advice::WarmUp;
    }
    Advice::Keep
}
