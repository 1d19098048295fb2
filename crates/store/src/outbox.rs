//! The outbox: one row for each job that waits, written with the job; the relay hands it to whatever executes jobs.
//!
//! A row is marked before it is handed over, so that the hand-over needs no transaction. Between the two lies a moment in which a
//! crash loses the hand-over, not the row: [`return_unclaimed`] finds it. A hand-over that happens twice finds nothing to claim.

use std::collections::HashMap;

use domain::{ClientId, Instant, JobId, jobs::JobLane};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QuerySelect as _, Statement, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::outbox::{ActiveModel, Column, Entity},
    jobs,
};

/// Puts a row in for a job that waits until `run_at`.
pub(crate) async fn put(
    tx: &Tx,
    client: Option<ClientId>,
    (job, lane): (JobId, JobLane),
    run_at: Instant,
    now: Instant,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        client_id: Set(client.map(ClientId::uuid)),
        job_id: Set(job.uuid()),
        lane: Set(lane.as_str().to_owned()),
        run_at: Set(run_at),
        created_at: Set(now),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Takes the rows of a job away that waits no longer.
pub(crate) async fn take_away(tx: &Tx, job: JobId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::JobId.eq(job.uuid())).exec(tx.connection()).await?;
    Ok(())
}

/// How full whatever executes jobs of a lane may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Jobs of one client that run or are handed over at the same time; as many of no client.
    pub per_client: u32,
    /// Jobs that are handed over and not yet claimed, at most: what waits here can still be overtaken, what waits there cannot.
    pub handed_over: u32,
}

/// Whether a row waits for the relay.
///
/// # Errors
/// The database is unavailable.
pub async fn has_due(tx: &Tx, now: Instant) -> Result<bool, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DispatchedAt.is_null())
        .filter(Column::RunAt.lte(now))
        .limit(1);
    let row: Option<i64> = select.into_tuple().one(tx.connection()).await?;
    Ok(row.is_some())
}

#[derive(Debug, FromQueryResult)]
struct Waiting {
    id: i64,
    client_id: Option<Uuid>,
    place: i64,
}

/// Marks what may be handed over now of a lane, and returns the jobs: in turn over the clients, and within each in the order of their
/// time. Nothing when another process is at it.
///
/// # Errors
/// The database is unavailable.
pub async fn dispatch(tx: &Tx, lane: JobLane, limits: Limits, now: Instant) -> Result<Vec<JobId>, StoreError> {
    if !lock(tx).await? {
        return Ok(Vec::new());
    }
    let mut busy = handed_over_by_client(tx, lane).await?;
    let room = limits.handed_over.saturating_sub(busy.values().sum());
    if room == 0 {
        return Ok(Vec::new());
    }
    for (client, running) in jobs::running_by_client(tx, lane).await? {
        *busy.entry(client.map(ClientId::uuid)).or_default() += running;
    }
    let ids = choose(waiting(tx, lane, limits.per_client, now).await?, &mut busy, limits.per_client, room);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::update_many()
        .col_expr(Column::DispatchedAt, Expr::value(now))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::DispatchedAt.is_null())
        .exec_with_returning(tx.connection())
        .await?;
    let mut rows: Vec<_> = rows.into_iter().map(|row| (ids.iter().position(|id| *id == row.id), row.job_id)).collect();
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(_, job)| JobId::from_uuid(job)).collect())
}

/// Of rows in turn over the clients, those that leave no client with more than `per_client`, at most `room`.
fn choose(waiting: Vec<Waiting>, busy: &mut HashMap<Option<Uuid>, u32>, per_client: u32, room: u32) -> Vec<i64> {
    let mut chosen = Vec::new();
    for row in waiting {
        let busy = busy.entry(row.client_id).or_default();
        if *busy < per_client && chosen.len() < room as usize {
            *busy += 1;
            chosen.push(row.id);
        }
    }
    chosen
}

/// One relay at a time, so that the limits hold over all processes. On SQLite the transaction itself is the lock.
async fn lock(tx: &Tx) -> Result<bool, StoreError> {
    /// "relay" in ASCII.
    const LOCK: &str = "SELECT pg_try_advisory_xact_lock(492102016377) AS locked";
    let connection = tx.connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, LOCK)).await?;
    Ok(match row {
        Some(row) => row.try_get("", "locked")?,
        None => false,
    })
}

async fn handed_over_by_client(tx: &Tx, lane: JobLane) -> Result<HashMap<Option<Uuid>, u32>, StoreError> {
    let rows: Vec<(Option<Uuid>, i64)> = Entity::find()
        .select_only()
        .column(Column::ClientId)
        .column_as(Column::Id.count(), "handed_over")
        .filter(Column::DispatchedAt.is_not_null())
        .filter(Column::Lane.eq(lane.as_str()))
        .group_by(Column::ClientId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|(client, count)| (client, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

/// What is due, in turn over the clients: the first of each, then the second of each, and so on to the `per_client`-th.
async fn waiting(tx: &Tx, lane: JobLane, per_client: u32, now: Instant) -> Result<Vec<Waiting>, StoreError> {
    const WAITING: &str = "SELECT id, client_id, place FROM (
            SELECT id, client_id, run_at, row_number() OVER (PARTITION BY client_id ORDER BY run_at, id) AS place
            FROM outbox WHERE dispatched_at IS NULL AND run_at <= $1 AND lane = $3
        ) AS due WHERE place <= $2 ORDER BY place, run_at, id";
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        WAITING,
        [now.into(), i64::from(per_client).into(), lane.as_str().into()],
    );
    let rows = Waiting::find_by_statement(statement).all(connection).await?;
    debug_assert!(rows.is_sorted_by_key(|row| row.place), "the database orders");
    Ok(rows)
}

/// Lets the relay hand over again what was handed over before `before` and that nobody has claimed. Returns how many.
///
/// # Errors
/// The database is unavailable.
pub async fn return_unclaimed(tx: &Tx, before: Instant) -> Result<u64, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::DispatchedAt, Expr::value(None::<Instant>))
        .filter(Column::DispatchedAt.lt(before));
    Ok(update.exec(tx.connection()).await?.rows_affected)
}

/// Lets the relay hand these over again: the hand-over failed.
///
/// # Errors
/// The database is unavailable.
pub async fn return_failed(tx: &Tx, jobs: &[JobId]) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::DispatchedAt, Expr::value(None::<Instant>))
        .filter(Column::JobId.is_in(jobs.iter().map(|job| job.uuid())));
    update.exec(tx.connection()).await?;
    Ok(())
}
