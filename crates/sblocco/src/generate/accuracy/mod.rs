//! How often an audit is right about generated traffic: the two know nothing of each other.
//!
//! Whatever was planted must be found, with its counts, and nothing else. The test fails when it is not so, and when
//! `docs/accuracy.md` does not say what was measured: `SBLOCCO_BLESS=1` writes it anew.

mod page;
mod score;
mod told;

use std::path::Path;

use audit::{Inputs, Settings, lint};
use domain::ports::CancelFlag;
use domain::traffic::{Finding, RuleState, TemplateContent};
use lake::{AuditOutcome, FilesAudit, audit_files};
use meta::asset::{Asset, Assets};
use meta::template::Template;
use serde_json::Value;

use super::*;
use score::Scores;

/// What is generated and audited: messages, days, seed, format. The first two are as small as is large enough.
const RUNS: [(u64, u32, u64, Format); 4] = [
    (40_000, DEFAULT_DAYS, 11, Format::Csv),
    (40_000, MIN_DAYS, 12, Format::Parquet),
    (64_000, 120, 4, Format::Ndjson),
    (60_000, DEFAULT_DAYS, 7, Format::Parquet),
];

fn lines<T>(folder: &Path, name: &str, read: impl Fn(&str) -> T) -> Vec<T> {
    fs::read_to_string(folder.join(name)).unwrap().lines().map(read).collect()
}

fn templates(folder: &Path) -> Vec<TemplateContent> {
    lines(folder, "templates.ndjson", |line| Template::from_json(line).unwrap().content())
}

fn assets(folder: &Path) -> Assets {
    lines(folder, "assets.ndjson", |line| Asset::from_json(line).unwrap()).into_iter().collect()
}

/// Audits a client's folder with all that lies beside the traffic: templates and assets as the command does, and what webhooks
/// told as the server does.
fn audit(folder: &Path, format: Format) -> AuditOutcome {
    let file = |name: &str| vec![folder.join(format!("{name}.{format}")).into()];
    let assets = assets(folder);
    let mut surroundings = assets.surroundings();
    surroundings.templates = Some(templates(folder));
    surroundings.events = Some(told::events(&lines(folder, "webhooks.ndjson", str::to_owned), &assets));
    let violation_at = surroundings.first_violation_at().map(|at| at.timestamp_micros());
    let request = FilesAudit {
        messages: file("messages"),
        inbound: file("inbound"),
        consents: file("consents"),
        strict: true,
        settings: Settings { violation_at, ..Settings::default() },
        inputs: Inputs { surroundings, ..Inputs::default() },
        memory: None,
        threads: None,
        temporary: Some(folder.to_owned()),
        progress: &|_| {},
        cancel: CancelFlag::default(),
    };
    audit_files(request).unwrap()
}

fn is_about(finding: &Finding, fault: &Value) -> bool {
    let subject = serde_json::to_value(&finding.subject).unwrap();
    finding.rule.to_string() == fault["rule"] && subject == fault["subject"]
}

/// Holds an audit against a client's entry in `truth.json`, and adds to the scores.
fn hold(outcome: &AuditOutcome, truth: &Value, scores: &mut Scores) {
    let report = &outcome.report;
    let folder = &truth["folder"];
    assert_eq!(report.rejected, domain::traffic::Rejected::default(), "{folder}");
    assert_eq!(outcome.contradicting_rows, 0, "{folder}");
    assert_eq!(report.totals.messages, truth["rows"]["messages"], "{folder}");
    assert!(outcome.files.iter().all(|file| file.unknown_columns.is_empty()), "{folder}");

    let faults = truth["faults"].as_array().unwrap();
    for fault in faults {
        let found = report.findings.iter().find(|finding| is_about(finding, fault));
        scores.planted(fault, found.map(|finding| figures_differ(finding, fault)));
    }
    for finding in &report.findings {
        let planted = faults.iter().any(|fault| is_about(finding, fault));
        scores.found(finding, planted);
        assert!(planted || truth["clean"] == false, "{folder}: {} {:?}", finding.rule, finding.subject);
    }
    let clear = truth["clear"].as_array().unwrap();
    for result in report.rules.iter().filter(|result| clear.contains(&result.rule.to_string().into())) {
        let expected = match result.state {
            RuleState::Clear => true,
            RuleState::InsufficientData => truth["clean"] == false,
            RuleState::Finding => truth["clean"] == false && score::is_statistical(result.rule),
            RuleState::NotFed => false,
        };
        assert!(expected, "{folder}: {} is {}: {:?}", result.rule, result.state, report.findings);
    }
}

/// What of a finding is not as `truth.json` says.
fn figures_differ(finding: &Finding, fault: &Value) -> Vec<String> {
    let figures = serde_json::to_value(&finding.figures).unwrap();
    let mut differ = Vec::new();
    for (name, expected) in fault["expected"].as_object().unwrap() {
        let found = match name.as_str() {
            "recipients" => finding.recipients.into(),
            // How many there are at least: what happens by chance may come on top.
            "atLeast" if finding.messages >= expected.as_u64().unwrap() => continue,
            "messages" | "atLeast" => finding.messages.into(),
            // Not figures of the finding, where they are not numbers.
            "day" | "templates" if !expected.is_number() => continue,
            figure => figures[figure].clone(),
        };
        if found != *expected {
            differ.push(format!("{name} is {found}, not {expected}"));
        }
    }
    differ
}

fn generate_and_audit((messages, days, seed, format): (u64, u32, u64, Format)) -> Scores {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let start = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    run(&Options { out: out.clone(), messages, seed, days, start, format }, &|_| {}).unwrap();
    let truth: Value = serde_json::from_slice(&fs::read(out.join("truth.json")).unwrap()).unwrap();
    assert_eq!(truth["largeEnough"], true);
    let mut scores = Scores::default();
    for client in truth["clients"].as_array().unwrap() {
        let outcome = audit(&out.join(client["folder"].as_str().unwrap()), format);
        hold(&outcome, client, &mut scores);
    }
    scores
}

#[test]
fn an_audit_finds_what_was_planted_with_its_counts_and_nothing_else() {
    let all: Vec<Scores> = std::thread::scope(|scope| {
        let runs = RUNS.map(|run| scope.spawn(move || generate_and_audit(run)));
        runs.into_iter().map(|run| run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut scores = Scores::default();
    for one in all {
        scores.merge(one);
    }
    scores.hold();
    page::hold(&scores);
}

#[test]
fn a_reviewer_objects_to_the_templates_that_were_planted_and_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let start = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    let options = Options { out: out.clone(), messages: 2_000, seed: 1, days: MIN_DAYS, start, format: Format::Csv };
    run(&options, &|_| {}).unwrap();
    let truth: Value = serde_json::from_slice(&fs::read(out.join("truth.json")).unwrap()).unwrap();
    for client in truth["clients"].as_array().unwrap() {
        let folder = out.join(client["folder"].as_str().unwrap());
        let (templates, facts) = (templates(&folder), assets(&folder).surroundings().client);
        let context = lint::LintContext { client: facts.as_ref(), others: &templates, ..lint::LintContext::default() };
        let linter = lint::Linter::new(&context);
        let mut found: Vec<(String, String)> = templates
            .iter()
            .flat_map(|template| linter.lint(template).into_iter().map(move |finding| (template, finding)))
            .map(|(template, finding)| (finding.rule.to_string(), format!("{}/{}", template.name, template.language)))
            .collect();
        found.sort();
        found.dedup();
        let content =
            ["CON-11", "TPL-05", "TPL-07", "TPL-08", "TPL-10", "TPL-12", "TPL-13", "PRO-01", "PRO-02", "PRO-03"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut planted: Vec<(String, String)> = client["faults"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|fault| content.contains(&fault["rule"].as_str().unwrap()))
            .map(|fault| (text(&fault["rule"]), text(&fault["subject"]["id"])))
            .collect();
        planted.sort();
        assert_eq!(found, planted, "{}", client["folder"]);
    }
}
