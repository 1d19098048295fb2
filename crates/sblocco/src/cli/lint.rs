//! `sblocco lint`: templates before they are submitted, without a server.

mod table;

use std::{path::PathBuf, process::ExitCode};

use audit::lint::{LintContext, Linter, has_lexicon};
use clap::{Args, ValueEnum};
use domain::{
    ports::Clock as _,
    traffic::{LintFinding, Surroundings, TemplateContent},
};
use i18n::Lang;
use serde_json::{Value, json};

use super::{Invocation, audit::surroundings, output};
use crate::{failure::Failure, system::SystemClock};

#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Message templates as the Graph API returns them (NDJSON). Those that were rejected, paused or disabled are compared
    /// with the others.
    #[arg(value_name = "FILE", required = true)]
    templates: Vec<PathBuf>,
    /// Assets: the client's domains and permits (NDJSON).
    #[arg(long, value_name = "FILE")]
    assets: Vec<PathBuf>,
    /// Language of the table and of the sentences.
    #[arg(long, value_name = "it|en")]
    language: Option<Lang>,
    /// How the result is written to standard output.
    #[arg(long, value_enum, default_value_t = LintFormat::Table)]
    format: LintFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LintFormat {
    Table,
    Json,
}

pub(super) fn run(invocation: &Invocation, args: &LintArgs) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    let now = SystemClock.now();
    let lang = args.language.unwrap_or_else(|| config.language.default.parse().unwrap_or_default());
    let Surroundings { templates, client, .. } = surroundings::read(&args.templates, &args.assets, now)?.surroundings;
    let templates = templates.unwrap_or_default();
    if templates.is_empty() {
        return Err(Failure::usage("no template could be read; give files with one template of the Graph API a line"));
    }
    let context = LintContext { client: client.as_ref(), others: &templates, now: Some(now), ..LintContext::default() };
    let linter = Linter::new(&context);
    let linted = templates.iter().map(|template| (template, linter.lint(template)));
    match args.format {
        LintFormat::Table => output::print(&table::render(lang, linted))?,
        LintFormat::Json => {
            let documents: Vec<Value> =
                linted.map(|(template, findings)| document(lang, template, &findings)).collect();
            output::line(serde_json::to_string_pretty(&json!({ "templates": documents })).map_err(Failure::failed)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A template's findings, each with its sentence.
fn document(lang: Lang, template: &TemplateContent, findings: &[LintFinding]) -> Value {
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let mut told = json!(finding);
            told["message"] = i18n::objection(lang, finding).into();
            told
        })
        .collect();
    json!({
        "name": template.name,
        "language": template.language,
        "hasLexicon": has_lexicon(&template.language),
        "findings": findings,
    })
}
