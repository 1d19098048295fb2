//! WhatsApp Business Accounts.

use domain::{ClientId, Instant, WabaId, assets::Waba};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::wabas::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::one_of,
};

fn from_row(row: Model) -> Waba {
    Waba {
        id: WabaId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        meta_id: row.meta_id,
        name: row.name,
        portfolio_meta_id: row.portfolio_meta_id,
        messaging_limit: row.messaging_limit,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

fn row(asset: &Waba) -> ActiveModel {
    ActiveModel {
        id: Set(asset.id.uuid()),
        client_id: Set(asset.client.uuid()),
        meta_id: Set(asset.meta_id.clone()),
        name: Set(asset.name.clone()),
        portfolio_meta_id: Set(asset.portfolio_meta_id.clone()),
        messaging_limit: Set(asset.messaging_limit),
        status: Set(None),
        created_at: Set(asset.created_at),
        updated_at: Set(asset.updated_at),
        version: Set(asset.version),
    }
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[WabaId]) -> Result<Vec<Waba>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// All accounts of a client, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId) -> Result<Vec<Waba>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid()));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// A page, by name; of one client when `client` names it.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<Waba>, StoreError> {
    let mut select = Entity::find();
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Name, id: Column::Id }, |row| Ok(from_row(row))).await
}

/// Adds an account.
///
/// # Errors
/// `Conflict` when Meta's id is known already; `Reference` when the account is not the client's; `NotVisible`.
pub async fn insert(tx: &Tx, asset: &Waba) -> Result<(), StoreError> {
    tx.admit(Some(asset.client))?;
    Entity::insert(row(asset)).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The accounts of a client of these ids of Meta's.
///
/// # Errors
/// The database is unavailable.
pub async fn by_meta_ids(tx: &Tx, client: ClientId, meta_ids: &[String]) -> Result<Vec<Waba>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::MetaId.is_in(meta_ids));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The least messaging limit that is known of the client's portfolios.
///
/// # Errors
/// The database is unavailable.
pub async fn messaging_limit(tx: &Tx, client: ClientId) -> Result<Option<i64>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::MessagingLimit.is_not_null())
        .select_only()
        .column_as(Column::MessagingLimit.min(), "least");
    let least: Option<Option<i64>> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Ok(least.flatten())
}

/// The accounts of these ids of Meta's, whosever they are, as far as the transaction may know of them.
///
/// # Errors
/// The database is unavailable.
pub async fn named(tx: &Tx, meta_ids: impl IntoIterator<Item = &str> + Send) -> Result<Vec<Waba>, StoreError> {
    let meta_ids: Vec<&str> = meta_ids.into_iter().collect();
    let select = Entity::find().filter(Column::MetaId.is_in(meta_ids));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Writes what people correct of an account whose version is still that of `asset`; tells whether it was.
///
/// # Errors
/// The database is unavailable.
pub async fn correct(tx: &Tx, asset: &Waba) -> Result<bool, StoreError> {
    let change = ActiveModel {
        name: Set(asset.name.clone()),
        portfolio_meta_id: Set(asset.portfolio_meta_id.clone()),
        messaging_limit: Set(asset.messaging_limit),
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

/// Writes the messaging limit that the platform tells anew; the version grows by one.
///
/// # Errors
/// `RowsAffected` when there is no such account.
pub async fn set_messaging_limit(tx: &Tx, waba: WabaId, limit: Option<i64>, now: Instant) -> Result<(), StoreError> {
    let change = ActiveModel { messaging_limit: Set(limit), updated_at: Set(now), ..ActiveModel::default() };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(waba.uuid()));
    crate::rows::one("wabas", &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}

/// Writes which portfolio an account belongs to; the version grows by one.
///
/// # Errors
/// `RowsAffected` when there is no such account.
pub async fn set_portfolio(tx: &Tx, waba: WabaId, portfolio: &str, now: Instant) -> Result<(), StoreError> {
    let portfolio = Set(Some(portfolio.to_owned()));
    let change = ActiveModel { portfolio_meta_id: portfolio, updated_at: Set(now), ..ActiveModel::default() };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(waba.uuid()));
    crate::rows::one("wabas", &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}

/// The accounts of a client that belong to a portfolio.
///
/// # Errors
/// The database is unavailable.
pub async fn of_portfolio(tx: &Tx, client: ClientId, portfolio: &str) -> Result<Vec<Waba>, StoreError> {
    let select =
        Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::PortfolioMetaId.eq(portfolio));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}
