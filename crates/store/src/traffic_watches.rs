//! How much of the messaging limit of clients is used, as it was counted last.

use domain::{ClientId, graph::Headroom};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use crate::{
    StoreError, Tx,
    entity::traffic_watches::{ActiveModel, Column, Entity, Model},
    rows::Place,
};

fn from_row(row: Model) -> Result<Headroom, StoreError> {
    let place = Place { table: "traffic_watches", id: row.client_id };
    Ok(Headroom {
        client: ClientId::from_uuid(row.client_id),
        limit: row.messaging_limit.map(|limit| if limit == i64::MAX { u64::MAX } else { limit.unsigned_abs() }),
        used: place.number("used", row.used)?,
        counted_at: row.counted_at,
        took_milliseconds: place.number("took_milliseconds", row.took_milliseconds)?,
    })
}

/// Of clients, those of which the transaction may know.
///
/// # Errors
/// The database is unavailable.
pub async fn of_clients(tx: &Tx, clients: &[ClientId]) -> Result<Vec<Headroom>, StoreError> {
    let select = Entity::find().filter(Column::ClientId.is_in(clients.iter().map(|client| client.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Notes what was counted.
///
/// # Errors
/// `NotVisible` when the transaction may not know of the client.
pub async fn keep(tx: &Tx, headroom: &Headroom) -> Result<(), StoreError> {
    tx.admit(Some(headroom.client))?;
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = ActiveModel {
        client_id: Set(headroom.client.uuid()),
        messaging_limit: Set(headroom.limit.map(number)),
        used: Set(number(headroom.used)),
        counted_at: Set(headroom.counted_at),
        took_milliseconds: Set(number(headroom.took_milliseconds)),
    };
    let changes = [Column::MessagingLimit, Column::Used, Column::CountedAt, Column::TookMilliseconds];
    let key = OnConflict::column(Column::ClientId).update_columns(changes).to_owned();
    Entity::insert(row).on_conflict(key).exec_without_returning(tx.connection()).await?;
    Ok(())
}
