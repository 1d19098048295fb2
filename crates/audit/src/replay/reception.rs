//! How messages are received: read, or withheld by Meta. Days before the period are counted too, for what they are compared
//! with.

use domain::traffic::{Category, MessageType, Outcome, RuleId, failure::NOT_DELIVERED_BY_CHOICE};

use crate::{
    NO_NAME, Send, Settings,
    tally::{DAY, Tally, cell, reading_of},
};

use super::Person;

/// Counts the person's templates.
pub(super) fn count<'h>(
    person: &Person<'h>,
    settings: &Settings,
    tally: &mut Tally,
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) {
    let thresholds = &settings.thresholds.engagement;
    let days = thresholds.read_base_days.max(thresholds.choice_base_days.saturating_add(thresholds.choice_days));
    let start = person.look_back(settings, days);
    for (index, send) in person.sends.iter().enumerate().skip(start) {
        if send.message_type != MessageType::Template || send.template == NO_NAME {
            continue;
        }
        let (day, in_period) = (send.sent_at.div_euclid(DAY), index >= person.first);
        if send.outcome >= Outcome::Delivered {
            let is_read = send.outcome == Outcome::Read;
            if in_period && !is_read {
                cell(&mut tally.unread, send.template as usize).add(person.number);
                evidence(RuleId::Eng01, send);
            }
            let reading = cell(&mut tally.readings, reading_of(send.template, send.category)).at(day);
            reading.delivered += 1;
            reading.read += u64::from(is_read);
            reading.delivered_in_period += u64::from(in_period);
            reading.read_in_period += u64::from(is_read && in_period);
        }
        if send.category == Category::Marketing {
            let is_withheld = send.outcome == Outcome::Failed && send.error_code == Some(NOT_DELIVERED_BY_CHOICE);
            tally.choices.at(day).add(is_withheld, in_period);
            if is_withheld && in_period {
                person.trace(&mut tally.not_delivered, settings.sample_size, send);
                evidence(RuleId::Eng03, send);
            }
        }
    }
}
