//! Upkeep of the ledger: jobs whose worker fell silent, hand-overs that were lost, rows that are old; and the sweep of the lake.

use domain::{
    Instant,
    access::Visibility,
    jobs::{JobState, MAX_ATTEMPTS, retry_at},
};
use store::{StoreError, jobs::Claim};

use super::{JobError, Run, Timing, execute};
use crate::{OpCtx, Services};

/// Silent jobs of one sweep.
const SILENT: u64 = 100;
/// Rows of one deletion, so that none holds the writer for long.
const PRUNED: u64 = 500;
/// An object of the lake is younger than this while somebody may still be about to publish it.
const UNPUBLISHED_FOR: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// An audit that began before a compaction still reads what the compaction replaced.
const RETIRED_FOR: chrono::TimeDelta = chrono::TimeDelta::hours(24);
/// So long an audit can be repeated.
const AUDITED_FOR: chrono::TimeDelta = chrono::TimeDelta::days(30);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Jobs taken from workers that fell silent.
    pub seized: u32,
    /// Hand-overs to be repeated.
    pub returned: u64,
}

/// `at`, later by up to a quarter of the wait, so that what failed together is not tried again together.
pub(super) fn jittered(services: &Services, at: Instant, now: Instant) -> Instant {
    let quarter = (at - now).num_milliseconds().max(0) / 4;
    let random = i64::try_from(services.random.number() >> 65).unwrap_or_default();
    at + chrono::TimeDelta::milliseconds(if quarter == 0 { 0 } else { random % quarter })
}

fn before(now: Instant, silence: std::time::Duration) -> Instant {
    now - chrono::TimeDelta::from_std(silence).unwrap_or(chrono::TimeDelta::days(1))
}

/// Takes jobs from workers that fell silent, and lets lost hand-overs be repeated.
///
/// # Errors
/// The database is unavailable.
pub async fn sweep(services: &Services, timing: Timing) -> Result<Swept, StoreError> {
    let now = services.clock.now();
    let silent_before = before(now, timing.stale_after);
    let look = services.store.read(&Visibility::System).await?;
    let silent = store::jobs::stale(&look, silent_before, SILENT).await?;
    look.rollback().await?;
    let mut swept = Swept::default();
    for claim in silent {
        if seize(services, &claim, silent_before, now).await? {
            swept.seized += 1;
        }
    }
    let tx = services.store.write(&Visibility::System).await?;
    swept.returned = store::outbox::return_unclaimed(&tx, before(now, timing.redeliver_after)).await?;
    tx.commit().await?;
    if swept != Swept::default() {
        services.job_signal.raise();
    }
    Ok(swept)
}

async fn seize(services: &Services, claim: &Claim, silent_before: Instant, now: Instant) -> Result<bool, StoreError> {
    let job = &claim.job;
    let tx = services.store.write(&Visibility::System).await?;
    // Somebody wanted it to end, and there is nobody left to end it.
    let cancelled = job.cancel_requested_at.is_some();
    let (seized, state) = if cancelled {
        let silent = store::jobs::seize_stale(&tx, claim, silent_before, Some(now), now).await?;
        if silent {
            store::jobs::request_cancel(&tx, job.id, now).await?;
        }
        (silent, JobState::Cancelled)
    } else if job.attempts < MAX_ATTEMPTS {
        // The first time at once; a job that takes its workers down waits longer each time.
        let at = if job.attempts <= 1 { now } else { jittered(services, retry_at(now, job.attempts), now) };
        (store::jobs::seize_stale(&tx, claim, silent_before, Some(at), now).await?, JobState::Retry)
    } else {
        (store::jobs::seize_stale(&tx, claim, silent_before, None, now).await?, JobState::Dead)
    };
    if !seized {
        tx.rollback().await?;
        return Ok(false);
    }
    execute::follow(&tx, &job.payload, state, &JobError::Retry(String::new()), now).await?;
    tx.commit().await?;
    tracing::warn!(job.id = %job.id, job.kind = job.payload.kind(), job.state = %state, job.worker = claim.worker, "a worker fell silent");
    Ok(true)
}

/// Deletes, from before `before` and in small steps, jobs that ended, and notifications and events of webhooks with what became
/// of them; returns how many.
///
/// # Errors
/// The database is unavailable; what was deleted so far stays deleted.
pub async fn prune(services: &Services, before: Instant) -> Result<u64, StoreError> {
    let mut pruned = 0;
    loop {
        let tx = services.store.write(&Visibility::System).await?;
        let steps = [
            store::jobs::prune(&tx, before, PRUNED).await?,
            store::notifications::prune(&tx, before, PRUNED).await?,
            store::webhook_deliveries::prune(&tx, before, PRUNED).await?,
        ];
        tx.commit().await?;
        pruned += steps.iter().sum::<u64>();
        if steps.iter().all(|step| *step < PRUNED) {
            return Ok(pruned);
        }
    }
}

/// Deletes the objects of the lake that no manifest names.
pub(super) async fn sweep_lake(op: &OpCtx, run: &Run) -> Result<(), JobError> {
    let services = op.services();
    // The manifest is read first: what is published meanwhile is younger than what is deleted.
    let tx = services.store.read(&Visibility::System).await?;
    let now = services.clock.now();
    let mut known = store::segments::paths(&tx, now - RETIRED_FOR, now - AUDITED_FOR).await?;
    known.extend(store::exports::paths(&tx, now).await?);
    known.extend(store::attachments::paths(&tx).await?);
    tx.rollback().await?;
    let deleted = services.lake.sweep(known, now - UNPUBLISHED_FOR).await?;
    tracing::info!(lake.objects = deleted, "the lake was swept");
    let tx = services.store.write(&Visibility::System).await?;
    run.finish(op, tx).await
}
