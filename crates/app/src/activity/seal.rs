//! The sealer: gives new entries their places in the Merkle log of their client, within a second. Nothing decides on the seal, and
//! no writer waits for it.

use std::collections::BTreeMap;

use domain::{ActivityId, ClientId, access::Visibility, activity::Activity, merkle::Hash};
use store::StoreError;

use crate::Services;

/// Entries that are sealed at a time, so that nobody waits long for the writer.
const BATCH: u64 = 500;

/// Before whose they are in the names of logs.
pub(super) const LOG: &str = "activity/";

/// The name of the log about a client's data, or about the BSP's own.
pub fn log_of(client: Option<ClientId>) -> String {
    client.map_or_else(|| format!("{LOG}bsp"), |client| format!("{LOG}{client}"))
}

/// Seals everything that is not sealed; returns how many entries.
///
/// # Errors
/// The database is unavailable; what was sealed so far stays sealed.
pub async fn seal(services: &Services) -> Result<u64, StoreError> {
    let mut sealed = 0;
    loop {
        let look = services.store.read(&Visibility::System).await?;
        let waiting = !store::activities::unsealed(&look, 1).await?.is_empty();
        look.rollback().await?;
        if !waiting {
            return Ok(sealed);
        }
        let batch = seal_some(services).await?;
        sealed += batch;
        if batch < BATCH {
            return Ok(sealed);
        }
    }
}

async fn seal_some(services: &Services) -> Result<u64, StoreError> {
    let tx = services.store.write(&Visibility::System).await?;
    store::merkle::lock(&tx).await?;
    let entries = store::activities::unsealed(&tx, BATCH).await?;
    let mut logs: BTreeMap<String, Vec<&Activity>> = BTreeMap::new();
    for entry in &entries {
        logs.entry(log_of(entry.client)).or_default().push(entry);
    }
    let now = services.clock.now();
    for (log, entries) in logs {
        let leaves: Vec<Hash> = entries.iter().map(|entry| entry.seal()).collect();
        let ids: Vec<ActivityId> = entries.iter().map(|entry| entry.id).collect();
        let first = store::merkle::append(&tx, &log, &leaves, now).await?;
        store::activities::sealed(&tx, &log, first, &ids).await?;
    }
    tx.commit().await?;
    Ok(entries.len() as u64)
}
