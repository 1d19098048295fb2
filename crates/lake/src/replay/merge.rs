//! Rows of one person that speak of the same message become one.
//!
//! Rows speak of the same message when the 64-bit hashes of their ids are equal, and the ids too where rows carry them, as
//! they do when segments are written.

use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
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

/// Merges the rows of one person by message, and puts the messages in the order of (sent_at, message_id). Returns how many
/// rows contradicted the first of their message.
pub(crate) fn messages(rows: &mut Vec<MessageRecord<'_>>, hashes: &mut Hashes, ids: &dyn MessageIds) -> Result<u64> {
    let mut conflicts = 0;
    if rows.len() < 2 {
        return Ok(conflicts);
    }
    if hashes.may_repeat(rows.iter().map(|row| row.hash)) {
        rows.sort_unstable_by(|a, b| (a.hash, a.message_id, a.order).cmp(&(b.hash, b.message_id, b.order)));
        rows.dedup_by(|later, first| {
            let same = later.hash == first.hash && later.message_id == first.message_id;
            if same {
                conflicts += u64::from(!first.is_outcome && !later.is_outcome && contradicts(first, later));
                add_row(first, later);
            }
            same
        });
    }
    if !rows.is_sorted_by_key(|row| row.sent_at) {
        rows.sort_unstable_by_key(|row| row.sent_at);
    }
    for same_time in rows.chunk_by_mut(|a, b| a.sent_at == b.sent_at) {
        if same_time.len() > 1 {
            by_id(same_time, ids)?;
        }
    }
    Ok(conflicts)
}

/// Puts messages of one instant in the order of their ids.
fn by_id(rows: &mut [MessageRecord<'_>], ids: &dyn MessageIds) -> Result<()> {
    if rows.iter().all(|row| !row.message_id.is_empty()) {
        rows.sort_unstable_by_key(|row| row.message_id);
        return Ok(());
    }
    let places: Vec<u64> = rows.iter().map(|row| row.place).collect();
    let mut order: Vec<(Vec<u8>, MessageRecord<'_>)> =
        ids.ids(&places)?.into_iter().zip(rows.iter().copied()).collect();
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (row, (_, ordered)) in rows.iter_mut().zip(order) {
        *row = ordered;
    }
    Ok(())
}

/// The first row that is not about the outcome alone tells the facts; timestamps and the error code are the first that are present; the outcome is the strongest.
fn add_row<'a>(first: &mut MessageRecord<'a>, later: &MessageRecord<'a>) {
    if first.is_outcome && !later.is_outcome {
        let told = *first;
        *first = MessageRecord {
            order: told.order,
            user: told.user,
            delivered_at: told.delivered_at,
            read_at: told.read_at,
            failed_at: told.failed_at,
            error_code: told.error_code,
            outcome: told.outcome,
            ..*later
        };
    }
    add_outcome(first, later);
}

fn add_outcome(first: &mut MessageRecord<'_>, later: &MessageRecord<'_>) {
    for (instant, other) in [
        (&mut first.delivered_at, later.delivered_at),
        (&mut first.read_at, later.read_at),
        (&mut first.failed_at, later.failed_at),
    ] {
        if *instant == ABSENT {
            *instant = other;
        }
    }
    if first.error_code == NO_NUMBER {
        first.error_code = later.error_code;
    }
    first.outcome = first.outcome.max(later.outcome);
    first.user = first.user.min(later.user);
}

fn contradicts(first: &MessageRecord<'_>, later: &MessageRecord<'_>) -> bool {
    let facts = |row: &MessageRecord<'_>| {
        (row.number, row.message_type, row.template, row.category, row.list, row.campaign, row.sent_at)
    };
    facts(first) != facts(later)
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
