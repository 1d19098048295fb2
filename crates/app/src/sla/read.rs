//! Reading the terms: everybody who sees tickets sees what is promised on them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{ClientId, SlaCalendarId, SlaPolicyId, access::Permission};
use store::{
    Tx,
    page::{Keyset, Page},
    sla::{CalendarVersion, PolicyVersion},
};

use crate::{OpCtx, OpError};

/// A page of the versions of a client's policy (absent: of the BSP's), by their number.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `tickets:read`.
pub async fn policy_page(
    op: &OpCtx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<PolicyVersion>, OpError> {
    let tx = readable(op, client).await?;
    Ok(store::sla::policy_page(&tx, client, keyset).await?)
}

/// A page of the versions of a client's calendars (absent: of the BSP's), or of one of them, by when they begin to hold.
///
/// # Errors
/// `NotFound` for an unknown client; `Forbidden` without `tickets:read`.
pub async fn calendar_page(
    op: &OpCtx,
    client: Option<ClientId>,
    key: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<CalendarVersion>, OpError> {
    let tx = readable(op, client).await?;
    Ok(store::sla::calendar_page(&tx, client, key, keyset).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn policies_by_ids(op: &OpCtx, ids: &[SlaPolicyId]) -> Result<Vec<PolicyVersion>, OpError> {
    op.require(Permission::TicketsRead)?;
    Ok(store::sla::policies_by_ids(&*op.reader().await?, ids).await?)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn calendars_by_ids(op: &OpCtx, ids: &[SlaCalendarId]) -> Result<Vec<CalendarVersion>, OpError> {
    op.require(Permission::TicketsRead)?;
    Ok(store::sla::calendars_by_ids(&*op.reader().await?, ids).await?)
}

/// The tiers of clients that have one.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn tiers(op: &OpCtx, clients: &[ClientId]) -> Result<HashMap<ClientId, String>, OpError> {
    op.require(Permission::TicketsRead)?;
    Ok(store::sla::tiers(&*op.reader().await?, clients).await?)
}

pub(super) async fn readable(op: &OpCtx, client: Option<ClientId>) -> Result<Arc<Tx>, OpError> {
    match client {
        Some(client) => op.require_on(Permission::TicketsRead, client)?,
        None => op.require(Permission::TicketsRead)?,
    }
    let tx = op.reader().await?;
    if let Some(client) = client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    Ok(tx)
}
