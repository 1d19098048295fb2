use app::{meta_webhooks::insight, testing::TestApp};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use i18n::Lang;
use store::testing::TestStore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::*;
use crate::{Access, Bounds, Edge, SocketBounds, Sockets, Uploads, Watch, router};

const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","time":1743451903,"changes":[{"field":"account_review_update","value":{"decision":"APPROVED"}}]}]}"#;

struct Site(TestApp);

impl Site {
    async fn new() -> Self {
        Self(TestApp::new(TestStore::sqlite().await))
    }

    fn routes(&self, webhooks: Webhooks) -> Router {
        let edge = Edge {
            services: Arc::clone(self.0.services()),
            schema: ::graphql::schema(),
            bounds: Bounds::default(),
            access: Access::default(),
            sockets: Sockets::new(SocketBounds::default(), CancellationToken::new()),
            uploads: Uploads { folder: std::env::temp_dir(), size: 1, idle: Duration::from_secs(1), at_once: 1 },
            webhooks,
            watch: Watch { dependencies: Vec::new(), metrics: None },
            language: Lang::En,
        };
        router(edge).unwrap()
    }

    async fn ask(&self, webhooks: Webhooks, request: Request<Body>) -> (u16, String) {
        let response = self.routes(webhooks).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn post(&self, signatures: &[&str], body: impl Into<Body>) -> u16 {
        self.ask(bounds(), signed(signatures, body)).await.0
    }

    async fn stored(&self) -> u64 {
        insight(&self.0.system()).await.unwrap().notices_waiting
    }
}

fn bounds() -> Webhooks {
    Webhooks {
        secrets: vec!["old secret".to_owned(), "new secret".to_owned()],
        verify_token: Some("verify me".to_owned()),
        body: 2_000,
        read: Duration::from_millis(100),
        memory: 10_000,
    }
}

fn signed(signatures: &[&str], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method("POST").uri("/webhooks/meta");
    for signature in signatures {
        request = request.header("X-Hub-Signature-256", *signature);
    }
    request.body(body.into()).unwrap()
}

fn good(body: &str) -> String {
    meta::webhook::sign(body.as_bytes(), "new secret")
}

#[tokio::test]
async fn the_handshake_returns_the_challenge_to_whoever_knows_the_token() {
    let site = Site::new().await;
    let get = |query: &str| Request::builder().uri(format!("/webhooks/meta?{query}")).body(Body::empty()).unwrap();
    let table = [
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%20me", 200),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong", 403),
        ("hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=verify%20me", 403),
        ("hub.mode=subscribe&hub.challenge=%3Cb%3E%0A&hub.verify_token=verify%20me", 403),
        ("hub.mode=subscribe&hub.verify_token=verify%20me", 400),
        ("", 400),
    ];
    for (query, status) in table {
        let (answered, text) = site.ask(bounds(), get(query)).await;
        assert_eq!(answered, status, "{query}: {text}");
        assert_eq!(text == "1158201444", status == 200, "{query}: {text}");
    }
    let none = Webhooks { verify_token: None, ..bounds() };
    assert_eq!(site.ask(none, get("hub.mode=subscribe&hub.challenge=1&hub.verify_token=")).await.0, 403);
}

#[tokio::test]
async fn a_signed_body_is_stored_before_it_is_acknowledged_under_either_secret() {
    let site = Site::new().await;
    assert_eq!(site.post(&[&good(BODY)], BODY).await, 200);
    assert_eq!(site.stored().await, 1);
    let old = meta::webhook::sign(BODY.as_bytes(), "old secret");
    assert_eq!(site.post(&[&old], BODY).await, 200);
    assert_eq!(site.stored().await, 2);
}

#[tokio::test]
async fn of_a_forged_body_nothing_is_stored() {
    let site = Site::new().await;
    let signature = good(BODY);
    let sha1 = signature.replace("sha256=", "sha1=");
    let foreign = meta::webhook::sign(BODY.as_bytes(), "another app");
    let table: [&[&str]; 6] = [&[], &[&sha1], &[&foreign], &[&signature, &signature], &[&signature, &foreign], &[""]];
    for signatures in table {
        assert_eq!(site.post(signatures, BODY).await, 401, "{signatures:?}");
    }
    assert_eq!(site.post(&[&signature], &BODY[..BODY.len() - 1]).await, 401, "a body cut off");
    assert_eq!(site.post(&[&signature], BODY.replace("APPROVED", "REJECTED")).await, 401);
    assert_eq!(site.stored().await, 0);
}

#[tokio::test]
async fn a_body_that_makes_no_sense_is_refused_though_it_is_signed() {
    let site = Site::new().await;
    let deep = format!("{}{}", "[".repeat(900), "]".repeat(900));
    for body in ["", "{", "nothing", "NaN", r#"{"entry":NaN}"#, "12", &deep] {
        assert_eq!(site.post(&[&good(body)], body.to_owned()).await, 400, "{body}");
    }
    assert_eq!(site.stored().await, 0);
    // A key that stands twice is no reason to lose what it says.
    let twice = BODY.replace(r#""id":"1""#, r#""id":"1","id":"1""#);
    assert_eq!(site.post(&[&good(&twice)], twice.clone()).await, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_or_too_slow_takes_no_room() {
    let site = Site::new().await;
    let large = " ".repeat(2_001);
    assert_eq!(site.post(&[&good(&large)], large.clone()).await, 413);
    let announced = Request::builder().method("POST").uri("/webhooks/meta").header("X-Hub-Signature-256", good(""));
    let announced = announced.header("content-length", "104857600").body(Body::empty()).unwrap();
    assert_eq!(site.ask(bounds(), announced).await.0, 413);
    let unannounced = Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(1_000))));
    assert_eq!(site.post(&[&good("")], unannounced).await, 413);
    let silent = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    assert_eq!(site.post(&[&good("")], silent).await, 408);
    assert_eq!(site.stored().await, 0);
}

#[tokio::test]
async fn the_largest_body_that_meta_sends_is_taken() {
    let site = Site::new().await;
    let change = r#"{"field":"account_review_update","value":{"decision":"APPROVED"}}"#;
    let changes = vec![change; 1_000].join(",");
    let body = format!(r#"{{"entry":[{{"id":"1","time":1743451903,"changes":[{changes}]}}]}}"#);
    let padding = " ".repeat(Webhooks::default().body - body.len());
    let body = body + &padding;
    let roomy = || Webhooks { secrets: bounds().secrets, read: Duration::from_secs(10), ..Webhooks::default() };
    assert_eq!(site.ask(roomy(), signed(&[&good(&body)], body.clone())).await.0, 200);
    assert_eq!(site.stored().await, 1);
    let more = body + " ";
    assert_eq!(site.ask(roomy(), signed(&[&good(&more)], more.clone())).await.0, 413);
    assert_eq!(site.stored().await, 1);
}

#[tokio::test]
async fn what_is_strange_and_signed_is_stored() {
    let site = Site::new().await;
    let body = |id: &str, time: &str| {
        format!(r#"{{"entry":[{{"id":{id},"time":{time},"changes":[{{"field":"brand_new","value":7}}]}}]}}"#)
    };
    let table = [
        body("9007199254740993", "1743451903"),
        body("18446744073709551616", "\"never\""),
        body("\"an account that nobody knows\"", "4102444800"),
        body("null", "-1"),
        body("\"\\ud83d\"", "1e300"),
    ];
    for (stored, body) in table.iter().enumerate() {
        assert_eq!(site.post(&[&good(body)], body.clone()).await, 200, "{body}");
        assert_eq!(site.stored().await, stored as u64 + 1);
    }
}

#[tokio::test]
async fn without_secrets_or_room_whoever_comes_is_asked_to_come_again() {
    let site = Site::new().await;
    let none = Webhooks { secrets: Vec::new(), ..bounds() };
    assert_eq!(site.ask(none, signed(&[&good(BODY)], BODY)).await.0, 503);
    let routes = site.routes(Webhooks { memory: 2_000, ..bounds() });
    let silent = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let (first, second) = tokio::join!(routes.clone().oneshot(signed(&[&good("")], silent)), async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        routes.clone().oneshot(signed(&[&good(BODY)], BODY)).await
    });
    assert_eq!((first.unwrap().status().as_u16(), second.unwrap().status().as_u16()), (408, 503));
    let after = routes.oneshot(signed(&[&good(BODY)], BODY)).await.unwrap();
    assert_eq!(after.status(), StatusCode::OK);
}
