//! Statuses of messages that do not say to whom, kept until somebody else tells.

use domain::{ClientId, Instant};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::webhook_unplaced::{ActiveModel, Column, Entity, Model},
};

/// A status that does not say to whom the message went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// Key; 0 of one that is not stored yet.
    pub id: i64,
    /// Whose account sent the message.
    pub client: ClientId,
    /// Meta's id of the message.
    pub message_id: String,
    /// When what it tells happened.
    pub at: Instant,
    /// When it came.
    pub received_at: Instant,
    /// When it was last tried to find out; when it came, at first.
    pub tried_at: Instant,
    /// Equal for the same status.
    pub content_hash: String,
    /// The status, as a body of its own.
    pub body: Vec<u8>,
}

fn from_row(row: Model) -> Unplaced {
    Unplaced {
        id: row.id,
        client: ClientId::from_uuid(row.client_id),
        message_id: row.message_id,
        at: row.at,
        received_at: row.received_at,
        tried_at: row.tried_at,
        content_hash: row.content_hash,
        body: row.body,
    }
}

/// Keeps statuses; those that are kept already stay as they are.
///
/// # Errors
/// `NotVisible` when the transaction may not know of a client.
pub async fn keep(tx: &Tx, statuses: Vec<Unplaced>) -> Result<(), StoreError> {
    for status in statuses {
        tx.admit(Some(status.client))?;
        let row = ActiveModel {
            client_id: Set(status.client.uuid()),
            message_id: Set(status.message_id),
            at: Set(status.at),
            received_at: Set(status.received_at),
            tried_at: Set(status.tried_at),
            content_hash: Set(status.content_hash),
            body: Set(status.body),
            ..ActiveModel::default()
        };
        let key = OnConflict::columns([Column::ClientId, Column::ContentHash]).do_nothing().to_owned();
        Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Those that were last tried before an instant, those that wait longest first; `most` at most.
///
/// # Errors
/// The database is unavailable.
pub async fn due(tx: &Tx, before: Instant, most: u64) -> Result<Vec<Unplaced>, StoreError> {
    let select = Entity::find()
        .filter(Column::TriedAt.lt(before))
        .order_by_asc(Column::TriedAt)
        .order_by_asc(Column::Id)
        .limit(most);
    Ok(tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect())
}

/// Notes that these were tried in vain.
///
/// # Errors
/// The database is unavailable.
pub async fn tried(tx: &Tx, ids: Vec<i64>, now: Instant) -> Result<(), StoreError> {
    let change = ActiveModel { tried_at: Set(now), ..ActiveModel::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.is_in(ids));
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Deletes those that were put in again.
///
/// # Errors
/// The database is unavailable.
pub async fn delete(tx: &Tx, ids: Vec<i64>) -> Result<(), StoreError> {
    let delete = Entity::delete_many().filter(Column::Id.is_in(ids));
    tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Deletes those that came before an instant, whose messages nobody has told of.
///
/// # Errors
/// The database is unavailable.
pub async fn prune(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::ReceivedAt.lt(before));
    Ok(tx.scoped(old, Column::ClientId).exec(tx.connection()).await?.rows_affected)
}

/// How many there are.
///
/// # Errors
/// The database is unavailable.
pub async fn count(tx: &Tx) -> Result<u64, StoreError> {
    Ok(tx.scoped(Entity::find(), Column::ClientId).count(tx.connection()).await?)
}
