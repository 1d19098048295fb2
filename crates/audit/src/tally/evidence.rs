//! A bounded sample of messages that does not depend on the order in which they came.
//!
//! Kept are the messages whose ids hash lowest: the union of two samples, cut to size, is the sample of the union.

use std::{cmp::Ordering, collections::BinaryHeap};

use crate::{NameId, Send, message_hash};

use super::Count;

/// What a sample keeps of a message. The order is total, so ties of the hash do not depend on arrival either.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kept {
    hash: u64,
    pub(crate) message_id: Box<[u8]>,
    pub(crate) sent_at: i64,
    pub(crate) number: NameId,
    pub(crate) template: NameId,
    pub(crate) list: NameId,
    pub(crate) campaign: NameId,
    pub(crate) error_code: Option<u32>,
    pub(crate) recipient: Option<Box<str>>,
}

impl Kept {
    fn new(hash: u64, send: &Send<'_>, recipient: &[u8]) -> Self {
        Self {
            hash,
            message_id: if send.message_id.is_empty() {
                send.place.at.to_string().into_bytes().into()
            } else {
                send.message_id.into()
            },
            sent_at: send.sent_at,
            number: send.number,
            template: send.template,
            list: send.list,
            campaign: send.campaign,
            error_code: send.error_code,
            recipient: mask(recipient),
        }
    }
}

/// The recipient with the middle hidden: the first 2 to 5 characters and the last 2, at least 3 hidden.
pub fn mask(recipient: &[u8]) -> Option<Box<str>> {
    if recipient.is_empty() {
        return None;
    }
    let text = str::from_utf8(recipient).ok().filter(|text| text.is_ascii() && text.len() >= 7);
    Some(text.map_or_else(
        || "…".into(),
        |text| format!("{}…{}", &text[..(text.len() - 7).clamp(2, 5)], &text[text.len() - 2..]).into(),
    ))
}

/// The messages with the lowest hashes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    kept: BinaryHeap<Kept>,
}

impl Evidence {
    /// Offers a message to a sample of at most `limit`.
    pub(crate) fn offer(&mut self, limit: usize, send: &Send<'_>, recipient: &[u8]) {
        let hash = if send.message_id.is_empty() { send.place.hash } else { message_hash(send.message_id) };
        if self.kept.len() < limit || self.kept.peek().is_some_and(|greatest| hash <= greatest.hash) {
            self.keep(limit, Kept::new(hash, send, recipient));
        }
    }

    fn keep(&mut self, limit: usize, kept: Kept) {
        if self.kept.len() < limit {
            self.kept.push(kept);
        } else if let Some(mut greatest) = self.kept.peek_mut()
            && kept.cmp(&greatest) == Ordering::Less
        {
            *greatest = kept;
        }
    }

    /// Adds a sample of other messages.
    pub(crate) fn merge(&mut self, limit: usize, other: Self) {
        for kept in other.kept {
            self.keep(limit, kept);
        }
    }

    /// The sample, oldest first.
    pub(crate) fn by_time(&self) -> Vec<&Kept> {
        let mut kept: Vec<&Kept> = self.kept.iter().collect();
        kept.sort_by_key(|kept| (kept.sent_at, *kept));
        kept
    }
}

/// A count with a sample of what it counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traced {
    pub(crate) count: Count,
    pub(crate) evidence: Evidence,
}

impl Traced {
    pub(crate) fn merge(&mut self, limit: usize, other: Self) {
        self.count.merge(other.count);
        self.evidence.merge(limit, other.evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_never_in_clear() {
        let masked = |recipient: &[u8]| mask(recipient).as_deref().map(str::to_owned);
        assert_eq!(masked(b"393331234567").as_deref(), Some("39333…67"));
        assert_eq!(masked(b"393331234567890").as_deref(), Some("39333…90"));
        assert_eq!(masked(b"1234567").as_deref(), Some("12…67"));
        assert_eq!(masked(b"IT.1a2b3c4d5e").as_deref(), Some("IT.1a…5e"));
        assert_eq!(masked(b"12345").as_deref(), Some("…"));
        assert_eq!(masked("perché no".as_bytes()).as_deref(), Some("…"));
        assert_eq!(masked(b""), None);
    }
}
