//! Rows of one person that speak of the same message become one.

use xxhash_rust::xxh3::xxh3_64;

use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::exchange::instant::ABSENT;

/// People with more rows than this are searched for doubles by sorting.
const FEW: usize = 24;

/// Space that is used again for every person.
#[derive(Debug, Default)]
pub(crate) struct Hashes(Vec<u64>);

impl Hashes {
    /// Whether two of the ids may be equal. Never no when they are.
    fn may_repeat<'i>(&mut self, ids: impl Iterator<Item = &'i [u8]>) -> bool {
        self.0.clear();
        self.0.extend(ids.map(xxh3_64));
        let hashes = &mut self.0;
        if hashes.len() <= FEW {
            return (1..hashes.len()).any(|at| hashes[..at].contains(&hashes[at]));
        }
        hashes.sort_unstable();
        hashes.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// Merges the rows of one person by message id, and puts the messages in the order of (sent_at, message_id). Returns how
/// many rows contradicted the first of their message.
pub(crate) fn messages(rows: &mut Vec<MessageRecord<'_>>, hashes: &mut Hashes) -> u64 {
    let mut conflicts = 0;
    if rows.len() > 1 {
        if hashes.may_repeat(rows.iter().map(|row| row.message_id)) {
            rows.sort_unstable_by(|a, b| a.message_id.cmp(b.message_id).then(a.order.cmp(&b.order)));
            rows.dedup_by(|later, first| {
                let same = later.message_id == first.message_id;
                if same {
                    conflicts += u64::from(contradicts(first, later));
                    add_row(first, later);
                }
                same
            });
        }
        rows.sort_unstable_by(|a, b| a.sent_at.cmp(&b.sent_at).then_with(|| a.message_id.cmp(b.message_id)));
    }
    conflicts
}

/// The first row tells the facts; timestamps and the error code are the first that are present; the outcome is the strongest.
fn add_row(first: &mut MessageRecord<'_>, later: &MessageRecord<'_>) {
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

/// Of rows with the same message id the first stays; the rest is put in the order of received_at.
pub(crate) fn inbound(rows: &mut Vec<InboundRecord<'_>>, hashes: &mut Hashes) {
    if rows.len() < 2 {
        return;
    }
    if hashes.may_repeat(rows.iter().map(|row| row.message_id)) {
        rows.sort_unstable_by(|a, b| a.message_id.cmp(b.message_id).then(a.order.cmp(&b.order)));
        rows.dedup_by(|later, first| later.message_id == first.message_id);
    }
    rows.sort_unstable_by_key(|row| (row.received_at, row.order));
}

/// Puts ledger events in the order in which they fold: (effective_at, recorded_at, ledger order).
pub(crate) fn consents(events: &mut [ConsentRecord]) {
    events.sort_unstable_by_key(|event| (event.effective_at, event.recorded_at, event.order));
}
