//! The long-running processes: HTTP, the worker, or both in one.

mod edge;
mod graph;
mod incidents;
mod watching;
mod webhooks;

use std::{
    io::{self, ErrorKind},
    sync::Arc,
    time::Duration,
};

use app::{OpCtx, Services};
use jobs::Worker;
use tokio::{net::TcpListener, sync::RwLock};
use web::{Connections, Sockets};

use crate::{
    config::Config,
    failure::{Failure, io_reason},
    lifecycle::{Ending, Lifecycle, signals},
    wiring,
};

/// How often imports whose process is gone are looked for.
const IMPORTS_EVERY: Duration = Duration::from_mins(1);

/// How often it is written when programs were last seen.
const TOKEN_USES_EVERY: Duration = Duration::from_secs(30);

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// Answers HTTP.
    pub http: bool,
    /// Runs jobs.
    pub worker: bool,
}

/// Runs until asked to stop, and ends softly. `ready` is called once with the address, when requests are answered.
///
/// # Errors
/// [`Failure`] when it cannot start, or a task crashed.
pub async fn run(
    config: &Config,
    duties: Duties,
    ready: impl FnOnce(Option<std::net::SocketAddr>),
) -> Result<(), Failure> {
    // From here on: a signal during the start is not lost.
    let signals =
        signals().map_err(|error| Failure::failed(format!("signals cannot be received: {}", io_reason(&error))))?;
    // Before anything is written: a second process by mistake should touch nothing.
    let listener = match listening(config, duties) {
        Some((address, key)) => Some(listen(address, key).await?),
        None => None,
    };
    let services = wiring::services(config).await?;
    let mut lifecycle = Lifecycle::new(Duration::from_secs(config.server.shutdown_grace_seconds));
    let worker = if duties.worker { Some(start_worker(config, &services, &mut lifecycle).await?) } else { None };
    let mut address = None;
    if let Some(listener) = listener {
        address = listener.local_addr().ok();
        let watch = watching::watch(&services, worker, &mut lifecycle)?;
        let stop = lifecycle.stop().soft;
        let header_timeout = Duration::from_secs(config.server.header_timeout_seconds);
        let connections = Connections { header_timeout, tls: edge::tls(config)? };
        if duties.http {
            keep_token_uses(&services, &mut lifecycle);
            let sockets = Sockets::new(edge::socket_bounds(config), stop.clone());
            let edge = edge::edge(config, &services, watch, sockets.clone())?;
            let router = web::router(edge).map_err(Failure::failed)?;
            lifecycle.spawn("http", async move {
                web::serve(listener, router, connections, stop).await?;
                sockets.closed().await;
                Ok::<_, io::Error>(())
            });
        } else {
            let router = web::watch_router(watch, Arc::clone(&services.random));
            lifecycle.spawn("http", web::serve(listener, router, connections, stop));
        }
    }
    tracing::info!(address = address.map(tracing::field::display), worker = duties.worker, "ready");
    ready(address);
    let ending = lifecycle.run(signals).await;
    wiring::close(&services).await;
    match ending {
        Ending::Clean => {
            tracing::info!("stopped");
            Ok(())
        }
        Ending::Cut(tasks) => Err(Failure::failed(format!("stopped before these ended: {}", tasks.join(", ")))),
        Ending::Crashed { task, reason } => Err(Failure::failed(format!("{task} failed: {reason}"))),
    }
}

/// Where the process listens, and the key that says so: nowhere when it only works and nobody is to watch it.
fn listening(config: &Config, duties: Duties) -> Option<(&str, &'static str)> {
    match (duties.http, config.worker.listen.as_str()) {
        (true, _) => Some((&config.server.listen, "server.listen")),
        (false, "") => None,
        (false, address) => Some((address, "worker.listen")),
    }
}

/// Takes `address`, which stands in the configuration under `key`.
pub(crate) async fn listen(address: &str, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::AddrInUse => format!("another program has it: stop that one, or set {key} to another port"),
            ErrorKind::PermissionDenied => format!("ports below 1024 need a privilege: set {key} to a higher one"),
            ErrorKind::AddrNotAvailable => format!("no interface of this machine has the address: correct {key}"),
            _ => format!("correct {key}"),
        };
        Failure::failed(format!("cannot listen on {address}: {} ({hint})", io_reason(&error)))
    })
}

type SharedWorker = Arc<RwLock<Option<Worker>>>;

async fn start_worker(
    config: &Config,
    services: &Arc<Services>,
    lifecycle: &mut Lifecycle,
) -> Result<SharedWorker, Failure> {
    let started = Worker::start(Arc::clone(services), wiring::worker_config(config)?).await.map_err(Failure::failed)?;
    let worker: SharedWorker = Arc::new(RwLock::new(Some(started)));
    let (stop, stopped) = (lifecycle.stop(), Arc::clone(&worker));
    lifecycle.spawn("worker", async move {
        stop.soft.cancelled().await;
        let running = stopped.write().await.take();
        if let Some(worker) = running {
            tokio::select! {
                () = worker.stop() => {}
                () = stop.hard.cancelled() => {}
            }
        }
        Ok::<_, String>(())
    });
    sweep_imports(services, lifecycle);
    webhooks::consume(config, services, lifecycle);
    graph::ask(config, services, lifecycle)?;
    incidents::look(services, lifecycle);
    Ok(worker)
}

/// Writes when programs were last seen, now and then and at the end.
fn keep_token_uses(services: &Arc<Services>, lifecycle: &mut Lifecycle) {
    let (services, stop) = (Arc::clone(services), lifecycle.stop());
    lifecycle.spawn("last uses of API tokens", async move {
        loop {
            let is_last = tokio::select! {
                () = stop.soft.cancelled() => true,
                () = tokio::time::sleep(TOKEN_USES_EVERY) => false,
            };
            if let Err(error) = app::accounts::keep_token_uses(&OpCtx::system(Arc::clone(&services))).await {
                tracing::warn!(%error, "the last uses of API tokens could not be kept");
            }
            if is_last {
                return Ok::<_, String>(());
            }
        }
    });
}

/// Gives up imports whose process is gone, so that they do not run for ever.
fn sweep_imports(services: &Arc<Services>, lifecycle: &mut Lifecycle) {
    let (services, stop) = (Arc::clone(services), lifecycle.stop());
    lifecycle.spawn("imports", async move {
        while !stop.soft.is_cancelled() {
            match app::imports::fail_abandoned(&OpCtx::system(Arc::clone(&services))).await {
                Ok(0) => {}
                Ok(imports) => tracing::warn!(imports, "imports whose process is gone were given up"),
                Err(error) => tracing::error!(error = %error, "abandoned imports could not be looked for"),
            }
            tokio::select! {
                () = stop.soft.cancelled() => {}
                () = tokio::time::sleep(IMPORTS_EVERY) => {}
            }
        }
        Ok::<_, String>(())
    });
}
