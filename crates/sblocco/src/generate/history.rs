//! One person's traffic, compact: what the scenarios make and the spill keeps.

use domain::traffic::{Category, ConsentAction, ConsentScope, MessageType, Outcome};

use super::calendar::{Calendar, DAY, HOUR};
use super::client::Profile;
use super::spill::{Fields, Record};

/// In place of a template, list or campaign: none.
pub(super) const NONE: u8 = u8::MAX;

/// An outbound message. Delays are in milliseconds after sending, 0 where it did not come so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Message {
    pub(super) sent_at: i64,
    pub(super) person: u32,
    pub(super) serial: u16,
    /// Index into the client's templates, or [`NONE`] for free text.
    pub(super) template: u8,
    pub(super) number: u8,
    pub(super) list: u8,
    pub(super) campaign: u8,
    pub(super) outcome: Outcome,
    pub(super) error_code: u32,
    pub(super) delivered_after: u32,
    pub(super) read_after: u32,
}

impl Message {
    pub(super) fn message_type(&self) -> MessageType {
        if self.template == NONE { MessageType::FreeForm } else { MessageType::Template }
    }

    pub(super) fn category(&self, profile: &Profile) -> Category {
        profile.templates.get(usize::from(self.template)).map_or(Category::Service, |template| template.category)
    }

    pub(super) fn reached(&self) -> bool {
        matches!(self.outcome, Outcome::Delivered | Outcome::Read)
    }
}

impl Record for Message {
    const SIZE: usize = 31;

    fn time(&self) -> i64 {
        self.sent_at
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.sent_at.to_le_bytes());
        out.extend(self.person.to_le_bytes());
        out.extend(self.serial.to_le_bytes());
        out.extend([self.template, self.number, self.list, self.campaign, self.outcome as u8]);
        out.extend(self.error_code.to_le_bytes());
        out.extend(self.delivered_after.to_le_bytes());
        out.extend(self.read_after.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        Self {
            sent_at: fields.i64(),
            person: fields.u32(),
            serial: fields.u16(),
            template: fields.u8(),
            number: fields.u8(),
            list: fields.u8(),
            campaign: fields.u8(),
            outcome: match fields.u8() {
                0 => Outcome::Sent,
                1 => Outcome::Failed,
                2 => Outcome::Delivered,
                _ => Outcome::Read,
            },
            error_code: fields.u32(),
            delivered_after: fields.u32(),
            read_after: fields.u32(),
        }
    }
}

/// A message that the person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Inbound {
    pub(super) received_at: i64,
    pub(super) person: u32,
    pub(super) serial: u16,
    pub(super) number: u8,
    /// Index into the client's inbound texts.
    pub(super) text: u8,
}

impl Record for Inbound {
    const SIZE: usize = 16;

    fn time(&self) -> i64 {
        self.received_at
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.received_at.to_le_bytes());
        out.extend(self.person.to_le_bytes());
        out.extend(self.serial.to_le_bytes());
        out.extend([self.number, self.text]);
    }

    fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        Self {
            received_at: fields.i64(),
            person: fields.u32(),
            serial: fields.u16(),
            number: fields.u8(),
            text: fields.u8(),
        }
    }
}

/// An event of the consent ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Consent {
    pub(super) recorded_at: i64,
    pub(super) person: u32,
    pub(super) serial: u16,
    pub(super) effective_at: i64,
    pub(super) action: ConsentAction,
    pub(super) scope: ConsentScope,
    /// Index into the client's sources.
    pub(super) source: u8,
    /// Whether evidence and wording version are there.
    pub(super) proven: bool,
    /// When it ends; 0 for never.
    pub(super) expires_at: i64,
}

impl Record for Consent {
    const SIZE: usize = 34;

    fn time(&self) -> i64 {
        self.recorded_at
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.recorded_at.to_le_bytes());
        out.extend(self.person.to_le_bytes());
        out.extend(self.serial.to_le_bytes());
        out.extend(self.effective_at.to_le_bytes());
        out.extend([self.action as u8, self.scope as u8, self.source, u8::from(self.proven)]);
        out.extend(self.expires_at.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        Self {
            recorded_at: fields.i64(),
            person: fields.u32(),
            serial: fields.u16(),
            effective_at: fields.i64(),
            action: if fields.u8() == 0 { ConsentAction::OptIn } else { ConsentAction::OptOut },
            scope: match fields.u8() {
                0 => ConsentScope::Marketing,
                1 => ConsentScope::Utility,
                2 => ConsentScope::Authentication,
                _ => ConsentScope::All,
            },
            source: fields.u8(),
            proven: fields.u8() != 0,
            expires_at: fields.i64(),
        }
    }
}

/// Everything of one person; reused from person to person.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) messages: Vec<Message>,
    pub(super) inbound: Vec<Inbound>,
    pub(super) consents: Vec<Consent>,
}

impl History {
    pub(super) fn clear(&mut self) {
        self.messages.clear();
        self.inbound.clear();
        self.consents.clear();
    }

    /// Drops what lies beyond the period, keeps at most `room` messages, and numbers everything in order of time.
    pub(super) fn settle(&mut self, calendar: &Calendar, room: u64) {
        let (start, end) = (calendar.start(), calendar.end());
        self.messages.retain(|message| (start..end).contains(&message.sent_at));
        self.inbound.retain(|inbound| (start - DAY..end).contains(&inbound.received_at));
        self.consents.retain(|consent| consent.recorded_at < end);
        self.messages.sort_unstable_by_key(|message| message.sent_at);
        self.messages.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        self.inbound.sort_unstable_by_key(|inbound| inbound.received_at);
        self.consents.sort_by_key(|consent| consent.recorded_at);
        for (serial, message) in self.messages.iter_mut().enumerate() {
            message.serial = serial as u16;
            forget_what_comes_after(end, message);
        }
        for (serial, inbound) in self.inbound.iter_mut().enumerate() {
            inbound.serial = serial as u16;
        }
        for (serial, consent) in self.consents.iter_mut().enumerate() {
            consent.serial = serial as u16;
        }
    }

    /// Whether a window is open for a send to this person from this number.
    pub(super) fn in_window(&self, number: u8, sent_at: i64) -> bool {
        self.inbound
            .iter()
            .any(|inbound| inbound.number == number && (0..=24 * HOUR).contains(&(sent_at - inbound.received_at)))
    }
}

/// An export made at the end of the period does not know later receipts.
fn forget_what_comes_after(end: i64, message: &mut Message) {
    let until_end = (end - message.sent_at) / 1_000;
    if message.outcome == Outcome::Read && i64::from(message.read_after) >= until_end {
        message.outcome = Outcome::Delivered;
        message.read_after = 0;
    }
    if message.outcome == Outcome::Delivered && i64::from(message.delivered_after) >= until_end {
        message.outcome = Outcome::Sent;
        message.delivered_after = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_survive_the_spill() {
        let message = Message {
            sent_at: 1_790_000_000_123_456,
            person: 70_000,
            serial: 300,
            template: 3,
            number: 2,
            list: NONE,
            campaign: 5,
            outcome: Outcome::Failed,
            error_code: 132_012,
            delivered_after: 1_500,
            read_after: 99_000_000,
        };
        let inbound = Inbound { received_at: -5, person: 1, serial: 2, number: 3, text: 4 };
        let consent = Consent {
            recorded_at: 9,
            person: 8,
            serial: 7,
            effective_at: -6,
            action: ConsentAction::OptOut,
            scope: ConsentScope::All,
            source: 5,
            proven: true,
            expires_at: 4,
        };
        assert_eq!(through(&message), message);
        assert_eq!(through(&inbound), inbound);
        assert_eq!(through(&consent), consent);
        for outcome in [Outcome::Sent, Outcome::Failed, Outcome::Delivered, Outcome::Read] {
            assert_eq!(through(&Message { outcome, ..message }).outcome, outcome);
        }
        for scope in [ConsentScope::Marketing, ConsentScope::Utility, ConsentScope::Authentication, ConsentScope::All] {
            assert_eq!(through(&Consent { scope, ..consent }).scope, scope);
        }
    }

    fn through<R: Record>(record: &R) -> R {
        let mut bytes = Vec::new();
        record.encode(&mut bytes);
        assert_eq!(bytes.len(), R::SIZE);
        R::decode(&bytes)
    }
}
