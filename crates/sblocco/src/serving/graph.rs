//! Asks the Graph API how the accounts stand, one after the other, in one process of the deployment.

use std::{sync::Arc, time::Duration};

use app::{OpCtx, Services, poll};
use chrono::TimeDelta;
use meta::graph::{GraphClient, GraphError, HttpGraph};
use tokio_util::sync::CancellationToken;

use crate::{config::Config, failure::Failure, lifecycle::Lifecycle, secrets};

/// Between two accounts: Meta counts calls by account, and bursts of an app too.
const BETWEEN: Duration = Duration::from_millis(200);
/// Before the first repetition of a call that nothing usable answered.
const PAUSE: Duration = Duration::from_secs(2);
/// When nobody is to be asked about, and after a failure.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// When the token is not good: it is so for every account.
const WITHOUT_TOKEN: Duration = Duration::from_mins(5);

/// Starts asking, when a token is configured.
pub(super) fn ask(config: &Config, services: &Arc<Services>, lifecycle: &mut Lifecycle) -> Result<(), Failure> {
    let Some(token) = secrets::graph_token(config)? else { return Ok(()) };
    let http = HttpGraph::new(&config.graph.base_url, &token).map_err(Failure::failed)?;
    let graph = GraphClient::new(Arc::new(http), PAUSE);
    let every = TimeDelta::minutes(i64::from(config.graph.poll_minutes));
    let (services, stop) = (Arc::clone(services), lifecycle.stop().soft);
    let holder = format!("{:032x}", services.random.number());
    lifecycle.spawn("graph", async move {
        while !stop.is_cancelled() {
            let wait = round(&services, &graph, every, &holder, &stop).await.unwrap_or_else(|error| {
                tracing::error!(error = %error, "the Graph API was not asked; it is tried again");
                LOOK_EVERY
            });
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok::<_, String>(())
    });
    Ok(())
}

/// Asks about the accounts that are due, and says how long to wait before the next look.
async fn round(
    services: &Arc<Services>,
    graph: &GraphClient,
    every: TimeDelta,
    holder: &str,
    stop: &CancellationToken,
) -> Result<Duration, app::OpError> {
    let due = poll::due(&OpCtx::system(Arc::clone(services)), holder).await?;
    if due.is_empty() {
        return Ok(LOOK_EVERY);
    }
    for waba in due {
        let op = OpCtx::system(Arc::clone(services));
        match poll::poll(&op, graph, &waba, every).await? {
            Ok(()) => {}
            Err(error @ GraphError::Token { .. }) => {
                tracing::error!(error = %error, "the token of the Graph API is not good");
                return Ok(WITHOUT_TOKEN);
            }
            Err(error) => tracing::warn!(waba.id = %waba.id, error = %error, "an account could not be asked about"),
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(Duration::ZERO),
            () = tokio::time::sleep(BETWEEN) => {}
        }
    }
    Ok(Duration::ZERO)
}
