//! Schedules: what runs every day, and when next.

use domain::{
    ClientId, Instant, ScheduleId,
    jobs::{Schedule, ScheduleKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::schedules::{ActiveModel, Column, Entity, Model},
    rows::Place,
};

const TABLE: &str = "schedules";

fn from_row(row: Model) -> Result<Schedule, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    Ok(Schedule {
        id: ScheduleId::from_uuid(row.id),
        client: row.client_id.map(ClientId::from_uuid),
        kind: place.word("kind", &row.kind)?,
        local_time: place.word("local_time", &row.local_time)?,
        time_zone: row.time_zone,
        is_enabled: row.enabled,
        next_run_at: row.next_run_at,
        last_run_at: row.last_run_at,
        created_at: row.created_at,
        version: row.version,
    })
}

/// Adds a schedule; one of the same kind for the same client stays as it is. Returns whether it was added.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn insert_if_absent(tx: &Tx, schedule: &Schedule) -> Result<bool, StoreError> {
    tx.admit(schedule.client)?;
    let row = ActiveModel {
        id: Set(schedule.id.uuid()),
        client_id: Set(schedule.client.map(ClientId::uuid)),
        kind: Set(schedule.kind.as_str().to_owned()),
        time_zone: Set(schedule.time_zone.clone()),
        local_time: Set(schedule.local_time.to_string()),
        enabled: Set(schedule.is_enabled),
        next_run_at: Set(schedule.next_run_at),
        last_run_at: Set(schedule.last_run_at),
        created_at: Set(schedule.created_at),
        version: Set(schedule.version),
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx.connection()).await? == 1)
}

/// Writes zone, time, whether it runs, and when next, of a schedule whose version is still the one read; returns the new version.
///
/// # Errors
/// `Stale` when it is not, `NotFound`.
pub async fn update(tx: &Tx, schedule: &Schedule) -> Result<i32, StoreError> {
    let change = ActiveModel {
        time_zone: Set(schedule.time_zone.clone()),
        local_time: Set(schedule.local_time.to_string()),
        enabled: Set(schedule.is_enabled),
        next_run_at: Set(schedule.next_run_at),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(schedule.id.uuid()))
        .filter(Column::Version.eq(schedule.version));
    if tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1 {
        return Ok(schedule.version + 1);
    }
    let select = Entity::find_by_id(schedule.id.uuid()).select_only().column(Column::Version);
    let current: Option<i32> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Err(current.map_or(StoreError::NotFound { table: TABLE }, |current| StoreError::Stale { current }))
}

/// The schedules of this kind of those of `clients` of which the transaction may know.
///
/// # Errors
/// The database is unavailable.
pub async fn by_clients(tx: &Tx, kind: ScheduleKind, clients: &[ClientId]) -> Result<Vec<Schedule>, StoreError> {
    let select = Entity::find()
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::ClientId.is_in(clients.iter().map(|client| client.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// What is due, the longest overdue first.
///
/// # Errors
/// The database is unavailable.
pub async fn due(tx: &Tx, now: Instant, limit: u64) -> Result<Vec<Schedule>, StoreError> {
    let select = Entity::find()
        .filter(Column::Enabled.eq(true))
        .filter(Column::NextRunAt.lte(now))
        .order_by_asc(Column::NextRunAt)
        .limit(limit);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// Takes the tick at which `schedule` was due and sets the next: only one of all processes that try gets `true`, and starts the
/// work in the same transaction.
///
/// # Errors
/// The database is unavailable.
pub async fn take_tick(tx: &Tx, schedule: &Schedule, next_run_at: Instant) -> Result<bool, StoreError> {
    let change = ActiveModel {
        next_run_at: Set(next_run_at),
        last_run_at: Set(Some(schedule.next_run_at)),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(schedule.id.uuid()))
        .filter(Column::Enabled.eq(true))
        .filter(Column::NextRunAt.eq(schedule.next_run_at));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected == 1)
}
