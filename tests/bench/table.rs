//! Measures the lake against its peer, row by row of the speed table of docs/architecture.md, in turn, several times:
//!
//! `bench-table --data DIR --lake-bench PROGRAM --python PROGRAM --peer SCRIPT [--csv DIR] [--work DIR] [--runs N] [--only NAMES]`
//!
//! DIR holds messages, inbound and consents (`.parquet`; with `--csv`, the same as `.csv` in a second folder). PROGRAM is
//! `lake_bench` (`cargo build --release -p lake --example lake_bench`), SCRIPT answers the same questions with DuckDB, as
//! `SCRIPT DIR --threads 2`. Every round runs each command once, so that all meet the same weather; ratios are those of the
//! medians. NAMES, separated by commas, choose commands: peer, files, peer-csv, files-csv, sort, import, minimum, full, scan.

mod measure;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use measure::{Failure, Run, median, run};

/// Asks the peer's questions of CSV files: the script knows Parquet by the end of the names.
const OF_CSV: &str = "import sys; p = sys.argv[1]; sys.argv = sys.argv[1:]; \
    exec(compile(open(p).read().replace('.parquet', '.csv'), p, 'exec'))";

/// Sorts the messages by recipient and time and writes them, as DuckDB does it best.
const SORT: &str = "import duckdb, sys; d = duckdb.connect(); d.execute('SET threads=2'); d.execute(\
    f\"COPY (SELECT * FROM '{sys.argv[1]}/messages.parquet' ORDER BY recipient, sent_at) \
    TO '{sys.argv[2]}/sorted.parquet' (FORMAT parquet, COMPRESSION zstd)\")";

/// What is compared: a name, the slower command of the bar, the faster, and how many times as fast it should be.
const BARS: [(&str, &str, &str, f64); 6] = [
    ("files to findings, Parquet", "peer", "files", 10.0),
    ("files to findings, CSV", "peer-csv", "files-csv", 4.0),
    ("audit from the lake, minimum", "peer", "minimum", 25.0),
    ("bare scan of the same columns", "minimum", "scan", 3.0),
    ("profile full against minimum", "full", "minimum", 1.5),
    ("import against sort and write", "sort", "import", 1.0),
];

fn main() -> ExitCode {
    match measure_all() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "bench-table: {failure}");
            ExitCode::from(2)
        }
    }
}

fn measure_all() -> Result<(), Failure> {
    let given = arguments()?;
    let runs: usize = given.get("--runs").map_or(Ok(3), |runs| runs.parse())?;
    let commands = commands(&given)?;
    let mut out = io::stdout().lock();
    let mut taken: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
    for round in 1..=runs {
        for (name, command) in &commands {
            let run = run(command, None)?;
            let Run { seconds, processor_seconds, megabytes } = run;
            writeln!(out, "{round} {name:10} {seconds:8.2} s {processor_seconds:8.2} s CPU {megabytes:6.0} MB")?;
            taken.entry(name).or_default().push(run);
        }
    }
    writeln!(out)?;
    for (name, runs) in &taken {
        let of = |value: fn(&Run) -> f64| median(runs.iter().map(value));
        let megabytes = runs.iter().map(|run| run.megabytes).fold(0.0, f64::max);
        writeln!(
            out,
            "{name:10} median {:8.2} s {:8.2} s CPU, at most {megabytes:6.0} MB",
            of(|run| run.seconds),
            of(|run| run.processor_seconds),
        )?;
    }
    writeln!(out)?;
    for (bar, slower, faster, times) in BARS {
        let (Some(slow), Some(fast)) = (taken.get(slower), taken.get(faster)) else { continue };
        let ratio = |value: fn(&Run) -> f64| median(slow.iter().map(value)) / median(fast.iter().map(value));
        let (wall, processors) = (ratio(|run| run.seconds), ratio(|run| run.processor_seconds));
        writeln!(out, "{bar:32} {wall:6.2} times (CPU {processors:6.2}); bar {times}")?;
    }
    Ok(())
}

fn arguments() -> Result<BTreeMap<String, String>, Failure> {
    let (mut given, mut arguments) = (BTreeMap::new(), std::env::args().skip(1));
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        given.insert(name, value);
    }
    Ok(given)
}

/// The commands of a round, by name.
fn commands(given: &BTreeMap<String, String>) -> Result<Vec<(&'static str, Vec<String>)>, Failure> {
    let value = |name: &str| given.get(name).map(String::as_str).ok_or_else(|| format!("{name} is missing"));
    let (data, lake, python, peer) = (value("--data")?, value("--lake-bench")?, value("--python")?, value("--peer")?);
    let work = given.get("--work").cloned().unwrap_or_else(|| std::env::temp_dir().display().to_string());
    let (store, messages) = (format!("{work}/bench-lake"), format!("{work}/bench-messages"));
    // The audits and the scan read what this writes; it counts for nothing.
    run(&words(&[lake, "import", data, &store]), None)?;
    let mut commands = vec![
        ("peer", words(&[python, peer, data, "--threads", "2"])),
        ("files", words(&[lake, "files", data, "parquet"])),
        ("minimum", words(&[lake, "audit", &store, "minimum"])),
        ("full", words(&[lake, "audit", &store, "full"])),
        ("scan", words(&[lake, "scan", &store])),
        ("sort", words(&[python, "-c", SORT, data, &work])),
        ("import", words(&[lake, "import-messages", data, &messages])),
    ];
    if let Some(csv) = given.get("--csv") {
        commands.push(("peer-csv", words(&[python, "-c", OF_CSV, peer, csv, "--threads", "2"])));
        commands.push(("files-csv", words(&[lake, "files", csv, "csv"])));
    }
    if let Some(only) = given.get("--only") {
        commands.retain(|(name, _)| only.split(',').any(|wanted| wanted == *name));
    }
    Ok(commands)
}

fn words(command: &[&str]) -> Vec<String> {
    command.iter().map(|word| (*word).to_owned()).collect()
}
