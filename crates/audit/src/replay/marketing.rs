//! How thick marketing comes to one person, and whether the person takes notice.

use domain::traffic::{Category, Outcome, RuleId};

use crate::{
    Send,
    tally::{DAY, Tally},
};

use super::Person;

/// A flood is at least the fourth message in 24 hours, or the seventh in 168.
const DAY_FLOOD: usize = 4;
const WEEK_FLOOD: usize = 7;
/// Fewest marketing messages after which silence means something.
pub(super) const DEAD_AFTER: usize = 5;

/// The recipient's marketing messages, by index among the sends.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    messages: Vec<usize>,
    /// Those of the period that are part of a flood.
    flooded: Vec<usize>,
}

impl Scratch {
    /// Where the floods of the recipient that was counted last stand among its sends, in order.
    pub(super) fn flooded(&self) -> &[usize] {
        &self.flooded
    }

    /// Counts floods and dead recipients.
    pub(super) fn count<'h>(
        &mut self,
        person: &Person<'h>,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        self.flooded.clear();
        if person.holds.marketing < DAY_FLOOD {
            return;
        }
        self.messages.clear();
        for (index, send) in person.sends.iter().enumerate() {
            if send.category == Category::Marketing {
                self.messages.push(index);
            }
        }
        self.count_floods(person, tally, evidence);
        if self.messages.len() >= DEAD_AFTER {
            self.count_dead(person, tally, evidence);
        }
    }

    /// Counts each message against the window that ends with it; messages of the same instant count each other.
    fn count_floods<'h>(
        &mut self,
        person: &Person<'h>,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let Self { messages, flooded } = self;
        let time = |position: usize| person.sends[messages[position]].sent_at;
        let (mut day, mut week, mut end) = (0, 0, 0);
        for (position, index) in messages.iter().enumerate() {
            let at = time(position);
            while end < messages.len() && time(end) <= at {
                end += 1;
            }
            while time(day) < at.saturating_sub(DAY) {
                day += 1;
            }
            while time(week) < at.saturating_sub(7 * DAY) {
                week += 1;
            }
            let (in_day, in_week) = (end - day >= DAY_FLOOD, end - week >= WEEK_FLOOD);
            if *index < person.first || !(in_day || in_week) {
                continue;
            }
            if in_day {
                tally.flooding_day.add(person.number);
            }
            if in_week {
                tally.flooding_week.add(person.number);
            }
            let send = &person.sends[*index];
            person.trace(&mut tally.pressing, tally.sample_size, send);
            flooded.push(*index);
            evidence(RuleId::Vol04, send);
        }
    }

    fn count_dead<'h>(&self, person: &Person<'h>, tally: &mut Tally, evidence: &mut impl FnMut(RuleId, &Send<'h>)) {
        let before = self.messages.partition_point(|index| *index < person.first);
        let messages = &self.messages[before..];
        if messages.len() < DEAD_AFTER {
            return;
        }
        tally.judged_dead += 1;
        if person.history.inbound.is_empty() && person.period().iter().all(|send| send.outcome != Outcome::Read) {
            for index in messages {
                person.trace(&mut tally.dead, tally.sample_size, &person.sends[*index]);
                evidence(RuleId::Lst05, &person.sends[*index]);
            }
        }
    }
}
