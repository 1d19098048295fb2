//! The ticket page under load, ours and a peer's in turn: 50 tickets with client, number and timers, filtered by status, 40 pages.
//!
//! ```text
//! bench-tickets OURS TOKEN [PEER [ROUNDS [SECONDS [CONNECTIONS]]]]
//! ```
//!
//! OURS and PEER are addresses of `/graphql` on loopback, such as `127.0.0.1:8480`. The rows come from `tickets.sql`. The peer is PostGraphile
//! with a table of tickets of its own. Both are asked for the same fields, over connections that stay open; each answer is read whole,
//! and one that has errors ends the measurement.
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

const OURS: &str = "query TicketPage($status: [TicketStatus!], $first: Int!, $after: String) {
  tickets(filter: { status: { in: $status } }, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id ref title status priority kind openedAt updatedAt
      client { id name slug timeZone }
      phoneNumber { id displayNumber verifiedName qualityRating status }
      slaTimers(metrics: [FIRST_RESPONSE, RESOLUTION]) { metric state elapsedSeconds dueAt stoppedAt }
    }
  }
}";
const OUR_STATUSES: [&str; 5] = ["NEW", "TRIAGE", "REMEDIATION", "SUBMITTED", "RECOVERY"];

const PEERS: &str = "query TicketPage($status: TicketStatus!, $first: Int!, $after: Cursor) {
  allTickets(first: $first, after: $after, condition: { status: $status }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
    pageInfo { hasNextPage endCursor }
    nodes {
      rowId ref subject status priority category createdAt updatedAt
      clientByClientId { rowId name tier country }
      phoneNumberByPhoneNumberId { rowId displayNumber verifiedName qualityRating status }
      slaTimersByTicketId(first: 2) { nodes { kind state targetMinutes dueAt stoppedAt } }
    }
  }
}";
const PEER_STATUSES: [&str; 5] = ["OPEN", "PENDING", "WAITING_CUSTOMER", "RESOLVED", "CLOSED"];

/// Pages of each status.
const PAGES: usize = 8;

type Outcome<T> = Result<T, String>;

fn say(line: std::fmt::Arguments<'_>) {
    // Nobody reads it any more: then nobody misses it.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Somebody to measure.
#[derive(Clone)]
struct Target {
    name: &'static str,
    address: String,
    authorization: String,
    bodies: Vec<String>,
}

/// A connection that stays open.
struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    fn open(target: &Target) -> Outcome<Self> {
        let stream = TcpStream::connect(&target.address).map_err(|error| format!("{}: {error}", target.address))?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|error| error.to_string())?;
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n{}",
            target.address, target.authorization
        );
        Ok(Self { stream: BufReader::with_capacity(64 << 10, stream), head })
    }

    /// Sends a body, and reads the whole answer into `into`.
    fn ask(&mut self, body: &str, into: &mut Vec<u8>) -> Outcome<()> {
        let failed = |error: std::io::Error| error.to_string();
        let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.get_mut().write_all(request.as_bytes()).map_err(failed)?;
        let mut length = None;
        let mut status = String::new();
        self.stream.read_line(&mut status).map_err(failed)?;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).map_err(failed)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        into.resize(length.ok_or("an answer without a length")?, 0);
        self.stream.read_exact(into).map_err(failed)?;
        if status.contains(" 200 ") {
            Ok(())
        } else {
            Err(format!("{}: {}", status.trim(), String::from_utf8_lossy(into)))
        }
    }
}

/// The bodies of 40 pages; looks at what they are answered.
fn pages(target: &mut Target, query: &str, statuses: [&str; 5], root: &str, timers: &str) -> Outcome<usize> {
    let mut connection = Connection::open(target)?;
    let (mut answer, mut bytes) = (Vec::new(), 0);
    for status in statuses {
        let mut after = Value::Null;
        for _ in 0..PAGES {
            let status = if target.name == "ours" { json!([status]) } else { json!(status) };
            let body =
                json!({ "query": query, "variables": { "status": status, "first": 50, "after": after } }).to_string();
            connection.ask(&body, &mut answer)?;
            let read: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
            let page = &read["data"][root];
            let rows = page["nodes"].as_array().ok_or_else(|| format!("{}: {read}", target.name))?;
            let whole = rows
                .iter()
                .all(|row| row.pointer(timers).and_then(Value::as_array).is_some_and(|list| list.len() >= 2));
            if rows.len() != 50 || !whole || read.get("errors").is_some() {
                return Err(format!("{}: a page is not whole: {} rows", target.name, rows.len()));
            }
            after = page["pageInfo"]["endCursor"].clone();
            bytes += answer.len();
            target.bodies.push(body);
        }
    }
    Ok(bytes / target.bodies.len())
}

/// What a run was like.
struct Run {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

fn measure(target: &Target, connections: usize, seconds: u64) -> Outcome<Run> {
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let workers: Vec<_> = (0..connections)
        .map(|number| {
            let target = target.clone();
            thread::spawn(move || -> Outcome<Vec<Duration>> {
                let mut connection = Connection::open(&target)?;
                let (mut answer, mut times) = (Vec::new(), Vec::new());
                // Every connection walks through the pages from a place of its own.
                for body in target.bodies.iter().cycle().skip(number * 7) {
                    let asked = Instant::now();
                    if asked >= until {
                        break;
                    }
                    connection.ask(body, &mut answer)?;
                    times.push(asked.elapsed());
                }
                Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.join().map_err(|_| "a connection panicked")??);
    }
    let taken = begun.elapsed();
    times.sort_unstable();
    let at =
        |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied();
    Ok(Run {
        per_second: times.len() as f64 / taken.as_secs_f64(),
        p50: at(0.5).ok_or("nothing was answered")?,
        p99: at(0.99).ok_or("nothing was answered")?,
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn run(arguments: &[String]) -> Outcome<()> {
    let [address, token, rest @ ..] = arguments else {
        return Err("usage: bench-tickets OURS TOKEN [PEER [ROUNDS [SECONDS [CONNECTIONS]]]]".to_owned());
    };
    let number = |at: usize, usual: u64| rest.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (rounds, seconds, connections) = (number(1, 3), number(2, 10), number(3, 32) as usize);
    let mut ours = Target {
        name: "ours",
        address: address.clone(),
        authorization: format!("Authorization: Bearer {token}\r\n"),
        bodies: Vec::new(),
    };
    let bytes = pages(&mut ours, OURS, OUR_STATUSES, "tickets", "/slaTimers")?;
    say(format_args!("ours: {bytes} bytes a page"));
    let mut targets = vec![ours];
    if let Some(peer) = rest.first() {
        let mut peer = Target { name: "peer", address: peer.clone(), authorization: String::new(), bodies: Vec::new() };
        let bytes = pages(&mut peer, PEERS, PEER_STATUSES, "allTickets", "/slaTimersByTicketId/nodes")?;
        say(format_args!("peer: {bytes} bytes a page"));
        targets.push(peer);
    }
    for target in &targets {
        measure(target, connections, 3)?;
    }
    let mut ratios = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        let mut runs = Vec::new();
        for target in &targets {
            let run = measure(target, connections, seconds)?;
            say(format_args!(
                "round {round}  {}  {:8.1} requests/s  p50 {:8.1?}  p99 {:8.1?}",
                target.name, run.per_second, run.p50, run.p99
            ));
            runs.push(run);
        }
        if let [ours, peer] = &runs[..] {
            ratios.0.push(ours.per_second / peer.per_second);
            ratios.1.push(ours.p99.as_secs_f64() / peer.p99.as_secs_f64());
        }
    }
    if !ratios.0.is_empty() {
        say(format_args!(
            "ours to peer: {:.2} times the requests/s, {:.2} times the p99",
            median(ratios.0),
            median(ratios.1)
        ));
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench-tickets: {error}");
            ExitCode::FAILURE
        }
    }
}
