//! `sblocco audit`: an audit of files, without a server or a database.

mod evidence;
pub(super) mod surroundings;
mod table;
mod thresholds;
mod what_if;

use std::{num::NonZero, path::PathBuf, process::ExitCode, sync::Arc};

use audit::Settings;
use clap::{Args, ValueEnum};
use domain::{
    Instant,
    ports::{CancelFlag, Clock as _, WhatIf},
    traffic::{Profile, Subject},
};
use i18n::Lang;
use lake::{AuditOutcome, FilesAudit, LakeError, Phase, evidence::Evidence, exchange::InputFile};

use super::{Invocation, interrupt, output, progress};
use crate::{
    config::{ByteSize, Config},
    failure::{Failure, io_failure},
    system::SystemClock,
};

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Outbound messages: CSV, NDJSON or Parquet; may be given several times, rows count in that order.
    #[arg(long, value_name = "FILE", required = true)]
    messages: Vec<PathBuf>,
    /// Messages received.
    #[arg(long, value_name = "FILE")]
    inbound: Vec<PathBuf>,
    /// Events of the consent ledger.
    #[arg(long, value_name = "FILE")]
    consents: Vec<PathBuf>,
    /// Message templates as the Graph API returns them (NDJSON).
    #[arg(long, value_name = "FILE")]
    templates: Vec<PathBuf>,
    /// Assets: messaging limit, declared campaigns and the like (NDJSON).
    #[arg(long, value_name = "FILE")]
    assets: Vec<PathBuf>,
    /// Start of the period, such as 2026-09-01T00:00:00Z; without it the first message.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    from: Option<Instant>,
    /// End of the period, itself excluded; without it just after the last message.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    to: Option<Instant>,
    /// The rules to run.
    #[arg(long, value_enum, default_value_t = ProfileArg::Full)]
    profile: ProfileArg,
    /// Thresholds other than the defaults: partial values by family, as TOML or JSON.
    #[arg(long, value_name = "FILE")]
    thresholds: Option<PathBuf>,
    /// How the result is written to standard output.
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    format: OutputFormat,
    /// Language of the table.
    #[arg(long, value_name = "it|en")]
    language: Option<Lang>,
    /// Says what the audit would have said without these messages: list=ID, list= for messages of no list,
    /// template=NAME/LANGUAGE, number=ID; may be given several times, all are left out together.
    #[arg(long, value_name = "KIND=ID", value_parser = what_if::subject)]
    without: Vec<Subject>,
    /// Searches, for each rule with findings, the least that should not have been sent. Reads the files many times.
    #[arg(long)]
    remedies: bool,
    /// Writes all messages of each finding into this folder, one NDJSON file each, beside a manifest with their hashes, and the
    /// rejected rows. The files are read a second time for it.
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    /// Shows recipients in clear in the files of --evidence; without it they are masked.
    #[arg(long, requires = "evidence")]
    unmask: bool,
    /// Memory to keep to; the rest goes to temporary files. Without it, lake.memory of the configuration.
    #[arg(long, value_name = "SIZE")]
    memory: Option<ByteSize>,
    /// Threads; without it, lake.threads of the configuration.
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileArg {
    Minimum,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Table,
    Json,
}

/// Of a period's bounds, microseconds since 1970-01-01 UTC.
fn instant(text: &str) -> Result<Instant, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .map_err(|_| "give an instant with its offset, such as 2026-09-01T00:00:00Z".to_owned())
}

pub(super) fn run(invocation: &Invocation, args: &AuditArgs) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from >= to
    {
        return Err(Failure::usage("--from must be before --to"));
    }
    if let Some(folder) = &args.evidence {
        // Found out before an hour of work, not after it.
        std::fs::create_dir_all(folder).map_err(|error| io_failure("make the folder", folder, &error))?;
    }
    let now = SystemClock.now();
    let (outcome, what_if) = audit(&config, args, now, None)?;
    if let Some(folder) = &args.evidence {
        let evidence = evidence::begin(folder, &outcome.report, args.unmask).map_err(Failure::failed)?;
        audit(&config, args, now, Some(&evidence))?;
        evidence::end(folder, &outcome, &evidence, args.unmask)?;
    }
    tell_of_rows(&outcome);
    match args.format {
        OutputFormat::Json => {
            output::line(
                serde_json::to_string_pretty(&what_if::Written::of(&outcome.report, &what_if))
                    .map_err(Failure::failed)?,
            )?;
        }
        OutputFormat::Table => {
            let configured = config.language.default.parse().unwrap_or_default();
            let lang = args.language.unwrap_or(configured);
            output::print(&table::render(lang, &outcome.report))?;
            output::print(&what_if::render(lang, &what_if))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Audits; with evidence, also collects the messages of the findings that an audit before this one has found.
fn audit(
    config: &Config,
    args: &AuditArgs,
    now: Instant,
    evidence: Option<&Arc<Evidence>>,
) -> Result<(AuditOutcome, WhatIf), Failure> {
    let mut request = request(config, args, now)?;
    if evidence.is_some() {
        // On one thread the rows come in order: the same files give the same hashes.
        request.threads = NonZero::new(1);
    }
    let evidence = evidence.cloned();
    let cancel = request.cancel.clone();
    let (reading, replaying) = (progress::bytes("reading"), progress::count("replaying"));
    let bars = (reading.clone(), replaying.clone());
    let told = move |progress: lake::Progress| {
        let bar = if progress.phase == Phase::Reading { &bars.0 } else { &bars.1 };
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let (without, remedies) = (args.without.clone(), args.remedies);
    let searching = progress::count("searching");
    let searched = searching.clone();
    let work = move || {
        let request = FilesAudit { progress: &told, ..request };
        if let Some(evidence) = evidence {
            return lake::audit_files_with(request, &evidence).map(|outcome| (outcome, WhatIf::default()));
        }
        if without.is_empty() && !remedies {
            return lake::audit_files(request).map(|outcome| (outcome, WhatIf::default()));
        }
        lake::audit_files_what_if(request, &without, remedies, &mut |done, total| {
            searched.set_length(total);
            searched.set_position(done);
        })
    };
    let audited = interrupt::stoppable_blocking(&cancel, "stopping the audit", work);
    reading.finish_and_clear();
    replaying.finish_and_clear();
    searching.finish_and_clear();
    audited?.map_err(|error| match error {
        LakeError::Read(_) | LakeError::Refused { .. } => Failure::usage(error),
        LakeError::Cancelled => Failure::failed("the audit was stopped before its end: there is no result"),
        _ => Failure::failed(error),
    })
}

fn request(config: &Config, args: &AuditArgs, now: Instant) -> Result<FilesAudit<'static>, Failure> {
    let files = |paths: &[PathBuf]| paths.iter().cloned().map(InputFile::from).collect();
    Ok(FilesAudit {
        messages: files(&args.messages),
        inbound: files(&args.inbound),
        consents: files(&args.consents),
        strict: false,
        settings: Settings {
            from: args.from.map(|instant| instant.timestamp_micros()),
            to: args.to.map(|instant| instant.timestamp_micros()),
            profile: match args.profile {
                ProfileArg::Minimum => Profile::Minimum,
                ProfileArg::Full => Profile::Full,
            },
            thresholds: args.thresholds.as_deref().map(thresholds::read).transpose()?.unwrap_or_default(),
            ..Settings::default()
        },
        inputs: surroundings::read(&args.templates, &args.assets, now)?,
        memory: usize::try_from(args.memory.unwrap_or(config.lake.memory).bytes()).ok(),
        threads: args.threads.or_else(|| NonZero::new(config.lake_threads())),
        // Where nothing is configured the folder of the system does: this command leaves no data folder behind.
        temporary: (!config.lake.temp_dir.is_empty()).then(|| config.temp_dir()),
        progress: &|_| (),
        cancel: CancelFlag::default(),
    })
}

fn tell_of_rows(outcome: &AuditOutcome) {
    for file in &outcome.files {
        if let Some(first) = file.row_errors.first() {
            output::notice(format_args!(
                "{}: {} rows are bad and were left out (the first: {first}); --evidence DIR lists them",
                file.file, file.rejected
            ));
        }
        if !file.unknown_columns.is_empty() {
            output::notice(format_args!("{}: unknown columns ignored: {}", file.file, file.unknown_columns.join(", ")));
        }
    }
    if outcome.contradicting_rows > 0 {
        output::notice(format_args!(
            "{} rows contradict the first row of their message in number, type, template, category, list, campaign or time; \
             the first row counts",
            outcome.contradicting_rows
        ));
    }
}
