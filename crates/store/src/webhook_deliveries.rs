//! What endpoints are told, and how far it has come. Whoever carries a webhook leases its row before, so that no two do it at the
//! same time.

use domain::{
    ClientId, Instant, WebhookDeliveryId, WebhookEndpointId, WebhookEventId,
    webhooks::{WebhookDelivery, WebhookDeliveryState, WebhookEvent},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    entity::{
        webhook_deliveries::{ActiveModel, Column, Entity, Model},
        webhook_events,
    },
    page::{self, By, Keyset, Page},
    rows::{self, Place},
};

const TABLE: &str = "webhook_deliveries";
const EVENTS: &str = "webhook_events";

fn from_row(row: Model) -> Result<WebhookDelivery, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(WebhookDelivery {
        id: WebhookDeliveryId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        endpoint: WebhookEndpointId::from_uuid(row.endpoint_id),
        event: WebhookEventId::from_uuid(row.event_id),
        event_type: place.word("event_type", &row.event_type)?,
        state: place.word("state", &row.state)?,
        attempts: place.number("attempts", row.attempts.into())?,
        next_attempt_at: row.next_attempt_at,
        last_error: row.last_error,
        created_at: row.created_at,
        settled_at: row.settled_at,
    })
}

/// Adds an event.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert_event(tx: &Tx, event: &WebhookEvent) -> Result<(), StoreError> {
    tx.admit(Some(event.client))?;
    let row = webhook_events::ActiveModel {
        id: Set(event.id.uuid()),
        client_id: Set(event.client.uuid()),
        event_type: Set(event.event_type.as_str().to_owned()),
        data: Set(event.data.clone()),
        at: Set(event.at),
    };
    webhook_events::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The event of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn event(tx: &Tx, id: WebhookEventId) -> Result<Option<WebhookEvent>, StoreError> {
    let select = tx.scoped(webhook_events::Entity::find_by_id(id.uuid()), webhook_events::Column::ClientId);
    let Some(row) = select.one(tx.connection()).await? else { return Ok(None) };
    let place = Place { table: EVENTS, id: row.id };
    Ok(Some(WebhookEvent {
        id,
        client: ClientId::from_uuid(row.client_id),
        event_type: place.word("event_type", &row.event_type)?,
        data: row.data,
        at: row.at,
    }))
}

/// Adds a delivery.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, delivery: &WebhookDelivery) -> Result<(), StoreError> {
    tx.admit(Some(delivery.client))?;
    let row = ActiveModel {
        id: Set(delivery.id.uuid()),
        client_id: Set(delivery.client.uuid()),
        endpoint_id: Set(delivery.endpoint.uuid()),
        event_id: Set(delivery.event.uuid()),
        event_type: Set(delivery.event_type.as_str().to_owned()),
        state: Set(delivery.state.as_str().to_owned()),
        attempts: Set(delivery.attempts.cast_signed()),
        next_attempt_at: Set(delivery.next_attempt_at),
        created_at: Set(delivery.created_at),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The delivery of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: WebhookDeliveryId) -> Result<Option<WebhookDelivery>, StoreError> {
    let select = tx.scoped(Entity::find_by_id(id.uuid()), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// A page of an endpoint's deliveries.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, endpoint: WebhookEndpointId, keyset: &Keyset) -> Result<Page<WebhookDelivery>, StoreError> {
    let select = tx.scoped(Entity::find().filter(Column::EndpointId.eq(endpoint.uuid())), Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}

/// Up to `most` deliveries of an endpoint that were given up and made at `since` or later, the oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn given_up(
    tx: &Tx,
    endpoint: WebhookEndpointId,
    since: Instant,
    most: u64,
) -> Result<Vec<WebhookDelivery>, StoreError> {
    let select = Entity::find()
        .filter(Column::EndpointId.eq(endpoint.uuid()))
        .filter(Column::State.eq(WebhookDeliveryState::Failed.as_str()))
        .filter(Column::CreatedAt.gte(since))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(most);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Takes a delivery that is due until `until`, and counts the attempt; not when it is settled, not due, or another has it.
///
/// # Errors
/// The database is unavailable.
pub async fn lease(tx: &Tx, id: WebhookDeliveryId, until: Instant, now: Instant) -> Result<bool, StoreError> {
    let free = Condition::any()
        .add(Column::State.eq(WebhookDeliveryState::Pending.as_str()).and(Column::NextAttemptAt.lte(now)))
        .add(Column::State.eq(WebhookDeliveryState::Sending.as_str()).and(Column::LeasedUntil.lte(now)));
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(WebhookDeliveryState::Sending.as_str()))
        .col_expr(Column::LeasedUntil, Expr::value(until))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .filter(free);
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// When a delivery that another has is free again; `None` when it is settled or waits.
///
/// # Errors
/// The database is unavailable.
pub async fn leased_until(tx: &Tx, id: WebhookDeliveryId) -> Result<Option<Instant>, StoreError> {
    let select = Entity::find_by_id(id.uuid()).filter(Column::State.eq(WebhookDeliveryState::Sending.as_str()));
    Ok(tx.scoped(select, Column::ClientId).one(tx.connection()).await?.and_then(|row| row.leased_until))
}

/// Writes down what became of an attempt: the end, or when it is tried again.
///
/// # Errors
/// `RowsAffected` when there is no such delivery for the transaction.
pub async fn settle(
    tx: &Tx,
    id: WebhookDeliveryId,
    state: WebhookDeliveryState,
    again: Option<Instant>,
    error: Option<&str>,
    now: Instant,
) -> Result<(), StoreError> {
    let mut change = ActiveModel {
        state: Set(state.as_str().to_owned()),
        leased_until: Set(None),
        last_error: Set(error.map(ToOwned::to_owned)),
        settled_at: Set(again.is_none().then_some(now)),
        ..ActiveModel::default()
    };
    if let Some(again) = again {
        change.next_attempt_at = Set(again);
    }
    let update = Entity::update_many().set(change).filter(Column::Id.eq(id.uuid()));
    rows::one(TABLE, &tx.scoped(update, Column::ClientId).exec(tx.connection()).await?)
}

/// Lets a delivery that has ended begin anew; says whether it had.
///
/// # Errors
/// The database is unavailable.
pub async fn begin_anew(tx: &Tx, id: WebhookDeliveryId, now: Instant) -> Result<bool, StoreError> {
    let change = ActiveModel {
        state: Set(WebhookDeliveryState::Pending.as_str().to_owned()),
        attempts: Set(0),
        next_attempt_at: Set(now),
        settled_at: Set(None),
        ..ActiveModel::default()
    };
    let update =
        Entity::update_many().set(change).filter(Column::Id.eq(id.uuid())).filter(Column::SettledAt.is_not_null());
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}

/// Deletes, with their deliveries, up to `most` events from before `before`, and returns how many.
///
/// # Errors
/// The database is unavailable.
pub async fn prune(tx: &Tx, before: Instant, most: u64) -> Result<u64, StoreError> {
    use webhook_events::{Column as EventColumn, Entity as Events};
    let old: Vec<uuid::Uuid> = Events::find()
        .select_only()
        .column(EventColumn::Id)
        .filter(EventColumn::At.lt(before))
        .limit(most)
        .into_tuple()
        .all(tx.connection())
        .await?;
    let delete = Events::delete_many().filter(EventColumn::Id.is_in(old));
    Ok(tx.scoped(delete, EventColumn::ClientId).exec(tx.connection()).await?.rows_affected)
}
