//! Operations that are to be done once. Keys are nobody's rows but the system's; marks are written by whatever transaction does the
//! work, so that they stand exactly when it does.

use domain::Instant;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        idempotency_keys::{ActiveModel, Column, Entity},
        idempotency_marks,
    },
};

/// An operation that was begun under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What marks are made with.
    pub id: Uuid,
    /// Whose key.
    pub credential: String,
    /// Hash of the key.
    pub key_hash: String,
    /// Hash of what was asked.
    pub request_hash: String,
    /// When it was begun, for the last time.
    pub begun_at: Instant,
    /// The answer, sealed, once there is one.
    pub answer: Option<String>,
}

/// What a credential began under a key.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn find(tx: &Tx, credential: &str, key_hash: &str) -> Result<Option<Begun>, StoreError> {
    tx.admit(None)?;
    let select = Entity::find().filter(Column::Credential.eq(credential)).filter(Column::KeyHash.eq(key_hash));
    Ok(select.one(tx.connection()).await?.map(|row| Begun {
        id: row.id,
        credential: row.credential,
        key_hash: row.key_hash,
        request_hash: row.request_hash,
        begun_at: row.begun_at,
        answer: row.answer,
    }))
}

/// Writes that an operation is begun.
///
/// # Errors
/// A conflict when the credential has begun one under the key; `NotVisible` when the transaction may not know of all clients.
pub async fn insert(tx: &Tx, begun: &Begun) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ActiveModel {
        id: Set(begun.id),
        credential: Set(begun.credential.clone()),
        key_hash: Set(begun.key_hash.clone()),
        request_hash: Set(begun.request_hash.clone()),
        begun_at: Set(begun.begun_at),
        answer: Set(begun.answer.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Begins an operation again that never came to an end; `false` when somebody else did.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn begin_again(tx: &Tx, begun: &Begun, now: Instant) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many()
        .col_expr(Column::BegunAt, Expr::value(now))
        .filter(Column::Id.eq(begun.id))
        .filter(Column::BegunAt.eq(begun.begun_at));
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// Keeps the answer.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn answer(tx: &Tx, id: Uuid, answer: &str) -> Result<(), StoreError> {
    tx.admit(None)?;
    let update = Entity::update_many().col_expr(Column::Answer, Expr::value(answer)).filter(Column::Id.eq(id));
    update.exec(tx.connection()).await?;
    Ok(())
}

/// Forgets an operation of which nothing was done.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn forget(tx: &Tx, id: Uuid) -> Result<(), StoreError> {
    tx.admit(None)?;
    Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

/// Forgets what was begun before an instant; returns how many operations.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn purge(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    let marks = idempotency_marks::Entity::delete_many().filter(idempotency_marks::Column::MarkedAt.lt(before));
    marks.exec(tx.connection()).await?;
    Ok(Entity::delete_many().filter(Column::BegunAt.lt(before)).exec(tx.connection()).await?.rows_affected)
}

/// Says that this transaction does something of an operation: the mark stands if it is committed.
///
/// # Errors
/// The database is unavailable.
pub async fn mark(tx: &Tx, id: Uuid, now: Instant) -> Result<(), StoreError> {
    const MARK: &str = "INSERT INTO idempotency_marks (id, marked_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let connection = tx.connection();
    let values: [sea_orm::Value; 2] = [id.into(), now.into()];
    connection.execute_raw(Statement::from_sql_and_values(connection.get_database_backend(), MARK, values)).await?;
    Ok(())
}

/// Whether something was done of an operation.
///
/// # Errors
/// The database is unavailable.
pub async fn is_marked(tx: &Tx, id: Uuid) -> Result<bool, StoreError> {
    Ok(idempotency_marks::Entity::find_by_id(id).one(tx.connection()).await?.is_some())
}
