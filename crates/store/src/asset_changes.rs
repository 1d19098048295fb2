//! The history of assets: what became of an attribute, and when. Rows are only added; what stands is what happened last, in whatever
//! order it was learned.

use std::collections::HashMap;

use domain::{
    AssetChangeId, ClientId, Instant, WabaId,
    assets::{AssetChange, AssetKind},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::asset_changes::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page, Span},
    rows::Place,
};

const TABLE: &str = "asset_changes";

fn from_row(row: Model) -> Result<AssetChange, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(AssetChange {
        id: AssetChangeId::from_uuid(row.id),
        client: ClientId::from_uuid(row.client_id),
        waba: row.waba_id.map(WabaId::from_uuid),
        asset: place.word("asset", &row.asset)?,
        asset_id: row.asset_id,
        attribute: row.attribute,
        value: row.value,
        at: row.at,
        source: place.word("source", &row.source)?,
        recorded_at: row.recorded_at,
    })
}

/// Adds a change, known by `content_hash`; whether it is new. `has_event` says that a platform event tells the same.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn insert(tx: &Tx, change: &AssetChange, content_hash: &str, has_event: bool) -> Result<bool, StoreError> {
    tx.admit(Some(change.client))?;
    let row = ActiveModel {
        id: Set(change.id.uuid()),
        client_id: Set(change.client.uuid()),
        waba_id: Set(change.waba.map(WabaId::uuid)),
        asset: Set(change.asset.as_str().to_owned()),
        asset_id: Set(change.asset_id),
        attribute: Set(change.attribute.clone()),
        value: Set(change.value.clone()),
        at: Set(change.at),
        source: Set(change.source.as_str().to_owned()),
        content_hash: Set(content_hash.to_owned()),
        recorded_at: Set(change.recorded_at),
        has_event: Set(has_event),
    };
    let key = OnConflict::columns([Column::ClientId, Column::ContentHash]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await? == 1)
}

/// What stands of an attribute: what happened last, and of what happened at the same instant the greatest value, so that the order of
/// learning does not matter.
///
/// # Errors
/// The database is unavailable.
pub async fn latest(tx: &Tx, asset: Uuid, attribute: &str) -> Result<Option<AssetChange>, StoreError> {
    let select = Entity::find()
        .filter(Column::AssetId.eq(asset))
        .filter(Column::Attribute.eq(attribute))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Value)
        .limit(1);
    tx.scoped(select, Column::ClientId).one(tx.connection()).await?.map(from_row).transpose()
}

/// What attributes of assets are, and since when, by asset and attribute.
pub type Standing = HashMap<(Uuid, String), (String, Instant)>;

/// Since when these attributes of all assets of a kind of a client are what they are.
///
/// # Errors
/// The database is unavailable.
pub async fn standing(tx: &Tx, client: ClientId, kind: AssetKind, attributes: &[&str]) -> Result<Standing, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::AssetId, Column::Attribute, Column::Value, Column::At])
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Asset.eq(kind.as_str()))
        .filter(Column::Attribute.is_in(attributes.iter().copied()))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Value);
    let select = tx.scoped(select, Column::ClientId).into_tuple::<(Uuid, String, String, Instant)>();
    let mut standing = Standing::new();
    for (asset, attribute, value, at) in select.all(tx.connection()).await? {
        let known = standing.entry((asset, attribute)).or_insert_with(|| (value.clone(), at));
        // What is told again stands since it was told first.
        if known.0 != value {
            *known = (value, at);
        }
    }
    Ok(standing)
}

/// A page of the changes of one asset, by time.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, kind: AssetKind, asset: Uuid, keyset: &Keyset) -> Result<Page<AssetChange>, StoreError> {
    let select = Entity::find().filter(Column::AssetId.eq(asset)).filter(Column::Asset.eq(kind.as_str()));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::At, id: Column::Id }, from_row).await
}

/// A page of what became of an account's assets in a time, by when it happened, without what platform events tell.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_waba(tx: &Tx, waba: WabaId, span: Span, keyset: &Keyset) -> Result<Page<AssetChange>, StoreError> {
    let select = Entity::find()
        .filter(Column::WabaId.eq(waba.uuid()))
        .filter(span.holds(Column::At))
        .filter(Column::HasEvent.eq(false));
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::At, id: Column::Id }, from_row).await
}
