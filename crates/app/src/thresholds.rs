//! Thresholds of the rules: read as they hold at an instant, and set as a new version, for the BSP or for one client.

mod code;
mod set;

#[cfg(test)]
mod tests;

use domain::{
    ClientId, Instant, ThresholdVersionId,
    access::Permission,
    thresholds::{InForce, ThresholdVersion},
};
use store::page::{Keyset, Page};

pub use code::ThresholdCode;
pub(crate) use code::refusal;
pub use set::{SetThresholds, set};

use crate::{OpCtx, OpError};

/// The thresholds of a client, or of the BSP, at an instant.
#[derive(Debug, Clone)]
pub struct Current {
    /// Whose; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// The instant.
    pub at: Instant,
    /// The versions that hold then.
    pub in_force: InForce,
    /// Number of the owner's last version, whether it holds then or not; 0 when there is none.
    pub latest: i32,
}

/// The thresholds that hold for a client (absent: for the BSP) at an instant (absent: now).
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `audits:read`.
pub async fn current(op: &OpCtx, client: Option<ClientId>, at: Option<Instant>) -> Result<Current, OpError> {
    let tx = readable(op, client).await?;
    let at = at.unwrap_or_else(|| op.now());
    let in_force = store::thresholds::in_force(&tx, client, at).await?;
    let latest = store::thresholds::latest(&tx, client).await?.map_or(0, |version| version.version);
    Ok(Current { client, at, in_force, latest })
}

/// A page of the versions of a client (absent: of the BSP), by their number.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `audits:read`.
pub async fn page(op: &OpCtx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<ThresholdVersion>, OpError> {
    let tx = readable(op, client).await?;
    Ok(store::thresholds::page(&tx, client, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn by_ids(op: &OpCtx, ids: &[ThresholdVersionId]) -> Result<Vec<ThresholdVersion>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::thresholds::by_ids(&*op.reader().await?, ids).await?)
}

async fn readable(op: &OpCtx, client: Option<ClientId>) -> Result<std::sync::Arc<store::Tx>, OpError> {
    match client {
        Some(client) => op.require_on(Permission::AuditsRead, client)?,
        None => op.require(Permission::AuditsRead)?,
    }
    let tx = op.reader().await?;
    if let Some(client) = client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    Ok(tx)
}
