//! The tiers of clients: the one that each has, and from when it had which, for what was promised is judged by the tier of its time.

use std::collections::HashMap;

use domain::{ClientId, Instant};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError, Tx, counters,
    entity::{clients, sla_tier_changes as changes},
};

/// That a client is of a tier, or of none, from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierChange {
    /// From when.
    pub effective_from: Instant,
    /// The tier; absent, none.
    pub tier: Option<String>,
}

/// The tiers that clients have, of those that have one.
///
/// # Errors
/// The database is unavailable.
pub async fn tiers(tx: &Tx, clients: &[ClientId]) -> Result<HashMap<ClientId, String>, StoreError> {
    use clients::{Column, Entity};
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::SlaTier])
        .filter(Column::Id.is_in(clients.iter().map(|client| client.uuid())))
        .filter(Column::SlaTier.is_not_null());
    let rows: Vec<(uuid::Uuid, String)> = tx.scoped(select, Column::Id).into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(client, tier)| (ClientId::from_uuid(client), tier)).collect())
}

/// From when each of `clients` was of which tier, in the order of time; those that never had one are left out.
///
/// # Errors
/// The database is unavailable.
pub async fn tier_changes(tx: &Tx, clients: &[ClientId]) -> Result<HashMap<ClientId, Vec<TierChange>>, StoreError> {
    let theirs = changes::Column::ClientId.is_in(clients.iter().map(|client| client.uuid()));
    read(tx, changes::Entity::find().filter(theirs)).await
}

/// The same of every client of whom the transaction may know.
pub(super) async fn all_tier_changes(tx: &Tx) -> Result<HashMap<ClientId, Vec<TierChange>>, StoreError> {
    read(tx, changes::Entity::find()).await
}

async fn read(tx: &Tx, select: Select<changes::Entity>) -> Result<HashMap<ClientId, Vec<TierChange>>, StoreError> {
    let select = tx.scoped(select.order_by_asc(changes::Column::EffectiveFrom), changes::Column::ClientId);
    let mut answer: HashMap<ClientId, Vec<TierChange>> = HashMap::new();
    for changes::Model { client_id, effective_from, tier } in select.all(tx.connection()).await? {
        answer.entry(ClientId::from_uuid(client_id)).or_default().push(TierChange { effective_from, tier });
    }
    Ok(answer)
}

/// Gives a client whose version is still `version` a tier from an instant on, or takes it away; its version grows by one. Where the
/// clock of another process was ahead, the change holds from that of the last one.
///
/// # Errors
/// `Stale` when it is not; `NotFound` when the transaction may not know of the client.
pub async fn set_tier(tx: &Tx, client: ClientId, version: i32, change: TierChange) -> Result<(), StoreError> {
    use clients::{Column, Entity};
    let update = Entity::update_many()
        .col_expr(Column::SlaTier, Expr::value(change.tier.clone()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(client.uuid()))
        .filter(Column::Version.eq(version));
    if tx.scoped(update, Column::Id).exec(tx.connection()).await?.rows_affected != 1 {
        let current = crate::clients::by_id(tx, client).await?.map(|client| client.version);
        return Err(current.map_or(StoreError::NotFound { table: "clients" }, |current| StoreError::Stale { current }));
    }
    let last = tier_changes(tx, &[client]).await?.remove(&client).and_then(|mut changes| changes.pop());
    let effective_from = match last {
        Some(last) if last.effective_from > change.effective_from => last.effective_from,
        _ => change.effective_from,
    };
    let row = changes::ActiveModel {
        client_id: Set(client.uuid()),
        effective_from: Set(effective_from),
        tier: Set(change.tier),
    };
    let key = [changes::Column::ClientId, changes::Column::EffectiveFrom];
    let again = OnConflict::columns(key).update_column(changes::Column::Tier).to_owned();
    changes::Entity::insert(row).on_conflict(again).exec_without_returning(tx.connection()).await?;
    counters::change_sla_terms(tx).await
}
