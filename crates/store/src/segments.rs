//! The manifest of the lake: which segments count, in the order of their publication.

use domain::{
    AuditId, ClientId, ImportId, Instant, SegmentId,
    ports::{SegmentMeta, Snapshot},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use crate::{
    StoreError, Tx,
    counters::{self, ClientCounter},
    entity::{
        audit_segments,
        segments::{ActiveModel, Column, Entity, Model},
        wabas,
    },
    rows::Place,
};

const TABLE: &str = "segments";
/// Rows of one insert.
const CHUNK: usize = 500;

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

/// What an audit that is completed has read, whatever was published and retired since.
///
/// # Errors
/// The database is unavailable.
pub async fn snapshot_of(tx: &Tx, audit: AuditId) -> Result<Snapshot, StoreError> {
    let read = audit_segments::Entity::find()
        .select_only()
        .column(audit_segments::Column::SegmentId)
        .filter(audit_segments::Column::AuditId.eq(audit.uuid()));
    let read = tx.scoped(read, audit_segments::Column::ClientId).into_query();
    let select = Entity::find().filter(Column::Id.in_subquery(read)).order_by_asc(Column::Sequence);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(Snapshot { segments: rows.into_iter().map(from_row).collect::<Result<_, _>>()? })
}

/// Publishes the segments of an import, in their order, after all that the client has. Even without segments the client's other
/// publications wait until this transaction ends.
///
/// # Errors
/// `NotVisible`; `Conflict` when a segment of this path is published already.
pub async fn publish(
    tx: &Tx,
    client: ClientId,
    import: ImportId,
    segments: &[SegmentMeta],
    now: Instant,
) -> Result<(), StoreError> {
    let count = u32::try_from(segments.len()).unwrap_or(u32::MAX);
    let first = counters::take(tx, client, ClientCounter::Segment, count).await?;
    let number = |column, id: SegmentId, value: u64| {
        i64::try_from(value).map_err(|_| StoreError::inconsistent_uuid(TABLE, column, id.uuid()))
    };
    for (chunk, sequence) in segments.chunks(CHUNK).zip((first..).step_by(CHUNK)) {
        let rows = chunk.iter().zip(sequence..).map(|(segment, sequence)| {
            Ok(ActiveModel {
                id: Set(segment.id.uuid()),
                client_id: Set(client.uuid()),
                import_id: Set(Some(import.uuid())),
                kind: Set(segment.kind.as_str().to_owned()),
                path: Set(segment.path.clone()),
                rows: Set(number("rows", segment.id, segment.rows)?),
                bytes: Set(number("bytes", segment.id, segment.bytes)?),
                least_time: Set(Some(segment.least_time)),
                greatest_time: Set(Some(segment.greatest_time)),
                sequence: Set(sequence),
                published_at: Set(now),
                retired_at: Set(None),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
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
