//! Reading the log.

use domain::{
    ActivityId, ClientId,
    access::{Permission, Visibility},
    activity::{Activity, ActivityActor},
};
pub use store::merkle::Head;
use store::page::{Keyset, Page};

use super::{Filter, log_of};
use crate::{NoCode, OpCtx, OpError};

/// What shows that an entry is sealed in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityProof {
    /// The log's name.
    pub log: String,
    /// Which leaf the entry is, from 0.
    pub place: u64,
    /// The entry's own hash.
    pub leaf: domain::merkle::Hash,
    /// The hashes beside its way to the root, from below (RFC 9162, 2.1.3).
    pub hashes: domain::merkle::Proof,
    /// The head under which this proves.
    pub head: Head,
}

/// A page of entries, by time: staff see all, a client those about its own data.
///
/// # Errors
/// `Forbidden` without `activity:read`.
pub async fn page(op: &OpCtx, filter: &Filter, keyset: &Keyset) -> Result<Page<Activity>, OpError<NoCode>> {
    op.require(Permission::ActivityRead)?;
    Ok(store::activities::page(&*op.reader().await?, filter, keyset).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `activity:read`.
pub async fn by_ids(op: &OpCtx, ids: &[ActivityId]) -> Result<Vec<Activity>, OpError<NoCode>> {
    op.require(Permission::ActivityRead)?;
    Ok(store::activities::by_ids(&*op.reader().await?, ids).await?)
}

/// What shows that an entry is sealed; nothing within the second before it is.
///
/// # Errors
/// `NotFound` for an entry that the actor may not know of; `Forbidden` without `activity:read`.
pub async fn proof(op: &OpCtx, id: ActivityId) -> Result<Option<ActivityProof>, OpError<NoCode>> {
    let entry = by_ids(op, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    let tx = op.services().store.read(&Visibility::System).await?;
    let Some((log, place)) = store::activities::leaf_of(&tx, id).await? else { return Ok(None) };
    let Some(head) = store::merkle::head(&tx, &log).await? else { return Ok(None) };
    let hashes = store::merkle::proof(&tx, &log, place, head.size).await?;
    Ok(Some(ActivityProof { place, leaf: entry.seal(), hashes, head, log }))
}

/// The last head of the log about a client's data, or about the BSP's own: keep it elsewhere, and nobody can change what is before
/// it unnoticed.
///
/// # Errors
/// `NotFound` for a client that the actor may not know of; `Forbidden` without `activity:read`.
pub async fn heads(op: &OpCtx, client: Option<ClientId>) -> Result<Option<(String, Head)>, OpError<NoCode>> {
    match client.or(op.actor().client()) {
        Some(client) => op.require_on(Permission::ActivityRead, client)?,
        None => op.require(Permission::ActivityRead)?,
    }
    let log = log_of(client.or(op.actor().client()));
    let tx = op.services().store.read(&Visibility::System).await?;
    Ok(store::merkle::head(&tx, &log).await?.map(|head| (log, head)))
}

/// Whether the actor is told from where it was done: a client is not told from where staff work.
pub fn shows_origin(op: &OpCtx, entry: &Activity) -> bool {
    op.actor().client().is_none() || entry.actor != ActivityActor::Staff
}
