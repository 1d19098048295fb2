//! Looking at enforcement: episodes, and what accounts can do.

use domain::{
    WabaId,
    access::Permission,
    enforcement::{CapabilityStatus, RecordedEpisode, capabilities},
};
use store::page::{Keyset, Page};

use crate::{OpCtx, OpError};

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub waba: WabaId,
    /// What it can do, and until when not.
    pub capabilities: Vec<CapabilityStatus>,
    /// The episode that lasts.
    pub episode: Option<RecordedEpisode>,
}

/// A page of the episodes of an account, by their beginning.
///
/// # Errors
/// `Forbidden` without `enforcement:read`.
pub async fn episodes_page(op: &OpCtx, waba: WabaId, keyset: &Keyset) -> Result<Page<RecordedEpisode>, OpError> {
    op.require(Permission::EnforcementRead)?;
    Ok(store::episodes::page(&*op.reader().await?, waba, keyset).await?)
}

/// How accounts stand now, those of which the actor may know.
///
/// # Errors
/// `Forbidden` without `enforcement:read`.
pub async fn standings(op: &OpCtx, wabas: &[WabaId]) -> Result<Vec<Standing>, OpError> {
    op.require(Permission::EnforcementRead)?;
    let tx = op.reader().await?;
    let known = store::wabas::by_ids(&tx, wabas).await?;
    let mut open = store::episodes::open_of(&tx, wabas).await?;
    let standing = |waba: WabaId| {
        let episode = open.iter().position(|known| known.waba == waba).map(|place| open.swap_remove(place));
        let restrictions = episode.as_ref().map(|known| known.episode.restrictions.as_slice()).unwrap_or_default();
        Standing { waba, capabilities: capabilities(restrictions, op.now()), episode }
    };
    Ok(known.into_iter().map(|waba| waba.id).map(standing).collect())
}
