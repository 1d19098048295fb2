//! The seal of the consent ledger: its events get their places in a Merkle log of their client, within a second of the end of the
//! import that brought them. Nothing decides on the seal, and no writer waits for it.

#[cfg(test)]
mod tests;

use domain::{
    ClientId,
    access::Visibility,
    ledger::{LEAF, leaf},
    merkle::Hash,
};
use store::{
    StoreError, Tx,
    consents::{Leaf, Unsealed},
};

use crate::{
    NoCode, OpCtx, OpError, Services,
    activity::{Expected, Fault, Verified, verify_logs},
};

/// Leaves of one transaction.
const LEAVES: usize = 20;
/// Clients that are looked at together.
const CLIENTS: u64 = 100;
/// Before a client's id in the name of its log.
pub(crate) const LOG: &str = "consents/";

/// The name of the log of a client's ledger.
pub fn log_of(client: ClientId) -> String {
    format!("{LOG}{client}")
}

/// Seals every event that is not sealed; returns how many.
///
/// # Errors
/// The database is unavailable, or an event cannot be read: the ledgers of the other clients are sealed all the same, and what was
/// sealed stays sealed.
pub async fn seal(services: &Services) -> Result<u64, StoreError> {
    let (mut sealed, mut after, mut failed) = (0, None, None);
    loop {
        let look = services.store.read(&Visibility::System).await?;
        let waiting = store::consents::unsealed(&look, after, CLIENTS).await?;
        look.rollback().await?;
        let Some(last) = waiting.last() else { return failed.map_or(Ok(sealed), Err) };
        after = Some(last.client);
        for ledger in waiting {
            match seal_ledger(services, ledger).await {
                Ok(events) => sealed += events,
                Err(error) => failed = Some(error),
            }
        }
    }
}

/// Seals what waits of one ledger, some leaves at a time.
async fn seal_ledger(services: &Services, mut ledger: Unsealed) -> Result<u64, StoreError> {
    let first = ledger.first;
    while ledger.first <= ledger.last {
        // What is up to the counter does not change any more: it is hashed before the writer is taken from others.
        let leaves = next_leaves(services, ledger).await?;
        let Some(end) = leaves.last().map(|(_, _, last)| *last) else { break };
        if !append(services, ledger, &leaves).await? {
            break;
        }
        ledger.first = end + 1;
    }
    Ok((ledger.first - first).unsigned_abs())
}

/// The next leaves of a ledger, each with its first and last position.
async fn next_leaves(services: &Services, ledger: Unsealed) -> Result<Vec<(Hash, i64, i64)>, StoreError> {
    let look = services.store.read(&Visibility::System).await?;
    let mut leaves = Vec::with_capacity(LEAVES);
    let mut first = ledger.first;
    while first <= ledger.last && leaves.len() < LEAVES {
        let last = ledger.last.min(first + LEAF as i64 - 1);
        leaves.push((leaf_of(&look, ledger.client, first, last).await?, first, last));
        first = last + 1;
    }
    look.rollback().await?;
    Ok(leaves)
}

/// The leaf of events as they stand.
async fn leaf_of(tx: &Tx, client: ClientId, first: i64, last: i64) -> Result<Hash, StoreError> {
    let events = store::consents::range(tx, client, first, last).await?;
    Ok(leaf(client, &events.into_iter().collect::<Result<Vec<_>, _>>()?))
}

/// Appends the leaves of a ledger, unless another process was first.
async fn append(services: &Services, ledger: Unsealed, leaves: &[(Hash, i64, i64)]) -> Result<bool, StoreError> {
    let tx = services.store.write(&Visibility::System).await?;
    store::merkle::lock(&tx).await?;
    let now = store::consents::unsealed_of(&tx, ledger.client).await?;
    if now.is_none_or(|now| now.first != ledger.first) {
        tx.rollback().await?;
        return Ok(false);
    }
    let hashes: Vec<Hash> = leaves.iter().map(|(hash, ..)| *hash).collect();
    let place = store::merkle::append(&tx, &log_of(ledger.client), &hashes, services.clock.now()).await?;
    for ((_, first, last), place) in leaves.iter().zip(place..) {
        store::consents::sealed(&tx, ledger.client, Leaf { place, first: *first, last: *last }).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Looks at the log of every client's ledger, and at heads that were kept elsewhere: every sealed event is hashed anew, every node and
/// head computed anew. Reads at one moment, and in steps.
///
/// # Errors
/// `NotFound` for anybody but the system; the database is unavailable.
pub async fn verify(op: &OpCtx, expected: &[Expected]) -> Result<Verified, OpError<NoCode>> {
    let mut found = Box::pin(verify_logs(op, LOG, expected)).await?;
    let tx = op.services().store.read(op.visibility()).await?;
    for (client, position) in store::consents::outside(&tx, Verified::MOST_FAULTS).await? {
        found.fault(Fault::Beside { log: log_of(client), position });
    }
    Ok(found)
}
