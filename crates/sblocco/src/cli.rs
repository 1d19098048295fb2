//! The command line: what each command takes, and the status with which it ends.

mod admin;
mod audit;
mod config;
mod demo;
mod doctor;
mod generate;
mod import;
mod interrupt;
mod lint;
mod mail;
mod migrate;
mod output;
mod progress;
mod serve;
mod simulate;
mod sla;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{
    config::{Config, process_variables},
    failure::{Failure, io_reason},
    telemetry,
};

/// Operations backend of a WhatsApp Business Solution Provider: finds out why a client's account was blocked, and helps to
/// unblock it.
///
/// Every command ends with status 0 when it ran, 2 for bad usage or unusable input, 1 when it failed otherwise.
#[derive(Debug, Parser)]
#[command(name = "sblocco", version, propagate_version = true, max_term_width = 110)]
struct Cli {
    /// Configuration file; without it ./sblocco.toml when there is one.
    #[arg(long, global = true, env = "SBLOCCO_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say more about what is being done, on standard error.
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer HTTP, and run jobs.
    Serve(serve::ServeArgs),
    /// Run jobs alone.
    Worker,
    /// Import files of a client's traffic, consents or templates.
    Import(Box<import::ImportArgs>),
    /// Audit files of messages, inbound messages and consents, without a server.
    Audit(Box<audit::AuditArgs>),
    /// Look for what a review would object to in templates, without a server.
    Lint(lint::LintArgs),
    /// Make synthetic traffic with planted faults, for trying things out.
    Generate(generate::GenerateArgs),
    /// Make a BSP with three clients, audit them, open a ticket, and serve it all: nothing to install.
    Demo(demo::DemoArgs),
    /// Play what stands outside: Meta, posting webhooks.
    #[command(subcommand)]
    Simulate(Box<simulate::SimulateCommand>),
    /// Take in one mail from standard input, for a mail server on this machine.
    Mail(mail::MailArgs),
    /// Bring the database up to date.
    Migrate,
    /// Print who may do what, as a table.
    Permissions,
    /// Print the GraphQL schema.
    Schema,
    /// See whether everything that a server needs is there, and say what to do.
    Doctor,
    /// Create clients, people and tokens on the configured database.
    #[command(subcommand)]
    Admin(Box<admin::AdminCommand>),
    /// Explain SLA timers.
    #[command(subcommand)]
    Sla(sla::SlaCommand),
    /// Check and show the configuration.
    #[command(subcommand)]
    Config(config::ConfigCommand),
}

/// What every command is given.
#[derive(Debug)]
struct Invocation {
    config: Option<PathBuf>,
    verbose: bool,
}

impl Invocation {
    /// The configuration of file and environment.
    fn config(&self) -> Result<Config, Failure> {
        Ok(Config::load(self.config.as_deref(), process_variables())?)
    }

    /// Starts the log of a command that runs once.
    fn start_log(&self) -> Result<(), Failure> {
        telemetry::start_for_command(self.verbose)
    }
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let status = if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
            // Nobody is left to tell when the terminal is gone.
            return error.print().map_or(ExitCode::from(1), |()| status);
        }
    };
    let invocation = Invocation { config: cli.config, verbose: cli.verbose };
    match dispatch(&invocation, cli.command) {
        Ok(status) => status,
        Err(failure) => {
            output::error(&failure);
            failure.status()
        }
    }
}

fn dispatch(invocation: &Invocation, command: Command) -> Result<ExitCode, Failure> {
    // A server's log is configured; it starts its own.
    if !matches!(command, Command::Serve(_) | Command::Worker) {
        invocation.start_log()?;
    }
    match command {
        Command::Serve(args) => serve::serve(invocation, args),
        Command::Worker => serve::worker(invocation),
        Command::Import(args) => import::run(invocation, *args),
        Command::Audit(args) => audit::run(invocation, &args),
        Command::Lint(args) => lint::run(invocation, &args),
        Command::Generate(args) => generate::run(args),
        Command::Demo(args) => demo::run(invocation, args),
        Command::Simulate(command) => simulate::run(*command),
        Command::Mail(args) => mail::run(invocation, &args),
        Command::Migrate => migrate::run(invocation),
        Command::Permissions => output::print(&domain::access::matrix()).map(|()| ExitCode::SUCCESS),
        Command::Schema => output::print(&graphql::sdl()).map(|()| ExitCode::SUCCESS),
        Command::Doctor => doctor::run(invocation),
        Command::Admin(command) => admin::run(invocation, *command),
        Command::Sla(command) => sla::run(invocation, command),
        Command::Config(command) => config::run(invocation, &command),
    }
}

/// How long the end of a command waits for what blocks a thread.
const LEAVING: Duration = Duration::from_millis(500);

/// Runs `work` on a runtime of its own.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the runtime cannot be started: {}", io_reason(&error))))?;
    let done = runtime.block_on(work);
    // Tasks are dropped, and tidy up what is theirs; what still blocks a thread was given up, and is not waited for long.
    runtime.shutdown_timeout(LEAVING);
    done
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
