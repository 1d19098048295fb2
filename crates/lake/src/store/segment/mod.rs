//! What a segment is: a Parquet file of this lake's own layout, whose rows are merged, sorted by (recipient, time) and grouped
//! by ranges of recipients.
//!
//! A recipient is its order-keeping number, names are ids into tables that stand in the file's own metadata, and the ids of
//! messages, which differ in every row, are read only where somebody wants to see them: beside them stands their hash, by
//! which rows of one message are told. Of consents it is a projection: where there is a proof, its locator stands in the
//! ledger. The metadata also hold a checksum of every column chunk: what was damaged is never counted.

pub(super) mod bytes;
pub(super) mod read;
pub(super) mod rows;
pub(super) mod tables;
pub(super) mod write;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::exchange::Kind;

/// Version of the layout, under [`VERSION_KEY`] in the file's metadata.
pub(super) const VERSION: &str = "2";
pub(super) const VERSION_KEY: &str = "sblocco.segment";
/// The tables of names, as JSON.
pub(super) const TABLES_KEY: &str = "sblocco.tables";
/// Checksums of the column chunks, row group by row group: XXH3, 16 hexadecimal digits each.
pub(super) const SUMS_KEY: &str = "sblocco.sums";

/// Most rows in a row group.
pub(super) const ROW_GROUP: usize = 200_000;

/// Rows of a page.
const PAGE_ROWS: usize = 8_192;

/// Bytes of a page of ids: what is read to see one message's.
const ID_PAGE_BYTES: usize = 8 << 10;

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Sorted, or near its neighbours: as differences.
    Key,
    /// An instant, as differences.
    Instant,
    /// An instant that may be absent.
    MaybeInstant,
    /// A hash: nothing makes it smaller.
    Hash,
    /// One of few numbers.
    Few,
    /// One of few 64-bit numbers.
    FewWide,
    /// The bytes of an id, which differ in every row.
    Id,
    /// A text that is often absent.
    MaybeText,
    /// A text that is often absent, and often one of few.
    MaybeWords,
}

/// A column of the layout.
type Column = (&'static str, Form);

/// Positions of the columns of messages; those before [`message::MESSAGE_ID`] are what an audit reads.
pub(super) mod message {
    pub(in super::super) const KEY: usize = 0;
    pub(in super::super) const SENT_AT: usize = 1;
    pub(in super::super) const HASH: usize = 2;
    pub(in super::super) const NUMBER: usize = 3;
    pub(in super::super) const TEMPLATE: usize = 4;
    pub(in super::super) const LIST: usize = 5;
    pub(in super::super) const CAMPAIGN: usize = 6;
    pub(in super::super) const ERROR_CODE: usize = 7;
    pub(in super::super) const KINDS: usize = 8;
    pub(in super::super) const MESSAGE_ID: usize = 9;
    pub(in super::super) const DELIVERED_AT: usize = 10;
    pub(in super::super) const READ_AT: usize = 11;
    pub(in super::super) const FAILED_AT: usize = 12;
    pub(in super::super) const USER: usize = 13;
    pub(in super::super) const KNOWN_BY: usize = 14;
}

/// Positions of the columns of inbound messages; those before [`inbound::MESSAGE_ID`] are what an audit reads.
pub(super) mod inbound {
    pub(in super::super) const KEY: usize = 0;
    pub(in super::super) const RECEIVED_AT: usize = 1;
    pub(in super::super) const HASH: usize = 2;
    pub(in super::super) const NUMBER: usize = 3;
    pub(in super::super) const TEXT: usize = 4;
    pub(in super::super) const MESSAGE_ID: usize = 5;
    pub(in super::super) const TYPE: usize = 6;
    pub(in super::super) const USER: usize = 7;
    pub(in super::super) const KNOWN_BY: usize = 8;
}

/// Positions of the columns of consents; those before [`consent::USER`] are what an audit reads.
pub(super) mod consent {
    pub(in super::super) const KEY: usize = 0;
    pub(in super::super) const EFFECTIVE_AT: usize = 1;
    pub(in super::super) const RECORDED_AT: usize = 2;
    pub(in super::super) const EXPIRES_AT: usize = 3;
    pub(in super::super) const KINDS: usize = 4;
    pub(in super::super) const SOURCE: usize = 5;
    pub(in super::super) const WORDING: usize = 6;
    pub(in super::super) const CONTROLLER: usize = 7;
    pub(in super::super) const BRAND_SHOWN: usize = 8;
    pub(in super::super) const ADDRESS: usize = 9;
    pub(in super::super) const USER: usize = 10;
    pub(in super::super) const KNOWN_BY: usize = 11;
}

const MESSAGES: [Column; 15] = [
    ("recipient_key", Form::Key),
    ("sent_at", Form::Instant),
    ("message_hash", Form::Hash),
    ("number", Form::Few),
    ("template", Form::Few),
    ("list", Form::Few),
    ("campaign", Form::Few),
    ("error_code", Form::Few),
    ("kinds", Form::Few),
    ("message_id", Form::Id),
    ("delivered_at", Form::MaybeInstant),
    ("read_at", Form::MaybeInstant),
    ("failed_at", Form::MaybeInstant),
    ("user_id", Form::MaybeText),
    ("known_by", Form::MaybeText),
];

const INBOUND: [Column; 9] = [
    ("recipient_key", Form::Key),
    ("received_at", Form::Instant),
    ("message_hash", Form::Hash),
    ("number", Form::Few),
    ("text", Form::MaybeWords),
    ("message_id", Form::Id),
    ("type", Form::Few),
    ("user_id", Form::MaybeText),
    ("known_by", Form::MaybeText),
];

const CONSENTS: [Column; 12] = [
    ("recipient_key", Form::Key),
    ("effective_at", Form::Instant),
    ("recorded_at", Form::Instant),
    ("expires_at", Form::MaybeInstant),
    ("kinds", Form::Few),
    ("source", Form::Few),
    ("wording", Form::Few),
    ("controller", Form::Few),
    ("brand_shown", Form::Few),
    ("address", Form::FewWide),
    ("user_id", Form::MaybeText),
    ("known_by", Form::MaybeText),
];

const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Messages => &MESSAGES,
        Kind::Inbound => &INBOUND,
        Kind::Consents => &CONSENTS,
    }
}

/// How many columns an audit reads of a kind: the first.
pub(super) const fn audited(kind: Kind) -> usize {
    match kind {
        Kind::Messages => message::MESSAGE_ID,
        Kind::Inbound => inbound::MESSAGE_ID,
        Kind::Consents => consent::USER,
    }
}

/// How many columns a kind has.
pub(super) const fn width(kind: Kind) -> usize {
    columns(kind).len()
}

/// The schema of a kind's segments.
pub(super) fn schema(kind: Kind) -> Arc<Schema> {
    let fields = columns(kind).iter().map(|(name, form)| {
        let (data_type, nullable) = match form {
            Form::Key | Form::Hash | Form::FewWide => (DataType::UInt64, false),
            Form::Instant => (DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
            Form::MaybeInstant => (DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true),
            Form::Few => (DataType::UInt32, false),
            Form::Id => (DataType::Binary, false),
            Form::MaybeText | Form::MaybeWords => (DataType::Utf8, true),
        };
        Field::new(*name, data_type, nullable)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// How a kind's segments are written.
fn properties(kind: Kind) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from(columns(kind)[0].0), EnabledStatistics::Chunk);
    for (name, form) in columns(kind) {
        let path = ColumnPath::from(*name);
        // Numbers are packed by their encoding already, and an audit reads all of them.
        if matches!(form, Form::Id | Form::MaybeText | Form::MaybeWords) {
            builder = builder.set_column_compression(path.clone(), Compression::ZSTD(ZstdLevel::default()));
        }
        let encoding = match form {
            Form::Few | Form::FewWide | Form::MaybeWords => continue,
            Form::Key | Form::Instant | Form::MaybeInstant => Encoding::DELTA_BINARY_PACKED,
            Form::Hash => Encoding::PLAIN,
            Form::Id | Form::MaybeText => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        };
        if *form == Form::Id {
            builder = builder.set_column_data_page_size_limit(path.clone(), ID_PAGE_BYTES);
        }
        builder = builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_their_columns() {
        let name = |kind, position: usize| columns(kind)[position].0;
        assert_eq!(name(Kind::Messages, message::KEY), "recipient_key");
        assert_eq!(name(Kind::Messages, message::MESSAGE_ID), "message_id");
        assert_eq!(name(Kind::Messages, message::KNOWN_BY), "known_by");
        assert_eq!(name(Kind::Inbound, inbound::TEXT), "text");
        assert_eq!(name(Kind::Inbound, inbound::KNOWN_BY), "known_by");
        assert_eq!(name(Kind::Consents, consent::ADDRESS), "address");
        assert_eq!(name(Kind::Consents, consent::KNOWN_BY), "known_by");
        for kind in [Kind::Messages, Kind::Inbound, Kind::Consents] {
            assert_eq!(schema(kind).fields().len(), width(kind));
        }
    }
}
