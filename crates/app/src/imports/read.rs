//! Reading imports.

use domain::{ClientId, ImportId, access::Permission, imports::Import, ports::RowError};
use store::page::{Keyset, Page};

use crate::{NoCode, OpCtx, OpError};

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `imports:read`.
pub async fn by_ids(op: &OpCtx, ids: &[ImportId]) -> Result<Vec<Import>, OpError<NoCode>> {
    op.require(Permission::ImportsRead)?;
    Ok(store::imports::by_ids(&*op.reader().await?, ids).await?)
}

/// A page, by the time of beginning; of one client when `client` names it.
///
/// # Errors
/// `Forbidden` without `imports:read`.
pub async fn page(op: &OpCtx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Import>, OpError<NoCode>> {
    op.require(Permission::ImportsRead)?;
    Ok(store::imports::page(&*op.reader().await?, client, keyset).await?)
}

/// A page of the bad rows of an import, in the order of the file; empty when there is no such import for the actor.
///
/// # Errors
/// `Forbidden` without `imports:read`.
pub async fn row_errors(op: &OpCtx, import: ImportId, keyset: &Keyset) -> Result<Page<RowError>, OpError<NoCode>> {
    op.require(Permission::ImportsRead)?;
    Ok(store::imports::row_errors(&*op.reader().await?, import, keyset).await?)
}
