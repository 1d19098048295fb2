mod guide;
mod heads;
mod hostile;

use std::{path::Path, time::Duration};

use app::{
    accounts::{NewApiToken, create_api_token},
    testing::TestApp,
};
use axum::{body::to_bytes, http::Request as HttpRequest};
use domain::{
    ClientId,
    access::{Permission, PermissionSet},
};
use serde_json::Value;
use store::testing::TestStore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::*;

mod attachments;
use crate::socket::SocketBounds;

struct Site {
    app: TestApp,
    folder: tempfile::TempDir,
    client: ClientId,
    other: ClientId,
}

impl Site {
    async fn new() -> Self {
        let app = TestApp::new(TestStore::sqlite().await);
        let (client, other) = (app.client("nordic").await, app.client("aurora").await);
        Self { app, folder: tempfile::tempdir().unwrap(), client, other }
    }

    async fn token(&self, client: Option<ClientId>, permissions: &[Permission]) -> String {
        let permissions = PermissionSet::of(permissions);
        let new = NewApiToken { client, name: "gateway".to_owned(), permissions, expires_at: None };
        create_api_token(&self.app.system(), new).await.unwrap().1.reveal().to_owned()
    }

    fn edge(&self, dependencies: Vec<Dependency>) -> Edge {
        Edge {
            services: Arc::clone(self.app.services()),
            schema: ::graphql::schema(),
            bounds: Bounds::default(),
            access: Access::default(),
            sockets: Sockets::new(SocketBounds::default(), CancellationToken::new()),
            uploads: Uploads {
                folder: self.uploads().to_path_buf(),
                size: 10_000,
                idle: Duration::from_millis(100),
                at_once: 1,
            },
            webhooks: Webhooks {
                secrets: vec!["old secret".to_owned(), "new secret".to_owned()],
                verify_token: Some("verify me".to_owned()),
                read: Duration::from_millis(100),
                ..Webhooks::default()
            },
            watch: Watch { dependencies, metrics: None },
            language: Lang::En,
        }
    }

    fn uploads(&self) -> &Path {
        self.folder.path()
    }

    async fn ask(&self, method: &str, uri: &str, token: Option<&str>, body: impl Into<Body>) -> Got {
        ask(router(self.edge(Vec::new())).unwrap(), method, uri, token, body).await
    }
}

struct Got {
    status: u16,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

async fn ask(router: Router, method: &str, uri: &str, token: Option<&str>, body: impl Into<Body>) -> Got {
    let mut request = HttpRequest::builder().method(method).uri(uri).header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = router.oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Got { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

const VIEWER: &str = r#"{"query": "{ viewer { permissions } }"}"#;

#[tokio::test]
async fn a_good_credential_makes_an_actor_and_a_bad_one_a_401() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &[Permission::TrafficImport]).await;
    let got = site.ask("POST", "/graphql", Some(&token), VIEWER).await;
    assert_eq!(got.json()["data"]["viewer"]["permissions"], json!(["traffic:import"]), "{}", got.text);
    let got = site.ask("POST", "/graphql", None, VIEWER).await;
    assert_eq!((got.status, &got.json()["data"]["viewer"]), (200, &Value::Null));
    for bad in ["nonsense", "", "sbl_nonsense", &format!("{token}x"), "eyJhbGciOiJub25lIn0.e30."] {
        let got = site.ask("POST", "/graphql", Some(bad), VIEWER).await;
        assert_eq!((got.status, got.code().as_str()), (401, "UNAUTHENTICATED"), "{bad}");
    }
}

#[test]
fn bad_credentials_and_what_was_denied_are_counted() {
    let text = crate::measure::measured(async {
        let site = Site::new().await;
        let token = site.token(Some(site.client), &[Permission::TicketsRead]).await;
        for bad in ["nonsense", "sbt_nonsense", "  "] {
            assert_eq!(site.ask("POST", "/graphql", Some(bad), VIEWER).await.status, 401, "{bad}");
        }
        let import = "/v1/imports?client=nordic&kind=messages&format=csv";
        assert_eq!(site.ask("POST", import, Some(&token), "").await.status, 403);
        assert_eq!(site.ask("POST", import, None, "").await.status, 401);
        let create = r#"{"query": "mutation { clientCreate(input: { name: \"A\", slug: \"a\", timeZone: \"Europe/Rome\", language: \"it\" }) { client { id } } }"}"#;
        assert_eq!(site.ask("POST", "/graphql", Some(&token), create).await.code(), "FORBIDDEN");
    });
    for (asked, count) in [("credential", 3), ("nobody", 1), ("without permission", 2)] {
        let line = format!("sblocco_denied_total{{asked=\"{asked}\"}} {count}\n");
        assert!(text.contains(&line), "{line}{text}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_in_json() {
    let site = Site::new().await;
    for (method, uri, status) in [
        ("GET", "/nope", 404),
        ("GET", "/metrics", 404),
        ("POST", "/healthz", 405),
        ("GET", "/v1/imports", 405),
        ("DELETE", "/v1/imports/imp_x", 405),
        ("PUT", "/graphql", 405),
        ("GET", "/graphql", 400),
    ] {
        let got = site.ask(method, uri, None, Body::empty()).await;
        assert_eq!(got.status, status, "{method} {uri}");
        assert!(!got.code().is_empty(), "{method} {uri}: {}", got.text);
    }
}

#[tokio::test]
async fn alive_is_not_ready() {
    let site = Site::new().await;
    let up = || Dependency::new("database", async || Ok(()));
    let down = || Dependency::new("lake", async || Err("/secret/path is gone".to_owned()));
    let got = ask(router(site.edge(vec![up()])).unwrap(), "GET", "/readyz", None, Body::empty()).await;
    assert_eq!((got.status, &got.json()["status"]), (200, &json!("ready")));
    let got = ask(router(site.edge(vec![up(), down()])).unwrap(), "GET", "/readyz", None, Body::empty()).await;
    assert_eq!((got.status, &got.json()["dependencies"][1]["status"]), (503, &json!("down")));
    assert!(!got.text.contains("secret"));
    assert_eq!(ask(router(site.edge(vec![down()])).unwrap(), "GET", "/healthz", None, Body::empty()).await.status, 200);
}

#[tokio::test]
async fn a_process_that_only_works_answers_only_those_who_watch_it() {
    let site = Site::new().await;
    let watch = || {
        let down = Dependency::new("queue", async || Err("it is gone".to_owned()));
        watch_router(Watch { dependencies: vec![down], metrics: None }, Arc::clone(&site.app.services().random))
    };
    for (path, status) in
        [("/healthz", 200), ("/readyz", 503), ("/metrics", 404), ("/graphql", 404), ("/v1/imports", 404)]
    {
        assert_eq!(ask(watch(), "GET", path, None, Body::empty()).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn an_upload_becomes_an_import_that_can_be_looked_at_and_leaves_no_file() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &[Permission::TrafficImport, Permission::ImportsRead]).await;
    let uri = "/v1/imports?client=nordic&kind=messages&format=csv&file_name=september.csv";
    let got = site.ask("POST", uri, Some(&token), "a,b\n1,2\n").await;
    assert_eq!(got.status, 201, "{}", got.text);
    let import = got.json()["import"].clone();
    assert_eq!((&import["fileName"], &import["state"]), (&json!("september.csv"), &json!("completed")));
    let again = site.ask("POST", uri, Some(&token), "a,b\n1,2\n").await;
    assert_eq!((again.status, &again.json()["isUnchanged"]), (200, &json!(true)));
    assert_eq!(again.json()["import"]["id"], import["id"]);

    let address = format!("/v1/imports/{}", import["id"].as_str().unwrap());
    assert_eq!(site.ask("GET", &address, Some(&token), Body::empty()).await.json(), import);
    let errors = site.ask("GET", &format!("{address}/errors"), Some(&token), Body::empty()).await;
    assert_eq!((errors.status, errors.text.as_str()), (200, ""));
    assert_eq!(std::fs::read_dir(site.uploads()).unwrap().count(), 0);

    let stranger = site.token(Some(site.other), &[Permission::ImportsRead]).await;
    assert_eq!(site.ask("GET", &address, Some(&stranger), Body::empty()).await.status, 404);
    assert_eq!(site.ask("GET", &format!("{address}/errors"), Some(&stranger), Body::empty()).await.status, 404);
    assert_eq!(site.ask("GET", &address, None, Body::empty()).await.status, 401);
}

#[tokio::test]
async fn an_upload_is_refused_before_its_first_byte_is_taken() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &[Permission::TrafficImport]).await;
    let good = "client=nordic&kind=messages&format=csv";
    let table = [
        (None, good.to_owned(), 401, "UNAUTHENTICATED"),
        (Some(&token), "client=aurora&kind=messages&format=csv".to_owned(), 404, "NOT_FOUND"),
        (Some(&token), format!("client={}&kind=messages&format=csv", site.other), 404, "NOT_FOUND"),
        (Some(&token), "client=nordic&kind=consents&format=csv".to_owned(), 403, "FORBIDDEN"),
        (Some(&token), "client=nordic&kind=rumours&format=csv".to_owned(), 400, "BAD_REQUEST"),
        (Some(&token), "client=nordic&kind=messages&format=xlsx".to_owned(), 400, "BAD_REQUEST"),
        (Some(&token), "client=nordic&kind=messages".to_owned(), 400, "BAD_REQUEST"),
        (Some(&token), format!("{good}&strickt=true"), 400, "BAD_REQUEST"),
        (Some(&token), format!("{good}&strict=perhaps"), 400, "BAD_REQUEST"),
        (Some(&token), "kind=messages&format=csv".to_owned(), 400, "BAD_REQUEST"),
    ];
    for (token, query, status, code) in table {
        // A body that never comes: whoever waited for it would answer 408.
        let body = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
        let got = site.ask("POST", &format!("/v1/imports?{query}"), token.map(String::as_str), body).await;
        assert_eq!((got.status, got.code().as_str()), (status, code), "{query}: {}", got.text);
    }
    let got = site.ask("POST", &format!("/v1/imports?{good}"), Some(&token), "x".repeat(10_001)).await;
    assert_eq!((got.status, got.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test]
async fn uploads_beyond_the_places_are_put_off() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &[Permission::TrafficImport]).await;
    let routes = router(site.edge(Vec::new())).unwrap();
    let uri = "/v1/imports?client=nordic&kind=messages&format=csv";
    let silent = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let (first, second) = tokio::join!(ask(routes.clone(), "POST", uri, Some(&token), silent), async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        ask(routes.clone(), "POST", uri, Some(&token), "a\n").await
    });
    assert_eq!((first.status, second.status, second.code().as_str()), (408, 503, "UNAVAILABLE"));
    assert_eq!(ask(routes, "POST", uri, Some(&token), "a\n").await.status, 201);
}

#[tokio::test]
async fn a_file_of_evidence_is_handed_out_to_whoever_may_have_it() {
    use app::exports::{RequestExport, request};
    use domain::evidence::EvidenceFormat;
    let site = Site::new().await;
    let finding = site.app.finding(site.client, 0).await.id;
    let export = async |unmask: Option<&str>| {
        let input = RequestExport { finding, format: EvidenceFormat::Csv, unmask: unmask.map(str::to_owned) };
        request(&site.app.system(), input).await.unwrap()
    };
    let masked = export(None).await;
    let reader = site.token(Some(site.client), &[Permission::AuditsRead]).await;
    let address = format!("/v1/exports/{}", masked.id);
    let early = site.ask("GET", &address, Some(&reader), Body::empty()).await;
    assert_eq!((early.status, early.code().as_str()), (422, "BAD_USER_INPUT"));
    site.app.work(masked.job).await;

    let request = HttpRequest::builder().uri(&address).header("authorization", format!("Bearer {reader}"));
    let response = router(site.edge(Vec::new())).unwrap().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"evidence-{finding}.csv\""));
    assert_eq!((header("content-type").as_str(), header("content-length").as_str()), ("text/csv; charset=utf-8", "0"));
    assert_eq!((header("cache-control").as_str(), header("x-content-sha256").len()), ("no-store", 64));

    let stranger = site.token(Some(site.other), &[Permission::AuditsRead, Permission::EvidenceUnmask]).await;
    let clear = export(Some("For Meta.")).await;
    site.app.work(clear.job).await;
    let clear = format!("/v1/exports/{}", clear.id);
    let unmasker = site.token(Some(site.client), &[Permission::AuditsRead, Permission::EvidenceUnmask]).await;
    for (address, token, status) in [
        (&address, None, 401),
        (&address, Some(&stranger), 404),
        (&clear, Some(&stranger), 404),
        (&clear, Some(&reader), 403),
        (&clear, Some(&unmasker), 200),
        (&"/v1/exports/exp_01J00000000000000000000000".to_owned(), Some(&reader), 404),
        (&"/v1/exports/x".to_owned(), Some(&reader), 404),
    ] {
        let got = site.ask("GET", address, token.map(String::as_str), Body::empty()).await;
        assert_eq!(got.status, status, "{address}: {}", got.text);
    }
    assert_eq!(site.ask("POST", &address, Some(&reader), Body::empty()).await.status, 405);
}

const KEY: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

#[tokio::test]
async fn a_mutation_with_a_key_is_done_once() {
    let site = Site::new().await;
    let token = site.token(None, &[Permission::TokensWrite]).await;
    let routes = router(site.edge(Vec::new())).unwrap();
    let send = async |key: &'static str, credential: Option<&str>, name: &str| {
        let query = format!(
            "mutation {{ apiTokenCreate(input: {{ name: \"{name}\", permissions: [\"tokens:write\"] }}) {{ secret userErrors {{ code }} }} }}"
        );
        let mut request =
            HttpRequest::builder().method("POST").uri("/graphql").header(CONTENT_TYPE, "application/json");
        request = request.header("idempotency-key", key);
        if let Some(credential) = credential {
            request = request.header("authorization", format!("Bearer {credential}"));
        }
        let body = Body::from(json!({ "query": query }).to_string());
        let response = routes.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let replayed = response.headers().contains_key("idempotency-replayed");
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, replayed, serde_json::from_slice::<Value>(&bytes).unwrap())
    };
    let first = send(KEY, Some(&token), "first").await;
    assert_eq!((first.0, first.1), (200, false), "{}", first.2);
    let secret = &first.2["data"]["apiTokenCreate"]["secret"];
    assert!(secret.is_string(), "{}", first.2);
    let second = send(KEY, Some(&token), "first").await;
    assert_eq!((second.0, second.1, &second.2), (200, true, &first.2));
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    let other = send(KEY, Some(&token), "other").await;
    assert_eq!((other.0, code(&other.2).as_str()), (409, "CONFLICT"));
    assert_eq!(send(KEY, None, "first").await.0, 400);
    assert_eq!(send("too short", Some(&token), "first").await.0, 400);
    let another = send("7c9e6679-7425-40de-944b-e07fc1f90ae7", Some(&token), "first").await;
    assert!(!another.1 && another.2["data"]["apiTokenCreate"]["secret"] != *secret, "{}", another.2);
}

#[tokio::test]
async fn pages_of_listed_origins_may_use_the_api_and_others_may_not() {
    let site = Site::new().await;
    let mut edge = site.edge(Vec::new());
    edge.access.origins = vec![HeaderValue::from_static("https://console.example.com")];
    let routes = router(edge).unwrap();
    for (origin, allowed) in [("https://console.example.com", true), ("https://evil.example", false), ("null", false)] {
        let request = HttpRequest::builder().method("OPTIONS").uri("/graphql").header("origin", origin);
        let request = request
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type,idempotency-key");
        let response = routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let headers = response.headers();
        assert_eq!(headers.get("access-control-allow-origin").is_some(), allowed, "{origin}");
        assert!(headers.get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test]
async fn a_network_sends_no_more_than_its_share() {
    let site = Site::new().await;
    let mut edge = site.edge(Vec::new());
    edge.access.requests = crate::Budget { capacity: 3, restored: 1 };
    edge.access.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let routes = router(edge).unwrap();
    let send = async |uri: &str, forwarded: &str| {
        let mut request =
            HttpRequest::builder().uri(uri).header("x-forwarded-for", forwarded).body(Body::empty()).unwrap();
        request.extensions_mut().insert(crate::server::Peer("127.0.0.1:1".parse().unwrap()));
        let response = routes.clone().oneshot(request).await.unwrap();
        let retry = response.headers().get("retry-after").is_some();
        (response.status().as_u16(), retry)
    };
    for _ in 0..3 {
        assert_eq!(send("/graphql", "192.0.2.1").await, (400, false));
    }
    assert_eq!(send("/v1/imports/x", "192.0.2.1").await, (429, true));
    assert_eq!(send("/graphql", "192.0.2.2, 192.0.2.1").await, (429, true));
    assert_eq!(send("/graphql", "192.0.2.2").await, (400, false));
    // Whoever watches the process is not held up.
    assert_eq!(send("/healthz", "192.0.2.1").await.0, 200);
}

#[tokio::test]
async fn a_mail_server_hands_mails_over_and_whoever_may_not_is_refused_before_the_body() {
    let site = Site::new().await;
    let token = site.token(None, &[Permission::MailReceive]).await;
    let send = async |token: Option<&str>, media: &str, body: Vec<u8>| {
        let mut request = HttpRequest::builder().method("POST").uri("/v1/mail").header(CONTENT_TYPE, media);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = router(site.edge(Vec::new())).unwrap().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Got { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
    };
    let mail = b"From: a@x.example\r\nTo: b@y.example\r\n\r\nHello".to_vec();
    let got = send(Some(&token), "message/rfc822", mail.clone()).await;
    assert_eq!((got.status, got.json()), (200, json!({ "outcome": "no_ticket", "ticketId": null })), "{}", got.text);
    assert_eq!(send(Some(&token), "message/rfc822", Vec::new()).await.status, 422);
    assert_eq!(send(Some(&token), "application/json", mail.clone()).await.status, 415);
    assert_eq!(send(None, "message/rfc822", mail.clone()).await.status, 401);
    let other = site.token(None, &[Permission::TicketsRead]).await;
    assert_eq!(send(Some(&other), "message/rfc822", mail).await.status, 403);
    let got = send(Some(&token), "message/rfc822", vec![b'x'; (25 << 20) + 1]).await;
    assert_eq!((got.status, got.code().as_str()), (413, "PAYLOAD_TOO_LARGE"));
}

#[tokio::test]
async fn a_link_in_a_mail_asks_first_and_a_post_ends_it() {
    let site = Site::new().await;
    let user = site.app.user(domain::access::Role::ClientAdmin, Some(site.client)).await;
    let token = site.app.services().mailer.key.unsubscribe(user.id, domain::notifications::Topic::Tickets);
    let uri = format!("/v1/mail/unsubscribe/{token}");
    let asked = site.ask("GET", &uri, None, "").await;
    assert!(asked.status == 200 && asked.text.contains("<form method=\"post\">"), "{}", asked.text);
    let ended = site.ask("POST", &uri, None, "List-Unsubscribe=One-Click").await;
    assert!(ended.status == 200 && !ended.text.contains("<form"), "{}", ended.text);
    let forged = site.ask("POST", &uri.replace("tickets", "audits"), None, "").await;
    assert_eq!((forged.status, forged.code().as_str()), (404, "NOT_FOUND"));
    assert!(!forged.text.contains(&user.id.to_string()));
}

#[tokio::test]
async fn the_activity_log_is_a_file() {
    let site = Site::new().await;
    let auditor = site.token(None, &[Permission::ActivityRead]).await;
    for number in 0..120 {
        let op = site.app.program(Some(site.client), &[]);
        op.begin("write", vec![number.to_string()]);
        op.end(app::activity::Ended::DONE, None).await.unwrap();
    }
    let lines = |got: &Got| got.text.lines().map(str::to_owned).collect::<Vec<_>>();
    let got = site.ask("GET", "/v1/activity?format=ndjson&action=write", Some(&auditor), "").await;
    assert_eq!((got.status, lines(&got).len()), (200, 120), "{}", got.text);
    let first: Value = serde_json::from_str(&lines(&got)[0]).unwrap();
    assert_eq!((&first["action"], &first["outcome"]), (&json!("write"), &json!("done")));
    let csv = site.ask("GET", &format!("/v1/activity?format=csv&client={}", site.client), Some(&auditor), "").await;
    assert_eq!(lines(&csv).len(), 121);
    assert!(csv.text.starts_with("id,at,client,"));
    // Asking is entered too, once it is allowed; another client's program gets its own log, which is empty; without the permission there is none.
    let asked = site.ask("GET", "/v1/activity?format=ndjson&action=activityExport", Some(&auditor), "").await;
    assert_eq!(lines(&asked).len(), 2, "those before this one: {}", asked.text);
    let other = site.token(Some(site.other), &[Permission::ActivityRead]).await;
    let got = site.ask("GET", "/v1/activity?format=csv&action=write", Some(&other), "").await;
    assert_eq!((got.status, lines(&got).len()), (200, 1));
    let viewer = site.token(None, &[Permission::AuditsRead]).await;
    assert_eq!(site.ask("GET", "/v1/activity?format=csv", Some(&viewer), "").await.code(), "FORBIDDEN");
    for bad in ["", "?format=xml", "?format=csv&client=x", "?format=csv&outcome=x", "?format=csv&unknown=1"] {
        let got = site.ask("GET", &format!("/v1/activity{bad}"), Some(&auditor), "").await;
        assert_eq!((got.status, got.code()), (400, "BAD_REQUEST".to_owned()), "{bad}");
    }
    assert_eq!(site.ask("POST", "/v1/activity", Some(&auditor), "").await.status, 405);
}
