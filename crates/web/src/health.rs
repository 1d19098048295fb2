//! Liveness and readiness. Alive: the process answers. Ready: what it needs answers too. Neither tells why not: that is in the log.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures::future::{BoxFuture, join_all};
use serde::Serialize;
use tokio::time::{Instant, timeout};

/// How long a dependency may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

type Ask = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Something without which the process cannot work.
#[derive(Clone)]
pub struct Dependency {
    name: &'static str,
    ask: Ask,
}

impl Dependency {
    /// `ask` answers when the dependency does; its error is for the log.
    pub fn new<F>(name: &'static str, ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { name, ask: Arc::new(move || Box::pin(ask())) }
    }
}

impl fmt::Debug for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dependency").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug, Serialize)]
struct Asked {
    name: &'static str,
    status: &'static str,
    milliseconds: u64,
}

/// What `/readyz` answers.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    status: &'static str,
    dependencies: Vec<Asked>,
}

impl Readiness {
    /// 200, or 503 as long as something is missing.
    pub(crate) fn status(&self) -> StatusCode {
        if self.status == "ready" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    }
}

/// Asks all dependencies at once.
pub(crate) async fn readiness(dependencies: &[Dependency]) -> Readiness {
    let dependencies = join_all(dependencies.iter().map(ask)).await;
    let ready = dependencies.iter().all(|dependency| dependency.status == "up");
    Readiness { status: if ready { "ready" } else { "not ready" }, dependencies }
}

async fn ask(dependency: &Dependency) -> Asked {
    let begun = Instant::now();
    let reason = match timeout(PATIENCE, (dependency.ask)()).await {
        Ok(Ok(())) => None,
        Ok(Err(reason)) => Some(reason),
        Err(_) => Some(format!("no answer within {} s", PATIENCE.as_secs())),
    };
    if let Some(reason) = &reason {
        tracing::warn!(dependency = dependency.name, reason, "not ready");
    }
    Asked {
        name: dependency.name,
        status: if reason.is_none() { "up" } else { "down" },
        milliseconds: begun.elapsed().as_millis() as u64,
    }
}
