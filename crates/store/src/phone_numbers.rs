//! Sending numbers.

use domain::{ClientId, PhoneNumberId, WabaId, assets::PhoneNumber};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::phone_numbers::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::one_of,
};

pub(crate) fn from_row(row: Model) -> PhoneNumber {
    PhoneNumber {
        id: PhoneNumberId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: WabaId::from_uuid(row.waba_id),
        meta_id: row.meta_id,
        display_number: row.display_number,
        verified_name: row.verified_name,
        quality_rating: row.quality_rating,
        status: row.status,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

fn row(asset: &PhoneNumber) -> ActiveModel {
    ActiveModel {
        id: Set(asset.id.uuid()),
        client_id: Set(asset.client.uuid()),
        waba_id: Set(asset.waba.uuid()),
        meta_id: Set(asset.meta_id.clone()),
        display_number: Set(asset.display_number.clone()),
        verified_name: Set(asset.verified_name.clone()),
        quality_rating: Set(asset.quality_rating.clone()),
        status: Set(asset.status.clone()),
        created_at: Set(asset.created_at),
        updated_at: Set(asset.updated_at),
        version: Set(asset.version),
    }
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[PhoneNumberId]) -> Result<Vec<PhoneNumber>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// All numbers of a client, in the order of pages.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId) -> Result<Vec<PhoneNumber>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .order_by_asc(Column::DisplayNumber)
        .order_by_asc(Column::Id);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A page, by number; of one client when `client` names it.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<PhoneNumber>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::DisplayNumber, id: Column::Id }, |row| Ok(from_row(row))).await
}

/// Adds a number.
///
/// # Errors
/// `Conflict` when Meta's id is known already; `Reference` when the account is not the client's; `NotVisible`.
pub async fn insert(tx: &Tx, asset: &PhoneNumber) -> Result<(), StoreError> {
    tx.admit(Some(asset.client))?;
    Entity::insert(row(asset)).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The numbers of these ids of Meta's, whosever they are, as far as the transaction may know of them.
///
/// # Errors
/// The database is unavailable.
pub async fn named(tx: &Tx, meta_ids: impl IntoIterator<Item = &str> + Send) -> Result<Vec<PhoneNumber>, StoreError> {
    let meta_ids: Vec<&str> = meta_ids.into_iter().collect();
    let select = Entity::find().filter(Column::MetaId.is_in(meta_ids));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The numbers of an account, in the order of pages.
///
/// # Errors
/// The database is unavailable.
pub async fn of_waba(tx: &Tx, waba: WabaId) -> Result<Vec<PhoneNumber>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .order_by_asc(Column::DisplayNumber)
        .order_by_asc(Column::Id);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Writes what people correct of a number whose version is still that of `asset`; tells whether it was.
///
/// # Errors
/// The database is unavailable.
pub async fn correct(tx: &Tx, asset: &PhoneNumber) -> Result<bool, StoreError> {
    let change = ActiveModel {
        display_number: Set(asset.display_number.clone()),
        verified_name: Set(asset.verified_name.clone()),
        updated_at: Set(asset.updated_at),
        version: Set(asset.version + 1),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(asset.id.uuid()))
        .filter(Column::Version.eq(asset.version));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Writes what the platform tells anew of a number; its version grows by one.
///
/// # Errors
/// `RowsAffected` when there is no such number.
pub async fn update(tx: &Tx, asset: &PhoneNumber) -> Result<(), StoreError> {
    let change = ActiveModel {
        display_number: Set(asset.display_number.clone()),
        verified_name: Set(asset.verified_name.clone()),
        quality_rating: Set(asset.quality_rating.clone()),
        status: Set(asset.status.clone()),
        updated_at: Set(asset.updated_at),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(asset.id.uuid()));
    crate::rows::one("phone_numbers", &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
