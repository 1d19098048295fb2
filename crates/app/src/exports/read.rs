//! Looking at exports, and at who was shown recipients in clear.

use domain::{
    ClientId, EvidenceExportId, FindingId,
    access::Permission,
    evidence::{EvidenceExport, Unmasking},
};
use store::page::{Keyset, Page};

use crate::{OpCtx, OpError};

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn by_ids(op: &OpCtx, ids: &[EvidenceExportId]) -> Result<Vec<EvidenceExport>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::exports::by_ids(&*op.reader().await?, ids).await?)
}

/// A page of the exports of a finding, by the time of asking.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn page(op: &OpCtx, finding: FindingId, keyset: &Keyset) -> Result<Page<EvidenceExport>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::exports::page(&*op.reader().await?, finding, keyset).await?)
}

/// A page of the records of who was shown recipients in clear, of one client when one is given, by time.
///
/// # Errors
/// `Forbidden` without `unmaskings:read`.
pub async fn unmaskings(op: &OpCtx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Unmasking>, OpError> {
    op.require(Permission::UnmaskingsRead)?;
    Ok(store::exports::unmaskings_page(&*op.reader().await?, client, keyset).await?)
}
