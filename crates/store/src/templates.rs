//! Message templates.

use domain::{ClientId, TemplateId, WabaId, assets::Template};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    StoreError, Tx,
    entity::templates::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::one_of,
};

fn from_row(row: Model) -> Template {
    Template {
        id: TemplateId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: row.waba_id.map(WabaId::from_uuid),
        meta_id: row.meta_id,
        name: row.name,
        language: row.language,
        category: row.category,
        status: row.status,
        quality: row.quality,
        components: row.components,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

fn row(asset: &Template) -> ActiveModel {
    ActiveModel {
        id: Set(asset.id.uuid()),
        client_id: Set(asset.client.uuid()),
        waba_id: Set(asset.waba.map(WabaId::uuid)),
        meta_id: Set(asset.meta_id.clone()),
        name: Set(asset.name.clone()),
        language: Set(asset.language.clone()),
        category: Set(asset.category.clone()),
        status: Set(asset.status.clone()),
        quality: Set(asset.quality.clone()),
        components: Set(asset.components.clone()),
        created_at: Set(asset.created_at),
        updated_at: Set(asset.updated_at),
        version: Set(asset.version),
    }
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[TemplateId]) -> Result<Vec<Template>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// All templates of a client, in the order of pages.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId) -> Result<Vec<Template>, StoreError> {
    let select =
        Entity::find().filter(Column::ClientId.eq(client.uuid())).order_by_asc(Column::Name).order_by_asc(Column::Id);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A page, by name; of one client when `client` names it.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Template>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Name, id: Column::Id }, |row| Ok(from_row(row))).await
}

/// Adds a template.
///
/// # Errors
/// `Conflict` when Meta's id is known already; `Reference` when the account is not the client's; `NotVisible`.
pub async fn insert(tx: &Tx, asset: &Template) -> Result<(), StoreError> {
    tx.admit(Some(asset.client))?;
    Entity::insert(row(asset)).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The templates of a client of these ids of Meta's.
///
/// # Errors
/// The database is unavailable.
pub async fn by_meta_ids(tx: &Tx, client: ClientId, meta_ids: &[String]) -> Result<Vec<Template>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::MetaId.is_in(meta_ids));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The template of an account with this name and language.
///
/// # Errors
/// The database is unavailable.
pub async fn named(tx: &Tx, waba: WabaId, name: &str, language: &str) -> Result<Option<Template>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(Column::Name.eq(name))
        .filter(Column::Language.eq(language))
        .order_by_asc(Column::Id);
    let row = tx.scoped(select, Column::ClientId).one(tx.connection()).await?;
    Ok(row.map(from_row))
}

/// Writes what the platform tells anew of a template; its version grows by one.
///
/// # Errors
/// `RowsAffected` when there is no such template.
pub async fn update(tx: &Tx, asset: &Template) -> Result<(), StoreError> {
    use sea_orm::{ExprTrait as _, sea_query::Expr};
    let change = ActiveModel {
        waba_id: Set(asset.waba.map(WabaId::uuid)),
        name: Set(asset.name.clone()),
        language: Set(asset.language.clone()),
        category: Set(asset.category.clone()),
        status: Set(asset.status.clone()),
        quality: Set(asset.quality.clone()),
        components: Set(asset.components.clone()),
        updated_at: Set(asset.updated_at),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(asset.id.uuid()));
    crate::rows::one("templates", &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}
