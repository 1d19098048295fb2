//! What a worker does beside jobs: schedules, the seals of the activity log and of the consent ledgers, the sweep, retention, asking
//! again for audits that were provisional. Every process does it; the ledger sees that each thing happens once.

use std::{sync::Arc, time::Duration};

use app::{OpCtx, Services, accounts, activity, audits, idempotency, jobs, ledger};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{WorkerConfig, health::Pulse, queue::Queue, retention};

const RETENTION_EVERY: Duration = Duration::from_hours(1);
/// How often audits are looked for that were provisional and would not be any more: they wait for days.
const SETTLED_EVERY: Duration = Duration::from_mins(10);

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Keeps up until `stop`.
pub(crate) async fn run(
    services: Arc<Services>,
    queue: Queue,
    config: WorkerConfig,
    pulse: Pulse,
    stop: CancellationToken,
) {
    // Millions of events are sealed for minutes; nothing else waits for that, and neither does the end.
    let ledgers = stop.run_until_cancelled(seal_ledgers(&services, config.seal_every));
    tokio::join!(ledgers, keep_up(&services, &queue, &config, &pulse, &stop));
}

/// Seals the consent ledgers, for ever.
async fn seal_ledgers(services: &Services, period: Duration) {
    let mut seals = every(period);
    loop {
        seals.tick().await;
        if let Err(error) = ledger::seal(services).await {
            tracing::error!(%error, "a consent ledger could not be sealed; trying again");
        }
    }
}

async fn keep_up(
    services: &Arc<Services>,
    queue: &Queue,
    config: &WorkerConfig,
    pulse: &Pulse,
    stop: &CancellationToken,
) {
    let mut schedules = every(config.schedules_every);
    let mut seals = every(config.seal_every);
    let mut sweeps = every(config.sweep_every);
    let mut retention = every(RETENTION_EVERY);
    let mut settled = every(SETTLED_EVERY);
    loop {
        let done = tokio::select! {
            () = stop.cancelled() => return,
            _ = schedules.tick() => {
                jobs::run_due(&OpCtx::system(Arc::clone(services))).await.map(drop).map_err(|error| error.to_string())
            }
            _ = seals.tick() => activity::seal(services).await.map(drop).map_err(|error| error.to_string()),
            _ = sweeps.tick() => {
                jobs::sweep(services, config.timing).await.map(drop).map_err(|error| error.to_string())
            }
            _ = retention.tick() => prune(services, queue, config.keep_jobs).await,
            _ = settled.tick() => {
                audits::ask_again(&OpCtx::system(Arc::clone(services))).await.map(drop).map_err(|error| error.to_string())
            }
        };
        match done {
            Ok(()) => pulse.beat(),
            Err(error) => tracing::error!(error, "the upkeep of jobs failed; trying again"),
        }
    }
}

async fn prune(services: &Arc<Services>, queue: &Queue, keep: Duration) -> Result<(), String> {
    let keep = chrono::TimeDelta::from_std(keep).map_err(|error| error.to_string())?;
    accounts::forget_old(&OpCtx::system(Arc::clone(services))).await.map_err(|error| error.to_string())?;
    idempotency::forget_old(&OpCtx::system(Arc::clone(services))).await.map_err(|error| error.to_string())?;
    jobs::prune(services, services.clock.now() - keep).await.map_err(|error| error.to_string())?;
    retention::prune(queue).await.map_err(|error| error.to_string())
}
