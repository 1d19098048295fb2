//! Lists of holidays that calendars share, in versions that are only ever added.

use domain::{ClientId, HolidayListId, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

use super::versions::{Origin, owned_by};
use crate::{
    StoreError, Tx,
    entity::sla_holiday_lists::{ActiveModel, Column, Entity, Model},
    page::{self, By, Keyset, Page},
};

/// A version of a list of holidays.
#[derive(Debug, Clone, PartialEq)]
pub struct HolidayList {
    /// Id.
    pub id: HolidayListId,
    /// Whose; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// The key by which calendars name it.
    pub key: String,
    /// Counts versions of the key, from 1.
    pub version: i32,
    /// The name of each date, as the engine writes it.
    pub holidays: Value,
    /// Where it comes from.
    pub origin: Origin,
}

fn from_row(row: Model) -> HolidayList {
    HolidayList {
        id: HolidayListId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        key: row.key,
        version: row.version,
        holidays: row.holidays,
        origin: Origin {
            created_at: row.created_at,
            author: row.created_by.map(UserId::from_uuid),
            reason: row.reason,
        },
    }
}

/// The last version of a list of a client, or of the BSP.
///
/// # Errors
/// The database is unavailable.
pub async fn latest_holiday_list(
    tx: &Tx,
    client: Option<ClientId>,
    key: &str,
) -> Result<Option<HolidayList>, StoreError> {
    let select = Entity::find()
        .filter(owned_by(Column::ClientId, client))
        .filter(Column::Key.eq(key))
        .order_by_desc(Column::Version)
        .limit(1);
    let row = tx.scoped_or_shared(select, Column::ClientId).one(tx.connection()).await?;
    Ok(row.map(from_row))
}

/// A page of the versions of the lists of a client, or of the BSP, by when they were made.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn holiday_list_page(
    tx: &Tx,
    client: Option<ClientId>,
    key: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<HolidayList>, StoreError> {
    let mut select = Entity::find().filter(owned_by(Column::ClientId, client));
    if let Some(key) = key {
        select = select.filter(Column::Key.eq(key));
    }
    let select = tx.scoped_or_shared(select, Column::ClientId);
    let by = By { column: Column::CreatedAt, id: Column::Id };
    page::fetch(tx, select, keyset, by, |row| Ok(from_row(row))).await
}

/// Those of `ids` of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn holiday_lists_by_ids(tx: &Tx, ids: &[HolidayListId]) -> Result<Vec<HolidayList>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    let rows = tx.scoped_or_shared(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Adds a version of a list.
///
/// # Errors
/// `Conflict` when the version exists.
pub async fn insert_holiday_list(tx: &Tx, list: &HolidayList) -> Result<(), StoreError> {
    tx.admit(list.client)?;
    let row = ActiveModel {
        id: Set(list.id.uuid()),
        client_id: Set(list.client.map(ClientId::uuid)),
        key: Set(list.key.clone()),
        version: Set(list.version),
        holidays: Set(list.holidays.clone()),
        created_by: Set(list.origin.author.map(UserId::uuid)),
        created_at: Set(list.origin.created_at),
        reason: Set(list.origin.reason.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}
