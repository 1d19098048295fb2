//! What an audit looks at of a row of a message.

use audit::NameId;
use domain::traffic::{Category, MessageType, Outcome};

use super::MessageRecord;

/// A row without what no figure depends on: little over half of the whole, and so many more fit into a processor's caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuditedMessage {
    pub(crate) key: u64,
    /// Place in file order, over all files.
    pub(crate) order: u64,
    /// Hash of the message's id, by which rows of one message are told.
    pub(crate) hash: u64,
    /// Where the id is found.
    pub(crate) place: u64,
    pub(crate) sent_at: i64,
    pub(crate) number: NameId,
    pub(crate) template: NameId,
    pub(crate) list: NameId,
    pub(crate) campaign: NameId,
    /// [`super::NO_NUMBER`] when absent.
    pub(crate) error_code: u32,
    pub(crate) message_type: MessageType,
    pub(crate) category: Category,
    pub(crate) outcome: Outcome,
    /// The row tells what became of a message, and nothing else of it.
    pub(crate) is_outcome: bool,
}

impl From<&MessageRecord<'_>> for AuditedMessage {
    #[inline]
    fn from(row: &MessageRecord<'_>) -> Self {
        Self {
            key: row.key,
            order: row.order,
            hash: row.hash,
            place: row.place,
            sent_at: row.sent_at,
            number: row.number,
            template: row.template,
            list: row.list,
            campaign: row.campaign,
            error_code: row.error_code,
            message_type: row.message_type,
            category: row.category,
            outcome: row.outcome,
            is_outcome: row.is_outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_large_as_a_line_of_a_cache() {
        assert_eq!(size_of::<AuditedMessage>(), 64);
    }
}
