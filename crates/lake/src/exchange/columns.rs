//! The columns of each kind of file, in the order of the exchange formats, version 1.

use super::format::Kind;

/// What a column's cells may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Text that differs in most rows.
    Text,
    /// Text of which a file has few different values.
    Word,
    /// RFC 3339, Unix seconds, or a Parquet timestamp.
    Instant,
    /// A whole number.
    Integer,
}

/// One column of the formats.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnSpec {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) role: Role,
}

const fn required(name: &'static str, role: Role) -> ColumnSpec {
    ColumnSpec { name, required: true, role }
}

const fn optional(name: &'static str, role: Role) -> ColumnSpec {
    ColumnSpec { name, required: false, role }
}

/// Positions in [`columns`] of messages.
pub(crate) mod message {
    pub(crate) const MESSAGE_ID: usize = 0;
    pub(crate) const PHONE_NUMBER_ID: usize = 1;
    pub(crate) const RECIPIENT: usize = 2;
    pub(crate) const USER_ID: usize = 3;
    pub(crate) const SENT_AT: usize = 4;
    pub(crate) const TYPE: usize = 5;
    pub(crate) const TEMPLATE_NAME: usize = 6;
    pub(crate) const TEMPLATE_LANGUAGE: usize = 7;
    pub(crate) const CATEGORY: usize = 8;
    pub(crate) const LIST_ID: usize = 9;
    pub(crate) const CAMPAIGN_ID: usize = 10;
    pub(crate) const STATUS: usize = 11;
    pub(crate) const DELIVERED_AT: usize = 12;
    pub(crate) const READ_AT: usize = 13;
    pub(crate) const FAILED_AT: usize = 14;
    pub(crate) const ERROR_CODE: usize = 15;
}

/// Positions in [`columns`] of inbound messages.
pub(crate) mod inbound {
    pub(crate) const MESSAGE_ID: usize = 0;
    pub(crate) const PHONE_NUMBER_ID: usize = 1;
    pub(crate) const SENDER: usize = 2;
    pub(crate) const USER_ID: usize = 3;
    pub(crate) const RECEIVED_AT: usize = 4;
    pub(crate) const TYPE: usize = 5;
    pub(crate) const TEXT: usize = 6;
}

/// Positions in [`columns`] of consents.
pub(crate) mod consent {
    pub(crate) const RECIPIENT: usize = 0;
    pub(crate) const USER_ID: usize = 1;
    pub(crate) const ACTION: usize = 2;
    pub(crate) const SCOPE: usize = 3;
    pub(crate) const EFFECTIVE_AT: usize = 4;
    pub(crate) const RECORDED_AT: usize = 5;
    pub(crate) const SOURCE: usize = 6;
    pub(crate) const EVIDENCE: usize = 7;
    pub(crate) const WORDING_VERSION: usize = 8;
    pub(crate) const EXPIRES_AT: usize = 9;
    pub(crate) const IP: usize = 10;
    pub(crate) const CONTROLLER: usize = 11;
    pub(crate) const BRAND_SHOWN: usize = 12;
}

const MESSAGES: [ColumnSpec; 16] = [
    required("message_id", Role::Text),
    required("phone_number_id", Role::Word),
    required("recipient", Role::Text),
    optional("user_id", Role::Text),
    required("sent_at", Role::Instant),
    required("type", Role::Word),
    optional("template_name", Role::Word),
    optional("template_language", Role::Word),
    required("category", Role::Word),
    optional("list_id", Role::Word),
    optional("campaign_id", Role::Word),
    optional("status", Role::Word),
    optional("delivered_at", Role::Instant),
    optional("read_at", Role::Instant),
    optional("failed_at", Role::Instant),
    optional("error_code", Role::Integer),
];

const INBOUND: [ColumnSpec; 7] = [
    required("message_id", Role::Text),
    required("phone_number_id", Role::Word),
    required("sender", Role::Text),
    optional("user_id", Role::Text),
    required("received_at", Role::Instant),
    optional("type", Role::Word),
    optional("text", Role::Text),
];

const CONSENTS: [ColumnSpec; 13] = [
    required("recipient", Role::Text),
    optional("user_id", Role::Text),
    required("action", Role::Word),
    required("scope", Role::Word),
    required("effective_at", Role::Instant),
    optional("recorded_at", Role::Instant),
    optional("source", Role::Word),
    optional("evidence", Role::Text),
    optional("wording_version", Role::Word),
    optional("expires_at", Role::Instant),
    optional("ip", Role::Text),
    optional("controller", Role::Word),
    optional("brand_shown", Role::Word),
];

/// The columns of a kind, in the order in which they are exported.
pub(crate) const fn columns(kind: Kind) -> &'static [ColumnSpec] {
    match kind {
        Kind::Messages => &MESSAGES,
        Kind::Inbound => &INBOUND,
        Kind::Consents => &CONSENTS,
    }
}

/// The position of a column among those of its kind.
pub(crate) fn position(kind: Kind, name: &str) -> Option<usize> {
    columns(kind).iter().position(|column| column.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_their_columns() {
        assert_eq!(position(Kind::Messages, "error_code"), Some(message::ERROR_CODE));
        assert_eq!(position(Kind::Messages, "category"), Some(message::CATEGORY));
        assert_eq!(position(Kind::Inbound, "text"), Some(inbound::TEXT));
        assert_eq!(position(Kind::Consents, "expires_at"), Some(consent::EXPIRES_AT));
        assert_eq!(position(Kind::Consents, "brand_shown"), Some(consent::BRAND_SHOWN));
        assert_eq!(position(Kind::Inbound, "recipient"), None);
    }
}
