use std::future::ready;

use async_graphql::{EmptySubscription, Error, ErrorExtensions as _, Object, Schema};
use axum::{Router, body::to_bytes, extract::Extension, middleware::from_fn_with_state, routing::any};
use domain::ports::{Random, SeededRandom};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;
use crate::request_log::{self, RequestId};

fn defect() -> bool {
    panic!("a defect")
}

struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        name.unwrap_or_else(|| "world".to_owned())
    }

    async fn nested(&self) -> Query {
        Query
    }

    async fn fails(&self) -> Result<Option<bool>, Error> {
        ready(Err(Error::new("not found").extend_with(|_, e| e.set("code", "NOT_FOUND")))).await
    }

    async fn fails_hard(&self) -> Result<bool, Error> {
        ready(Err(Error::new("internal error").extend_with(|_, e| e.set("code", "INTERNAL_SERVER_ERROR")))).await
    }

    async fn slow(&self) -> bool {
        tokio::time::sleep(Duration::from_mins(1)).await;
        true
    }

    async fn panics(&self) -> bool {
        defect()
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn change(&self) -> bool {
        true
    }

    async fn panics(&self) -> bool {
        defect()
    }
}

type Tiny = Schema<Query, Mutation, EmptySubscription>;

fn router(signed_in: bool) -> Router {
    let schema: Tiny = Schema::build(Query, Mutation, EmptySubscription).finish();
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(1));
    let handler = async move |Extension(id): Extension<RequestId>,
                              Extension(notes): Extension<RequestNotes>,
                              request: http::Request<Body>| {
        let caller = Caller { signed_in, request_id: id.0, notes };
        let bounds = Bounds {
            body: 4_096,
            read: Duration::from_millis(50),
            execution: Duration::from_millis(50),
            ..Bounds::default()
        };
        handle(&schema, &bounds, request, &caller, |request| request).await
    };
    Router::new().route("/graphql", any(handler)).layer(from_fn_with_state(random, request_log::layer))
}

struct Sent {
    method: Method,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

impl Sent {
    fn json(body: &Value) -> Self {
        Self::raw(body.to_string())
    }

    fn query(query: &str) -> Self {
        Self::json(&json!({ "query": query }))
    }

    fn raw(body: impl Into<Body>) -> Self {
        Self { method: Method::POST, headers: vec![("content-type", "application/json".to_owned())], body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(present, _)| *present != name);
        self.headers.push((name, value.into()));
        self
    }

    fn graphql(self) -> Self {
        self.with("accept", "application/graphql-response+json")
    }
}

struct Got {
    status: u16,
    headers: http::HeaderMap,
    json: Value,
}

impl Got {
    fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send_to(router: Router, sent: Sent) -> Got {
    let mut request = http::Request::builder().method(sent.method).uri("/graphql");
    for (name, value) in &sent.headers {
        request = request.header(*name, value);
    }
    let response = router.oneshot(request.body(sent.body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    Got { status: parts.status.as_u16(), headers: parts.headers, json: serde_json::from_slice(&bytes).unwrap() }
}

async fn send(sent: Sent) -> Got {
    send_to(router(true), sent).await
}

#[tokio::test]
async fn an_operation_is_answered_in_the_media_type_asked_for() {
    let got = send(Sent::query("{ hello }")).await;
    assert_eq!((got.status, &got.json), (200, &json!({"data": {"hello": "world"}})));
    assert_eq!(got.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(got.header("cache-control"), "no-store");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(got.header("x-request-id").starts_with("req_"));

    let body = json!({"query": "query q($n: String) { hello(name: $n) }", "operationName": "q", "variables": {"n": "è"}, "extensions": {}});
    let got = send(Sent::json(&body).graphql()).await;
    assert_eq!((got.status, &got.json), (200, &json!({"data": {"hello": "è"}})));
    assert_eq!(got.header("content-type"), "application/graphql-response+json; charset=utf-8");

    let nulls = json!({"query": "{ hello }", "operationName": null, "variables": null, "extensions": null});
    assert_eq!(send(Sent::json(&nulls)).await.status, 200);
    assert_eq!(send(Sent::query("mutation { change }")).await.json, json!({"data": {"change": true}}));
}

#[tokio::test]
async fn a_refused_document_is_400_or_200_by_media_type_and_has_no_data() {
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ missing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: ID!) { __typename hello(name: \"x\") }", "BAD_USER_INPUT"),
        ("query a { hello } query b { hello }", "BAD_REQUEST"),
        ("subscription { hello }", "BAD_REQUEST"),
        (
            "{ nested { nested { nested { nested { nested { nested { nested { nested { nested { nested { nested { nested { hello } } } } } } } } } } } } }",
            "TOO_COMPLEX",
        ),
    ] {
        for (sent, status) in [(Sent::query(query).graphql(), 400), (Sent::query(query), 200)] {
            let got = send(sent).await;
            assert_eq!((got.status, got.code()), (status, code), "{query}");
            assert!(got.json.get("data").is_none(), "{query}");
            assert_eq!(got.json["errors"][0]["extensions"]["requestId"], got.header("x-request-id"));
        }
    }
}

#[tokio::test]
async fn errors_of_fields_come_with_the_data() {
    let got = send(Sent::query("{ hello fails }").graphql()).await;
    assert_eq!((got.status, got.code()), (200, "NOT_FOUND"));
    assert_eq!(got.json["data"], json!({"hello": "world", "fails": null}));
    assert_eq!(got.json["errors"][0]["path"], json!(["fails"]));
    let got = send(Sent::query("{ failsHard }").graphql()).await;
    assert_eq!((got.status, got.code(), &got.json["data"]), (200, "INTERNAL_SERVER_ERROR", &json!(null)));
}

#[tokio::test]
async fn what_is_no_graphql_request_is_refused_with_its_status() {
    let post = |body: &str| Sent::raw(body.to_owned());
    let large = json!({ "query": "x".repeat(5_000) }).to_string();
    let chunked = Body::from_stream(futures::stream::iter([Ok::<_, std::io::Error>(large.clone())]));
    let silent = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let get = |method: Method| Sent { method, ..Sent::query("{ hello }") };
    let table = [
        (get(Method::GET), 405, "BAD_REQUEST"),
        (get(Method::PUT), 405, "BAD_REQUEST"),
        (Sent::query("{ hello }").with("accept", "text/html"), 406, "BAD_REQUEST"),
        (Sent { headers: vec![], ..Sent::query("{ hello }") }, 415, "BAD_REQUEST"),
        (Sent::query("{ hello }").with("content-type", "text/plain"), 415, "BAD_REQUEST"),
        (Sent::query("{ hello }").with("content-type", "application/json; charset=latin1"), 415, "BAD_REQUEST"),
        (Sent::query("{ hello }").with("content-encoding", "gzip"), 415, "BAD_REQUEST"),
        (post(&large), 413, "PAYLOAD_TOO_LARGE"),
        (Sent::raw(chunked), 413, "PAYLOAD_TOO_LARGE"),
        (post("{}").with("content-length", "999999999"), 413, "PAYLOAD_TOO_LARGE"),
        (Sent::raw(silent), 408, "TIMEOUT"),
        (post(""), 400, "BAD_REQUEST"),
        (post("{"), 400, "BAD_REQUEST"),
        (post("[]"), 400, "BAD_REQUEST"),
        (post("[{\"query\": \"{ hello }\"}]"), 400, "BAD_REQUEST"),
        (post("{\"query\": \"{ hello }\", \"query\": \"{ fails }\"}"), 400, "BAD_REQUEST"),
        (Sent::raw(vec![b'{', b'"', 0xFF, b'"', b'}']), 400, "BAD_REQUEST"),
        (Sent::json(&json!({})), 400, "BAD_REQUEST"),
        (Sent::json(&json!({"query": {}})), 400, "BAD_REQUEST"),
        (Sent::json(&json!({"query": "{ hello }", "operationName": 1})), 400, "BAD_REQUEST"),
        (Sent::json(&json!({"query": "{ hello }", "variables": []})), 400, "BAD_REQUEST"),
        (Sent::json(&json!({"query": "{ hello }", "extensions": "x"})), 400, "BAD_REQUEST"),
    ];
    for (number, (sent, status, code)) in table.into_iter().enumerate() {
        let got = send(sent).await;
        assert_eq!((got.status, got.code()), (status, code), "{number}");
        assert!(got.header("x-request-id").starts_with("req_"), "{number}");
        if status == 405 {
            assert_eq!(got.header("allow"), "POST");
        }
    }
}

#[tokio::test]
async fn the_charset_may_be_given() {
    let sent = Sent::query("{ hello }").with("content-type", "application/json; charset=\"UTF-8\"");
    assert_eq!(send(sent).await.status, 200);
}

#[tokio::test]
async fn only_who_is_signed_in_sees_the_schema() {
    let query = "{ __schema { queryType { name } } }";
    assert_eq!(send_to(router(true), Sent::query(query)).await.status, 200);
    let got = send_to(router(false), Sent::query(query)).await;
    assert_eq!((got.status, got.code()), (403, "FORBIDDEN"));
    assert_eq!(send_to(router(false), Sent::query("{ __typename }")).await.status, 200);
}

#[tokio::test]
async fn a_panic_is_a_500_and_a_slow_operation_a_503() {
    for query in ["{ panics }", "mutation { panics }"] {
        let got = send(Sent::query(query)).await;
        assert_eq!((got.status, got.code()), (500, "INTERNAL_SERVER_ERROR"), "{query}");
        assert!(!got.json.to_string().contains("defect"));
    }
    let got = send(Sent::query("{ slow }")).await;
    assert_eq!((got.status, got.code()), (503, "TIMEOUT"));
}

#[tokio::test]
async fn many_errors_and_long_messages_are_cut() {
    let many = format!("{{ {} }}", "nope ".repeat(20));
    let got = send(Sent::query(&many).graphql()).await;
    assert_eq!((got.status, got.json["errors"].as_array().unwrap().len()), (400, 10));
    let long = format!("{{ {} }}", "n".repeat(3_000));
    let got = send(Sent::query(&long).graphql()).await;
    assert!(got.json["errors"][0]["message"].as_str().unwrap().chars().count() <= 300);
}
