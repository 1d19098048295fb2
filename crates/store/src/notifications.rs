//! What people are told by mail. Written by whoever does something; read by the jobs that mail it, for all clients alike.

use domain::{
    ClientId, Instant, NotificationId, TicketId, UserId,
    notifications::{KeptNotification, Notification, NotificationKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::notifications::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
    rows::Place,
};

const TABLE: &str = "notifications";

fn from_row(row: Model) -> Result<KeptNotification, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(KeptNotification {
        id: NotificationId::from_uuid(row.id),
        notification: Notification {
            client: row.client_id.map(ClientId::from_uuid),
            kind: place.json("data", row.data)?,
            recipients: place.json("recipients", row.recipients)?,
            except: row.except_user_id.map(UserId::from_uuid),
            key: row.key,
        },
        created_at: row.created_at,
    })
}

fn json<T: serde::Serialize>(
    value: &T,
    column: &'static str,
    id: NotificationId,
) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|_| StoreError::inconsistent_uuid(TABLE, column, id.uuid()))
}

/// Adds a notification, and says whether it is new: one with the same key may have been written before.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, kept: &KeptNotification) -> Result<bool, StoreError> {
    let notification = &kept.notification;
    tx.admit(notification.client)?;
    let row = ActiveModel {
        id: Set(kept.id.uuid()),
        client_id: Set(notification.client.map(ClientId::uuid)),
        key: Set(notification.key.clone()),
        kind: Set(notification.kind.as_str().to_owned()),
        data: Set(json(&notification.kind, "data", kept.id)?),
        recipients: Set(json(&notification.recipients, "recipients", kept.id)?),
        except_user_id: Set(notification.except.map(UserId::uuid)),
        created_at: Set(kept.created_at),
        ticket_id: Set(notification.kind.ticket().map(|ticket| ticket.id.uuid())),
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx.connection()).await? == 1)
}

/// The notification of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: NotificationId) -> Result<Option<KeptNotification>, StoreError> {
    let select = tx.scoped(Entity::find_by_id(id.uuid()), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[NotificationId]) -> Result<Vec<KeptNotification>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of what was told of a ticket, by when it happened.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_ticket(tx: &Tx, ticket: TicketId, keyset: &Keyset) -> Result<Page<KeptNotification>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::TicketId.eq(ticket.uuid())), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}

/// Forgets the secret of a notification: its mails are sent.
///
/// # Errors
/// The database is unavailable.
pub async fn forget_code(tx: &Tx, id: NotificationId, kind: NotificationKind) -> Result<(), StoreError> {
    let change = ActiveModel { data: Set(json(&kind.without_code(), "data", id)?), ..ActiveModel::default() };
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid()));
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Deletes, with their deliveries, up to `most` notifications from before `before`, and returns how many.
///
/// # Errors
/// The database is unavailable.
pub async fn prune(tx: &Tx, before: Instant, most: u64) -> Result<u64, StoreError> {
    let old: Vec<uuid::Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::CreatedAt.lt(before))
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let delete = Entity::delete_many().filter(Column::Id.is_in(old));
    Ok(tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?.rows_affected)
}
