//! Templates sent again to the same person soon after a refusal that a retry cannot cure.

use domain::traffic::{MessageType, RuleId};

use crate::{
    NO_NAME, Send, Settings,
    tally::{DAY, Tally, cell},
};

use super::{Person, holds::is_incurable, recent::Recent};

/// Follows each template name through one recipient's history.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    names: Vec<Latest>,
    /// The recipient's retries, by template name.
    retries: Recent,
}

/// The latest sends of one template name to one recipient.
#[derive(Debug, Clone, Copy, Default)]
struct Latest {
    recipient: u64,
    last: Attempt,
    /// The latest that is strictly earlier than `last`.
    earlier: Option<Attempt>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Attempt {
    sent_at: i64,
    refused: bool,
}

impl Scratch {
    /// Counts retries, and those that come in storms.
    pub(super) fn count<'h>(
        &mut self,
        person: &Person<'h>,
        settings: &Settings,
        tally: &mut Tally,
        evidence: &mut impl FnMut(RuleId, &Send<'h>),
    ) {
        if !person.holds.incurable {
            return;
        }
        for (index, send) in person.sends.iter().enumerate() {
            if send.message_type != MessageType::Template || send.template_name == NO_NAME {
                continue;
            }
            let previous = self.follow(person.number, send);
            if !previous
                .is_some_and(|previous| previous.refused && send.sent_at.saturating_sub(previous.sent_at) <= DAY)
            {
                continue;
            }
            let name = send.template_name as usize;
            let enough = settings.thresholds.pressure.retries;
            let stormy = self.retries.is_enough(person.number, name, send.sent_at, enough, DAY);
            if index < person.first {
                continue;
            }
            tally.retries.add(person.number);
            if stormy {
                person.trace(&mut tally.storms, settings.sample_size, send);
                cell(&mut tally.storm_templates, name).add(person.number);
                evidence(RuleId::Vol05, send);
            }
        }
    }

    /// The latest send of the same name with an earlier time; of several at that time, the one with the greatest id, which
    /// stands last.
    fn follow(&mut self, recipient: u64, send: &Send<'_>) -> Option<Attempt> {
        let latest = cell(&mut self.names, send.template_name as usize);
        let attempt = Attempt { sent_at: send.sent_at, refused: is_incurable(send) };
        if latest.recipient != recipient {
            *latest = Latest { recipient, last: attempt, earlier: None };
            return None;
        }
        if latest.last.sent_at < send.sent_at {
            latest.earlier = Some(latest.last);
        }
        latest.last = attempt;
        latest.earlier
    }
}
