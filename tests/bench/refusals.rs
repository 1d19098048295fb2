//! What is sent to break things, against a server that runs: how long the longest refusal takes, how large it is, and whether the memory of
//! the process is as it was.
//!
//! ```text
//! bench-refusals ADDRESS TOKEN PID [ROUNDS]
//! ```
//!
//! ADDRESS is that of `/graphql` on loopback, such as `127.0.0.1:8480`, without limits on requests and cost; PID is the server's. Ends with
//! status 1 when a refusal takes more than 100 ms or more than 64 KiB, or says nothing.
use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::ExitCode,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

type Outcome<T> = Result<T, String>;

/// A refusal takes no longer.
const SOON: Duration = Duration::from_millis(100);
/// And no more than this.
const SHORT: usize = 64 << 10;

fn say(line: std::fmt::Arguments<'_>) {
    // Nobody reads it any more: then nobody misses it.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn query(text: &str) -> Vec<u8> {
    json!({ "query": text }).to_string().into_bytes()
}

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// Fragments of which each spreads the next one so often.
fn doubling(levels: usize, times: usize) -> Outcome<String> {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..levels {
        let spreads = format!("...f{} ", level + 1).repeat(times);
        write!(text, " fragment f{level} on Query {{ {spreads} }}").map_err(|error| error.to_string())?;
    }
    Ok(text + &format!(" fragment f{levels} on Query {{ viewer {{ permissions }} }}"))
}

/// What is sent, by name.
fn bodies() -> Outcome<Vec<(&'static str, Vec<u8>)>> {
    let all = |count: usize, field: &str| format!("{{ {} }}", repeated(count, |n| format!("a{n}: {field} ")));
    let undefined = format!("{{ {} }}", repeated(290, |n| format!("missing{n} ")));
    let unused = format!("query({}) {{ viewer {{ permissions }} }}", repeated(99, |n| format!("$v{n}: Int ")));
    let arguments = format!("{{ viewer(x: {}{}) {{ permissions }} }}", "[".repeat(20_000), "]".repeat(20_000));
    let spreads = format!("{{ {} }} fragment f on Query {{ missing }}", "...f ".repeat(290));
    let inline = format!("{{ {} missing {} }}", "... on Query { ".repeat(35), "}".repeat(35));
    let wrong =
        json!({ "query": "query($n: Int!) { tickets(first: $n) { nodes { id } } }", "variables": { "n": "1" } });
    let batch = Value::from(vec![json!({ "query": "{ viewer { permissions } }" }); 1_000]);
    Ok(vec![
        ("ten thousand aliases", query(&all(10_000, "viewer { permissions }"))),
        ("thirty-one aliases", query(&all(31, "viewer { permissions }"))),
        ("deep nesting", query(&"{ node(id: \"x\") ".repeat(5_000))),
        ("deep values", query(&arguments)),
        ("fragments that double", query(&doubling(28, 2)?)),
        ("fragments that multiply", query(&doubling(20, 10)?)),
        ("fragments in a circle", query("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")),
        ("spreads of what does not fit", query(&spreads)),
        ("inline fragments of what does not fit", query(&inline)),
        ("a huge name", query(&format!("{{ {} }}", "n".repeat(200_000)))),
        ("a huge text", query(&format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(250_000)))),
        ("a flood of tokens", query(&"{ a } ".repeat(40_000))),
        (
            "a flood of directives",
            query(&format!("{{ viewer {} {{ permissions }} }}", "@skip(if: false) ".repeat(5_000))),
        ),
        ("a flood of operations", query(&repeated(2_000, |n| format!("query q{n} {{ viewer {{ permissions }} }} ")))),
        ("a flood of errors", query(&undefined)),
        ("a flood of unused variables", query(&unused)),
        ("a flood of comments", query(&"#\n".repeat(100_000))),
        (
            "passwords by alias",
            query(&format!("mutation {}", all(5, "signIn(input: {email: \"a\", password: \"b\"}) { accessToken }"))),
        ),
        ("pages in pages", query("{ tickets(first: 100) { nodes { timeline(first: 100) { nodes { id } } } } }")),
        (
            "the schema, deep",
            query("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
        ),
        ("NUL", query("{ viewer\u{0} { permissions } }")),
        ("a variable of a wrong type", wrong.to_string().into_bytes()),
        ("a subscription", query("subscription { ticketEvents { cursor } }")),
        ("a batch", batch.to_string().into_bytes()),
        ("many brackets", vec![b'['; 200_000]),
        ("twenty megabytes", vec![b'x'; 20 << 20]),
        ("invalid UTF-8", b"{\"query\": \"{ viewer\xff { permissions } }\"}".to_vec()),
        ("a doubled key", b"{\"query\": \"{ a }\", \"query\": \"{ viewer { permissions } }\"}".to_vec()),
        ("NUL bytes", vec![0; 1_000]),
        ("nothing", Vec::new()),
    ])
}

/// Sends a body on a connection of its own; the answer's body.
fn ask(address: &str, token: &str, body: &[u8]) -> Outcome<String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut stream = TcpStream::connect(address).map_err(failed)?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(failed)?;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).map_err(failed)?;
    // Of what is too long the server reads no more, and answers.
    let cut = stream.write_all(body).is_err();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(_) if cut && answer.is_empty() => return Ok("{\"errors\": [\"cut\"]}".to_owned()),
        read => drop(read.or_else(|error| if answer.is_empty() { Err(error.to_string()) } else { Ok(0) })?),
    }
    let text = String::from_utf8_lossy(&answer);
    Ok(text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// Resident memory of a process, in KiB.
fn resident(process: &str) -> Outcome<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).map_err(|error| error.to_string())?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| format!("{line} is no size"))
}

fn run(arguments: &[String]) -> Outcome<bool> {
    let [address, token, process, rest @ ..] = arguments else {
        return Err("usage: bench-refusals ADDRESS TOKEN PID [ROUNDS]".to_owned());
    };
    let rounds: usize = rest.first().and_then(|text| text.parse().ok()).unwrap_or(20);
    let bodies = bodies()?;
    let mut good = true;
    let mut worst = Duration::ZERO;
    let mut before = 0;
    for round in 0..=rounds {
        for (what, body) in &bodies {
            let begun = Instant::now();
            let answer = ask(address, token, body).map_err(|error| format!("{what}: {error}"))?;
            let taken = begun.elapsed();
            // What is too large to be read takes the time of being sent.
            let counts = body.len() < 1 << 20;
            if round > 0 && counts {
                worst = worst.max(taken);
            }
            let refused = answer.contains("\"errors\"");
            if !refused || answer.len() > SHORT || counts && round > 0 && taken > SOON {
                good = false;
                say(format_args!("{what}: {taken:.1?}, {} bytes, refused: {refused}", answer.len()));
            }
        }
        if round == 0 {
            before = resident(process)?;
        }
    }
    let after = resident(process)?;
    say(format_args!(
        "{} kinds, {rounds} times: the longest refusal took {worst:.1?}; memory {} MiB before, {} MiB after",
        bodies.len(),
        before / 1_024,
        after / 1_024
    ));
    Ok(good)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench-refusals: {error}");
            ExitCode::FAILURE
        }
    }
}
