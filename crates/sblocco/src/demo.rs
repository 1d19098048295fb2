//! The demo: a BSP with three clients, furnished by the use cases that everybody else calls, so that what it shows is what there is.
//!
//! It wires nothing: whoever calls it has started the services and a worker.

mod clients;
mod people;
mod story;
mod summary;

use std::{path::PathBuf, sync::Arc, time::Duration};

use app::{OpCtx, Services};
use domain::Instant;

pub use clients::DemoClient;
pub use people::DemoUser;
pub use summary::print;

/// What the demo is made of.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Folder for the exported traffic; it must be empty or not exist.
    pub export: PathBuf,
    /// Messages over all clients.
    pub messages: u64,
    /// Seed of the traffic.
    pub seed: u64,
}

/// What the demo made.
#[derive(Debug)]
pub struct Demo {
    /// People to sign in as.
    pub users: Vec<DemoUser>,
    /// The clients, the one with the block first.
    pub clients: Vec<DemoClient>,
    /// Reference of the ticket.
    pub ticket: String,
    /// A token with which the first client's gateway may import.
    pub api_token: String,
}

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The traffic could not be generated.
    #[error("the demo's traffic could not be generated: {0}")]
    Generate(#[from] crate::generate::GenerateError),
    /// A use case failed.
    #[error("the demo stopped while {doing}: {reason}")]
    Step {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        reason: String,
    },
}

/// Says what was being done when a step fails.
fn during<T, E: std::fmt::Display>(doing: &'static str, result: Result<T, E>) -> Result<T, DemoError> {
    result.map_err(|error| DemoError::Step { doing, reason: error.to_string() })
}

/// How long an audit of the demo may take before the demo gives up on it.
const PATIENCE: Duration = Duration::from_mins(5);

/// Furnishes an empty deployment. `say` is told, in a few words, what is being done.
///
/// # Errors
/// The step that failed, and why.
pub async fn furnish(
    services: &Arc<Services>,
    options: &DemoOptions,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Demo, DemoError> {
    let op = OpCtx::system(Arc::clone(services));
    say("generating traffic");
    generate(options, op.now()).await?;
    say("making the BSP's staff");
    let mut users = people::staff(&op).await?;
    let mut clients = Vec::new();
    for folder in clients::FOLDERS {
        say(&format!("importing {folder}"));
        let client = clients::import(&op, &options.export.join(folder)).await?;
        users.push(people::client_admin(&op, &client).await?);
        clients.push(client);
    }
    for client in &mut clients {
        say(&format!("auditing {}", client.slug));
        clients::audit(&op, client, PATIENCE).await?;
    }
    say("opening a ticket");
    let agent = people::agent(services, &users);
    let ticket = story::blocked(&agent, &clients[0]).await?;
    let api_token = people::gateway_token(&op, &clients[0]).await?;
    Ok(Demo { users, clients, ticket, api_token })
}

async fn generate(options: &DemoOptions, now: Instant) -> Result<(), DemoError> {
    use crate::generate::{self, Format, Options};
    let days = generate::MIN_DAYS;
    // The last message is of yesterday, so the audits look at finished days.
    let start = now.date_naive() - chrono::Days::new(u64::from(days));
    let options = Options {
        out: options.export.clone(),
        messages: options.messages,
        seed: options.seed,
        days,
        start,
        format: Format::Parquet,
    };
    let made = tokio::task::spawn_blocking(move || generate::run(&options, &|_| ())).await;
    during("generating traffic", made)??;
    Ok(())
}
