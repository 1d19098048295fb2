//! What clients declare of themselves.

use domain::{ClientId, DeclaredAssetId, ImportId, assets::DeclaredAsset};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::declared_assets::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
};

fn from_row(row: Model) -> DeclaredAsset {
    DeclaredAsset {
        id: DeclaredAssetId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        kind: row.kind,
        name: row.name,
        body: row.body,
        import: ImportId::from_uuid(row.import_id),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

fn row(asset: &DeclaredAsset) -> ActiveModel {
    ActiveModel {
        id: Set(asset.id.uuid()),
        client_id: Set(asset.client.uuid()),
        kind: Set(asset.kind.clone()),
        name: Set(asset.name.clone()),
        body: Set(asset.body.clone()),
        import_id: Set(asset.import.uuid()),
        created_at: Set(asset.created_at),
        updated_at: Set(asset.updated_at),
        version: Set(asset.version),
    }
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[DeclaredAssetId]) -> Result<Vec<DeclaredAsset>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// All that a client declares, by kind and name.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId) -> Result<Vec<DeclaredAsset>, StoreError> {
    let select =
        Entity::find().filter(Column::ClientId.eq(client.uuid())).order_by_asc(Column::Kind).order_by_asc(Column::Name);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// What a client declares by these names, of any kind.
///
/// # Errors
/// The database is unavailable.
pub async fn by_names(tx: &Tx, client: ClientId, names: &[String]) -> Result<Vec<DeclaredAsset>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::Name.is_in(names));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A page, by name; of one client and of one kind when they are named.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(
    tx: &Tx,
    client: Option<ClientId>,
    kind: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<DeclaredAsset>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    if let Some(kind) = kind {
        select = select.filter(Column::Kind.eq(kind));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Name, id: Column::Id }, |row| Ok(from_row(row))).await
}

/// Adds what was declared.
///
/// # Errors
/// `Conflict` when the client declares something of that kind and name already; `NotVisible`.
pub async fn insert(tx: &Tx, asset: &DeclaredAsset) -> Result<(), StoreError> {
    tx.admit(Some(asset.client))?;
    Entity::insert(row(asset)).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes what was declared anew; its version grows by one.
///
/// # Errors
/// `RowsAffected` when there is no such row.
pub async fn update(tx: &Tx, asset: &DeclaredAsset) -> Result<(), StoreError> {
    let change = ActiveModel {
        body: Set(asset.body.clone()),
        import_id: Set(asset.import.uuid()),
        updated_at: Set(asset.updated_at),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(asset.id.uuid()));
    crate::rows::one("declared_assets", &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
