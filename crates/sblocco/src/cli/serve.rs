//! `sblocco serve` and `sblocco worker`.

use std::process::ExitCode;

use clap::Args;

use super::{Invocation, block_on, output};
use crate::{
    failure::Failure,
    serving::{self, Duties},
    telemetry,
};

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address and port, instead of server.listen.
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<String>,
    /// Answer HTTP alone; jobs are run by `sblocco worker` elsewhere.
    #[arg(long)]
    no_worker: bool,
}

pub(super) fn serve(invocation: &Invocation, args: ServeArgs) -> Result<ExitCode, Failure> {
    let mut config = invocation.config()?;
    if let Some(listen) = args.listen {
        config.server.listen = listen;
        config.check()?;
    }
    telemetry::start(&config.log)?;
    let duties = Duties { http: true, worker: !args.no_worker };
    block_on(serving::run(&config, duties, |address| {
        if let Some(address) = address {
            output::notice(format_args!("Sblocco answers on http://{address}"));
        }
    }))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn worker(invocation: &Invocation) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    telemetry::start(&config.log)?;
    block_on(serving::run(&config, Duties { http: false, worker: true }, |_| {}))?;
    Ok(ExitCode::SUCCESS)
}
