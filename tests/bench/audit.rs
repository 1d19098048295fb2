//! Measures `sblocco audit` on files against a peer that answers the same questions, side by side:
//!
//! `bench-audit --data DIR --peer COMMAND [--product COMMAND] [--runs N]`
//!
//! DIR holds messages.parquet, inbound.parquet and consents.parquet. COMMANDs are run without a shell; the words DATA and
//! OUT in them stand for DIR and for a file into which the peer writes its answers as JSON, so that figures can be
//! compared. Product and peer take turns, so that both meet the same weather; ratios are those of the medians.

mod measure;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use measure::{Failure, Run, median, run};
use serde_json::Value;

struct Arguments {
    data: PathBuf,
    peer: Vec<String>,
    product: Vec<String>,
    runs: usize,
}

fn main() -> ExitCode {
    match measure() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "bench-audit: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether the figures agree, as far as the peer tells any.
fn measure() -> Result<bool, Failure> {
    let arguments = arguments(std::env::args().skip(1))?;
    let folder = tempfile::tempdir()?;
    let (report, answers) = (folder.path().join("report.json"), folder.path().join("answers.json"));
    let mut out = io::stdout().lock();
    let (mut product, mut peer) = (Vec::new(), Vec::new());
    for run in 1..=arguments.runs {
        for (name, command, stdout, runs) in
            [("product", &arguments.product, Some(&report), &mut product), ("peer", &arguments.peer, None, &mut peer)]
        {
            let taken = run_once(command, &arguments.data, &answers, stdout.map(PathBuf::as_path))?;
            let Run { seconds, processor_seconds, megabytes } = taken;
            writeln!(
                out,
                "{name} {run}: {seconds:.2} s, {processor_seconds:.2} s of the processors, {megabytes:.0} MB"
            )?;
            runs.push(taken);
        }
    }
    let median_of = |runs: &[Run], value: fn(&Run) -> f64| median(runs.iter().map(value));
    let seconds: fn(&Run) -> f64 = |run| run.seconds;
    let megabytes: fn(&Run) -> f64 = |run| run.megabytes;
    writeln!(
        out,
        "medians: product {:.2} s, {:.0} MB; peer {:.2} s, {:.0} MB",
        median_of(&product, seconds),
        median_of(&product, megabytes),
        median_of(&peer, seconds),
        median_of(&peer, megabytes),
    )?;
    writeln!(
        out,
        "the product is {:.1} times as fast and takes 1/{:.1} of the memory",
        median_of(&peer, seconds) / median_of(&product, seconds),
        median_of(&peer, megabytes) / median_of(&product, megabytes),
    )?;
    if !answers.exists() {
        writeln!(out, "figures: not compared, for the peer wrote none (OUT in its command)")?;
        return Ok(true);
    }
    let differences = differences(&read(&report)?, &read(&answers)?["answers"]);
    if differences.is_empty() {
        writeln!(out, "figures: equal")?;
    }
    for difference in &differences {
        writeln!(out, "figures differ: {difference}")?;
    }
    Ok(differences.is_empty())
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, Failure> {
    let (mut data, mut peer, mut product, mut runs) = (None, None, None, 3);
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--data" => data = Some(PathBuf::from(value)),
            "--peer" => peer = Some(words(&value)),
            "--product" => product = Some(words(&value)),
            "--runs" => runs = value.parse().map_err(|_| "--runs needs a number")?,
            _ => return Err(format!("{name} is unknown; --data, --peer, --product and --runs are known").into()),
        }
    }
    let data = data.ok_or("--data DIR is missing")?;
    let product = match product {
        Some(command) if command.iter().any(|word| word.contains("DATA")) => command,
        Some(command) => with_audit(command),
        None => {
            let own = std::env::current_exe()?;
            with_audit(vec![own.with_file_name("sblocco").display().to_string()])
        }
    };
    if runs == 0 {
        return Err("--runs needs at least 1".into());
    }
    Ok(Arguments { data, peer: peer.ok_or("--peer COMMAND is missing")?, product, runs })
}

fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

/// The product's command line for the three files.
fn with_audit(mut command: Vec<String>) -> Vec<String> {
    command.push("audit".to_owned());
    for kind in ["messages", "inbound", "consents"] {
        command.extend([format!("--{kind}"), format!("DATA/{kind}.parquet")]);
    }
    command.extend(["--format", "json", "--threads", "2"].map(str::to_owned));
    command
}

fn run_once(command: &[String], data: &Path, answers: &Path, stdout: Option<&Path>) -> Result<Run, Failure> {
    let place = |word: &String| {
        word.replace("DATA", &data.display().to_string()).replace("OUT", &answers.display().to_string())
    };
    run(&command.iter().map(place).collect::<Vec<_>>(), stdout)
}

fn read(path: &Path) -> Result<Value, Failure> {
    let text = std::fs::read(path)?;
    Ok(serde_json::from_slice(&text).map_err(|error| format!("{} is no JSON: {error}", path.display()))?)
}

/// What differs between the product's report and the answers of `peer_duckdb.py`.
fn differences(report: &Value, answers: &Value) -> Vec<String> {
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    let single = |name: &str, column: usize| number(&answers[name][0][column]);
    let sum = |name: &str, column: usize| -> i64 { rows(&answers[name]).map(|row| number(&row[column])).sum() };
    let flooding = &report["flooding"];
    let pairs = [
        ("counted", number(&report["totals"]["counted"]), sum("volume", 2)),
        ("free-form", number(&report["freeFormOutsideWindow"]["messages"]), sum("free_form", 1)),
        ("peak", number(&report["peak24h"]["recipients"]), single("peak", 0)),
        ("flooding, day", number(&flooding["dayMessages"]), single("flooding", 0)),
        ("flooding, day, recipients", number(&flooding["dayRecipients"]), single("flooding", 1)),
        ("flooding, week", number(&flooding["weekMessages"]), single("flooding", 2)),
        ("flooding, week, recipients", number(&flooding["weekRecipients"]), single("flooding", 3)),
        ("dead audience", number(&report["deadAudience"]["recipients"]), sum("dead", 1)),
        ("undeliverable", number(&report["undeliverableResends"]["messages"]), single("undeliverable", 0)),
        (
            "undeliverable, recipients",
            number(&report["undeliverableResends"]["recipients"]),
            single("undeliverable", 1),
        ),
        ("retries", number(&report["retries"]["messages"]), single("retries", 0)),
        ("retries, recipients", number(&report["retries"]["recipients"]), single("retries", 1)),
    ];
    let mut found: Vec<String> = pairs
        .iter()
        .filter(|(_, ours, theirs)| ours != theirs)
        .map(|(name, ours, theirs)| format!("{name}: {ours}, the peer says {theirs}"))
        .collect();
    if consents(report) != peer_consents(answers) {
        found.push("consent by list and verdict".to_owned());
    }
    if templates(report) != peer_templates(answers) {
        found.push("outcomes of templates".to_owned());
    }
    found
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Messages and recipients by (verdict, list).
type Consents = BTreeMap<(String, String), (u64, u64)>;

fn consents(report: &Value) -> Consents {
    rows(&report["consent"]["byList"])
        .filter(|entry| entry["messages"].as_u64() != Some(0))
        .map(|entry| {
            ((text(&entry["verdict"]), text(&entry["listId"])), counts(&entry["messages"], &entry["recipients"]))
        })
        .collect()
}

fn peer_consents(answers: &Value) -> Consents {
    rows(&answers["consent"]).map(|row| ((text(&row[0]), text(&row[1])), counts(&row[2], &row[3]))).collect()
}

/// Figures of one template.
#[derive(Debug, Default, PartialEq, Eq)]
struct Template {
    sent: u64,
    delivered: u64,
    read: u64,
    failed: u64,
    errors: BTreeMap<u64, u64>,
}

fn templates(report: &Value) -> BTreeMap<(String, String), Template> {
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    rows(&report["templates"])
        .map(|entry| {
            let template = Template {
                sent: count(&entry["sent"]),
                delivered: count(&entry["delivered"]),
                read: count(&entry["read"]),
                failed: count(&entry["failed"]),
                errors: rows(&entry["errors"]).map(|error| counts(&error["code"], &error["messages"])).collect(),
            };
            ((text(&entry["name"]), text(&entry["language"])), template)
        })
        .collect()
}

fn peer_templates(answers: &Value) -> BTreeMap<(String, String), Template> {
    let mut templates: BTreeMap<(String, String), Template> = BTreeMap::new();
    for row in rows(&answers["templates"]) {
        let template = templates.entry((text(&row[0]), text(&row[1]))).or_default();
        let messages = row[4].as_u64().unwrap_or_default();
        let status = row[3].as_str().unwrap_or_default();
        template.sent += messages;
        template.delivered += if matches!(status, "delivered" | "read") { messages } else { 0 };
        template.read += if status == "read" { messages } else { 0 };
        template.failed += if status == "failed" { messages } else { 0 };
        if let (Some(code), "failed") = (row[2].as_u64(), status) {
            *template.errors.entry(code).or_default() += messages;
        }
    }
    templates
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn counts(a: &Value, b: &Value) -> (u64, u64) {
    (a.as_u64().unwrap_or_default(), b.as_u64().unwrap_or_default())
}
