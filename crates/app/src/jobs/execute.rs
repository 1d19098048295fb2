//! Executing one job: claim, work under a heartbeat, and an end that stands in the ledger and in the business rows together.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use domain::{
    JobId,
    access::Visibility,
    audits::AuditFailure,
    jobs::{JobPayload, JobState, MAX_ATTEMPTS, retry_at},
    ports::{CancelFlag, Progress, ProgressFn},
};
use futures::FutureExt as _;
use store::{
    StoreError, Tx,
    jobs::{Claim, Heartbeat},
};
use tokio::sync::watch;

use super::{JobError, compact, upkeep};
use crate::{OpCtx, Services, audits, exports, notifications, poll, webhooks};

/// How often workers speak, and how long silence lasts before it means something.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Between two heartbeats of a job; also how long a cancellation takes to arrive.
    pub heartbeat: Duration,
    /// A running job without a heartbeat for this long is taken from its worker: several heartbeats.
    pub stale_after: Duration,
    /// What was handed over and not claimed for this long is handed over again.
    pub redeliver_after: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(5),
            stale_after: Duration::from_mins(1),
            redeliver_after: Duration::from_mins(2),
        }
    }
}

/// What an executor still does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Everything.
    Open,
    /// It claims no more, and finishes what it has.
    Draining,
    /// It gives back what it has.
    GivingBack,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// There was nothing to claim: delivered twice, cancelled, or not due.
    Nothing,
    /// Handed back unclaimed: this process is ending.
    Returned,
    /// The job is in this state now.
    Ended(JobState),
    /// The job was taken away meanwhile: nothing was written.
    Lost,
}

/// Why a run was told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Stop {
    Not,
    Cancelled,
    GivenBack,
    Lost,
}

/// One job at work.
#[derive(Debug)]
pub struct Run {
    pub(crate) claim: Claim,
    pub(crate) cancel: CancelFlag,
    progress: Arc<Mutex<Progress>>,
    stop: AtomicU8,
}

impl Run {
    fn new(claim: Claim) -> Self {
        Self { claim, cancel: CancelFlag::default(), progress: Arc::default(), stop: AtomicU8::new(Stop::Not as u8) }
    }

    /// Where the work reports how far it has come.
    pub(crate) fn progress(&self) -> ProgressFn {
        let progress = Arc::clone(&self.progress);
        Arc::new(move |new| *progress.lock().unwrap_or_else(PoisonError::into_inner) = new)
    }

    fn reached(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first reason to stop stands.
    fn stop(&self, why: Stop) {
        let _ = self.stop.compare_exchange(Stop::Not as u8, why as u8, Ordering::SeqCst, Ordering::SeqCst);
        self.cancel.cancel();
    }

    fn stopped(&self) -> Stop {
        let stop = self.stop.load(Ordering::SeqCst);
        [Stop::Cancelled, Stop::GivenBack, Stop::Lost].into_iter().find(|why| *why as u8 == stop).unwrap_or(Stop::Not)
    }

    /// Ends the job as done, together with what `tx` holds.
    ///
    /// # Errors
    /// `Stopped` when the job is another worker's now: nothing was written.
    pub(crate) async fn finish(&self, op: &OpCtx, tx: Tx) -> Result<(), JobError> {
        if !store::jobs::succeed(&tx, &self.claim, op.services().clock.now()).await? {
            self.stop(Stop::Lost);
            tx.rollback().await?;
            return Err(JobError::Stopped);
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Executes jobs of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Executor {
    services: Arc<Services>,
    worker: Arc<str>,
    timing: Timing,
    phase: watch::Sender<Phase>,
    running: watch::Sender<usize>,
}

/// Counts a job for as long as it is at work.
struct AtWork(watch::Sender<usize>);

impl AtWork {
    fn new(running: &watch::Sender<usize>) -> Self {
        running.send_modify(|running| *running += 1);
        Self(running.clone())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

impl Executor {
    /// An executor under the name `worker`, which no other process and no other start of this one may have.
    pub fn new(services: Arc<Services>, worker: &str, timing: Timing) -> Self {
        Self {
            services,
            worker: worker.into(),
            timing,
            phase: watch::Sender::new(Phase::Open),
            running: watch::Sender::new(0),
        }
    }

    /// Its name.
    pub fn worker(&self) -> &str {
        &self.worker
    }

    /// The parts of the product that it works with.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// How often its workers speak.
    pub const fn timing(&self) -> Timing {
        self.timing
    }

    /// Goes on to `phase`; there is no way back.
    pub fn enter(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let later = phase > *now;
            *now = phase.max(*now);
            later
        });
    }

    /// Claims the job and executes it to its end; does nothing when there is nothing to claim.
    ///
    /// # Errors
    /// The ledger cannot be reached: the job stays as it is, and is handed over again, or taken over, later.
    pub async fn deliver(&self, id: JobId) -> Result<Delivery, StoreError> {
        if *self.phase.borrow() != Phase::Open {
            super::return_failed(&self.services, &[id]).await?;
            return Ok(Delivery::Returned);
        }
        let at_work = AtWork::new(&self.running);
        let Some(claim) = self.claim(id).await? else { return Ok(Delivery::Nothing) };
        // There is room for another hand-over.
        self.services.job_signal.raise();
        let run = Run::new(claim);
        let op = OpCtx::system(Arc::clone(&self.services));
        let work = AssertUnwindSafe(work(&op, &run)).catch_unwind();
        let result = tokio::select! {
            biased;
            result = work => result.unwrap_or_else(|_| Err(JobError::Retry("the job panicked".to_owned()))),
            () = self.watch_over(&run) => Err(JobError::Stopped),
        };
        let delivery = self.settle(&run, result).await;
        drop(at_work);
        // Its client has room for another now.
        self.services.job_signal.raise();
        delivery
    }

    /// Jobs at work.
    pub fn running(&self) -> usize {
        *self.running.borrow()
    }

    /// Waits until no job is at work.
    pub async fn idle(&self) {
        // The sender lives as long as this does.
        let _ = self.running.subscribe().wait_for(|running| *running == 0).await;
    }

    async fn claim(&self, id: JobId) -> Result<Option<Claim>, StoreError> {
        let now = self.services.clock.now();
        let tx = self.services.store.write(&Visibility::System).await?;
        let Some(claim) = store::jobs::claim(&tx, id, &self.worker, now).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        match claim.job.payload {
            JobPayload::AuditRun { audit, .. } => store::audits::start(&tx, audit, now).await?,
            JobPayload::AuditPreview { preview, .. } => store::previews::start(&tx, preview, now).await?,
            JobPayload::EvidenceExport { export, .. } => store::exports::start(&tx, export, now).await?,
            JobPayload::LakeCompact { .. }
            | JobPayload::MailDeliver { .. }
            | JobPayload::MailDigest { .. }
            | JobPayload::WebhookDeliver { .. }
            | JobPayload::TrafficWatch { .. }
            | JobPayload::VolumesCompare { .. }
            | JobPayload::LakeSweep {} => {}
        }
        tx.commit().await?;
        Ok(Some(claim))
    }

    /// Speaks for the run, and tells it to stop when it must. Never ends.
    async fn watch_over(&self, run: &Run) {
        let mut phase = self.phase.subscribe();
        let mut beats = tokio::time::interval(self.timing.heartbeat);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = beats.tick() => match self.heartbeat(run).await {
                    Ok(Heartbeat::Continue) => {}
                    Ok(Heartbeat::Cancel) => run.stop(Stop::Cancelled),
                    Ok(Heartbeat::Lost) => run.stop(Stop::Lost),
                    Err(error) => tracing::warn!(job.id = %run.claim.job.id, %error, "a heartbeat was not written"),
                },
                () = giving_back(&mut phase), if run.stopped() == Stop::Not => run.stop(Stop::GivenBack),
            }
        }
    }

    async fn heartbeat(&self, run: &Run) -> Result<Heartbeat, StoreError> {
        let tx = self.services.store.write(&Visibility::System).await?;
        let heard = store::jobs::heartbeat(&tx, &run.claim, run.reached(), self.services.clock.now()).await?;
        tx.commit().await?;
        Ok(heard)
    }

    /// Writes down how the run ended.
    async fn settle(&self, run: &Run, result: Result<(), JobError>) -> Result<Delivery, StoreError> {
        let job = &run.claim.job;
        let error = match result {
            Ok(()) => {
                tracing::info!(job.id = %job.id, job.kind = job.payload.kind(), "a job is done");
                return Ok(Delivery::Ended(JobState::Succeeded));
            }
            Err(error) => error,
        };
        let now = self.services.clock.now();
        let tx = self.services.store.write(&Visibility::System).await?;
        let (kept, state) = match (&error, run.stopped()) {
            (_, Stop::Lost) => (false, JobState::Running),
            (JobError::Stopped, Stop::Cancelled) => {
                (store::jobs::cancelled(&tx, &run.claim, now).await?, JobState::Cancelled)
            }
            (JobError::Stopped, _) => (store::jobs::release(&tx, &run.claim, now).await?, JobState::Retry),
            (JobError::Fail { detail, .. }, _) => {
                (store::jobs::fail(&tx, &run.claim, detail, None, now).await?, JobState::Dead)
            }
            (JobError::Retry(detail), _) => {
                let again = (job.attempts < MAX_ATTEMPTS)
                    .then(|| upkeep::jittered(&self.services, retry_at(now, job.attempts), now));
                let state = if again.is_some() { JobState::Retry } else { JobState::Dead };
                (store::jobs::fail(&tx, &run.claim, detail, again, now).await?, state)
            }
        };
        if !kept {
            tx.rollback().await?;
            tracing::warn!(job.id = %job.id, "a job was taken away while it ran");
            return Ok(Delivery::Lost);
        }
        follow(&tx, &job.payload, state, &error, now).await?;
        tx.commit().await?;
        tracing::warn!(job.id = %job.id, job.kind = job.payload.kind(), job.state = %state, error = error.detail(), "a job did not finish");
        Ok(Delivery::Ended(state))
    }
}

/// Waits until everything is to be given back.
async fn giving_back(phase: &mut watch::Receiver<Phase>) {
    if phase.wait_for(|phase| *phase == Phase::GivingBack).await.is_err() {
        // The executor is gone, and with it whoever could ask.
        std::future::pending::<()>().await;
    }
}

/// What the business rows say after a job left the state `running` without success.
pub(super) async fn follow(
    tx: &Tx,
    payload: &JobPayload,
    state: JobState,
    error: &JobError,
    now: domain::Instant,
) -> Result<(), StoreError> {
    let end = match (state, error) {
        (JobState::Cancelled, _) => End::Abandoned(None),
        (JobState::Dead, JobError::Fail { failure, .. }) => End::Abandoned(Some(*failure)),
        (JobState::Dead, _) => End::Abandoned(Some(AuditFailure::TooManyAttempts)),
        _ => End::Again,
    };
    match (payload, end) {
        (JobPayload::AuditRun { audit, .. }, End::Again) => store::audits::requeue(tx, *audit).await,
        (JobPayload::AuditRun { audit, .. }, End::Abandoned(failure)) => {
            store::audits::abandon(tx, *audit, failure, now).await
        }
        (JobPayload::AuditPreview { preview, .. }, End::Again) => store::previews::requeue(tx, *preview).await,
        (JobPayload::AuditPreview { preview, .. }, End::Abandoned(failure)) => {
            store::previews::abandon(tx, *preview, failure, now).await
        }
        (JobPayload::EvidenceExport { export, .. }, End::Again) => store::exports::requeue(tx, *export).await,
        (JobPayload::EvidenceExport { export, .. }, End::Abandoned(failure)) => {
            store::exports::abandon(tx, *export, failure, now).await
        }
        (
            JobPayload::LakeCompact { .. }
            | JobPayload::MailDeliver { .. }
            | JobPayload::MailDigest { .. }
            | JobPayload::WebhookDeliver { .. }
            | JobPayload::TrafficWatch { .. }
            | JobPayload::VolumesCompare { .. }
            | JobPayload::LakeSweep {},
            _,
        ) => Ok(()),
    }
}

/// How a job without success leaves what it was to make.
enum End {
    /// It will be tried again.
    Again,
    /// Given up because of a failure, or cancelled.
    Abandoned(Option<AuditFailure>),
}

async fn work(op: &OpCtx, run: &Run) -> Result<(), JobError> {
    match run.claim.job.payload {
        JobPayload::AuditRun { audit, .. } => audits::run(op, run, audit).await,
        JobPayload::AuditPreview { preview, .. } => audits::run_preview(op, run, preview).await,
        JobPayload::LakeCompact { client, rows } => compact::run(op, run, client, rows).await,
        JobPayload::EvidenceExport { export, .. } => exports::run(op, run, export).await,
        JobPayload::MailDeliver { notification, .. } => notifications::run(op, run, notification).await,
        JobPayload::MailDigest { user, .. } => notifications::run_digest(op, run, user).await,
        JobPayload::WebhookDeliver { delivery, .. } => webhooks::run(op, run, delivery).await,
        JobPayload::TrafficWatch { client } => audits::watch(op, run, client).await,
        JobPayload::VolumesCompare { client } => poll::compare(op, run, client).await,
        JobPayload::LakeSweep {} => upkeep::sweep_lake(op, run).await,
    }
}
