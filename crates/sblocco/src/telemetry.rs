//! Log lines, on standard error: for people on a terminal, one JSON object a line elsewhere. Fields never hold a phone number or
//! the text of a message.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    config::{Log, LogFormat},
    failure::Failure,
};

/// Starts the log of a server or worker, as configured.
///
/// # Errors
/// [`Failure`] when it was started before, or the level is none.
pub fn start(log: &Log) -> Result<(), Failure> {
    install(log.format, &log.level)
}

/// Starts the log of a command that runs once: warnings, or everything from `info` on when `verbose`.
///
/// # Errors
/// [`Failure`] when it was started before.
pub fn start_for_command(verbose: bool) -> Result<(), Failure> {
    install(LogFormat::Auto, if verbose { "info" } else { "warn" })
}

fn install(format: LogFormat, level: &str) -> Result<(), Failure> {
    let filter = EnvFilter::builder().parse(level).map_err(|error| Failure::usage(format!("log.level: {error}")))?;
    let terminal = stderr().is_terminal();
    let human = match format {
        LogFormat::Auto => terminal,
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let builder = fmt().with_env_filter(filter).with_writer(stderr);
    let installed = if human {
        builder.with_ansi(terminal).with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    installed.map_err(|error| Failure::failed(format!("the log cannot be started: {error}")))
}
