//! How a process is watched: what its readiness asks, and what it measures.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use app::{OpCtx, Services};
use web::{
    Dependency, Watch,
    measure::{self, PrometheusHandle},
};

use super::SharedWorker;
use crate::{failure::Failure, lifecycle::Lifecycle};

/// How often the jobs are counted: three reads of an index, whoever asks how often.
const JOBS_EVERY: Duration = Duration::from_secs(10);

/// What `/healthz`, `/readyz` and `/metrics` answer from. Starts what feeds it.
pub(super) fn watch(
    services: &Arc<Services>,
    worker: Option<SharedWorker>,
    lifecycle: &mut Lifecycle,
) -> Result<Watch, Failure> {
    let metrics = measure::install(env!("CARGO_PKG_VERSION")).map_err(Failure::failed)?;
    tend(metrics.clone(), lifecycle);
    count_jobs(services, lifecycle);
    Ok(Watch { dependencies: dependencies(services, worker), metrics: Some(metrics) })
}

fn tend(metrics: PrometheusHandle, lifecycle: &mut Lifecycle) {
    let stop = lifecycle.stop();
    lifecycle.spawn("metrics", async move {
        while !stop.soft.is_cancelled() {
            tokio::select! {
                () = stop.soft.cancelled() => {}
                () = tokio::time::sleep(measure::UPKEEP) => metrics.run_upkeep(),
            }
        }
        Ok::<_, String>(())
    });
}

/// Keeps the gauge of the jobs true, so that no scrape waits for the database.
fn count_jobs(services: &Arc<Services>, lifecycle: &mut Lifecycle) {
    let (services, stop) = (Arc::clone(services), lifecycle.stop());
    lifecycle.spawn("jobs gauge", async move {
        let mut told = BTreeSet::new();
        while !stop.soft.is_cancelled() {
            match app::jobs::counts(&OpCtx::system(Arc::clone(&services))).await {
                Ok(counts) => {
                    // What was there and is no more is nought, and not what it was.
                    let mut gone = std::mem::take(&mut told);
                    for count in counts {
                        measure::jobs(&count.kind, count.state.as_str(), count.jobs);
                        gone.remove(&(count.kind.clone(), count.state));
                        told.insert((count.kind, count.state));
                    }
                    for (kind, state) in gone {
                        measure::jobs(&kind, state.as_str(), 0);
                        told.insert((kind, state));
                    }
                }
                Err(error) => tracing::warn!(error = %error, "the jobs could not be counted; their gauge is old"),
            }
            tokio::select! {
                () = stop.soft.cancelled() => {}
                () = tokio::time::sleep(JOBS_EVERY) => {}
            }
        }
        Ok::<_, String>(())
    });
}

fn dependencies(services: &Arc<Services>, worker: Option<SharedWorker>) -> Vec<Dependency> {
    let (database, lake) = (Arc::clone(services), Arc::clone(services));
    let mut dependencies = vec![
        Dependency::new("database", move || {
            let services = Arc::clone(&database);
            async move { services.store.ping().await.map_err(|error| error.to_string()) }
        }),
        Dependency::new("lake", move || {
            let services = Arc::clone(&lake);
            async move { services.lake.check().await.map_err(|error| error.to_string()) }
        }),
    ];
    if let Some(worker) = worker {
        dependencies.push(Dependency::new("queue", move || {
            let worker = Arc::clone(&worker);
            async move {
                match worker.read().await.as_ref() {
                    Some(worker) => worker.check().await.map_err(|error| error.to_string()),
                    None => Err("the worker is stopping".to_owned()),
                }
            }
        }));
    }
    dependencies
}
