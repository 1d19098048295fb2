//! The manifest of the lake: which segments count, in the order of their publication.

use domain::{
    AuditId, ClientId, ImportId, Instant, SegmentId,
    ports::{SegmentMeta, Snapshot},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, sea_query::Expr,
};

use crate::{
    StoreError, Tx,
    counters::{self, ClientCounter},
    entity::{
        audit_segments, audits,
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

fn row(
    client: ClientId,
    import: Option<ImportId>,
    segment: &SegmentMeta,
    sequence: i64,
    now: Instant,
) -> Result<ActiveModel, StoreError> {
    let number = |column, value: u64| {
        i64::try_from(value).map_err(|_| StoreError::inconsistent_uuid(TABLE, column, segment.id.uuid()))
    };
    Ok(ActiveModel {
        id: Set(segment.id.uuid()),
        client_id: Set(client.uuid()),
        import_id: Set(import.map(ImportId::uuid)),
        kind: Set(segment.kind.as_str().to_owned()),
        path: Set(segment.path.clone()),
        rows: Set(number("rows", segment.rows)?),
        bytes: Set(number("bytes", segment.bytes)?),
        least_time: Set(Some(segment.least_time)),
        greatest_time: Set(Some(segment.greatest_time)),
        sequence: Set(sequence),
        published_at: Set(now),
        retired_at: Set(None),
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
    let select = Entity::find()
        .filter(Column::Id.in_subquery(read))
        // A compaction takes the numbers of those it replaces, not their times.
        .order_by_asc(Column::PublishedAt)
        .order_by_asc(Column::Sequence);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(Snapshot { segments: rows.into_iter().map(from_row).collect::<Result<_, _>>()? })
}

/// Publishes segments, of an import or of webhooks, in their order, after all that the client has. Even without segments the client's other
/// publications wait until this transaction ends.
///
/// # Errors
/// `NotVisible`; `Conflict` when a segment of this path is published already.
pub async fn publish(
    tx: &Tx,
    client: ClientId,
    import: impl Into<Option<ImportId>> + Send,
    segments: &[SegmentMeta],
    now: Instant,
) -> Result<(), StoreError> {
    let import = import.into();
    let count = u32::try_from(segments.len()).unwrap_or(u32::MAX);
    let first = counters::take(tx, client, ClientCounter::Segment, count).await?;
    for (chunk, sequence) in segments.chunks(CHUNK).zip((first..).step_by(CHUNK)) {
        let rows = chunk.iter().zip(sequence..);
        let rows = rows.map(|(segment, sequence)| row(client, import, segment, sequence, now));
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

/// Puts segments of a compaction in the place of those that they were made of: they take over the first of their positions and
/// times of publication, so that what was published meanwhile still follows. Returns whether it was done; not when one of the old ones no longer counts.
///
/// # Errors
/// `NotVisible`; `Conflict` when a segment of this path is published already, or there are more new ones than old.
pub async fn replace(
    tx: &Tx,
    client: ClientId,
    old: &[SegmentId],
    new: &[SegmentMeta],
    now: Instant,
) -> Result<bool, StoreError> {
    // The lock of this counter keeps other publications away.
    let count = u32::try_from(old.len()).unwrap_or(u32::MAX);
    let fresh = counters::take(tx, client, ClientCounter::Segment, count).await?;
    let ids: Vec<_> = old.iter().map(|id| id.uuid()).collect();
    let mut places = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let live = Entity::find()
            .filter(Column::ClientId.eq(client.uuid()))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .filter(Column::RetiredAt.is_null());
        let rows = tx.scoped(live, Column::ClientId).all(tx.connection()).await?;
        places.extend(rows.into_iter().map(|row| (row.sequence, row.id, row.published_at)));
    }
    if places.len() != ids.len() {
        return Ok(false);
    }
    if new.len() > places.len() {
        return Err(StoreError::Conflict { constraint: "segments_client_id_sequence_key".to_owned() });
    }
    places.sort_unstable();
    for ((_, id, _), sequence) in places.iter().zip(fresh..) {
        let retire = Entity::update_many()
            .col_expr(Column::RetiredAt, Expr::value(now))
            .col_expr(Column::Sequence, Expr::value(sequence))
            .filter(Column::Id.eq(*id));
        tx.scoped(retire, Column::ClientId).exec(tx.connection()).await?;
    }
    for (segments, places) in new.chunks(CHUNK).zip(places.chunks(CHUNK)) {
        let rows = segments.iter().zip(places);
        let rows = rows.map(|(segment, (sequence, _, published))| row(client, None, segment, *sequence, *published));
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(true)
}

/// The paths of the objects that are still needed: of segments that count, that stopped to count after `retired_after`, or
/// that an audit which ended after `audited_after` has read.
///
/// # Errors
/// The database is unavailable.
pub async fn paths(tx: &Tx, retired_after: Instant, audited_after: Instant) -> Result<Vec<String>, StoreError> {
    let audited = sea_orm::sea_query::Query::select()
        .column((audit_segments::Entity, audit_segments::Column::SegmentId))
        .from(audit_segments::Entity)
        .inner_join(
            audits::Entity,
            Expr::col((audits::Entity, audits::Column::Id))
                .equals((audit_segments::Entity, audit_segments::Column::AuditId)),
        )
        .and_where(Expr::col((audits::Entity, audits::Column::FinishedAt)).gt(audited_after))
        .to_owned();
    let needed = Condition::any()
        .add(Column::RetiredAt.is_null())
        .add(Column::RetiredAt.gt(retired_after))
        .add(Column::Id.in_subquery(audited));
    let select = Entity::find().select_only().column(Column::Path).filter(needed);
    Ok(tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?)
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
