//! The job ledger: the truth about jobs. Whatever executes them is only told that there is something to claim.
//!
//! A job that waits (`queued`, `retry`) has exactly one row in the outbox; the claim takes it away. A claim is known by worker and
//! attempt: whoever lost it (a heartbeat too late) can write nothing more.

mod claim;
mod count;
mod retention;

use domain::{
    ClientId, Instant, JobId,
    jobs::{Job, JobState, MAX_ATTEMPTS},
    ports::Progress,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    sea_query::{CaseStatement, Expr, OnConflict},
};

use crate::{
    StoreError, Tx,
    entity::jobs::{ActiveModel, Column, Entity, Model},
    outbox,
    page::{self, By, Keyset, Page},
    rows::Place,
};

pub(crate) use claim::running_by_client;
pub use claim::{Claim, Heartbeat, cancelled, claim, fail, heartbeat, release, seize_stale, stale, succeed};
pub use count::{Count, counts};
pub use retention::prune;

const TABLE: &str = "jobs";

/// States in which a job waits for a worker.
const WAITING: [&str; 2] = [JobState::Queued.as_str(), JobState::Retry.as_str()];
const RUNNING: &str = JobState::Running.as_str();

fn from_row(row: Model) -> Result<Job, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let progress = Progress {
        done: place.number("progress_done", row.progress_done)?,
        total: place.number("progress_total", row.progress_total.unwrap_or_default())?,
    };
    Ok(Job {
        id: JobId::from_uuid(row.id),
        payload: place.json("payload", row.payload)?,
        state: place.word("state", &row.state)?,
        attempts: place.number("attempts", row.attempts.into())?,
        next_run_at: row.next_run_at,
        started_at: row.started_at,
        heartbeat_at: row.heartbeat_at,
        progress,
        cancel_requested_at: row.cancel_requested_at,
        last_error: row.last_error,
        created_at: row.created_at,
        finished_at: row.finished_at,
        dedupe_key: row.dedupe_key,
    })
}

/// What became of a job that was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits for a worker.
    Now,
    /// An unfinished job of its kind has the same dedupe key; nothing was written.
    Already(JobId),
}

/// Puts a queued job in, and its row in the outbox, with the rest of the transaction.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn enqueue(tx: &Tx, job: &Job) -> Result<Enqueued, StoreError> {
    let client = job.payload.client();
    tx.admit(client)?;
    let kind = job.payload.kind();
    let payload = serde_json::to_value(&job.payload)
        .map_err(|_| StoreError::inconsistent_uuid(TABLE, "payload", job.id.uuid()))?;
    let row = ActiveModel {
        id: Set(job.id.uuid()),
        client_id: Set(client.map(ClientId::uuid)),
        kind: Set(kind.to_owned()),
        payload: Set(payload),
        state: Set(JobState::Queued.as_str().to_owned()),
        attempts: Set(0),
        max_attempts: Set(MAX_ATTEMPTS.cast_signed()),
        next_run_at: Set(job.next_run_at),
        progress_done: Set(0),
        created_at: Set(job.created_at),
        dedupe_key: Set(job.dedupe_key.clone()),
        ..ActiveModel::default()
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    if insert.exec_without_returning(tx.connection()).await? == 1 {
        outbox::put(tx, client, (job.id, job.payload.lane()), job.next_run_at, job.created_at).await?;
        return Ok(Enqueued::Now);
    }
    let select = Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::DedupeKey.eq(job.dedupe_key.clone()))
        .filter(Column::State.is_in([WAITING[0], WAITING[1], RUNNING]));
    let existing = select.one(tx.connection()).await?.ok_or(StoreError::NotFound { table: TABLE })?;
    Ok(Enqueued::Already(JobId::from_uuid(existing.id)))
}

/// Asks that a job be cancelled: one that waits is cancelled at once, one that runs is told at its next heartbeat. Returns the
/// state that it has now; `None` when it had ended already, or the transaction may not know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn request_cancel(tx: &Tx, id: JobId, now: Instant) -> Result<Option<JobState>, StoreError> {
    let waiting = || Column::State.is_in(WAITING);
    let state = CaseStatement::new().case(waiting(), JobState::Cancelled.as_str()).finally(Expr::col(Column::State));
    let finished = CaseStatement::new().case(waiting(), now).finally(Expr::col(Column::FinishedAt));
    let update = Entity::update_many()
        .col_expr(Column::State, state.into())
        .col_expr(Column::FinishedAt, finished.into())
        .col_expr(Column::CancelRequestedAt, Expr::value(now))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::State.is_in([WAITING[0], WAITING[1], RUNNING]));
    let rows = tx.scoped(update, Column::ClientId).exec_with_returning(tx.connection()).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let job = from_row(row)?;
    if job.state == JobState::Cancelled {
        outbox::take_away(tx, id).await?;
    }
    Ok(Some(job.state))
}

/// The job of this id, if the transaction may know of it.
///
/// # Errors
/// The database is unavailable.
pub async fn by_id(tx: &Tx, id: JobId) -> Result<Option<Job>, StoreError> {
    let select = tx.scoped(Entity::find_by_id(id.uuid()), Column::ClientId);
    select.one(tx.connection()).await?.map(from_row).transpose()
}

/// Those of `ids` (some thousands at most) of which the transaction may know, in no order.
///
/// # Errors
/// The database is unavailable.
pub async fn by_ids(tx: &Tx, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
    let select = Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())));
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(from_row).collect()
}

/// A page of the jobs of which the transaction may know, of one state when one is given, by the time of putting in.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(tx: &Tx, state: Option<JobState>, keyset: &Keyset) -> Result<Page<Job>, StoreError> {
    let mut select = tx.scoped(Entity::find(), Column::ClientId);
    if let Some(state) = state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    page::fetch(tx, select, keyset, By { column: Column::CreatedAt, id: Column::Id }, from_row).await
}
