//! Versions of thresholds. They are only ever added. Rows without a client are the BSP's, and everybody may read them.

use domain::{
    ClientId, Instant, ThresholdVersionId, UserId,
    thresholds::{InForce, Overrides, ThresholdVersion},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::{
    StoreError, Tx,
    entity::threshold_versions::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
};

fn from_row(row: Model) -> ThresholdVersion {
    ThresholdVersion {
        id: ThresholdVersionId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        version: row.version,
        overrides: Overrides::stored(&row.overrides),
        effective_at: row.effective_at,
        created_at: row.created_at,
        author: row.created_by.map(UserId::from_uuid),
        reason: row.reason,
    }
}

fn of_owner(client: Option<ClientId>) -> Select<Entity> {
    match client {
        Some(client) => Entity::find().filter(Column::ClientId.eq(client.uuid())),
        None => Entity::find().filter(Column::ClientId.is_null()),
    }
}

/// Adds a version.
///
/// # Errors
/// `NotVisible` when the transaction may not write for the owner; `Conflict` when somebody else added this version first.
pub async fn insert(tx: &Tx, version: &ThresholdVersion) -> Result<(), StoreError> {
    tx.admit(version.client)?;
    let row = ActiveModel {
        id: Set(version.id.uuid()),
        client_id: Set(version.client.map(ClientId::uuid)),
        version: Set(version.version),
        overrides: Set(version.overrides.to_json()),
        effective_at: Set(version.effective_at),
        created_by: Set(version.author.map(UserId::uuid)),
        created_at: Set(version.created_at),
        reason: Set(version.reason.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[ThresholdVersionId]) -> Result<Vec<ThresholdVersion>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The last version of a client, or of the BSP, whether it holds yet or not.
///
/// # Errors
/// The database is unavailable.
pub async fn latest(tx: &Tx, client: Option<ClientId>) -> Result<Option<ThresholdVersion>, StoreError> {
    let select = of_owner(client).order_by_desc(Column::Version).limit(1);
    Ok(tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?.map(from_row))
}

/// The versions that hold at an instant, for a client or for the BSP alone.
///
/// # Errors
/// The database is unavailable.
pub async fn in_force(tx: &Tx, client: Option<ClientId>, at: Instant) -> Result<InForce, StoreError> {
    let holding = async |owner| {
        let select = of_owner(owner).filter(Column::EffectiveAt.lte(at)).order_by_desc(Column::Version).limit(1);
        let row = tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?;
        Ok::<_, StoreError>(row.map(from_row))
    };
    let client = match client {
        Some(client) => holding(Some(client)).await?,
        None => None,
    };
    Ok(InForce { bsp: holding(None).await?, client })
}

/// A page of the versions of a client, or of the BSP, by their number.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<ThresholdVersion>, StoreError> {
    let select = tx.scoped_or_shared(of_owner(client), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Version, id: Column::Id }, |row| Ok(from_row(row))).await
}
