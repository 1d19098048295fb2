//! Rows of messages.

use audit::{NO_NAME, NameId};
use domain::traffic::{Category, MessageType, Outcome};

use super::Decoder;
use super::columns::{Presence, check_message_ids, identities, instants, integers, words};
use super::people::UserId;
use super::words::Table;
use crate::exchange::columns::message as column;
use crate::exchange::instant::ABSENT;
use crate::exchange::read::batch::SourceBatch;
use crate::exchange::{Kind, RowErrors, RowReason, words as vocabulary};

/// One row that was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MessageRecord<'a> {
    pub(crate) key: u64,
    pub(crate) user: UserId,
    /// Place in file order, over all files.
    pub(crate) order: u64,
    pub(crate) message_id: &'a [u8],
    pub(crate) sent_at: i64,
    pub(crate) delivered_at: i64,
    pub(crate) read_at: i64,
    pub(crate) failed_at: i64,
    pub(crate) number: NameId,
    pub(crate) template: NameId,
    pub(crate) list: NameId,
    pub(crate) campaign: NameId,
    /// [`super::columns::NO_NUMBER`] when absent.
    pub(crate) error_code: u32,
    pub(crate) message_type: MessageType,
    pub(crate) category: Category,
    pub(crate) outcome: Outcome,
}

impl Decoder<'_> {
    /// Hands the good rows of `batch` to `sink`, in their order; the others go to `errors`.
    pub(crate) fn messages<'b>(
        &mut self,
        batch: &'b SourceBatch,
        errors: &mut RowErrors,
        mut sink: impl FnMut(MessageRecord<'b>),
    ) {
        let (faults, names) = (&mut self.faults, &mut self.words);
        faults.reset(batch.rows);
        let optional = Presence::Optional;
        check_message_ids(batch, column::MESSAGE_ID, faults);
        let mut word = |position, presence, table, faults: &mut _| {
            words(batch, position, presence, NO_NAME, faults, |word| Ok(names.id(table, word)))
        };
        let numbers = word(column::PHONE_NUMBER_ID, Presence::Required, Table::Numbers, faults);
        let sent = instants(batch, column::SENT_AT, Presence::Required, faults);
        let types = words(batch, column::TYPE, Presence::Required, MessageType::FreeForm, faults, |word| {
            vocabulary::message_type(word).ok_or(RowReason::UnknownType)
        });
        let template_names = word(column::TEMPLATE_NAME, optional, Table::TemplateNames, faults);
        for (row, (&message_type, &name)) in types.iter().zip(&template_names).enumerate() {
            if message_type == MessageType::Template && name == NO_NAME {
                faults.mark(row, column::TEMPLATE_NAME, RowReason::Missing);
            }
        }
        let languages = word(column::TEMPLATE_LANGUAGE, optional, Table::Languages, faults);
        let categories = words(batch, column::CATEGORY, Presence::Required, Category::Unknown, faults, |word| {
            Ok(vocabulary::category(word))
        });
        let lists = word(column::LIST_ID, optional, Table::Lists, faults);
        let campaigns = word(column::CAMPAIGN_ID, optional, Table::Campaigns, faults);
        let statuses = words(batch, column::STATUS, optional, Outcome::Sent, faults, |word| {
            vocabulary::status(word).ok_or(RowReason::UnknownStatus)
        });
        let delivered = instants(batch, column::DELIVERED_AT, optional, faults);
        let read = instants(batch, column::READ_AT, optional, faults);
        let failed = instants(batch, column::FAILED_AT, optional, faults);
        let codes = integers(batch, column::ERROR_CODE, faults);
        let people = identities(batch, column::RECIPIENT, column::USER_ID, self.people, faults);
        for row in 0..batch.rows {
            if faults.is_bad(row) {
                continue;
            }
            let template = match types[row] {
                MessageType::Template => self.words.template(template_names[row], languages[row]),
                MessageType::FreeForm => NO_NAME,
            };
            sink(MessageRecord {
                key: people.keys[row],
                user: people.users[row],
                order: self.file_base + batch.places.line(row),
                message_id: batch.columns[column::MESSAGE_ID].text(row).as_bytes(),
                sent_at: sent[row],
                delivered_at: delivered[row],
                read_at: read[row],
                failed_at: failed[row],
                number: numbers[row],
                template,
                list: lists[row],
                campaign: campaigns[row],
                error_code: codes[row],
                message_type: types[row],
                category: categories[row],
                outcome: strongest(statuses[row], delivered[row], read[row], failed[row]),
            });
        }
        self.report(batch, Kind::Messages, errors);
    }
}

/// The strongest outcome that the status says or a timestamp implies.
fn strongest(status: Outcome, delivered_at: i64, read_at: i64, failed_at: i64) -> Outcome {
    let implied = |instant: i64, outcome: Outcome| if instant == ABSENT { Outcome::Sent } else { outcome };
    status
        .max(implied(delivered_at, Outcome::Delivered))
        .max(implied(read_at, Outcome::Read))
        .max(implied(failed_at, Outcome::Failed))
}
