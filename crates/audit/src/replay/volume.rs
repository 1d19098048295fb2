//! Counted messages (what Meta's messaging limit counts): by number and day, and who was active when; and messages that
//! Meta refused for coming too fast to one person.

use domain::traffic::{MessageType, Outcome, RuleId, failure::PAIR_RATE_LIMIT};

use crate::{
    Send, Settings,
    tally::{DAY, Tally, cell, slot_of},
};

use super::{Person, recent::Recent};

/// Microseconds of an hour.
const HOUR: i64 = DAY / 24;

/// The time in which the person's counted sends make it active: from the first of them until a day after the last, as long as
/// each follows within a day.
#[derive(Debug, Default)]
pub(super) struct Active(Option<(i64, i64)>);

impl Active {
    /// Counts a send, if the limit counts it.
    #[inline]
    pub(super) fn count(
        &mut self,
        person: &Person<'_>,
        send: &Send<'_>,
        (day, in_period, inside): (i64, bool, bool),
        settings: &Settings,
        tally: &mut Tally,
    ) {
        if !is_counted(send, inside) {
            return;
        }
        let day = cell(&mut tally.number_days, slot_of(send.number)).at(day);
        day.whole += 1;
        if in_period {
            day.period.add(person.number);
            tally.counted += 1;
            tally.activity.counted(send.sent_at);
        }
        let end = send.sent_at.saturating_add(DAY);
        match &mut self.0 {
            Some((_, until)) if *until >= send.sent_at => *until = end,
            active => {
                if let Some((start, end)) = active.replace((send.sent_at, end)) {
                    tally.activity.active(start, end, settings.from);
                }
            }
        }
    }

    /// There are no more sends.
    pub(super) fn finish(self, settings: &Settings, tally: &mut Tally) {
        if let Some((start, end)) = self.0 {
            tally.activity.active(start, end, settings.from);
        }
    }
}

/// Whether Meta's messaging limit counts the message.
pub(super) fn is_counted(send: &Send<'_>, in_window: bool) -> bool {
    send.message_type == MessageType::Template && send.outcome >= Outcome::Delivered && !in_window
}

/// The recipient's messages that were refused for coming too fast.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// By number.
    refused: Recent,
}

impl Pairs {
    /// Counts refusals that come thick. Where the person was flooded stands in `flooded`: what is counted there is shown already.
    pub(super) fn count<'h>(
        &mut self,
        person: &Person<'h>,
        flooded: &[usize],
        settings: &Settings,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let enough = settings.thresholds.pressure.pair_limit_errors;
        for (index, send) in person.sends.iter().enumerate().filter(|(_, send)| is_refused(send)) {
            let is_thick = self.refused.is_enough(person.number, slot_of(send.number), send.sent_at, enough, HOUR);
            if !is_thick || index < person.first {
                continue;
            }
            tally.pair_limit.add(person.number);
            if flooded.binary_search(&index).is_err() {
                person.trace(&mut tally.pressing, settings.sample_size, send);
                evidence(RuleId::Vol04, send);
            }
        }
    }
}

fn is_refused(send: &Send<'_>) -> bool {
    send.outcome == Outcome::Failed && send.error_code == Some(PAIR_RATE_LIMIT)
}
