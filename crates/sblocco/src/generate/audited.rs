//! The audit finds what was planted, all of it and nothing else: the two know nothing of each other.

use std::path::Path;

use audit::{Inputs, Settings};
use domain::ports::CancelFlag;
use domain::traffic::{Finding, RuleState};
use lake::{AuditOutcome, FilesAudit, audit_files};
use meta::asset::{Asset, Assets};
use serde_json::Value;

use super::*;

/// Audits a client's folder as the command does, with the templates and assets beside the traffic.
fn audit(folder: &Path, format: Format) -> AuditOutcome {
    let file = |name: &str| vec![folder.join(format!("{name}.{format}")).into()];
    let assets: Assets = fs::read_to_string(folder.join("assets.ndjson"))
        .unwrap()
        .lines()
        .map(|line| Asset::from_json(line).unwrap())
        .collect();
    let inputs = Inputs { surroundings: assets.surroundings(), ..Inputs::default() };
    let request = FilesAudit {
        messages: file("messages"),
        inbound: file("inbound"),
        consents: file("consents"),
        strict: true,
        settings: Settings::default(),
        inputs,
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

/// Holds an audit against a client's entry in `truth.json`.
fn hold(outcome: &AuditOutcome, truth: &Value, large_enough: bool) {
    let report = &outcome.report;
    let folder = &truth["folder"];
    assert_eq!(report.rejected, domain::traffic::Rejected::default(), "{folder}");
    assert_eq!(outcome.contradicting_rows, 0, "{folder}");
    assert_eq!(report.totals.messages, truth["rows"]["messages"], "{folder}");
    assert!(outcome.files.iter().all(|file| file.unknown_columns.is_empty()), "{folder}");

    let faults = truth["faults"].as_array().unwrap();
    for fault in faults {
        let found = report.findings.iter().find(|finding| is_about(finding, fault));
        let Some(found) = found else { panic!("{folder}: not found: {fault}") };
        let figures = serde_json::to_value(&found.figures).unwrap();
        for (name, expected) in fault["expected"].as_object().unwrap() {
            let found = match name.as_str() {
                "messages" => found.messages.into(),
                "recipients" => found.recipients.into(),
                // Not a figure of the finding.
                "day" | "atLeast" | "templates" => continue,
                figure => figures[figure].clone(),
            };
            assert_eq!(found, *expected, "{folder}: {name} of {fault}");
        }
    }
    // The truth speaks of the rules that it names; a fault may break others, but the clean client breaks none.
    let clear = truth["clear"].as_array().unwrap();
    let speaks_of = |rule: &Value| clear.contains(rule) || faults.iter().any(|fault| fault["rule"] == *rule);
    let held = |finding: &&Finding| truth["clean"] == true || speaks_of(&finding.rule.to_string().into());
    for finding in report.findings.iter().filter(held) {
        let planted = faults.iter().any(|fault| is_about(finding, fault));
        assert!(planted, "{folder}: not planted: {} {:?} {:?}", finding.rule, finding.subject, finding.figures);
    }
    for result in report.rules.iter().filter(|result| clear.contains(&result.rule.to_string().into())) {
        let expected = if truth["clean"] == true && large_enough {
            result.state == RuleState::Clear
        } else {
            matches!(result.state, RuleState::Clear | RuleState::InsufficientData)
        };
        assert!(expected, "{folder}: {} is {}", result.rule, result.state);
    }
}

fn generate_and_audit(messages: u64, days: u32, seed: u64, format: Format) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let start = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    run(&Options { out: out.clone(), messages, seed, days, start, format }, &|_| {}).unwrap();
    let truth: Value = serde_json::from_slice(&fs::read(out.join("truth.json")).unwrap()).unwrap();
    for client in truth["clients"].as_array().unwrap() {
        let outcome = audit(&out.join(client["folder"].as_str().unwrap()), format);
        hold(&outcome, client, truth["largeEnough"] == true);
    }
}

#[test]
fn an_audit_finds_every_planted_fault_with_its_counts_and_nothing_else() {
    generate_and_audit(30_000, DEFAULT_DAYS, 7, Format::Parquet);
}

#[test]
fn the_smallest_size_that_is_large_enough_is() {
    generate_and_audit(20_000, DEFAULT_DAYS, 11, Format::Csv);
    generate_and_audit(20_000, MIN_DAYS, 12, Format::Parquet);
}

#[test]
fn shorter_and_longer_periods_hold_the_same_faults() {
    generate_and_audit(30_000, MIN_DAYS, 3, Format::Ndjson);
    generate_and_audit(60_000, 120, 4, Format::Parquet);
}
