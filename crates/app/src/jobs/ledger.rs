//! Putting jobs in, and handing them over.

use std::sync::Arc;

use domain::{
    Instant, JobId,
    access::Visibility,
    jobs::{Job, JobLane, JobPayload, JobState},
    ports::Progress,
};
use store::{
    StoreError, Tx,
    jobs::Enqueued,
    outbox::{self, Limits},
};
use tokio::sync::Notify;

use crate::{OpCtx, Services};

/// Wakes the relay of this process, so that a job need not wait for its next look. Other processes look by themselves.
#[derive(Debug, Clone, Default)]
pub struct Signal(Arc<Notify>);

impl Signal {
    /// There may be something to hand over.
    pub fn raise(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody raises it; one that was raised before counts.
    pub async fn wait(&self) {
        self.0.notified().await;
    }
}

/// Puts a job in with the rest of the transaction: due at once, and not if an unfinished one of its kind has `dedupe_key`. Raise
/// [`Services::job_signal`] after the commit.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn enqueue(
    op: &OpCtx,
    tx: &Tx,
    payload: JobPayload,
    dedupe_key: Option<String>,
) -> Result<(JobId, Enqueued), StoreError> {
    enqueue_at(op, tx, payload, op.services().clock.now(), dedupe_key).await
}

/// The same, due at `run_at`.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn enqueue_at(
    op: &OpCtx,
    tx: &Tx,
    payload: JobPayload,
    run_at: Instant,
    dedupe_key: Option<String>,
) -> Result<(JobId, Enqueued), StoreError> {
    let now = op.services().clock.now();
    let job = Job {
        id: JobId::new(now, op.random()),
        payload,
        state: JobState::Queued,
        attempts: 0,
        next_run_at: run_at,
        started_at: None,
        heartbeat_at: None,
        progress: Progress::default(),
        cancel_requested_at: None,
        last_error: None,
        created_at: now,
        finished_at: None,
        dedupe_key,
    };
    let enqueued = store::jobs::enqueue(tx, &job).await?;
    Ok((job.id, enqueued))
}

/// Jobs of the quick lane that one client may have at work at the same time.
const QUICK_PER_CLIENT: u32 = 4;

/// Takes what may be handed over now of a lane: fair over the clients, and no more than `handed_over` that nobody has claimed yet. Who
/// cannot hand them over says so by [`return_failed`].
///
/// # Errors
/// The database is unavailable.
pub async fn dispatch(services: &Services, lane: JobLane, handed_over: u32) -> Result<Vec<JobId>, StoreError> {
    let now: Instant = services.clock.now();
    // Looking needs no lock; most looks find nothing.
    let look = services.store.read(&Visibility::System).await?;
    let has_due = outbox::has_due(&look, now).await?;
    look.rollback().await?;
    if !has_due {
        return Ok(Vec::new());
    }
    let tx = services.store.write(&Visibility::System).await?;
    let per_client = match lane {
        JobLane::Quick => QUICK_PER_CLIENT,
        JobLane::Long => services.settings.jobs_per_client,
    };
    let jobs = outbox::dispatch(&tx, lane, Limits { per_client, handed_over }, now).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Takes back what could not be handed over.
///
/// # Errors
/// The database is unavailable; then the sweep takes it back.
pub async fn return_failed(services: &Services, jobs: &[JobId]) -> Result<(), StoreError> {
    let tx = services.store.write(&Visibility::System).await?;
    outbox::return_failed(&tx, jobs).await?;
    tx.commit().await
}
