//! Notifications on their way to addresses: system rows, for the addresses of staff stand beside those of clients.
//!
//! Whoever hands a mail over leases its row before, so that no two do it at the same time; a lease that ran out belongs to nobody.

use std::collections::HashMap;

use domain::{
    DeliveryId, Instant, NotificationId, UserId,
    notifications::{Delivery, DeliveryState, KeptNotification},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::deliveries::{ActiveModel, Column, Entity, Model},
    notifications,
    rows::{self, Place},
};

const TABLE: &str = "deliveries";

fn from_row(row: Model) -> Result<Delivery, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Delivery {
        id: DeliveryId::from_uuid(row.id),
        notification: NotificationId::from_uuid(row.notification_id),
        user: row.user_id.map(UserId::from_uuid),
        email: row.email,
        name: row.name,
        language: row.language,
        state: place.word("state", &row.state)?,
        attempts: place.number("attempts", row.attempts.into())?,
        next_attempt_at: row.next_attempt_at,
        last_error: row.last_error,
        settled_at: row.settled_at,
    })
}

/// Adds deliveries; of one notification, no address gets a second one.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn insert_all(tx: &Tx, deliveries: &[Delivery]) -> Result<(), StoreError> {
    /// Far below the variables of one statement.
    const ROWS: usize = 500;
    tx.admit(None)?;
    for chunk in deliveries.chunks(ROWS) {
        let rows = chunk.iter().map(|delivery| ActiveModel {
            id: Set(delivery.id.uuid()),
            notification_id: Set(delivery.notification.uuid()),
            user_id: Set(delivery.user.map(UserId::uuid)),
            email: Set(delivery.email.clone()),
            name: Set(delivery.name.clone()),
            language: Set(delivery.language.clone()),
            state: Set(delivery.state.as_str().to_owned()),
            attempts: Set(delivery.attempts.cast_signed()),
            next_attempt_at: Set(delivery.next_attempt_at),
            leased_until: Set(None),
            last_error: Set(delivery.last_error.clone()),
            settled_at: Set(delivery.settled_at),
        });
        let conflict = OnConflict::columns([Column::NotificationId, Column::Email]).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// All deliveries of a notification, in the order of their ids.
///
/// # Errors
/// The database is unavailable.
pub async fn of_notification(tx: &Tx, notification: NotificationId) -> Result<Vec<Delivery>, StoreError> {
    of_notifications(tx, &[notification]).await
}

/// All deliveries of some notifications, in the order of their ids.
///
/// # Errors
/// The database is unavailable.
pub async fn of_notifications(tx: &Tx, notifications: &[NotificationId]) -> Result<Vec<Delivery>, StoreError> {
    tx.admit(None)?;
    let theirs = Column::NotificationId.is_in(notifications.iter().map(|notification| notification.uuid()));
    let select = Entity::find().filter(theirs).order_by_asc(Column::Id);
    select.all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// The delivery of this id.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    tx.admit(None)?;
    Entity::find_by_id(id.uuid()).one(tx.connection()).await?.map(from_row).transpose()
}

/// Takes a delivery that is due until `until`, and counts the attempt; not when it is settled, not due, or another has it.
///
/// # Errors
/// The database is unavailable.
pub async fn lease(tx: &Tx, id: DeliveryId, until: Instant, now: Instant) -> Result<bool, StoreError> {
    tx.admit(None)?;
    let free = Condition::any()
        .add(Column::State.eq(DeliveryState::Pending.as_str()).and(Column::NextAttemptAt.lte(now)))
        .add(Column::State.eq(DeliveryState::Sending.as_str()).and(Column::LeasedUntil.lte(now)));
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(DeliveryState::Sending.as_str()))
        .col_expr(Column::LeasedUntil, Expr::value(until))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .filter(free);
    Ok(update.exec(tx.connection()).await?.rows_affected == 1)
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is at its end in this state.
    Finally(DeliveryState),
    /// It is tried again then.
    Again(Instant),
    /// It waits for the digest of then.
    Held(Instant),
}

/// Writes down what became of an attempt, and frees the lease.
///
/// # Errors
/// `RowsAffected` when there is no such delivery, or it had ended.
pub async fn settle(
    tx: &Tx,
    id: DeliveryId,
    settled: Settled,
    error: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    tx.admit(None)?;
    let mut change = ActiveModel {
        leased_until: Set(None),
        last_error: Set(error.map(ToOwned::to_owned)),
        ..ActiveModel::default()
    };
    match settled {
        Settled::Finally(state) => {
            change.state = Set(state.as_str().to_owned());
            change.settled_at = Set(Some(now));
        }
        Settled::Again(at) => {
            change.state = Set(DeliveryState::Pending.as_str().to_owned());
            change.next_attempt_at = Set(at);
        }
        Settled::Held(at) => {
            change.state = Set(DeliveryState::Held.as_str().to_owned());
            change.next_attempt_at = Set(at);
        }
    }
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid())).filter(Column::SettledAt.is_null());
    rows::one(TABLE, &update.exec(tx.connection()).await?)
}

/// When the next of a notification's deliveries that are not at their end is due.
///
/// # Errors
/// The database is unavailable.
pub async fn next_due(tx: &Tx, notification: NotificationId) -> Result<Option<Instant>, StoreError> {
    tx.admit(None)?;
    let waiting: Vec<(Instant, Option<Instant>)> = Entity::find()
        .select_only()
        .column(Column::NextAttemptAt)
        .column(Column::LeasedUntil)
        .filter(Column::NotificationId.eq(notification.uuid()))
        .filter(Column::State.is_in([DeliveryState::Pending.as_str(), DeliveryState::Sending.as_str()]))
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(waiting.into_iter().map(|(next, leased)| leased.unwrap_or(next)).min())
}

/// What is held for a person and due, the oldest first, with what it tells.
///
/// # Errors
/// The database is unavailable.
pub async fn held(
    tx: &Tx,
    user: UserId,
    now: Instant,
    most: u64,
) -> Result<Vec<(DeliveryId, KeptNotification)>, StoreError> {
    tx.admit(None)?;
    let ids: Vec<(uuid::Uuid, uuid::Uuid)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::NotificationId)
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::State.eq(DeliveryState::Held.as_str()))
        .filter(Column::NextAttemptAt.lte(now))
        .order_by_asc(Column::Id)
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let wanted: Vec<_> = ids.iter().map(|(_, notification)| NotificationId::from_uuid(*notification)).collect();
    let mut kept: HashMap<_, _> =
        notifications::by_ids(tx, &wanted).await?.into_iter().map(|kept| (kept.id.uuid(), kept)).collect();
    // Nobody is told the same thing twice, so each notification is asked for once.
    Ok(ids.into_iter().filter_map(|(id, told)| Some((DeliveryId::from_uuid(id), kept.remove(&told)?))).collect())
}

/// Marks what was held as told in a digest.
///
/// # Errors
/// The database is unavailable.
pub async fn digested(tx: &Tx, ids: &[DeliveryId], now: Instant) -> Result<(), StoreError> {
    tx.admit(None)?;
    let change = ActiveModel {
        state: Set(DeliveryState::Digested.as_str().to_owned()),
        settled_at: Set(Some(now)),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .filter(Column::State.eq(DeliveryState::Held.as_str()));
    update.exec(tx.connection()).await?;
    Ok(())
}

/// How many mails the person was sent of what was told since `since`.
///
/// # Errors
/// The database is unavailable.
pub async fn sent_since(tx: &Tx, user: UserId, since: Instant) -> Result<u64, StoreError> {
    tx.admit(None)?;
    let select = Entity::find()
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::Id.gte(DeliveryId::least(since).uuid()))
        .filter(Column::State.eq(DeliveryState::Sent.as_str()));
    Ok(select.count(tx.connection()).await?)
}
