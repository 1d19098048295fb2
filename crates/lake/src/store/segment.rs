//! What a segment is: a Parquet file of the exchange formats whose rows are merged, sorted by (recipient, time) and grouped by
//! ranges of recipients, with one column more, `recipient_key`, the order-keeping number of the recipient.
//!
//! A segment can therefore be read by whatever reads the formats. Of consents it is a projection: where there is a proof, its
//! locator stands in the ledger, and `evidence` only says so.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Builder, StringArray, StringBuilder, TimestampMicrosecondBuilder, UInt32Builder,
    UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use audit::{NO_NAME, NameId};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::decode::people::NO_USER;
use crate::decode::words::{SharedWords, Table};
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::exchange::columns::{Role, columns};
use crate::exchange::identity::{USER_ID_BIT, number_of};
use crate::exchange::instant::ABSENT;
use crate::exchange::{Kind, words};

/// The column that the formats do not have.
const KEY: &str = "recipient_key";

/// What `evidence` says when the ledger has the proof's locator.
const IN_LEDGER: &str = "ledger";

/// The words and user ids behind the ids of records.
pub(super) struct Vocabulary {
    numbers: Arc<StringArray>,
    template_names: Arc<StringArray>,
    languages: Arc<StringArray>,
    lists: Arc<StringArray>,
    campaigns: Arc<StringArray>,
    inbound_types: Arc<StringArray>,
    sources: Arc<StringArray>,
    wordings: Arc<StringArray>,
    controllers: Arc<StringArray>,
    brands: Arc<StringArray>,
    types: Arc<StringArray>,
    categories: Arc<StringArray>,
    outcomes: Arc<StringArray>,
    actions: Arc<StringArray>,
    scopes: Arc<StringArray>,
    templates: Vec<(NameId, NameId)>,
    users: Vec<Arc<str>>,
}

impl Vocabulary {
    pub(super) fn new(shared: &SharedWords, users: &[Arc<str>]) -> Self {
        use domain::traffic::{Category as C, ConsentAction as A, ConsentScope as S, MessageType as T, Outcome as O};
        let table = |table| Arc::new(StringArray::from_iter_values(shared.words(table).iter().map(AsRef::as_ref)));
        // In the order of the enums, whose numbers are the codes.
        let closed = |words: &[&str]| Arc::new(StringArray::from_iter_values(words));
        Self {
            numbers: table(Table::Numbers),
            template_names: table(Table::TemplateNames),
            languages: table(Table::Languages),
            lists: table(Table::Lists),
            campaigns: table(Table::Campaigns),
            inbound_types: table(Table::InboundTypes),
            sources: table(Table::Sources),
            wordings: table(Table::Wordings),
            controllers: table(Table::Controllers),
            brands: table(Table::Brands),
            types: closed(&[T::Template, T::FreeForm].map(words::message_type_word)),
            categories: closed(
                &[C::Marketing, C::Utility, C::Authentication, C::Service, C::Unknown].map(words::category_word),
            ),
            outcomes: closed(&[O::Sent, O::Failed, O::Delivered, O::Read].map(words::outcome_word)),
            actions: closed(&[A::OptIn, A::OptOut].map(words::action_word)),
            scopes: closed(&[S::Marketing, S::Utility, S::Authentication, S::All].map(words::scope_word)),
            templates: shared.templates(),
            users: users.to_vec(),
        }
    }
}

/// The schema of a kind's segments.
pub(super) fn schema(kind: Kind) -> Arc<Schema> {
    let mut fields = vec![Field::new(KEY, DataType::UInt64, false)];
    fields.extend(columns(kind).iter().map(|column| {
        let data_type = match column.role {
            Role::Text => DataType::Utf8,
            Role::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Role::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Role::Integer => DataType::UInt32,
        };
        Field::new(column.name, data_type, !column.required)
    }));
    Arc::new(Schema::new(fields))
}

/// How a kind's segments are written: what is sorted as differences, words as dictionaries, the rest plain, all under zstd.
pub(super) fn properties(kind: Kind, row_group: usize) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(row_group));
    builder = encoded(builder, KEY, Encoding::DELTA_BINARY_PACKED);
    for column in columns(kind) {
        builder = match (column.role, column.name) {
            (Role::Instant, name) => encoded(builder, name, Encoding::DELTA_BINARY_PACKED),
            (Role::Text, name @ ("recipient" | "sender")) => encoded(builder, name, Encoding::DELTA_BYTE_ARRAY),
            (Role::Text, name) => encoded(builder, name, Encoding::DELTA_LENGTH_BYTE_ARRAY),
            _ => builder,
        };
    }
    builder.build()
}

fn encoded(builder: WriterPropertiesBuilder, column: &str, encoding: Encoding) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column);
    builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
}

/// Columns under construction, shared by the kinds.
#[derive(Default)]
struct Parts {
    keys: UInt64Builder,
    recipients: StringBuilder,
    users: StringBuilder,
}

impl Parts {
    fn person(&mut self, key: u64, user: u32, users: &[Arc<str>]) {
        let user = users.get(user as usize).filter(|_| user != NO_USER);
        self.keys.append_value(key);
        if key & USER_ID_BIT == 0 {
            self.recipients.append_value(number_of(key));
            self.users.append_option(user);
        } else {
            // Known by the user id alone: it stands in the place of the number.
            let own = users.get((key & !USER_ID_BIT) as usize);
            self.recipients.append_value(own.map_or("", AsRef::as_ref));
            self.users.append_option(user.filter(|user| own != Some(user)));
        }
    }
}

fn coded(codes: impl Iterator<Item = u32>, values: &Arc<StringArray>) -> Result<ArrayRef, ArrowError> {
    let mut keys = Int32Builder::new();
    for code in codes {
        keys.append_option((code != NO_NAME).then_some(code as i32));
    }
    let values: ArrayRef = Arc::clone(values) as ArrayRef;
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys.finish(), values)?))
}

fn instants(values: impl Iterator<Item = i64>) -> ArrayRef {
    let mut builder = TimestampMicrosecondBuilder::new().with_timezone("UTC");
    for value in values {
        builder.append_option((value != ABSENT).then_some(value));
    }
    Arc::new(builder.finish())
}

fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_option(value);
    }
    Arc::new(builder.finish())
}

/// A record that segments hold.
pub(super) trait SegmentRecord: Sized {
    /// Its time: that by which rows of one recipient are sorted.
    fn time(&self) -> i64;

    /// Records as the columns of [`schema`].
    fn batch(rows: &[Self], vocabulary: &Vocabulary) -> Result<RecordBatch, ArrowError>;
}

impl SegmentRecord for MessageRecord<'_> {
    fn time(&self) -> i64 {
        self.sent_at
    }

    fn batch(rows: &[Self], vocabulary: &Vocabulary) -> Result<RecordBatch, ArrowError> {
        let mut parts = Parts::default();
        let mut codes = UInt32Builder::new();
        for row in rows {
            parts.person(row.key, row.user, &vocabulary.users);
            codes.append_option((row.error_code != NO_NUMBER).then_some(row.error_code));
        }
        let template =
            |row: &Self| vocabulary.templates.get(row.template as usize).copied().unwrap_or((NO_NAME, NO_NAME));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(parts.keys.finish()),
            texts(rows.iter().map(|row| std::str::from_utf8(row.message_id).ok())),
            coded(rows.iter().map(|row| row.number), &vocabulary.numbers)?,
            Arc::new(parts.recipients.finish()),
            Arc::new(parts.users.finish()),
            instants(rows.iter().map(|row| row.sent_at)),
            coded(rows.iter().map(|row| row.message_type as u32), &vocabulary.types)?,
            coded(rows.iter().map(|row| template(row).0), &vocabulary.template_names)?,
            coded(rows.iter().map(|row| template(row).1), &vocabulary.languages)?,
            coded(rows.iter().map(|row| row.category as u32), &vocabulary.categories)?,
            coded(rows.iter().map(|row| row.list), &vocabulary.lists)?,
            coded(rows.iter().map(|row| row.campaign), &vocabulary.campaigns)?,
            coded(rows.iter().map(|row| row.outcome as u32), &vocabulary.outcomes)?,
            instants(rows.iter().map(|row| row.delivered_at)),
            instants(rows.iter().map(|row| row.read_at)),
            instants(rows.iter().map(|row| row.failed_at)),
            Arc::new(codes.finish()),
        ];
        RecordBatch::try_new(schema(Kind::Messages), columns)
    }
}

impl SegmentRecord for InboundRecord<'_> {
    fn time(&self) -> i64 {
        self.received_at
    }

    fn batch(rows: &[Self], vocabulary: &Vocabulary) -> Result<RecordBatch, ArrowError> {
        let mut parts = Parts::default();
        for row in rows {
            parts.person(row.key, row.user, &vocabulary.users);
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(parts.keys.finish()),
            texts(rows.iter().map(|row| std::str::from_utf8(row.message_id).ok())),
            coded(rows.iter().map(|row| row.number), &vocabulary.numbers)?,
            Arc::new(parts.recipients.finish()),
            Arc::new(parts.users.finish()),
            instants(rows.iter().map(|row| row.received_at)),
            coded(rows.iter().map(|row| row.message_type), &vocabulary.inbound_types)?,
            texts(rows.iter().map(|row| (!row.text.is_empty()).then_some(row.text))),
        ];
        RecordBatch::try_new(schema(Kind::Inbound), columns)
    }
}

impl SegmentRecord for ConsentRecord {
    fn time(&self) -> i64 {
        self.effective_at
    }

    fn batch(rows: &[Self], vocabulary: &Vocabulary) -> Result<RecordBatch, ArrowError> {
        let mut parts = Parts::default();
        for row in rows {
            parts.person(row.key, row.user, &vocabulary.users);
        }
        // The ledger alone keeps addresses; here a hash tells equal ones.
        let addresses: Vec<Option<String>> =
            rows.iter().map(|row| (row.address != 0).then(|| format!("{:016x}", row.address))).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(parts.keys.finish()),
            Arc::new(parts.recipients.finish()),
            Arc::new(parts.users.finish()),
            coded(rows.iter().map(|row| row.action as u32), &vocabulary.actions)?,
            coded(rows.iter().map(|row| row.scope as u32), &vocabulary.scopes)?,
            instants(rows.iter().map(|row| row.effective_at)),
            instants(rows.iter().map(|row| row.recorded_at)),
            coded(rows.iter().map(|row| row.source), &vocabulary.sources)?,
            texts(rows.iter().map(|row| row.has_evidence.then_some(IN_LEDGER))),
            coded(rows.iter().map(|row| row.wording), &vocabulary.wordings)?,
            instants(rows.iter().map(|row| row.expires_at)),
            texts(addresses.iter().map(Option::as_deref)),
            coded(rows.iter().map(|row| row.controller), &vocabulary.controllers)?,
            coded(rows.iter().map(|row| row.brand_shown), &vocabulary.brands)?,
        ];
        RecordBatch::try_new(schema(Kind::Consents), columns)
    }
}
