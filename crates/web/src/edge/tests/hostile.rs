//! What is sent to break things: refused soon, in few words, with a code, and the server is as well as before.

use std::{fmt::Write as _, time::Instant};

use super::*;

/// A refusal takes no longer. What no document under the limits may take is a tenth of it, on a machine that does nothing else.
const SOON: Duration = Duration::from_secs(1);
const SHORT: usize = 64 << 10;

fn query(text: &str) -> Vec<u8> {
    json!({ "query": text }).to_string().into_bytes()
}

fn with_variables(text: &str, variables: Value) -> Vec<u8> {
    json!({ "query": text, "variables": variables }).to_string().into_bytes()
}

fn doubling(levels: usize, times: usize) -> String {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..levels {
        write!(text, " fragment f{level} on Query {{ {} }}", format!("...f{} ", level + 1).repeat(times)).unwrap();
    }
    text + &format!(" fragment f{levels} on Query {{ viewer {{ permissions }} }}")
}

fn repeated(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let aliases = repeated(10_000, |n| format!("a{n}: viewer {{ permissions }} "));
    let nested = "{ node(id: \"x\") ".repeat(5_000);
    let arguments = format!("{{ viewer(x: {}{}) {{ permissions }} }}", "[".repeat(20_000), "]".repeat(20_000));
    let operations = repeated(2_000, |n| format!("query q{n} {{ viewer {{ permissions }} }} "));
    let undefined = format!("{{ {} }}", repeated(290, |n| format!("missing{n} ")));
    let unused = format!("query({}) {{ viewer {{ permissions }} }}", repeated(99, |n| format!("$v{n}: Int ")));
    vec![
        ("ten thousand aliases", query(&format!("{{ {aliases} }}"))),
        ("deep nesting", query(&nested)),
        ("deep values", query(&arguments)),
        ("fragments that double", query(&doubling(28, 2))),
        ("fragments that multiply", query(&doubling(20, 10))),
        ("a fragment that spreads itself", query("{ ...a } fragment a on Query { ...a }")),
        ("fragments in a circle", query("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")),
        ("a huge name", query(&format!("{{ {} }}", "n".repeat(200_000)))),
        ("a huge text", query(&format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(300_000)))),
        ("a flood of tokens", query(&"{ a } ".repeat(40_000))),
        (
            "a flood of directives",
            query(&format!("{{ viewer {} {{ permissions }} }}", "@skip(if: false) ".repeat(5_000))),
        ),
        ("a flood of unknown directives", query(&format!("{{ viewer {} {{ permissions }} }}", "@x".repeat(5_000)))),
        ("a flood of operations", query(&operations)),
        ("a flood of errors", query(&undefined)),
        ("a flood of unused variables", query(&unused)),
        ("a flood of comments", query(&"#\n".repeat(100_000))),
        (
            "passwords by alias",
            query(&format!(
                "mutation {{ {} }}",
                repeated(5, |n| format!("a{n}: signIn(input: {{email: \"a\", password: \"b\"}}) {{ accessToken }} "))
            )),
        ),
        ("pages in pages", query("{ tickets(first: 100) { nodes { timeline(first: 100) { nodes { id } } } } }")),
        (
            "the schema, deep",
            query("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
        ),
        ("NUL", query("{ viewer\u{0} { permissions } }")),
        ("an open text", query("{ node(id: \"")),
        (
            "a variable of a wrong type",
            with_variables("query($n: Int!) { tickets(first: $n) { nodes { id } } }", json!({ "n": "1" })),
        ),
        ("a variable that is missing", with_variables("query($n: ID!) { node(id: $n) { id } }", json!({}))),
        ("a subscription", query("subscription { ticketEvents { cursor } }")),
    ]
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = format!(
        "{{\"query\":\"{{ viewer {{ permissions }} }}\",\"variables\":{}{}}}",
        "{\"a\":".repeat(50_000),
        "}".repeat(50_000)
    );
    let batch = json!(vec![json!({ "query": "{ viewer { permissions } }" }); 1_000]).to_string();
    vec![
        ("twenty megabytes", vec![b'x'; 20 << 20]),
        ("a batch", batch.into_bytes()),
        ("deep JSON", deep.into_bytes()),
        ("many brackets", vec![b'['; 200_000]),
        ("invalid UTF-8", b"{\"query\": \"{ viewer\xff { permissions } }\"}".to_vec()),
        ("a lone surrogate", b"{\"query\": \"\\ud800\"}".to_vec()),
        ("a doubled key", b"{\"query\": \"{ a }\", \"query\": \"{ viewer { permissions } }\"}".to_vec()),
        ("a doubled variable", b"{\"query\": \"query($a: Int) { a }\", \"variables\": {\"a\": 1, \"a\": 2}}".to_vec()),
        ("no JSON", b"query=%7B%7D".to_vec()),
        ("nothing", Vec::new()),
        ("NUL bytes", vec![0; 1_000]),
    ]
}

async fn refused(routes: &Router, what: &str, body: Vec<u8>, token: &str) {
    for token in [None, Some(token)] {
        let begun = Instant::now();
        let got = ask(routes.clone(), "POST", "/graphql", token, body.clone()).await;
        let taken = begun.elapsed();
        assert!(!got.code().is_empty(), "{what}: {:.500}", got.text);
        assert!(got.text.len() < SHORT, "{what}: {} bytes", got.text.len());
        assert!(taken < SOON, "{what}: {taken:?}");
        for word in ["panicked", "async_graphql", "sqlx", "SELECT ", "/src/"] {
            assert!(!got.text.contains(word), "{what}: {:.500}", got.text);
        }
    }
}

#[tokio::test]
async fn whatever_is_sent_is_refused_soon_and_shortly() {
    let site = Site::new().await;
    let token = site.token(None, &[Permission::TicketsRead, Permission::AssetsRead]).await;
    let routes = router(site.edge(Vec::new())).unwrap();
    for (what, body) in documents().into_iter().chain(bodies()) {
        refused(&routes, what, body, &token).await;
    }
    let got = ask(routes, "POST", "/graphql", Some(&token), VIEWER).await;
    assert_eq!(got.json()["data"]["viewer"]["permissions"].as_array().map(Vec::len), Some(2), "{}", got.text);
}

#[tokio::test]
async fn forged_cursors_and_ids_of_other_types_find_nothing() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &[Permission::TicketsRead, Permission::AssetsRead]).await;
    let routes = router(site.edge(Vec::new())).unwrap();
    let ask = async |text: &str, variables: Value| {
        ask(routes.clone(), "POST", "/graphql", Some(&token), with_variables(text, variables)).await
    };
    let forged = |wire: &str| {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(wire)
    };
    let page = "query($after: String) { tickets(after: $after) { nodes { id } } }";
    for cursor in [
        "x".to_owned(),
        "A".repeat(100_000),
        forged(
            "{\"l\":[0,0,0,0,0,0,0,0],\"c\":{\"key\":{\"number\":1},\"id\":\"00000000-0000-0000-0000-000000000000\"}}",
        ),
        forged("{}"),
        "\u{0}".to_owned(),
        "' OR 1=1 --".to_owned(),
    ] {
        let got = ask(page, json!({ "after": cursor })).await;
        assert_eq!((got.status, got.code().as_str()), (200, "BAD_USER_INPUT"), "{cursor:.40}: {:.300}", got.text);
    }
    let node = "query($id: ID!) { ticket(id: $id) { id } node(id: $id) { id } }";
    for id in [
        site.other.to_string(),
        "tkt_01J00000000000000000000000".to_owned(),
        "tkt_' OR 1=1".to_owned(),
        "\u{0}".to_owned(),
    ] {
        let got = ask(node, json!({ "id": id })).await;
        assert_eq!(got.json()["data"], json!({ "ticket": null, "node": null }), "{id}: {}", got.text);
    }
    // An id of a client where a ticket is meant is not found, and does not say whose it is.
    let own = ask(node, json!({ "id": site.client.to_string() })).await;
    assert_eq!(own.json()["data"]["ticket"], Value::Null);
}

#[tokio::test]
async fn tokens_that_were_not_made_here_are_refused() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
    let site = Site::new().await;
    let routes = router(site.edge(Vec::new())).unwrap();
    let claims = |exp: i64| {
        json!({
            "sub": "usr_01J00000000000000000000000", "sid": "sin_01J00000000000000000000000",
            "iat": 0, "exp": exp, "iss": "sblocco", "aud": "sblocco-api",
        })
    };
    let unsigned = |header: Value, exp: i64| {
        format!("{}.{}.", B64.encode(header.to_string()), B64.encode(claims(exp).to_string()))
    };
    let signed = |exp: i64| unsigned(json!({ "alg": "HS256", "typ": "JWT" }), exp) + &B64.encode([7; 32]);
    for token in [
        unsigned(json!({ "alg": "none", "typ": "JWT" }), 9_999_999_999),
        unsigned(json!({ "alg": "None" }), 9_999_999_999),
        signed(9_999_999_999),
        signed(0),
        "a.b.c".to_owned(),
        "x".repeat(10_000),
    ] {
        let got = ask(routes.clone(), "POST", "/graphql", Some(&token), VIEWER).await;
        assert_eq!((got.status, got.code().as_str()), (401, "UNAUTHENTICATED"), "{token:.60}");
    }
}
