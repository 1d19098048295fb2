//! `sblocco demo`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;

use super::{Invocation, block_on, output, progress};
use crate::{
    config::Config,
    demo::{self, DemoOptions},
    failure::Failure,
    serving::{self, Duties},
    wiring,
};

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Folder for the demo's database, lake and files; it must be empty or not exist.
    #[arg(long, value_name = "DIR", default_value = "sblocco-demo")]
    dir: PathBuf,
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Messages of synthetic traffic, over all clients.
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    messages: u64,
    /// Seed of the traffic.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// End when everything is made and printed, without serving.
    #[arg(long)]
    no_serve: bool,
}

pub(super) fn run(invocation: &Invocation, args: DemoArgs) -> Result<ExitCode, Failure> {
    let config = config(invocation, &args)?;
    let address = config.server.listen.clone();
    let options = DemoOptions { export: args.dir.join("export"), messages: args.messages, seed: args.seed };
    let text = block_on(furnish(&config, &options, &address))?;
    output::print(&text)?;
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    block_on(serving::run(&config, Duties { http: true, worker: true }, |address| {
        if let Some(address) = address {
            output::notice(format_args!(
                "Sblocco answers on http://{address}; Ctrl-C stops it. Later: SBLOCCO_DATA__DIR={} sblocco serve",
                args.dir.display()
            ));
        }
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// The embedded default, in the demo's folder: database, queue and lake too.
fn config(invocation: &Invocation, args: &DemoArgs) -> Result<Config, Failure> {
    let mut config = invocation.config()?;
    let taken = std::fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(Failure::usage(format!(
            "{} is not empty: name an empty folder by --dir, or remove it to make the demo anew",
            args.dir.display()
        )));
    }
    // Whatever is configured for the real deployment: the demo must never write there.
    let defaults = Config::defaults()?;
    (config.database, config.queue, config.lake) = (defaults.database, defaults.queue, defaults.lake);
    config.data.dir = args.dir.display().to_string();
    config.server.listen = format!("127.0.0.1:{}", args.port);
    config.check()?;
    Ok(config)
}

async fn furnish(config: &Config, options: &DemoOptions, address: &str) -> Result<String, Failure> {
    // A port that is taken is said before minutes of work, not after.
    drop(serving::listen(&config.server.listen, "server.listen").await?);
    let services = wiring::services(config).await?;
    let worker =
        jobs::Worker::start(Arc::clone(&services), wiring::worker_config(config)?).await.map_err(Failure::failed)?;
    let steps = progress::steps();
    let made = demo::furnish(&services, options, &|step| {
        if steps.is_hidden() {
            output::notice(format_args!("{step} …"));
        } else {
            steps.set_message(step.to_owned());
        }
    })
    .await;
    steps.finish_and_clear();
    worker.stop().await;
    wiring::close(&services).await;
    let demo = made.map_err(Failure::failed)?;
    let lang = config.language.default.parse().unwrap_or_default();
    demo::print(&demo, lang, address).map_err(Failure::failed)
}
