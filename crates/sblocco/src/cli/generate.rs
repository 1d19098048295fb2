//! `sblocco generate`.

use std::{path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{output, progress};
use crate::{
    failure::Failure,
    generate::{self, DEFAULT_DAYS, Format, Options},
};

/// First day of generated traffic, unless told otherwise: the same options make the same bytes, today and next year.
const START: &str = "2026-08-01";

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// Folder to write to; it is made if need be, and must be empty.
    out: PathBuf,
    /// Messages over all clients.
    #[arg(long, value_name = "N")]
    messages: u64,
    /// Seed: the same one makes the same files.
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Length of the period in days.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_DAYS)]
    days: u32,
    /// First day of the period (UTC).
    #[arg(long, value_name = "DAY", default_value = START)]
    start: NaiveDate,
    /// Format of messages, inbound and consents.
    #[arg(long, value_enum, default_value_t = FormatArg::Parquet)]
    format: FormatArg,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    Csv,
    Ndjson,
    Parquet,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Ndjson => Self::Ndjson,
            FormatArg::Parquet => Self::Parquet,
        }
    }
}

pub(super) fn run(args: GenerateArgs) -> Result<ExitCode, Failure> {
    let options = Options {
        out: args.out,
        messages: args.messages,
        seed: args.seed,
        days: args.days,
        start: args.start,
        format: args.format.into(),
    };
    let bar = progress::count("generating");
    let told = |progress: generate::Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let made = generate::run(&options, &told);
    bar.finish_and_clear();
    let summary =
        made.map_err(|error| if error.is_usage() { Failure::usage(error) } else { Failure::failed(error) })?;
    for client in &summary.clients {
        output::line(format_args!(
            "{}: {} messages, {} inbound, {} consents",
            options.out.join(&client.folder).display(),
            client.messages,
            client.inbound,
            client.consents
        ))?;
    }
    output::line(format_args!("What was planted where: {}", summary.truth.display()))?;
    Ok(ExitCode::SUCCESS)
}
