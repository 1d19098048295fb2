//! Rows of messages.

use audit::{NO_NAME, NameId, message_hash};
use domain::traffic::{Category, MessageType, Outcome};

use super::Decoder;
use super::columns::{Faults, Presence, check_message_ids, identities, instants, integers, words};
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
    /// Hash of the message's id, by which rows of one message are told.
    pub(crate) hash: u64,
    /// Where the id is found when the row does not carry it.
    pub(crate) place: u64,
    /// Empty when the row does not carry it.
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
    /// The row tells what became of a message, and nothing else of it.
    pub(crate) is_outcome: bool,
}

const CATEGORIES: [Category; 8] = [
    Category::Marketing,
    Category::Utility,
    Category::Authentication,
    Category::Service,
    Category::Unknown,
    Category::Unknown,
    Category::Unknown,
    Category::Unknown,
];
const OUTCOMES: [Outcome; 4] = [Outcome::Sent, Outcome::Failed, Outcome::Delivered, Outcome::Read];
/// What stands in the place of the category of a row that tells an outcome alone.
const OUTCOME_ALONE: u8 = 7;
const TYPES: [MessageType; 2] = [MessageType::Template, MessageType::FreeForm];

impl MessageRecord<'_> {
    /// The row without what an audit does not look at, its id at a place.
    pub(crate) fn without_id(&self, place: u64) -> MessageRecord<'static> {
        MessageRecord { place, message_id: &[], delivered_at: ABSENT, read_at: ABSENT, failed_at: ABSENT, ..*self }
    }

    /// Type, category and outcome in one byte.
    pub(crate) const fn kinds(&self) -> u8 {
        let category = if self.is_outcome { OUTCOME_ALONE } else { self.category as u8 };
        self.message_type as u8 | category << 1 | (self.outcome as u8) << 4
    }

    /// What [`MessageRecord::kinds`] put into a byte.
    pub(crate) const fn of_kinds(kinds: u8) -> (MessageType, Category, Outcome) {
        (TYPES[(kinds & 1) as usize], CATEGORIES[(kinds >> 1 & 7) as usize], OUTCOMES[(kinds >> 4 & 3) as usize])
    }

    /// Whether what [`MessageRecord::kinds`] put into a byte is of a row that tells an outcome alone.
    pub(crate) const fn is_outcome_of(kinds: u8) -> bool {
        kinds >> 1 & 7 == OUTCOME_ALONE
    }
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
        let types = words(batch, column::TYPE, Presence::Required, (MessageType::FreeForm, false), faults, |word| {
            vocabulary::message_type(word).ok_or(RowReason::UnknownType)
        });
        let template_names = word(column::TEMPLATE_NAME, optional, Table::TemplateNames, faults);
        check_templates(&types, &template_names, faults);
        let languages = word(column::TEMPLATE_LANGUAGE, optional, Table::Languages, faults);
        let categories = words(batch, column::CATEGORY, Presence::Required, Category::Unknown, faults, |word| {
            Ok(vocabulary::category(word))
        });
        let lists = word(column::LIST_ID, optional, Table::Lists, faults);
        let campaigns = word(column::CAMPAIGN_ID, optional, Table::Campaigns, faults);
        let statuses = words(batch, column::STATUS, optional, Outcome::Sent, faults, |word| {
            vocabulary::status(word).ok_or(RowReason::UnknownStatus)
        });
        let [delivered, read, failed] =
            [column::DELIVERED_AT, column::READ_AT, column::FAILED_AT].map(|at| instants(batch, at, optional, faults));
        let codes = integers(batch, column::ERROR_CODE, faults);
        let people = identities(batch, column::RECIPIENT, column::USER_ID, self.people, faults);
        for row in 0..batch.rows {
            if faults.is_bad(row) {
                continue;
            }
            let (message_type, is_outcome) = types[row];
            let template = match message_type {
                MessageType::Template => self.words.template(template_names[row], languages[row]),
                MessageType::FreeForm => NO_NAME,
            };
            let message_id = batch.columns[column::MESSAGE_ID].text(row).as_bytes();
            sink(MessageRecord {
                key: people.keys[row],
                user: people.users[row],
                order: self.file_base + batch.places.line(row),
                hash: message_hash(message_id),
                place: 0,
                message_id,
                sent_at: sent[row],
                delivered_at: delivered[row],
                read_at: read[row],
                failed_at: failed[row],
                number: numbers[row],
                template,
                list: lists[row],
                campaign: campaigns[row],
                error_code: codes[row],
                message_type,
                category: categories[row],
                outcome: strongest(statuses[row], delivered[row], read[row], failed[row]),
                is_outcome,
            });
        }
        self.report(batch, Kind::Messages, errors);
    }
}

/// Notes the templates without a name.
fn check_templates(types: &[(MessageType, bool)], names: &[NameId], faults: &mut Faults) {
    for (row, (&(message_type, _), &name)) in types.iter().zip(names).enumerate() {
        if message_type == MessageType::Template && name == NO_NAME {
            faults.mark(row, column::TEMPLATE_NAME, RowReason::Missing);
        }
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
