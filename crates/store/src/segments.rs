//! The manifest of the lake: which segments count, in the order of their publication.

use domain::{
    ClientId, SegmentId,
    ports::{SegmentMeta, Snapshot},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::{
    StoreError, Tx,
    entity::{
        segments::{Column, Entity, Model},
        wabas,
    },
    rows::Place,
};

const TABLE: &str = "segments";

fn from_row(row: Model) -> Result<SegmentMeta, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let time = |column, time: Option<_>| time.ok_or_else(|| StoreError::inconsistent_uuid(TABLE, column, row.id));
    Ok(SegmentMeta {
        id: SegmentId::from_uuid(row.id),
        kind: place.word("kind", &row.kind)?,
        rows: place.number("rows", row.rows)?,
        bytes: place.number("bytes", row.bytes)?,
        least_time: time("least_time", row.least_time)?,
        greatest_time: time("greatest_time", row.greatest_time)?,
        path: row.path,
    })
}

/// What an audit of the client reads now.
///
/// # Errors
/// The database is unavailable.
pub async fn snapshot(tx: &Tx, client: ClientId) -> Result<Snapshot, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::RetiredAt.is_null())
        .order_by_asc(Column::Sequence);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(Snapshot { segments: rows.into_iter().map(from_row).collect::<Result<_, _>>()? })
}

/// The paths of all objects that the manifest names, those of retired segments too.
///
/// # Errors
/// The database is unavailable.
pub async fn paths(tx: &Tx) -> Result<Vec<String>, StoreError> {
    let select = tx.scoped(Entity::find().select_only().column(Column::Path), Column::ClientId);
    Ok(select.into_tuple().all(tx.connection()).await?)
}

/// The least messaging limit that is known of the client's portfolios: unique people in a moving 24 hours; `u64::MAX` when they
/// are unlimited, `None` when nothing is known.
///
/// # Errors
/// The database is unavailable.
pub async fn messaging_limit(tx: &Tx, client: ClientId) -> Result<Option<u64>, StoreError> {
    let select = wabas::Entity::find()
        .select_only()
        .column_as(wabas::Column::MessagingLimit.min(), "least")
        .filter(wabas::Column::ClientId.eq(client.uuid()));
    let least: Option<Option<i64>> =
        tx.scoped(select, wabas::Column::ClientId).into_tuple().one(tx.connection()).await?;
    Ok(least.flatten().map(|limit| if limit == i64::MAX { u64::MAX } else { limit.unsigned_abs() }))
}
