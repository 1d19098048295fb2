//! Rows of the exchange formats as plain structs, for whoever writes them.
//!
//! Times are microseconds since 1970-01-01 UTC.

use domain::traffic::{Category, ConsentAction, ConsentScope, MessageType, Outcome};

use super::format::Kind;

/// One outbound message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRow<'a> {
    /// Meta's id.
    pub message_id: &'a str,
    /// Meta's id of the sending number.
    pub phone_number_id: &'a str,
    /// E.164 digits, or a business-scoped user id.
    pub recipient: &'a str,
    /// The recipient's business-scoped user id beside the number.
    pub user_id: Option<&'a str>,
    /// When the send was accepted.
    pub sent_at: i64,
    /// Template or free text.
    pub message_type: MessageType,
    /// Name of the template.
    pub template_name: Option<&'a str>,
    /// Language of the template.
    pub template_language: Option<&'a str>,
    /// Category at the time of sending.
    pub category: Category,
    /// Where the contact came from.
    pub list_id: Option<&'a str>,
    /// The campaign.
    pub campaign_id: Option<&'a str>,
    /// The status of this row.
    pub status: Option<Outcome>,
    /// When it was delivered.
    pub delivered_at: Option<i64>,
    /// When it was read.
    pub read_at: Option<i64>,
    /// When it failed.
    pub failed_at: Option<i64>,
    /// Meta's code of the failure.
    pub error_code: Option<u32>,
}

/// One message received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboundRow<'a> {
    /// Meta's id.
    pub message_id: &'a str,
    /// Meta's id of the number that was written to.
    pub phone_number_id: &'a str,
    /// E.164 digits, or a business-scoped user id.
    pub sender: &'a str,
    /// The sender's business-scoped user id beside the number.
    pub user_id: Option<&'a str>,
    /// Meta's timestamp.
    pub received_at: i64,
    /// Kind of the message, as Meta calls it.
    pub message_type: Option<&'a str>,
    /// The text.
    pub text: Option<&'a str>,
}

/// One event of the consent ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentRow<'a> {
    /// E.164 digits, or a business-scoped user id.
    pub recipient: &'a str,
    /// The person's business-scoped user id beside the number.
    pub user_id: Option<&'a str>,
    /// Opt-in or opt-out.
    pub action: ConsentAction,
    /// The purposes it speaks of.
    pub scope: ConsentScope,
    /// When the person said so.
    pub effective_at: i64,
    /// When the ledger learned it.
    pub recorded_at: Option<i64>,
    /// Where it was collected.
    pub source: Option<&'a str>,
    /// Locator of the proof.
    pub evidence: Option<&'a str>,
    /// Which text the person saw.
    pub wording_version: Option<&'a str>,
    /// When it ends.
    pub expires_at: Option<i64>,
    /// Address.
    pub ip: Option<&'a str>,
    /// Who collected it.
    pub controller: Option<&'a str>,
    /// The name that the text showed.
    pub brand_shown: Option<&'a str>,
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Absent,
    /// Text.
    Text(&'a str),
    /// Microseconds since 1970-01-01 UTC.
    Instant(i64),
    /// A whole number.
    Integer(u32),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Absent, Self::Text)
    }
}

impl From<i64> for Cell<'_> {
    fn from(micros: i64) -> Self {
        Self::Instant(micros)
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(micros: Option<i64>) -> Self {
        micros.map_or(Self::Absent, Self::Instant)
    }
}

impl From<Option<u32>> for Cell<'_> {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Self::Absent, Self::Integer)
    }
}

/// A row that can be written: its kind, and its cells in the order of the kind's columns.
pub trait ExchangeRow {
    /// The row type whatever it borrows from: what a writer of such rows is named by.
    type Family;

    /// What the row is.
    const KIND: Kind;

    /// Hands each cell to `cell`, in the order of the columns.
    fn cells<'a>(&'a self, cell: &mut dyn FnMut(Cell<'a>));
}

impl ExchangeRow for MessageRow<'_> {
    type Family = MessageRow<'static>;

    const KIND: Kind = Kind::Messages;

    fn cells<'a>(&'a self, cell: &mut dyn FnMut(Cell<'a>)) {
        cell(self.message_id.into());
        cell(self.phone_number_id.into());
        cell(self.recipient.into());
        cell(self.user_id.into());
        cell(self.sent_at.into());
        cell(super::words::message_type_word(self.message_type).into());
        cell(self.template_name.into());
        cell(self.template_language.into());
        cell(super::words::category_word(self.category).into());
        cell(self.list_id.into());
        cell(self.campaign_id.into());
        cell(self.status.map(super::words::outcome_word).into());
        cell(self.delivered_at.into());
        cell(self.read_at.into());
        cell(self.failed_at.into());
        cell(self.error_code.into());
    }
}

impl ExchangeRow for InboundRow<'_> {
    type Family = InboundRow<'static>;

    const KIND: Kind = Kind::Inbound;

    fn cells<'a>(&'a self, cell: &mut dyn FnMut(Cell<'a>)) {
        cell(self.message_id.into());
        cell(self.phone_number_id.into());
        cell(self.sender.into());
        cell(self.user_id.into());
        cell(self.received_at.into());
        cell(self.message_type.into());
        cell(self.text.into());
    }
}

impl ExchangeRow for ConsentRow<'_> {
    type Family = ConsentRow<'static>;

    const KIND: Kind = Kind::Consents;

    fn cells<'a>(&'a self, cell: &mut dyn FnMut(Cell<'a>)) {
        cell(self.recipient.into());
        cell(self.user_id.into());
        cell(super::words::action_word(self.action).into());
        cell(super::words::scope_word(self.scope).into());
        cell(self.effective_at.into());
        cell(self.recorded_at.into());
        cell(self.source.into());
        cell(self.evidence.into());
        cell(self.wording_version.into());
        cell(self.expires_at.into());
        cell(self.ip.into());
        cell(self.controller.into());
        cell(self.brand_shown.into());
    }
}
