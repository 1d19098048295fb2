//! Rows of a segment in memory: the columns that an audit reads, and records made of them.

use std::ops::Range;

use arrow::array::{Array, AsArray, BinaryArray, StringArray, TimestampMicrosecondArray};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{TimestampMicrosecondType, UInt32Type, UInt64Type};
use arrow::record_batch::RecordBatch;

use audit::{Consent, Inbound, Place, Send};
use domain::traffic::Outcome;

use super::tables::Translation;
use super::{consent, inbound, message};
use crate::decode::people::NO_USER;
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::exchange::instant::ABSENT;
use crate::replay::Lookups;

/// Bits of the row's number in the place of a row; the segment's position stands above.
const ROW_BITS: u32 = 40;

/// Whence rows come.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Origin<'s> {
    /// Position of the segment in the snapshot: later ones were published later.
    pub(in super::super) segment: usize,
    /// Number of the first row in its segment.
    pub(in super::super) first: u64,
    /// What the segment's names are called in the snapshot.
    pub(in super::super) names: &'s Translation,
}

impl Origin<'_> {
    /// Where a row is; places of one segment follow its rows.
    fn place(self, row: usize) -> u64 {
        (self.segment as u64) << ROW_BITS | (self.first + row as u64)
    }
}

/// The position of the segment, and the number of the row in it.
pub(in super::super) const fn row_at(place: u64) -> (usize, u64) {
    ((place >> ROW_BITS) as usize, place & ((1 << ROW_BITS) - 1))
}

type Numbers = ScalarBuffer<u32>;
type Wide = ScalarBuffer<u64>;
type Instants = ScalarBuffer<i64>;

fn few(batch: &RecordBatch, column: usize) -> Numbers {
    batch.column(column).as_primitive::<UInt32Type>().values().clone()
}

fn wide(batch: &RecordBatch, column: usize) -> Wide {
    batch.column(column).as_primitive::<UInt64Type>().values().clone()
}

fn maybe_instants(batch: &RecordBatch, column: usize) -> TimestampMicrosecondArray {
    batch.column(column).as_primitive::<TimestampMicrosecondType>().clone()
}

fn instants(batch: &RecordBatch, column: usize) -> Instants {
    maybe_instants(batch, column).values().clone()
}

fn texts(batch: &RecordBatch, column: usize) -> StringArray {
    batch.column(column).as_string::<i32>().clone()
}

/// The instant of a row, or [`ABSENT`].
fn instant(values: &TimestampMicrosecondArray, row: usize) -> i64 {
    if values.is_valid(row) { values.value(row) } else { ABSENT }
}

/// Rows of one kind, sorted by key.
pub(in super::super) trait Rows<'s> {
    /// What a row becomes; it borrows from the rows.
    type Record<'r>: Copy
    where
        Self: 'r;

    /// The rows of a batch of the columns that an audit reads, or of all.
    fn of(batch: &RecordBatch, origin: Origin<'s>) -> Self;

    /// What an audit is fed with.
    type Fact<'r>: Copy
    where
        Self: 'r;

    fn keys(&self) -> &[u64];

    fn record(&self, row: usize) -> Self::Record<'_>;

    /// Appends what rows that need no merging tell by themselves.
    fn facts<'r>(&'r self, rows: Range<usize>, lookups: &Lookups, out: &mut Vec<Self::Fact<'r>>);
}

/// Columns that only compaction reads.
struct Rest {
    message_ids: BinaryArray,
    instants: Vec<TimestampMicrosecondArray>,
    types: Option<Numbers>,
}

pub(in super::super) struct MessageRows<'s> {
    origin: Origin<'s>,
    keys: Wide,
    sent_at: Instants,
    hashes: Wide,
    numbers: Numbers,
    templates: Numbers,
    lists: Numbers,
    campaigns: Numbers,
    error_codes: Numbers,
    kinds: Numbers,
    rest: Option<Rest>,
}

impl<'s> Rows<'s> for MessageRows<'s> {
    type Record<'r>
        = MessageRecord<'r>
    where
        Self: 'r;
    type Fact<'r>
        = Send<'r>
    where
        Self: 'r;

    fn of(batch: &RecordBatch, origin: Origin<'s>) -> Self {
        let rest = (batch.num_columns() > message::MESSAGE_ID).then(|| Rest {
            message_ids: batch.column(message::MESSAGE_ID).as_binary().clone(),
            instants: [message::DELIVERED_AT, message::READ_AT, message::FAILED_AT]
                .map(|column| maybe_instants(batch, column))
                .into(),
            types: None,
        });
        Self {
            origin,
            keys: wide(batch, message::KEY),
            sent_at: instants(batch, message::SENT_AT),
            hashes: wide(batch, message::HASH),
            numbers: few(batch, message::NUMBER),
            templates: few(batch, message::TEMPLATE),
            lists: few(batch, message::LIST),
            campaigns: few(batch, message::CAMPAIGN),
            error_codes: few(batch, message::ERROR_CODE),
            kinds: few(batch, message::KINDS),
            rest,
        }
    }

    fn keys(&self) -> &[u64] {
        &self.keys
    }

    #[inline]
    fn record(&self, row: usize) -> MessageRecord<'_> {
        let (names, place) = (self.origin.names, self.origin.place(row));
        let (message_type, category, outcome) = MessageRecord::of_kinds(self.kinds[row] as u8);
        let rest = |column: usize| self.rest.as_ref().map_or(ABSENT, |rest| instant(&rest.instants[column], row));
        MessageRecord {
            key: self.keys[row],
            user: NO_USER,
            order: place,
            hash: self.hashes[row],
            place,
            message_id: self.rest.as_ref().map_or(&[], |rest| rest.message_ids.value(row)),
            sent_at: self.sent_at[row],
            delivered_at: rest(0),
            read_at: rest(1),
            failed_at: rest(2),
            number: names.numbers.of(self.numbers[row]),
            template: names.templates.of(self.templates[row]),
            list: names.lists.of(self.lists[row]),
            campaign: names.campaigns.of(self.campaigns[row]),
            error_code: self.error_codes[row],
            message_type,
            category,
            outcome,
            is_outcome: MessageRecord::is_outcome_of(self.kinds[row] as u8),
        }
    }

    fn facts<'r>(&'r self, rows: Range<usize>, lookups: &Lookups, out: &mut Vec<Send<'r>>) {
        let names = self.origin.names;
        let few = |values: &'r Numbers| &values[rows.clone()];
        let (sent_at, hashes) = (&self.sent_at[rows.clone()], &self.hashes[rows.clone()]);
        let (numbers, templates, lists) = (few(&self.numbers), few(&self.templates), few(&self.lists));
        let (campaigns, error_codes, kinds) = (few(&self.campaigns), few(&self.error_codes), few(&self.kinds));
        let first = self.origin.place(rows.start);
        out.reserve(rows.len());
        for row in 0..rows.len() {
            let kinds = kinds[row] as u8;
            // What became of a message that no send log names is no message.
            if MessageRecord::is_outcome_of(kinds) {
                continue;
            }
            let (message_type, category, outcome) = MessageRecord::of_kinds(kinds);
            let (template, error_code) = (names.templates.of(templates[row]), error_codes[row]);
            out.push(Send {
                message_id: &[],
                place: Place { hash: hashes[row], at: first + row as u64 },
                sent_at: sent_at[row],
                number: names.numbers.of(numbers[row]),
                template,
                template_name: lookups.template_name(template),
                list: names.lists.of(lists[row]),
                campaign: names.campaigns.of(campaigns[row]),
                error_code: (outcome == Outcome::Failed && error_code != NO_NUMBER).then_some(error_code),
                message_type,
                category,
                outcome,
            });
        }
    }
}

pub(in super::super) struct InboundRows<'s> {
    origin: Origin<'s>,
    keys: Wide,
    received_at: Instants,
    hashes: Wide,
    numbers: Numbers,
    texts: StringArray,
    rest: Option<Rest>,
}

impl<'s> Rows<'s> for InboundRows<'s> {
    type Record<'r>
        = InboundRecord<'r>
    where
        Self: 'r;
    type Fact<'r>
        = Inbound<'r>
    where
        Self: 'r;

    fn of(batch: &RecordBatch, origin: Origin<'s>) -> Self {
        let rest = (batch.num_columns() > inbound::MESSAGE_ID).then(|| Rest {
            message_ids: batch.column(inbound::MESSAGE_ID).as_binary().clone(),
            instants: Vec::new(),
            types: Some(few(batch, inbound::TYPE)),
        });
        Self {
            origin,
            keys: wide(batch, inbound::KEY),
            received_at: instants(batch, inbound::RECEIVED_AT),
            hashes: wide(batch, inbound::HASH),
            numbers: few(batch, inbound::NUMBER),
            texts: texts(batch, inbound::TEXT),
            rest,
        }
    }

    fn keys(&self) -> &[u64] {
        &self.keys
    }

    #[inline]
    fn record(&self, row: usize) -> InboundRecord<'_> {
        let names = self.origin.names;
        let types = self.rest.as_ref().and_then(|rest| rest.types.as_ref());
        InboundRecord {
            key: self.keys[row],
            user: NO_USER,
            order: self.origin.place(row),
            hash: self.hashes[row],
            message_id: self.rest.as_ref().map_or(&[], |rest| rest.message_ids.value(row)),
            received_at: self.received_at[row],
            number: names.numbers.of(self.numbers[row]),
            message_type: types.map_or(audit::NO_NAME, |types| names.inbound_types.of(types[row])),
            text: if self.texts.is_valid(row) { self.texts.value(row) } else { "" },
        }
    }

    fn facts<'r>(&'r self, rows: Range<usize>, _: &Lookups, out: &mut Vec<Inbound<'r>>) {
        out.extend(rows.map(|row| {
            let text = if self.texts.is_valid(row) { self.texts.value(row) } else { "" };
            Inbound {
                received_at: self.received_at[row],
                number: self.origin.names.numbers.of(self.numbers[row]),
                text: (!text.is_empty()).then_some(text),
            }
        }));
    }
}

pub(in super::super) struct ConsentRows<'s> {
    origin: Origin<'s>,
    keys: Wide,
    effective_at: Instants,
    recorded_at: Instants,
    expires_at: TimestampMicrosecondArray,
    kinds: Numbers,
    sources: Numbers,
    wordings: Numbers,
    controllers: Numbers,
    brands: Numbers,
    addresses: Wide,
}

impl<'s> Rows<'s> for ConsentRows<'s> {
    type Record<'r>
        = ConsentRecord
    where
        Self: 'r;
    type Fact<'r>
        = Consent
    where
        Self: 'r;

    fn of(batch: &RecordBatch, origin: Origin<'s>) -> Self {
        Self {
            origin,
            keys: wide(batch, consent::KEY),
            effective_at: instants(batch, consent::EFFECTIVE_AT),
            recorded_at: instants(batch, consent::RECORDED_AT),
            expires_at: maybe_instants(batch, consent::EXPIRES_AT),
            kinds: few(batch, consent::KINDS),
            sources: few(batch, consent::SOURCE),
            wordings: few(batch, consent::WORDING),
            controllers: few(batch, consent::CONTROLLER),
            brands: few(batch, consent::BRAND_SHOWN),
            addresses: wide(batch, consent::ADDRESS),
        }
    }

    fn keys(&self) -> &[u64] {
        &self.keys
    }

    fn record(&self, row: usize) -> ConsentRecord {
        let names = self.origin.names;
        let (action, scope, has_evidence) = ConsentRecord::of_kinds(self.kinds[row] as u8);
        ConsentRecord {
            key: self.keys[row],
            user: NO_USER,
            order: self.origin.place(row),
            row: 0,
            effective_at: self.effective_at[row],
            recorded_at: self.recorded_at[row],
            expires_at: instant(&self.expires_at, row),
            action,
            scope,
            has_evidence,
            source: names.sources.of(self.sources[row]),
            wording: names.wordings.of(self.wordings[row]),
            controller: names.controllers.of(self.controllers[row]),
            brand_shown: names.brands.of(self.brands[row]),
            address: self.addresses[row],
        }
    }

    fn facts(&self, rows: Range<usize>, lookups: &Lookups, out: &mut Vec<Consent>) {
        out.extend(rows.map(|row| lookups.event(&self.record(row))));
    }
}
