//! Replies that are written beforehand. Only who may know of all clients knows of them.

use domain::{ReplyMacroId, UserId, tickets::ReplyMacro};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::reply_macros::{ActiveModel, Column, Entity, Model},
};

fn from_row(row: Model) -> ReplyMacro {
    ReplyMacro {
        id: ReplyMacroId::from_uuid(row.id),
        name: row.name,
        body: row.body,
        updated_by: row.updated_by.map(UserId::from_uuid),
        updated_at: row.updated_at,
        version: row.version,
    }
}

/// Every macro, by name.
///
/// # Errors
/// `NotVisible` for who may not know of all clients.
pub async fn all(tx: &Tx) -> Result<Vec<ReplyMacro>, StoreError> {
    tx.admit(None)?;
    let rows = Entity::find().order_by_asc(Column::Name).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The macro of this id.
///
/// # Errors
/// `NotVisible` for who may not know of all clients.
pub async fn by_id(tx: &Tx, id: ReplyMacroId) -> Result<Option<ReplyMacro>, StoreError> {
    tx.admit(None)?;
    Ok(Entity::find_by_id(id.uuid()).one(tx.connection()).await?.map(from_row))
}

fn row(reply: &ReplyMacro) -> ActiveModel {
    ActiveModel {
        name: Set(reply.name.clone()),
        body: Set(reply.body.clone()),
        updated_by: Set(reply.updated_by.map(UserId::uuid)),
        updated_at: Set(reply.updated_at),
        ..ActiveModel::default()
    }
}

/// Adds a macro.
///
/// # Errors
/// `Conflict` on `reply_macros_name_key`.
pub async fn insert(tx: &Tx, reply: &ReplyMacro) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ActiveModel { id: Set(reply.id.uuid()), version: Set(reply.version), ..row(reply) };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Writes a macro, if the version is still that of `reply`; its version grows by one.
///
/// # Errors
/// `Conflict` on `reply_macros_name_key`.
pub async fn update(tx: &Tx, reply: &ReplyMacro) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many()
        .set(row(reply))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(reply.id.uuid()))
        .filter(Column::Version.eq(reply.version));
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// Deletes a macro of this version; `false` when there is none.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, id: ReplyMacroId, version: i32) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let delete = Entity::delete_by_id(id.uuid()).filter(Column::Version.eq(version));
    Ok(delete.exec(tx.connection()).await?.rows_affected == 1)
}
