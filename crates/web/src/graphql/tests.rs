mod audits;

use std::{future::ready, sync::Arc};

use async_graphql::{EmptySubscription, Error, ErrorExtensions as _, Object, Schema};
use axum::{Router, body::to_bytes, extract::Extension, middleware::from_fn_with_state, routing::any};
use domain::{
    Instant, UserId,
    ports::{Random, SeededRandom},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::*;
use crate::{
    measure::measured,
    request_log::{self, RequestId, RequestNotes},
};

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

    #[graphql(deprecation = "use hello; may be missing from 2028-01-01 on")]
    async fn greeting(&self) -> String {
        "hello".to_owned()
    }

    async fn secret(&self) -> Result<Option<bool>, Error> {
        ready(Err(Error::new("no").extend_with(|_, e| e.set("code", "FORBIDDEN")))).await
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

    async fn late(&self) -> bool {
        tokio::task::yield_now().await;
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

fn bounds() -> Bounds {
    Bounds { body: 4_096, read: Duration::from_millis(50), execution: Duration::from_millis(50), ..Bounds::default() }
}

fn now() -> Instant {
    Instant::from_timestamp(1_790_000_000, 0).unwrap()
}

fn router(signed_in: bool) -> Router {
    router_with(bounds(), signed_in)
}

fn router_with(bounds: Bounds, signed_in: bool) -> Router {
    let schema: Tiny = Schema::build(Query, Mutation, EmptySubscription).finish();
    let endpoint = Arc::new(Endpoint::new(bounds, &schema.sdl()).unwrap());
    let random: Arc<dyn Random> = Arc::new(SeededRandom::new(1));
    let handler = async move |Extension(id): Extension<RequestId>,
                              Extension(notes): Extension<RequestNotes>,
                              request: http::Request<Body>| {
        let random = SeededRandom::new(7);
        let payer = if signed_in { Payer::User(UserId::new(now(), &random)) } else { Payer::Nobody(None) };
        let caller = Caller { payer, op: None, now: now(), request_id: id.0, notes };
        handle(&schema, &endpoint, request, &caller, |request| request).await
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
    text: String,
    json: Value,
}

impl Got {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap();
        Self { status: parts.status.as_u16(), headers: parts.headers, text, json }
    }

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
    Got::read(response).await
}

async fn send(sent: Sent) -> Got {
    send_to(router(true), sent).await
}

#[tokio::test]
async fn an_operation_is_answered_in_the_media_type_asked_for() {
    let got = send(Sent::query("{ hello }")).await;
    let cost = json!({"requested": 1, "actual": 1, "limit": 20_000, "remaining": 19_999, "restoreRate": 500});
    assert_eq!((got.status, &got.json), (200, &json!({"data": {"hello": "world"}, "extensions": {"cost": cost}})));
    assert_eq!(got.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(got.header("cache-control"), "no-store");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(got.header("x-request-id").starts_with("req_"));

    let body = json!({"query": "query q($n: String) { hello(name: $n) }", "operationName": "q", "variables": {"n": "è"}, "extensions": {}});
    let got = send(Sent::json(&body).graphql()).await;
    assert_eq!((got.status, &got.json["data"]), (200, &json!({"hello": "è"})));
    assert_eq!(got.header("content-type"), "application/graphql-response+json; charset=utf-8");

    let nulls = json!({"query": "{ hello }", "operationName": null, "variables": null, "extensions": null});
    assert_eq!(send(Sent::json(&nulls)).await.status, 200);
    assert_eq!(send(Sent::query("mutation { change }")).await.json["data"], json!({"change": true}));
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
async fn fields_are_answered_in_the_order_of_the_document_whichever_is_resolved_first() {
    let got = send(Sent::query("{ late fails hello nested { late hello } }")).await;
    let data = r#"{"data":{"late":true,"fails":null,"hello":"world","nested":{"late":true,"hello":"world"}},"#;
    assert!(got.text.starts_with(data), "{}", got.text);
}

#[tokio::test]
async fn what_is_no_graphql_request_is_refused_with_its_status() {
    let post = |body: &str| Sent::raw(body.to_owned());
    let large = json!({ "query": "x".repeat(5_000) }).to_string();
    let chunked = Body::from_stream(futures::stream::iter([Ok::<_, std::io::Error>(large.clone())]));
    let silent = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let get = |method: Method| Sent { method, ..Sent::query("{ hello }") };
    let table = [
        (get(Method::GET), 400, "BAD_REQUEST"),
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
            assert_eq!(got.header("allow"), "GET, POST");
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

#[tokio::test]
async fn queries_come_by_get_and_mutations_do_not() {
    let get = async |parameters: &str| {
        let mut request = http::Request::builder().method(Method::GET).uri(format!("/graphql?{parameters}"));
        request = request.header("accept", "application/graphql-response+json");
        let response = router(true).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        Got::read(response).await
    };
    let got =
        get("query=query+q(%24n:String)%7Bhello(name:%24n)%7D&variables=%7B%22n%22:%22%C3%A8%22%7D&operationName=q")
            .await;
    assert_eq!((got.status, &got.json["data"]), (200, &json!({"hello": "è"})), "{}", got.json);
    let got = get("query=mutation%7Bchange%7D").await;
    assert_eq!((got.status, got.code(), got.header("allow")), (405, "BAD_REQUEST", "POST"));
    let long = format!("query=%7Bhello%7D&x={}", "y".repeat(5_000));
    for (parameters, status) in [
        ("", 400),
        ("query=", 400),
        ("query=%7Bhello%7D&query=%7Bhello%7D", 400),
        ("query=%7Bhello%7D&variables=%5B%5D", 400),
        ("query=%7Bhello%7D&variables=x", 400),
        ("query=%7Bhello%7D%FF", 400),
        (&*long, 414),
    ] {
        assert_eq!(get(parameters).await.status, status, "{parameters:.60}");
    }
}

#[tokio::test]
async fn a_budget_is_spent_given_back_and_used_up() {
    let bounds = Bounds { budget: Budget { capacity: 12, restored: 2 }, ..bounds() };
    let router = router_with(bounds, true);
    let query = "{ nested { nested { hello } } a: nested { hello } }";
    let got = send_to(router.clone(), Sent::query(query)).await;
    assert_eq!(got.json["extensions"]["cost"]["requested"], 3);
    // A mutation is charged more than its payload; what is not used comes back.
    let got = send_to(router.clone(), Sent::query("mutation { change }")).await;
    assert_eq!((got.status, got.code(), got.header("retry-after")), (429, "RATE_LIMITED", "1"));
    for _ in 0..5 {
        send_to(router.clone(), Sent::query(query)).await;
    }
    let got = send_to(router, Sent::query(query)).await;
    assert_eq!((got.status, got.code(), got.header("retry-after")), (429, "RATE_LIMITED", "2"));
}

#[tokio::test]
async fn the_schema_is_shown_as_the_configuration_says() {
    let query = "{ __schema { queryType { name } } }";
    for (introspection, signed_in, status) in [
        (Introspection::Off, true, 403),
        (Introspection::SignedIn, true, 200),
        (Introspection::SignedIn, false, 403),
        (Introspection::Open, false, 200),
    ] {
        let router = router_with(Bounds { introspection, ..bounds() }, signed_in);
        assert_eq!(send_to(router, Sent::query(query)).await.status, status, "{introspection:?}");
    }
}

#[tokio::test]
async fn a_trusted_document_is_sent_by_its_id() {
    let text = "query q($n: String) { hello(name: $n) }";
    let documents = TrustedDocuments::new([text.to_owned()], DocumentRule::Trusted, DocumentRule::Open);
    let id = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(text));
    let router = router_with(Bounds { documents, ..bounds() }, true);
    let asked = json!({"documentId": format!("sha256:{id}"), "variables": {"n": "Ada"}});
    assert_eq!(send_to(router.clone(), Sent::json(&asked)).await.json["data"], json!({"hello": "Ada"}));
    for (asked, status, code) in [
        (json!({"query": "{ hello }"}), 403, "FORBIDDEN"),
        (json!({"documentId": "sha256:00"}), 400, "NOT_FOUND"),
        (json!({"documentId": id, "query": "{ hello }"}), 400, "BAD_REQUEST"),
        (json!({"documentId": 7}), 400, "BAD_REQUEST"),
    ] {
        let got = send_to(router.clone(), Sent::json(&asked).graphql()).await;
        assert_eq!((got.status, got.code()), (status, code), "{asked}");
    }
}

#[test]
fn who_asks_for_what_is_to_go_is_counted() {
    let text = measured(async {
        assert_eq!(send(Sent::query("{ greeting a: greeting hello }")).await.status, 200);
        assert_eq!(send(Sent::query("{ hello }")).await.status, 200);
    });
    assert!(text.contains("sblocco_graphql_deprecated_total{field=\"Query.greeting\"} 1\n"), "{text}");
    assert_eq!(text.matches("sblocco_graphql_deprecated_total{").count(), 1, "{text}");
}

#[test]
fn what_was_denied_is_counted_by_who_asked() {
    let text = measured(async {
        for signed_in in [true, true, false] {
            let got = send_to(router(signed_in), Sent::query("{ hello secret }")).await;
            assert_eq!((got.status, got.code()), (200, "FORBIDDEN"));
            // What failed for another reason was not denied.
            assert_eq!(send_to(router(signed_in), Sent::query("{ fails }")).await.code(), "NOT_FOUND");
        }
    });
    assert!(text.contains("sblocco_denied_total{asked=\"without permission\"} 2\n"), "{text}");
    assert!(text.contains("sblocco_denied_total{asked=\"nobody\"} 1\n"), "{text}");
}
