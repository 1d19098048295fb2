//! Webhooks of Meta under load: Sblocco and a bare handler that only checks the signature, in turn; and Sblocco through SIGKILLs.
//!
//! ```text
//! bench-webhooks load SBLOCCO BARE [SECONDS]
//! bench-webhooks kill SBLOCCO [KILLS]
//! ```
//!
//! SBLOCCO comes from `cargo build --release -p sblocco`, BARE from `cargo build --release -p web --example bare_webhooks`. The load comes
//! from `sblocco simulate meta` on the same machine. The database is a SQLite file in the temporary folder (`TMPDIR`), or an empty
//! PostgreSQL one that `SBLOCCO_DATABASE__URL` and `SBLOCCO_DATABASE__OWNER_URL` name.
#![expect(clippy::disallowed_methods, reason = "a program without a runtime watches other processes")]

#[path = "webhooks/deployment.rs"]
mod deployment;
#[path = "webhooks/http.rs"]
mod http;
#[path = "webhooks/kills.rs"]
mod kills;
#[path = "webhooks/watch.rs"]
mod watch;

use std::{
    io::{self, Write as _},
    process::{Command, ExitCode},
    thread::sleep,
    time::{Duration, Instant},
};

use deployment::{ADDRESS, Deployment, SECRET, Server};
use watch::Watch;

type Failure = Box<dyn std::error::Error>;

/// A load: its name, bodies a second, updates in a body, and for how many seconds where that is not for the caller to say.
struct Load {
    name: &'static str,
    rate: u32,
    batch: u32,
    seconds: Option<u32>,
}

const LOADS: [Load; 3] = [
    Load { name: "2,000 bodies/s of one status", rate: 2_000, batch: 1, seconds: None },
    Load { name: "100 bodies/s of 100 statuses", rate: 100, batch: 100, seconds: None },
    // More than anybody takes: what is measured is how many.
    Load { name: "80,000 bodies of one status, as fast as they are taken", rate: 80_000, batch: 1, seconds: Some(1) },
];
/// Blocks that are told in the middle of a load, each of another account.
const BLOCKS: usize = 5;
/// How long what was stored may take to be dealt with after the load.
const PATIENCE: Duration = Duration::from_mins(3);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["load", sblocco, bare] => load(sblocco, bare, 60),
        ["load", sblocco, bare, seconds] => seconds.parse().map_err(Failure::from).and_then(|n| load(sblocco, bare, n)),
        ["kill", sblocco] => kills::run(sblocco, 20),
        ["kill", sblocco, kills] => kills.parse().map_err(Failure::from).and_then(|n| kills::run(sblocco, n)),
        _ => Err("usage: bench-webhooks load SBLOCCO BARE [SECONDS] | bench-webhooks kill SBLOCCO [KILLS]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "bench-webhooks: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

fn load(sblocco: &str, bare: &str, seconds: u32) -> Result<(), Failure> {
    let site = Deployment::new(sblocco)?;
    let mut told = 0;
    for (number, load) in LOADS.iter().enumerate() {
        let arguments = [
            "--rate".to_owned(),
            load.rate.to_string(),
            "--batch".to_owned(),
            load.batch.to_string(),
            "--seconds".to_owned(),
            load.seconds.unwrap_or(seconds).to_string(),
            "--retries".to_owned(),
            "0".to_owned(),
            "--connections".to_owned(),
            "256".to_owned(),
            // Streams of one account do not overlap.
            "--first".to_owned(),
            (number * 1_000_000_000).to_string(),
        ];
        let server = Server::begin(Command::new(bare).args([ADDRESS, SECRET]))?;
        let watch = Watch::begin(&server, None);
        let figures = site.simulate(&arguments).output()?.stdout;
        let seen = watch.end()?;
        say(format_args!("{}\n  bare handler\n{}    {seen}", load.name, indented(&figures)))?;
        drop(server);

        let server = site.serve()?;
        let watch = Watch::begin(&server, Some(ADDRESS));
        let mut sending = site.simulate(&arguments).stdout(std::process::Stdio::piped()).spawn()?;
        let tickets = if load.seconds.is_none() { blocks(&site, told, seconds)? } else { Vec::new() };
        told += tickets.len();
        let mut figures = Vec::new();
        if let Some(mut output) = sending.stdout.take() {
            io::Read::read_to_end(&mut output, &mut figures)?;
        }
        sending.wait()?;
        let drained = drained()?;
        let seen = watch.end()?;
        say(format_args!(
            "  sblocco\n{}    {seen}\n    all was dealt with {:.1} s after the last was acknowledged",
            indented(&figures),
            drained.as_secs_f64()
        ))?;
        if !tickets.is_empty() {
            say(format_args!("    from the block to its ticket: {}", seconds_of(&tickets)))?;
        }
        server.stop()?;
    }
    Ok(())
}

fn indented(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().fold(String::new(), |all, line| all + "    " + line + "\n")
}

fn seconds_of(times: &[Duration]) -> String {
    times.iter().map(|time| format!("{:.2} s", time.as_secs_f64())).collect::<Vec<_>>().join(", ")
}

/// Tells of blocks, evenly over the load; how long after each was told its ticket could be read.
fn blocks(site: &Deployment, before: usize, seconds: u32) -> Result<Vec<Duration>, Failure> {
    let pause = Duration::from_secs(u64::from(seconds)) / (BLOCKS as u32 + 1);
    let mut times = Vec::new();
    for number in before..before + BLOCKS {
        sleep(pause);
        let begun = Instant::now();
        let sent = site.simulate(&Deployment::block(number)).output()?;
        if !sent.status.success() {
            return Err(format!("a block was not acknowledged: {}", String::from_utf8_lossy(&sent.stdout)).into());
        }
        while site.tickets()?.len() <= number {
            if begun.elapsed() > PATIENCE {
                return Err("a block became no ticket".into());
            }
            sleep(Duration::from_millis(20));
        }
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// Waits until as many bodies were dealt with as were stored.
fn drained() -> Result<Duration, Failure> {
    let begun = Instant::now();
    while watch::waiting(ADDRESS)? > 0 {
        if begun.elapsed() > PATIENCE {
            return Err("what was stored is not dealt with".into());
        }
        sleep(Duration::from_millis(100));
    }
    Ok(begun.elapsed())
}
