//! Rows of inbound messages.

use audit::{NO_NAME, NameId, message_hash};

use super::Decoder;
use super::columns::{Presence, check_message_ids, identities, instants, words};
use super::people::UserId;
use super::words::Table;
use crate::exchange::columns::inbound as column;
use crate::exchange::read::batch::SourceBatch;
use crate::exchange::{Kind, RowErrors};

/// One row that was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InboundRecord<'a> {
    pub(crate) key: u64,
    pub(crate) user: UserId,
    /// Place in file order, over all files.
    pub(crate) order: u64,
    /// Hash of the message's id, by which rows of one message are told.
    pub(crate) hash: u64,
    /// Empty when the row does not carry it.
    pub(crate) message_id: &'a [u8],
    pub(crate) received_at: i64,
    pub(crate) number: NameId,
    pub(crate) message_type: NameId,
    /// Empty when absent.
    pub(crate) text: &'a str,
}

impl Decoder<'_> {
    /// Hands the good rows of `batch` to `sink`, in their order; the others go to `errors`.
    pub(crate) fn inbound<'b>(
        &mut self,
        batch: &'b SourceBatch,
        errors: &mut RowErrors,
        mut sink: impl FnMut(InboundRecord<'b>),
    ) {
        let (faults, names) = (&mut self.faults, &mut self.words);
        faults.reset(batch.rows);
        check_message_ids(batch, column::MESSAGE_ID, faults);
        let mut word = |position, presence, table, faults: &mut _| {
            words(batch, position, presence, NO_NAME, faults, |word| Ok(names.id(table, word)))
        };
        let numbers = word(column::PHONE_NUMBER_ID, Presence::Required, Table::Numbers, faults);
        let received = instants(batch, column::RECEIVED_AT, Presence::Required, faults);
        let types = word(column::TYPE, Presence::Optional, Table::InboundTypes, faults);
        let people = identities(batch, column::SENDER, column::USER_ID, self.people, faults);
        for row in 0..batch.rows {
            if faults.is_bad(row) {
                continue;
            }
            let message_id = batch.columns[column::MESSAGE_ID].text(row).as_bytes();
            sink(InboundRecord {
                key: people.keys[row],
                user: people.users[row],
                order: self.file_base + batch.places.line(row),
                hash: message_hash(message_id),
                message_id,
                received_at: received[row],
                number: numbers[row],
                message_type: types[row],
                text: batch.columns[column::TEXT].raw_text(row),
            });
        }
        self.report(batch, Kind::Inbound, errors);
    }
}
