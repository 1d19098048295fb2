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

/// The recipient's messages that were refused for coming too fast.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// By number.
    refused: Recent,
}

impl Scratch {
    /// Counts volumes and refusals.
    pub(super) fn count<'h>(
        &mut self,
        person: &Person<'h>,
        in_window: &[bool],
        settings: &Settings,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        let mut active: Option<(i64, i64)> = None;
        for (index, (send, inside)) in person.sends.iter().zip(in_window).enumerate() {
            let in_period = index >= person.first;
            if is_counted(send, *inside) {
                let day = cell(&mut tally.number_days, slot_of(send.number)).at(send.sent_at.div_euclid(DAY));
                day.whole += 1;
                if in_period {
                    day.period.add(person.number);
                    tally.counted += 1;
                    tally.activity.counted(send.sent_at);
                }
                let end = send.sent_at.saturating_add(DAY);
                match &mut active {
                    Some((_, until)) if *until >= send.sent_at => *until = end,
                    _ => {
                        if let Some((start, end)) = active.replace((send.sent_at, end)) {
                            tally.activity.active(start, end, settings.from);
                        }
                    }
                }
            }
            let enough = settings.thresholds.pressure.pair_limit_errors;
            if is_refused(send)
                && self.refused.is_enough(person.number, slot_of(send.number), send.sent_at, enough, HOUR)
                && in_period
            {
                person.trace(&mut tally.pair_limit, settings.sample_size, send);
                evidence(RuleId::Vol04, send);
            }
        }
        if let Some((start, end)) = active {
            tally.activity.active(start, end, settings.from);
        }
    }
}

/// Whether Meta's messaging limit counts the message.
fn is_counted(send: &Send<'_>, in_window: bool) -> bool {
    send.message_type == MessageType::Template && send.outcome >= Outcome::Delivered && !in_window
}

fn is_refused(send: &Send<'_>) -> bool {
    send.outcome == Outcome::Failed && send.error_code == Some(PAIR_RATE_LIMIT)
}
