//! What Meta told of a client's assets. Rows are only added; one that says the same as another is none.

use domain::{ClientId, Instant, PlatformEventId, WabaId, traffic::PlatformEvent};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::OnConflict,
};

use crate::{
    StoreError, Tx,
    entity::platform_events::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page, Span},
    rows::Place,
};

const TABLE: &str = "platform_events";

/// The kinds that are about an account's standing, as the events' JSON names them.
const STANDING: [&str; 4] = ["violation", "restriction", "restriction_lifted", "ban"];

/// An event, and where it was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Id.
    pub id: PlatformEventId,
    /// Whose.
    pub client: ClientId,
    /// Of which account, when it is of one.
    pub waba: Option<WabaId>,
    /// What.
    pub event: PlatformEvent,
    /// How it was learned: `webhook`, `graph`.
    pub source: String,
    /// Equal for the same event.
    pub content_hash: String,
    /// When it was learned.
    pub recorded_at: Instant,
}

fn from_row(row: Model) -> Result<Told, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Told {
        id: PlatformEventId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: row.waba_id.map(WabaId::from_uuid),
        event: place.json("event", row.event)?,
        source: row.source,
        content_hash: row.content_hash,
        recorded_at: row.recorded_at,
    })
}

/// Adds an event; whether it is new.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, told: &Told) -> Result<bool, StoreError> {
    tx.admit(Some(told.client))?;
    let event =
        serde_json::to_value(&told.event).map_err(|_| StoreError::inconsistent_uuid(TABLE, "event", told.id.uuid()))?;
    let kind = event.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let row = ActiveModel {
        id: Set(told.id.uuid()),
        client_id: Set(told.client.uuid()),
        waba_id: Set(told.waba.map(WabaId::uuid)),
        kind: Set(kind),
        at: Set(told.event.at),
        event: Set(event),
        source: Set(told.source.clone()),
        content_hash: Set(told.content_hash.clone()),
        recorded_at: Set(told.recorded_at),
    };
    let key = OnConflict::columns([Column::ClientId, Column::ContentHash]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await? == 1)
}

/// What was told of a client's assets, the earliest first; the last `most` events.
///
/// # Errors
/// The database is unavailable.
pub async fn of_client(tx: &Tx, client: ClientId, most: u64) -> Result<Vec<Told>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(most);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().rev().map(from_row).collect()
}

/// What was told of an account's standing, the earliest first; the last `most` events.
///
/// # Errors
/// The database is unavailable.
pub async fn of_standing(tx: &Tx, waba: WabaId, most: u64) -> Result<Vec<PlatformEvent>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(Column::Kind.is_in(STANDING))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(most);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter().rev().map(|row| from_row(row).map(|told| told.event)).collect()
}

/// A page of what was told of an account in a time, by when it happened.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_waba(tx: &Tx, waba: WabaId, span: Span, keyset: &Keyset) -> Result<Page<Told>, StoreError> {
    let select = Entity::find().filter(Column::WabaId.eq(waba.uuid())).filter(span.holds(Column::At));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::At, id: Column::Id }, from_row).await
}
