//! Claims: one worker has a job, until it ends it, gives it back, or falls silent.

use domain::{
    ClientId, Instant, JobId,
    jobs::{Job, JobLane, JobState, QUICK_KINDS},
    ports::Progress,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    UpdateMany,
    sea_query::Expr,
};

use super::{RUNNING, WAITING, from_row};
use crate::{
    StoreError, Tx,
    entity::jobs::{ActiveModel, Column, Entity},
    outbox,
};

/// Longest text of an error that is kept, in characters.
const ERROR_LENGTH: usize = 500;

/// A job that a worker has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The job, as it was claimed.
    pub job: Job,
    /// Who has it.
    pub worker: String,
}

/// What a worker that lives is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heartbeat {
    /// Go on.
    Continue,
    /// Somebody asked to cancel the job.
    Cancel,
    /// The job is another worker's now, or has ended: stop, and write nothing.
    Lost,
}

/// Gives a job that waits and is due to `worker`. `None` when there is nothing to do: somebody else has it, it was cancelled,
/// it has ended, or its time has not come.
///
/// # Errors
/// The database is unavailable.
pub async fn claim(tx: &Tx, id: JobId, worker: &str, now: Instant) -> Result<Option<Claim>, StoreError> {
    let start = ActiveModel {
        state: Set(RUNNING.to_owned()),
        started_at: Set(Some(now)),
        heartbeat_at: Set(Some(now)),
        claimed_by: Set(Some(worker.to_owned())),
        progress_done: Set(0),
        progress_total: Set(None),
        ..ActiveModel::default()
    };
    let update = Entity::update_many()
        .set(start)
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::State.is_in(WAITING))
        .filter(Column::NextRunAt.lte(now));
    let rows = tx.scoped(update, Column::ClientId).exec_with_returning(tx.connection()).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    outbox::take_away(tx, id).await?;
    Ok(Some(Claim { job: from_row(row)?, worker: worker.to_owned() }))
}

impl Claim {
    /// An update of the job, as long as it is claimed.
    fn update(&self) -> UpdateMany<Entity> {
        Entity::update_many()
            .filter(Column::Id.eq(self.job.id.uuid()))
            .filter(Column::State.eq(RUNNING))
            .filter(Column::ClaimedBy.eq(self.worker.as_str()))
            .filter(Column::Attempts.eq(self.job.attempts.cast_signed()))
    }
}

/// Says that the worker lives and how far it has come.
///
/// # Errors
/// The database is unavailable.
pub async fn heartbeat(tx: &Tx, claim: &Claim, progress: Progress, now: Instant) -> Result<Heartbeat, StoreError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let change = ActiveModel {
        heartbeat_at: Set(Some(now)),
        progress_done: Set(number(progress.done)),
        progress_total: Set((progress.total > 0).then(|| number(progress.total))),
        ..ActiveModel::default()
    };
    let rows = claim.update().set(change).exec_with_returning(tx.connection()).await?;
    Ok(match rows.first() {
        None => Heartbeat::Lost,
        Some(row) if row.cancel_requested_at.is_some() => Heartbeat::Cancel,
        Some(_) => Heartbeat::Continue,
    })
}

async fn finish(
    tx: &Tx,
    claim: &Claim,
    state: JobState,
    error: Option<&str>,
    now: Instant,
) -> Result<bool, StoreError> {
    let change = ActiveModel {
        state: Set(state.as_str().to_owned()),
        finished_at: Set(Some(now)),
        last_error: error.map_or(NotSet, |error| Set(Some(shortened(error)))),
        ..ActiveModel::default()
    };
    Ok(claim.update().set(change).exec(tx.connection()).await?.rows_affected == 1)
}

/// Ends the job as done, with the rest of the transaction. `false` when the claim was lost: then roll back.
///
/// # Errors
/// The database is unavailable.
pub async fn succeed(tx: &Tx, claim: &Claim, now: Instant) -> Result<bool, StoreError> {
    finish(tx, claim, JobState::Succeeded, None, now).await
}

/// Ends the job as cancelled. `false` when the claim was lost.
///
/// # Errors
/// The database is unavailable.
pub async fn cancelled(tx: &Tx, claim: &Claim, now: Instant) -> Result<bool, StoreError> {
    finish(tx, claim, JobState::Cancelled, None, now).await
}

/// Writes down a failure: with `retry_at` the job waits until then, without it is dead. `false` when the claim was lost.
///
/// # Errors
/// The database is unavailable.
pub async fn fail(
    tx: &Tx,
    claim: &Claim,
    error: &str,
    retry_at: Option<Instant>,
    now: Instant,
) -> Result<bool, StoreError> {
    match retry_at {
        None => finish(tx, claim, JobState::Dead, Some(error), now).await,
        Some(at) => wait_again(tx, claim.update(), &claim.job, Some(error), at, now).await,
    }
}

/// Gives the job back unfinished, to be claimed at once; this start does not count. `false` when the claim was lost.
///
/// # Errors
/// The database is unavailable.
pub async fn release(tx: &Tx, claim: &Claim, now: Instant) -> Result<bool, StoreError> {
    let update = claim.update().col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
    wait_again(tx, update, &claim.job, None, now, now).await
}

async fn wait_again(
    tx: &Tx,
    update: UpdateMany<Entity>,
    job: &Job,
    error: Option<&str>,
    at: Instant,
    now: Instant,
) -> Result<bool, StoreError> {
    let change = ActiveModel {
        state: Set(JobState::Retry.as_str().to_owned()),
        next_run_at: Set(at),
        heartbeat_at: Set(None),
        claimed_by: Set(None),
        last_error: error.map_or(NotSet, |error| Set(Some(shortened(error)))),
        ..ActiveModel::default()
    };
    if update.set(change).exec(tx.connection()).await?.rows_affected == 0 {
        return Ok(false);
    }
    outbox::put(tx, job.payload.client(), (job.id, job.payload.lane()), at, now).await?;
    Ok(true)
}

/// Running jobs whose worker has said nothing since `before`, the most silent first.
///
/// # Errors
/// The database is unavailable.
pub async fn stale(tx: &Tx, before: Instant, limit: u64) -> Result<Vec<Claim>, StoreError> {
    let select = Entity::find()
        .filter(Column::State.eq(RUNNING))
        .filter(Column::HeartbeatAt.lt(before))
        .order_by_asc(Column::HeartbeatAt)
        .limit(limit);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            let worker = row.claimed_by.clone().unwrap_or_default();
            Ok(Claim { job: from_row(row)?, worker })
        })
        .collect()
}

/// Takes a job from a worker that has said nothing since `before`: with `retry_at` it waits until then, without it is dead.
/// `false` when the worker spoke meanwhile, or somebody else took it.
///
/// # Errors
/// The database is unavailable.
pub async fn seize_stale(
    tx: &Tx,
    claim: &Claim,
    before: Instant,
    retry_at: Option<Instant>,
    now: Instant,
) -> Result<bool, StoreError> {
    const SILENT: &str = "the worker fell silent";
    // The first update also locks the row until the transaction ends.
    let silent = claim
        .update()
        .col_expr(Column::LastError, Expr::value(SILENT))
        .filter(Column::HeartbeatAt.lt(before))
        .exec(tx.connection())
        .await?;
    if silent.rows_affected == 0 { Ok(false) } else { fail(tx, claim, SILENT, retry_at, now).await }
}

fn shortened(error: &str) -> String {
    error.chars().take(ERROR_LENGTH).collect()
}

/// Running jobs by client.
///
/// # Errors
/// The database is unavailable.
pub(crate) async fn running_by_client(tx: &Tx, lane: JobLane) -> Result<Vec<(Option<ClientId>, u32)>, StoreError> {
    let rows: Vec<(Option<uuid::Uuid>, i64)> = Entity::find()
        .select_only()
        .column(Column::ClientId)
        .column_as(Column::Id.count(), "running")
        .filter(Column::State.eq(RUNNING))
        .filter(match lane {
            JobLane::Quick => Column::Kind.is_in(QUICK_KINDS.iter().copied()),
            JobLane::Long => Column::Kind.is_not_in(QUICK_KINDS.iter().copied()),
        })
        .group_by(Column::ClientId)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(client, count)| (client.map(ClientId::from_uuid), u32::try_from(count).unwrap_or(u32::MAX)))
        .collect())
}
