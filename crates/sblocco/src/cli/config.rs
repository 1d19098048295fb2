//! `sblocco config`.

use std::process::ExitCode;

use clap::Subcommand;

use super::{Invocation, output};
use crate::{config::DEFAULTS, failure::Failure};

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read file and environment, and say what is wrong with them (nothing is connected to: see `doctor`).
    Check,
    /// Print the configuration in effect as TOML, secrets masked.
    Show,
    /// Print every key with its default and what it means.
    Default,
}

pub(super) fn run(invocation: &Invocation, command: &ConfigCommand) -> Result<ExitCode, Failure> {
    match command {
        ConfigCommand::Check => {
            invocation.config()?;
            output::line("The configuration is valid.")?;
        }
        ConfigCommand::Show => output::print(&invocation.config()?.shown().map_err(Failure::failed)?)?,
        ConfigCommand::Default => output::print(DEFAULTS)?,
    }
    Ok(ExitCode::SUCCESS)
}
