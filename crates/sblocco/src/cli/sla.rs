//! `sblocco sla`: where the time of a ticket went, in words. Reads the configured database as the product itself.

use std::{fmt::Write as _, process::ExitCode, sync::Arc};

use app::{OpCtx, sla::Explained};
use clap::{Args, Subcommand, ValueEnum};
use domain::tickets::Ticket;
use i18n::Lang;

use super::{Invocation, admin::failure, block_on, output};
use crate::{failure::Failure, wiring};

#[derive(Debug, Subcommand)]
pub(super) enum SlaCommand {
    /// Say of each promise on a ticket what it is, how it stands, and where every second went.
    Explain(ExplainArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The ticket, such as T-00001234.
    ticket: String,
    /// Language of the texts.
    #[arg(long, value_name = "it|en", default_value_t = Lang::It)]
    language: Lang,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// Sentences.
    Text,
    /// A table with a row for each stretch of time (RFC 4180).
    Csv,
}

pub(super) fn run(invocation: &Invocation, command: SlaCommand) -> Result<ExitCode, Failure> {
    let SlaCommand::Explain(args) = command;
    let config = invocation.config()?;
    block_on(async {
        let services = wiring::services(&config).await?;
        // An operation holds the transaction in which it reads, and goes before the database is closed.
        let op = OpCtx::system(Arc::clone(&services));
        let found = app::sla::of_reference(&op, &args.ticket).await;
        drop(op);
        wiring::close(&services).await;
        let (ticket, timers, zone) = found.map_err(failure).map_err(|failure| failure.about(&args.ticket))?;
        output::print(&match args.format {
            ExplainFormat::Csv => app::sla::explanation_csv(args.language, &ticket, &timers, &zone),
            ExplainFormat::Text => {
                let timers: Vec<Explained> =
                    timers.iter().map(|timer| app::sla::explain(args.language, timer, &zone)).collect();
                text(args.language, &ticket, &timers)
            }
        })
    })?;
    Ok(ExitCode::SUCCESS)
}

fn text(lang: Lang, ticket: &Ticket, timers: &[Explained]) -> String {
    let mut text = format!("{} {}\n", ticket.reference(), ticket.title);
    if timers.is_empty() {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}", i18n::text(lang, "sla-no-timers", &i18n::Args::new()));
    }
    for timer in timers {
        let _ = writeln!(text, "\n{}", timer.summary.join(" "));
        for segment in &timer.segments {
            let _ = writeln!(text, "  {}", segment.text);
        }
    }
    text
}
