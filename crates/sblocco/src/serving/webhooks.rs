//! The consumers of webhooks, in a process that works: notices at once, what is told of messages in batches, and the upkeep of both.

use std::{sync::Arc, time::Duration};

use app::{
    OpCtx, Services, enforcement,
    meta_webhooks::{self, Consumed, Consumer, Kind},
};
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use web::measure;

use crate::{config::Config, lifecycle::Lifecycle};

/// A batch of so many bodies is collected enough.
const MANY: usize = 200;
/// How long a consumer waits for what other processes store; what this one stores wakes it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How often restrictions that ran out, claimed accounts and the backlog are looked at.
const UPKEEP_EVERY: Duration = Duration::from_secs(15);
/// How often old bodies are deleted.
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// Starts them.
pub(super) fn consume(config: &Config, services: &Arc<Services>, lifecycle: &mut Lifecycle) {
    let holder = format!("{:032x}", services.random.number());
    let collect = Duration::from_secs(config.meta.collect_seconds);
    for (task, kind, pause) in
        [("webhook notices", Kind::Notices, Duration::ZERO), ("webhook traffic", Kind::Traffic, collect)]
    {
        let (services, stop) = (Arc::clone(services), lifecycle.stop().soft);
        let consumer = Consumer::new(kind, &holder);
        lifecycle.spawn(task, async move {
            run(&services, (consumer, kind), pause, &stop).await;
            Ok::<_, String>(())
        });
    }
    let (services, stop) = (Arc::clone(services), lifecycle.stop().soft);
    let keep = TimeDelta::days(i64::from(config.meta.keep_days));
    lifecycle.spawn("webhook upkeep", async move {
        upkeep(&services, keep, &stop).await;
        Ok::<_, String>(())
    });
}

/// Deals with what comes until asked to stop. `pause` is the time for which what comes is collected.
async fn run(
    services: &Arc<Services>,
    (mut consumer, kind): (Consumer, Kind),
    pause: Duration,
    stop: &CancellationToken,
) {
    while !stop.is_cancelled() {
        // An operation begins now: each batch is one.
        let op = OpCtx::system(Arc::clone(services));
        let wait = match consumer.step(&op).await {
            Ok(Consumed::Some { bodies, has_more, delay }) => {
                tracing::debug!(webhooks = bodies, "webhooks were dealt with");
                measure::webhooks_dealt_with(kind.name(), bodies, delay);
                if has_more && bodies >= MANY { Duration::ZERO } else { pause }
            }
            Ok(Consumed::Nothing) => arrival(services, kind, stop).await.max(pause),
            Ok(Consumed::Elsewhere) => AFTER_FAILURE,
            Err(error) => {
                tracing::error!(error = %error, "webhooks could not be dealt with; they are tried again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    if let Err(error) = consumer.release(services).await {
        tracing::warn!(error = %error, "the work on webhooks was not given up; another process takes it over soon");
    }
}

/// Waits until something was stored, or another process may have stored something.
async fn arrival(services: &Services, kind: Kind, stop: &CancellationToken) -> Duration {
    let Ok(inbox) = services.store.inbox().await else { return AFTER_FAILURE };
    tokio::select! {
        () = stop.cancelled() => {}
        () = inbox.arrived(kind.content()) => {}
        () = tokio::time::sleep(LOOK_EVERY) => {}
    }
    Duration::ZERO
}

async fn upkeep(services: &Arc<Services>, keep: TimeDelta, stop: &CancellationToken) {
    let mut since_pruned = PRUNE_EVERY;
    while !stop.is_cancelled() {
        let op = OpCtx::system(Arc::clone(services));
        if let Err(error) = look(&op).await {
            tracing::error!(error = %error, "the upkeep of webhooks failed; it is tried again");
        }
        if since_pruned >= PRUNE_EVERY {
            since_pruned = Duration::ZERO;
            match meta_webhooks::prune(&op, op.now() - keep).await {
                Ok(0) => {}
                Ok(bodies) => tracing::info!(webhooks = bodies, "old webhooks were deleted"),
                Err(error) => tracing::error!(error = %error, "old webhooks could not be deleted"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(UPKEEP_EVERY) => {}
        }
        since_pruned += UPKEEP_EVERY;
    }
}

async fn look(op: &OpCtx) -> Result<(), app::OpError> {
    enforcement::run_out(op).await?;
    match meta_webhooks::claim(op).await? {
        0 => {}
        changes => tracing::info!(webhooks = changes, "webhooks of accounts that are known now were put in again"),
    }
    match meta_webhooks::place(op).await? {
        0 => {}
        statuses => tracing::info!(webhooks = statuses, "statuses of people who are known now were put in again"),
    }
    let insight = meta_webhooks::insight(op).await?;
    measure::webhooks_waiting("traffic", insight.traffic_waiting);
    measure::webhooks_waiting("notices", insight.notices_waiting);
    Ok(())
}
