//! `sblocco import`: files into the configured database and lake, without a server.

mod webhooks;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
    sync::Arc,
};

use app::{
    OpCtx, OpError,
    imports::{self, ImportCode, Imported, NewImport},
};
use clap::Args;
use domain::{
    imports::{FileFormat, ImportKind},
    ports::{CancelFlag, Progress},
};
use i18n::{Group, Lang};
use tokio::sync::mpsc::Receiver;

use super::{Invocation, admin, block_on, interrupt, output, progress};
use crate::{failure::Failure, wiring};

/// Bad rows that are told at the terminal; all that are kept can be fetched.
const TOLD: u32 = 10;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// What the rows are: messages, inbound, consents, templates, assets, or webhooks: recorded bodies of Meta's, one a line.
    #[arg(value_name = "KIND")]
    kind: Rows,
    /// Files: CSV, NDJSON or Parquet; of webhooks, NDJSON.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Short name or id of the client. Webhooks say themselves whose they are.
    #[arg(long, value_name = "SLUG_OR_ID")]
    client: Option<String>,
    /// Refuse a file that has a bad row.
    #[arg(long)]
    strict: bool,
    /// Consents that do not say when they were recorded were recorded when they took effect.
    #[arg(long)]
    history: bool,
    /// Format of the files, when their names do not tell: csv, ndjson, parquet; the first two also with .gz or .zst.
    #[arg(long, value_parser = format)]
    format: Option<FileFormat>,
}

/// What the rows of files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Of a client.
    Of(ImportKind),
    /// Bodies of webhooks.
    Webhooks,
}

impl FromStr for Rows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "webhooks" {
            return Ok(Self::Webhooks);
        }
        text.parse()
            .map(Self::Of)
            .map_err(|_| "known are messages, inbound, consents, templates, assets and webhooks".to_owned())
    }
}

fn format(text: &str) -> Result<FileFormat, String> {
    FileFormat::of(Path::new(&format!("file.{text}")))
        .map_err(|_| "give csv, ndjson or parquet, or csv.gz and the like".to_owned())
}

pub(super) fn run(invocation: &Invocation, args: ImportArgs) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    let kind = match (args.kind, &args.client) {
        (Rows::Webhooks, None) => return webhooks::run(&config, &args.files),
        (Rows::Webhooks, Some(_)) => {
            return Err(Failure::usage("webhooks say themselves whose they are: leave --client out"));
        }
        (Rows::Of(kind), _) => kind,
    };
    let Some(client) = args.client else {
        return Err(Failure::usage("say whose the rows are: --client SLUG_OR_ID"));
    };
    // All of them are looked at before the first is read.
    let mut files = Vec::new();
    for path in args.files {
        if let Err(error) = std::fs::File::open(&path) {
            let reason = crate::failure::io_reason(&error);
            return Err(Failure::usage(format!("{}: cannot be opened ({reason})", path.display())));
        }
        let format = match args.format {
            Some(format) => format,
            None => FileFormat::of(&path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?,
        };
        files.push((path, format));
    }
    block_on(async {
        let mut signals = interrupt::signals()?;
        let services = wiring::services(&config).await?;
        // An operation of its own: its transaction ends with it.
        let client = admin::find_client(&OpCtx::system(Arc::clone(&services)), &client).await?.id;
        let mut done = Ok(());
        for (path, format) in files {
            let new = NewImport {
                client,
                kind,
                file_name: path.display().to_string(),
                path,
                format,
                strict: args.strict,
                history: args.history,
            };
            done = one(OpCtx::system(Arc::clone(&services)), new, &mut signals).await;
            if done.is_err() {
                break;
            }
        }
        wiring::close(&services).await;
        done
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn one(op: OpCtx, new: NewImport, signals: &mut Receiver<&'static str>) -> Result<(), Failure> {
    let name = new.file_name.clone();
    let bar = progress::bytes("importing");
    let told = bar.clone();
    let cancel = CancelFlag::default();
    let progress = Arc::new(move |progress: Progress| {
        told.set_length(progress.total);
        told.set_position(progress.done);
    });
    let running = imports::run(&op, new, progress, cancel.clone());
    let imported =
        interrupt::stoppable(signals, &cancel, "stopping; nothing of this file will be visible", running).await;
    bar.finish_and_clear();
    let imported = imported?.map_err(stopped).map_err(|failure| failure.about(&name))?;
    tell(&op, &name, &imported).await
}

/// An import that was stopped as somebody asked is no bad input.
fn stopped(error: OpError<ImportCode>) -> Failure {
    let was_asked =
        matches!(&error, OpError::Refused(refusals) if refusals.iter().any(|r| r.code == ImportCode::Cancelled));
    match admin::failure(error) {
        Failure::Usage(message) if was_asked => Failure::Failed(message),
        failure => failure,
    }
}

async fn tell(op: &OpCtx, name: &str, imported: &Imported) -> Result<(), Failure> {
    let import = &imported.import;
    if imported.is_unchanged {
        return output::line(format_args!("{name}: imported before as {}; nothing changed", import.id));
    }
    output::line(format_args!(
        "{name}: {} rows imported, {} rejected ({})",
        import.accepted, import.rejected, import.id
    ))?;
    if !import.unknown_columns.is_empty() {
        output::notice(format_args!("{name}: unknown columns ignored: {}", import.unknown_columns.join(", ")));
    }
    if import.rejected > 0 {
        let first = app::page::Keyset::first(TOLD);
        for error in imports::row_errors(op, import.id, &first).await.map_err(admin::failure)?.items {
            let reason = i18n::word(Lang::En, Group::RowReason, &error.reason);
            let column = if error.column.is_empty() { "" } else { &format!("{} ", error.column) };
            output::notice(format_args!("{name}: line {}: {column}{reason}", error.line));
        }
        if import.rejected > u64::from(TOLD) {
            output::notice(format_args!("{name}: and {} more", import.rejected - u64::from(TOLD)));
        }
    }
    Ok(())
}
