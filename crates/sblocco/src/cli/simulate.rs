//! `sblocco simulate`: what stands outside, for tests, demonstrations and load.

use std::{collections::BTreeMap, fs::File, io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use domain::ports::Clock as _;
use serde_json::Value;
use tokio::sync::mpsc;

use super::{block_on, output};
use crate::{
    failure::{Failure, io_failure, io_reason},
    serving::listen,
    simulate::{self, Plan, bodies::Cast, graph},
    system::SystemClock,
};

#[derive(Debug, Subcommand)]
pub(super) enum SimulateCommand {
    /// Post signed webhooks as Meta does: in batches, out of order, some twice, again when they are not acknowledged.
    Meta(MetaArgs),
    /// Answer as Meta's Graph API does, about one account, until interrupted. Point graph.base_url of a server here.
    Graph(GraphArgs),
}

#[derive(Debug, Args)]
pub(super) struct GraphArgs {
    /// Where to answer.
    #[arg(long, default_value = "127.0.0.1:8481")]
    listen: String,
    /// Meta's id of the account.
    #[arg(long, default_value = "102290129340398")]
    waba: String,
    /// Meta's id of the number.
    #[arg(long, default_value = "106540352242922")]
    phone_number: String,
    /// Colour of the number.
    #[arg(long, default_value = "GREEN")]
    quality: String,
    /// Messaging limit of the portfolio.
    #[arg(long, default_value = "TIER_10K")]
    limit: String,
    /// The account is banned.
    #[arg(long)]
    banned: bool,
    /// The token that is good; any, when none is given.
    #[arg(long, env = "SBLOCCO_SIMULATE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// More answers, a JSON object: path (`102290129340398/message_templates`) to what stands there.
    #[arg(long, value_name = "FILE")]
    says: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct MetaArgs {
    /// Where to: the server's /webhooks/meta.
    #[arg(long, default_value = "http://127.0.0.1:8480/webhooks/meta")]
    url: String,
    /// The app's secret, one of meta.app_secrets of the server.
    #[arg(long, env = "SBLOCCO_SIMULATE_SECRET", hide_env_values = true)]
    secret: String,
    /// Meta's id of the account.
    #[arg(long, default_value = "102290129340398")]
    waba: String,
    /// Meta's id of the number.
    #[arg(long, default_value = "106540352242922")]
    phone_number: String,
    /// Bodies a second.
    #[arg(long, default_value_t = 100.0, value_parser = rate)]
    rate: f64,
    /// Status updates in a body.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    batch: u64,
    /// Seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Bodies that come at once.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    burst: u64,
    /// Of a hundred bodies so many are sent twice.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=100))]
    duplicates: u64,
    /// How often a body that is not acknowledged is sent again.
    #[arg(long, default_value_t = 10)]
    retries: u32,
    /// Connections at most.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4_096))]
    connections: u16,
    /// Number of the first message, so that streams do not overlap.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Chance: the same number makes the same stream.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tell of a violation and a block in the middle.
    #[arg(long)]
    block: bool,
    /// File to which the acknowledged updates are written, one a line: message id, blank, status.
    #[arg(long, value_name = "FILE")]
    acknowledged: Option<PathBuf>,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "give a number".to_owned())?;
    if (0.01..=1_000_000.0).contains(&rate) { Ok(rate) } else { Err("give 0.01 to 1000000".to_owned()) }
}

pub(super) fn run(command: SimulateCommand) -> Result<ExitCode, Failure> {
    match command {
        SimulateCommand::Meta(args) => post(args),
        SimulateCommand::Graph(args) => answer(args),
    }
}

fn answer(args: GraphArgs) -> Result<ExitCode, Failure> {
    let said = match &args.says {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| io_failure("read", path, &error))?;
            let said: BTreeMap<String, Value> = serde_json::from_str(&text)
                .map_err(|error| Failure::failed(format!("{} is no object of answers: {error}", path.display())))?;
            said
        }
        None => BTreeMap::new(),
    };
    let account = graph::Account {
        waba: args.waba,
        phone_number: args.phone_number,
        quality: args.quality,
        limit: args.limit,
        banned: args.banned,
    };
    block_on(async {
        let listener = listen(&args.listen, "--listen").await?;
        output::line(format!("answering on http://{}", args.listen))?;
        let fake = graph::fake(&account, said, args.token.as_deref());
        fake.serve(listener).await.map_err(|error| Failure::failed(io_reason(&error)))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn post(args: MetaArgs) -> Result<ExitCode, Failure> {
    let now = SystemClock.now().timestamp();
    let cast =
        Cast { waba: args.waba, phone_number: args.phone_number, first: args.first, seed: args.seed, start: now };
    let plan = Plan {
        url: args.url,
        secret: args.secret,
        cast: cast.clone(),
        rate: args.rate,
        batch: args.batch,
        bodies: ((args.rate * args.seconds as f64).ceil() as u64).max(1),
        burst: args.burst,
        duplicates: args.duplicates,
        retries: args.retries,
        connections: usize::from(args.connections),
        block: args.block,
    };
    let file = match args.acknowledged {
        Some(path) => Some((path.clone(), File::create(&path).map_err(|error| io_failure("write", &path, &error))?)),
        None => None,
    };
    let figures = block_on(async {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let writing = tokio::task::spawn_blocking(move || {
            let Some((path, mut file)) = file else { return Ok::<(), Failure>(()) };
            while let Some((from, to)) = receiver.blocking_recv() {
                for number in from..to {
                    let update = cast.update(number);
                    writeln!(file, "{} {}", cast.message_id(update.message), update.status)
                        .map_err(|error| io_failure("write", &path, &error))?;
                }
            }
            Ok(())
        });
        let figures = simulate::run(plan, Some(sender), now).await.map_err(Failure::failed)?;
        writing.await.map_err(Failure::failed)??;
        Ok(figures)
    })?;
    output::line(&figures)?;
    Ok(if figures.given_up == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
