//! Rows of one person that speak of the same message become one.
//!
//! Rows speak of the same message when the 64-bit hashes of their ids are equal, and the ids too where rows carry them, as
//! they do when segments are written.

use crate::decode::{AuditedMessage, ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::error::Result;
use crate::exchange::instant::ABSENT;
use crate::scatter::ids::MessageIds;

/// People with more rows than this are searched for doubles by sorting.
const FEW: usize = 24;

/// Space that is used again for every person.
#[derive(Debug, Default)]
pub(crate) struct Hashes(Vec<u64>);

impl Hashes {
    /// Whether two of the ids may be equal. Never no when they are.
    fn may_repeat(&mut self, hashes: impl Iterator<Item = u64>) -> bool {
        self.0.clear();
        self.0.extend(hashes);
        let hashes = &mut self.0;
        if hashes.len() <= FEW {
            return (1..hashes.len()).any(|at| hashes[..at].contains(&hashes[at]));
        }
        hashes.sort_unstable();
        hashes.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// A row of a message: whole, to be written into a segment, or as an audit looks at it.
pub(crate) trait MessageLike: Copy {
    /// What an audit looks at.
    fn audited(&self) -> AuditedMessage;

    /// Empty when the row does not carry it.
    fn message_id(&self) -> &[u8];

    /// Adds a later row of the same message. The first row that is not about the outcome alone tells the facts; timestamps and
    /// the error code are the first that are present; the outcome is the strongest.
    fn add(&mut self, later: &Self);
}

impl MessageLike for AuditedMessage {
    #[inline]
    fn audited(&self) -> AuditedMessage {
        *self
    }

    fn message_id(&self) -> &[u8] {
        &[]
    }

    fn add(&mut self, later: &Self) {
        if self.is_outcome && !later.is_outcome {
            *self = Self { order: self.order, error_code: self.error_code, outcome: self.outcome, ..*later };
        }
        if self.error_code == NO_NUMBER {
            self.error_code = later.error_code;
        }
        self.outcome = self.outcome.max(later.outcome);
    }
}

impl MessageLike for MessageRecord<'_> {
    #[inline]
    fn audited(&self) -> AuditedMessage {
        self.into()
    }

    fn message_id(&self) -> &[u8] {
        self.message_id
    }

    fn add(&mut self, later: &Self) {
        if self.is_outcome && !later.is_outcome {
            *self = Self {
                order: self.order,
                user: self.user,
                delivered_at: self.delivered_at,
                read_at: self.read_at,
                failed_at: self.failed_at,
                error_code: self.error_code,
                outcome: self.outcome,
                ..*later
            };
        }
        for (instant, other) in [
            (&mut self.delivered_at, later.delivered_at),
            (&mut self.read_at, later.read_at),
            (&mut self.failed_at, later.failed_at),
        ] {
            if *instant == ABSENT {
                *instant = other;
            }
        }
        if self.error_code == NO_NUMBER {
            self.error_code = later.error_code;
        }
        self.outcome = self.outcome.max(later.outcome);
        self.user = self.user.min(later.user);
    }
}

/// Merges the rows of one person by message, and puts the messages in the order of (sent_at, message_id). Returns how many
/// rows contradicted the first of their message.
pub(crate) fn messages<M: MessageLike>(rows: &mut Vec<M>, hashes: &mut Hashes, ids: &dyn MessageIds) -> Result<u64> {
    let mut conflicts = 0;
    if rows.len() < 2 {
        return Ok(conflicts);
    }
    if hashes.may_repeat(rows.iter().map(|row| row.audited().hash)) {
        rows.sort_unstable_by(|a, b| {
            let (one, other) = (a.audited(), b.audited());
            (one.hash, a.message_id(), one.order).cmp(&(other.hash, b.message_id(), other.order))
        });
        rows.dedup_by(|later, first| {
            let same = later.audited().hash == first.audited().hash && later.message_id() == first.message_id();
            if same {
                conflicts += u64::from(contradicts(&first.audited(), &later.audited()));
                first.add(later);
            }
            same
        });
    }
    if !rows.is_sorted_by_key(|row| row.audited().sent_at) {
        rows.sort_unstable_by_key(|row| row.audited().sent_at);
    }
    for same_time in rows.chunk_by_mut(|a, b| a.audited().sent_at == b.audited().sent_at) {
        if same_time.len() > 1 {
            by_id(same_time, ids)?;
        }
    }
    Ok(conflicts)
}

/// Puts messages of one instant in the order of their ids.
fn by_id<M: MessageLike>(rows: &mut [M], ids: &dyn MessageIds) -> Result<()> {
    if rows.iter().all(|row| !row.message_id().is_empty()) {
        rows.sort_unstable_by(|a, b| a.message_id().cmp(b.message_id()));
        return Ok(());
    }
    let places: Vec<u64> = rows.iter().map(|row| row.audited().place).collect();
    let mut order: Vec<(Vec<u8>, M)> = ids.ids(&places)?.into_iter().zip(rows.iter().copied()).collect();
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (row, (_, ordered)) in rows.iter_mut().zip(order) {
        *row = ordered;
    }
    Ok(())
}

/// Whether two rows that tell facts of one message tell different ones.
fn contradicts(first: &AuditedMessage, later: &AuditedMessage) -> bool {
    let facts = |row: &AuditedMessage| {
        (row.number, row.message_type, row.template, row.category, row.list, row.campaign, row.sent_at)
    };
    !first.is_outcome && !later.is_outcome && facts(first) != facts(later)
}

/// Of rows of the same message the first stays; the rest is put in the order of received_at.
pub(crate) fn inbound(rows: &mut Vec<InboundRecord<'_>>, hashes: &mut Hashes) {
    if rows.len() < 2 {
        return;
    }
    if hashes.may_repeat(rows.iter().map(|row| row.hash)) {
        rows.sort_unstable_by(|a, b| (a.hash, a.message_id, a.order).cmp(&(b.hash, b.message_id, b.order)));
        rows.dedup_by(|later, first| later.hash == first.hash && later.message_id == first.message_id);
    }
    rows.sort_unstable_by_key(|row| (row.received_at, row.order));
}

/// Puts ledger events in the order in which they fold: (effective_at, recorded_at, ledger order).
pub(crate) fn consents(events: &mut [ConsentRecord]) {
    events.sort_unstable_by_key(|event| (event.effective_at, event.recorded_at, event.order));
}
