//! Clients. The example that the other areas follow.

use domain::{ClientId, clients::Client};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::clients::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::one_of,
};

const TABLE: &str = "clients";

pub(crate) fn from_row(row: Model) -> Client {
    Client {
        id: ClientId::from_uuid(row.id),
        name: row.name,
        slug: row.slug,
        time_zone: row.time_zone,
        language: row.language,
        created_at: row.created_at,
        version: row.version,
    }
}

/// The client of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: ClientId) -> Result<Option<Client>, StoreError> {
    let select = tx.scoped(Entity::find_by_id(id.uuid()), Column::Id);
    Ok(select.one(tx.connection()).await?.map(from_row))
}

/// The client of this slug, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_slug(tx: &Tx, slug: &str) -> Result<Option<Client>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::Slug.eq(slug)), Column::Id);
    Ok(select.one(tx.connection()).await?.map(from_row))
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[ClientId]) -> Result<Vec<Client>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::Id).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A page of the clients of which the transaction may know, by name.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, keyset: &Keyset) -> Result<Page<Client>, StoreError> {
    let select = tx.scoped(Entity::find(), Column::Id);
    page::fetch(tx, select, keyset, By { column: Column::Name, id: Column::Id }, |row| Ok(from_row(row))).await
}

/// Adds a client.
///
/// # Errors
/// `Conflict` on `clients_slug_key`; `NotVisible` when the transaction may not know of all clients.
pub async fn insert(tx: &Tx, client: &Client) -> Result<(), StoreError> {
    tx.admit(Some(client.id))?;
    let row = ActiveModel {
        id: Set(client.id.uuid()),
        name: Set(client.name.clone()),
        slug: Set(client.slug.clone()),
        time_zone: Set(client.time_zone.clone()),
        language: Set(client.language.clone()),
        created_at: Set(client.created_at),
        version: Set(client.version),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes the name, slug, zone and language of a client whose version is still `expected_version`, and returns the new version.
///
/// # Errors
/// `Stale` when it is not, `NotFound`, `Conflict` on `clients_slug_key`.
pub async fn update(tx: &Tx, client: &Client, expected_version: i32) -> Result<i32, StoreError> {
    let change = ActiveModel {
        name: Set(client.name.clone()),
        slug: Set(client.slug.clone()),
        time_zone: Set(client.time_zone.clone()),
        language: Set(client.language.clone()),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(client.id.uuid()))
        .filter(Column::Version.eq(expected_version));
    let result = tx.scoped(update, Column::Id).exec(tx.connection()).await?;
    if result.rows_affected == 1 {
        return Ok(expected_version + 1);
    }
    let select = Entity::find_by_id(client.id.uuid()).select_only().column(Column::Version);
    let current: Option<i32> = tx.scoped(select, Column::Id).into_tuple().one(tx.connection()).await?;
    Err(current.map_or(StoreError::NotFound { table: TABLE }, |current| StoreError::Stale { current }))
}
