//! What is sent to break a server, to the real one: refused soon and in few words, and afterwards the server is as it was before.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::harness::{Http, PASSWORD, Site, on_both};

/// A refusal takes no longer, and is no longer.
const SOON: Duration = Duration::from_secs(1);
const SHORT: usize = 64 << 10;
/// What the server may hold afterwards and did not before, in KiB.
const FLAT: u64 = 32 << 10;
/// Of these no answer shows anything.
const INTERNALS: [&str; 6] = ["panicked", "async_graphql", "sqlx", "sea_orm", "SELECT ", "/src/"];

/// A request to `/graphql`, with these lines in its head.
fn request(method: &str, lines: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("{method} HTTP/1.1\r\nHost: sblocco\r\nConnection: close\r\n{lines}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn posted(body: &[u8]) -> Vec<u8> {
    request("POST /graphql", "Content-Type: application/json\r\n", body)
}

fn document(text: &str) -> Vec<u8> {
    posted(json!({ "query": text }).to_string().as_bytes())
}

fn doubling(levels: usize) -> String {
    let fragment = |level: usize| format!("fragment f{level} on Query {{ ...f{n} ...f{n} }} ", n = level + 1);
    let fragments: String = (0..levels).map(fragment).collect();
    format!("{{ ...f0 }} {fragments} fragment f{levels} on Query {{ __typename }}")
}

fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let viewer = "viewer { permissions }";
    let repeated = |times: usize, part: &dyn Fn(usize) -> String| (0..times).map(part).collect::<String>();
    let aliases = repeated(10_000, &|n| format!("a{n}: __typename "));
    let guesses =
        repeated(5, &|n| format!("g{n}: signIn(input: {{ email: \"a\", password: \"{n}\" }}) {{ accessToken }} "));
    vec![
        ("ten thousand aliases", document(&format!("{{ {aliases} }}"))),
        ("deep nesting", document(&"{ node(id: \"x\") ".repeat(5_000))),
        ("fragments that double", document(&doubling(28))),
        ("fragments in a circle", document("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")),
        ("a huge token", document(&format!("{{ {} }}", "n".repeat(200_000)))),
        (
            "a flood of directives",
            document(&format!("{{ viewer {} {{ permissions }} }}", "@skip(if: false) ".repeat(5_000))),
        ),
        ("a flood of errors", document(&format!("{{ {} }}", repeated(250, &|n| format!("missing{n} "))))),
        ("many guesses", document(&format!("mutation {{ {guesses} }}"))),
        ("a costly document", document("{ tickets(first: 100) { nodes { timeline(first: 100) { nodes { id } } } } }")),
        ("the schema, for nobody", document("{ __schema { types { name } } }")),
        ("NUL in a document", document(&format!("{{ viewer\u{0} {viewer} }}"))),
        (
            "a variable of a wrong type",
            posted(br#"{"query": "query($n: Int!) { tickets(first: $n) { nodes { id } } }", "variables": {"n": "1"}}"#),
        ),
    ]
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep =
        format!("{{\"query\": \"{{ viewer }}\", \"variables\": {}1{}}}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    let piece = format!("{:x}\r\n{}\r\n", 257 << 10, "x".repeat(257 << 10));
    let head = "POST /graphql HTTP/1.1\r\nHost: sblocco\r\nConnection: close\r\nContent-Type: application/json\r\n";
    vec![
        (
            "a batch",
            posted(json!(vec![json!({ "query": "{ viewer { permissions } }" }); 1_000]).to_string().as_bytes()),
        ),
        ("twenty megabytes, announced", format!("{head}Content-Length: 20971520\r\n\r\n{{").into_bytes()),
        ("a body without an end", format!("{head}Transfer-Encoding: chunked\r\n\r\n{piece}").into_bytes()),
        ("deep JSON", posted(deep.as_bytes())),
        ("invalid UTF-8", posted(b"{\"query\": \"{ viewer\xff { permissions } }\"}")),
        (
            "a doubled key",
            posted(br#"{"query": "{ viewer { permissions } }", "query": "{ viewer { user { email } } }"}"#),
        ),
        ("NUL bytes", posted(&[0; 1_000])),
        ("nothing", posted(b"")),
    ]
}

fn heads() -> Vec<(&'static str, Vec<u8>)> {
    let viewer = br#"{"query": "{ viewer { permissions } }"}"#;
    let with = |lines: &str| request("POST /graphql", lines, viewer);
    let bearer = |token: &str| with(&format!("Content-Type: application/json\r\nAuthorization: Bearer {token}\r\n"));
    vec![
        ("no content type", with("")),
        ("text", with("Content-Type: text/plain\r\n")),
        ("a form", with("Content-Type: multipart/form-data; boundary=x\r\n")),
        ("another charset", with("Content-Type: application/json; charset=utf-16\r\n")),
        ("a compressed body", with("Content-Type: application/json\r\nContent-Encoding: gzip\r\n")),
        ("no media type that is served", with("Content-Type: application/json\r\nAccept: text/html\r\n")),
        ("a mutation by GET", request("GET /graphql?query=mutation%7BsignOut%7BuserErrors%7Bcode%7D%7D%7D", "", b"")),
        ("another method", request("PUT /graphql", "Content-Type: application/json\r\n", viewer)),
        ("a credential that is none", bearer("nonsense")),
        // {"alg":"none"}.{"sub":"x"}.
        ("a token without signature", bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")),
        ("a huge credential", bearer(&"x".repeat(20_000))),
    ]
}

/// What the server answers until it closes the connection.
fn answer(http: &Http, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(&http.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // A server that refuses by the head answers before it has read the body.
    let _ = stream.write_all(bytes);
    read(stream)
}

fn read(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is cut ends the answer too.
    let end = stream.read_to_end(&mut answer);
    assert!(end.is_ok() || !answer.is_empty(), "{end:?}");
    String::from_utf8(answer).unwrap()
}

#[track_caller]
fn assert_refused(what: &str, answer: &str) {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{what}: {answer:.300}"));
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{what}: {answer:.300}"));
    assert!(body["errors"][0]["extensions"]["code"].is_string(), "{what}: {body}");
    assert!(answer.len() < SHORT, "{what}: {} bytes", answer.len());
    for word in INTERNALS {
        assert!(!answer.contains(word), "{what}: {answer:.500}");
    }
}

fn all_refused(http: &Http) {
    for (what, bytes) in documents().into_iter().chain(bodies()).chain(heads()) {
        let begun = Instant::now();
        let answer = answer(http, &bytes);
        let taken = begun.elapsed();
        assert_refused(what, &answer);
        assert!(taken < SOON, "{what}: {taken:?}");
    }
}

/// Peers that send half a head, or half a body, and then nothing: they are let go, and nobody else waits for them.
fn slow_ones_are_let_go(http: &Http) {
    let begin = |text: &str| {
        let mut stream = TcpStream::connect(&http.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let head = "POST /graphql HTTP/1.1\r\nHost: sblocco\r\nConnection: close\r\n";
    let heads: Vec<TcpStream> = (0..50).map(|_| begin(&format!("{head}X-Endless: "))).collect();
    let body = format!("{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"query\":");
    let bodies: Vec<TcpStream> = (0..50).map(|_| begin(&body)).collect();
    let begun = Instant::now();
    assert_eq!(http.get("/healthz").status, 200);
    http.data("{ viewer { permissions } }", &Value::Null);
    assert!(begun.elapsed() < SOON, "others wait: {:?}", begun.elapsed());
    for stream in bodies {
        let answer = read(stream);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert_refused("half a body", &answer);
    }
    for mut stream in heads {
        let mut answer = String::new();
        let ended = stream.read_to_string(&mut answer);
        assert!(!answer.contains("200 OK"), "{ended:?} {answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// A refresh token is good once; shown again, it ends the whole sign-in.
fn a_replayed_token_ends_the_sign_in(http: &Http) {
    let sign_in = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { refreshToken } }";
    let entered = http.data(sign_in, &json!({ "e": "ada@bsp.example", "p": PASSWORD }));
    let renew = |token: &Value| {
        let document = "mutation($t: String!) { signInRefresh(input: { refreshToken: $t }) { refreshToken } }";
        http.graphql(document, &json!({ "t": token }))["data"]["signInRefresh"]["refreshToken"].take()
    };
    let first = &entered["signIn"]["refreshToken"];
    let second = renew(first);
    assert!(second.is_string(), "it is good once");
    assert_eq!(renew(first), Value::Null);
    assert_eq!(renew(&second), Value::Null, "whoever has the other one is out too");
}

on_both! {
    fn whatever_is_sent_is_refused_soon_and_the_server_is_as_before(site: Site) {
        let site = site.with("SBLOCCO_SERVER__HEADER_TIMEOUT_SECONDS", "1").with("SBLOCCO_LIMITS__GRAPHQL_READ_SECONDS", "1");
        site.furnish();
        let server = site.serve();
        let http = &server.ready().http;
        // The first time is not counted: caches fill, and the allocator takes what it will use again.
        all_refused(http);
        slow_ones_are_let_go(http);
        let before = server.resident_kib();
        for _ in 0..4 {
            all_refused(http);
            slow_ones_are_let_go(http);
        }
        let after = server.resident_kib();
        assert!(after < before + FLAT, "{before} KiB before, {after} KiB after");
        a_replayed_token_ends_the_sign_in(http);
        assert_eq!(http.get("/readyz").status, 200);
        assert!(!server.log().contains("panicked"), "{}", server.log());
    }
}
