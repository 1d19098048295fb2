//! Asks the Graph API how the accounts stand, a few at a time, in one process of the deployment. When Meta says that the app's calls are
//! nearly used up, it asks slowly, and then not at all: the gateway needs them.

use std::{sync::Arc, time::Duration};

use app::{OpCtx, Services, poll};
use chrono::TimeDelta;
use domain::assets::Waba;
use futures::StreamExt as _;
use meta::graph::{GraphClient, GraphError, HttpGraph};
use tokio_util::sync::CancellationToken;

use crate::{config::Config, failure::Failure, lifecycle::Lifecycle, secrets};

/// Accounts that are asked about at the same time: with 5,000 of them, one after the other would take more than an hour.
const AT_ONCE: usize = 4;
/// Between two accounts: Meta counts calls by account, and bursts of an app too.
const BETWEEN: Duration = Duration::from_millis(200);
/// The same when so many percent of the app's calls are used up.
const SLOWLY_FROM: u8 = 75;
const SLOWLY: Duration = Duration::from_secs(10);
/// When so many are, nobody is asked about for a while.
const NOT_FROM: u8 = 90;
const NOT: Duration = Duration::from_mins(10);
/// When there were too many calls and Meta does not say for how long.
const TIRED: Duration = Duration::from_hours(1);
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
    let questions: Vec<_> =
        due.into_iter().map(|waba| ask_about(Arc::clone(services), graph.clone(), waba, every)).collect();
    let mut answers = futures::stream::iter(questions).buffer_unordered(AT_ONCE);
    while let Some(answer) = answers.next().await {
        if let Err(error) = answer?
            && let Some(wait) = for_all(&error)
        {
            tracing::error!(error = %error, "the Graph API answers about no account");
            return Ok(wait);
        }
        let between = match graph.app_usage() {
            NOT_FROM.. => return Ok(NOT),
            SLOWLY_FROM.. => SLOWLY,
            _ => BETWEEN,
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(Duration::ZERO),
            () = tokio::time::sleep(between) => {}
        }
    }
    Ok(Duration::ZERO)
}

async fn ask_about(
    services: Arc<Services>,
    graph: GraphClient,
    waba: Waba,
    every: TimeDelta,
) -> Result<Result<(), GraphError>, app::OpError> {
    let answer = poll::poll(&OpCtx::system(services), &graph, &waba, every).await?;
    if let Err(error) = &answer {
        tracing::warn!(waba.id = %waba.id, error = %error, "an account could not be asked about");
    }
    Ok(answer)
}

/// How long nobody is asked about, when what was answered about one account holds for all.
fn for_all(error: &GraphError) -> Option<Duration> {
    match error {
        error if !error.is_of_all_accounts() => None,
        GraphError::TooMany { wait, .. } => Some(wait.unwrap_or(TIRED)),
        _ => Some(WITHOUT_TOKEN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_every_account_makes_all_of_them_wait() {
        let tired = |code, wait| GraphError::TooMany { code, wait };
        let minutes = Duration::from_mins;
        assert_eq!(for_all(&tired(4, Some(minutes(7)))), Some(minutes(7)));
        assert_eq!(for_all(&tired(17, None)), Some(TIRED));
        assert_eq!(for_all(&tired(80_007, Some(minutes(7)))), None, "this account alone");
        assert_eq!(for_all(&GraphError::Token { code: 190 }), Some(WITHOUT_TOKEN));
        assert_eq!(for_all(&GraphError::Permission { code: 200 }), None);
    }
}
