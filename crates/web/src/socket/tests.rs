//! Sockets as a client of another make sees them.

use std::{net::SocketAddr, path::PathBuf};

use app::{
    accounts::{NewApiToken, create_api_token, revoke_api_token},
    assets::{NewWaba, create_waba},
    testing::TestApp,
    tickets::{NewTicket, open},
};
use domain::{
    ApiTokenId, ClientId,
    access::{Permission, PermissionSet, Role},
    tickets::TicketKind,
};
use futures::{SinkExt as _, StreamExt as _};
use i18n::Lang;
use serde_json::{Value, json};
use store::testing::TestStore;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _, http},
};

use super::*;
use crate::{Access, Bounds, Connections, Edge, Uploads, Watch, router, serve};

const EVENTS: &str =
    "subscription($after: String) { ticketEvents(after: $after) { cursor event { type text } ticket { id } } }";

/// A server with short patience, on a port of its own.
struct Server {
    app: TestApp,
    address: SocketAddr,
    stop: CancellationToken,
    sockets: Sockets,
    served: JoinHandle<std::io::Result<()>>,
    client: ClientId,
}

fn brief() -> SocketBounds {
    SocketBounds {
        sockets: 3,
        operations: 2,
        message: 2_000,
        init: Duration::from_millis(300),
        ping: Duration::from_millis(200),
        send: Duration::from_millis(500),
    }
}

impl Server {
    async fn start() -> Self {
        Self::start_with(brief()).await
    }

    async fn start_with(bounds: SocketBounds) -> Self {
        let app = TestApp::new(TestStore::sqlite().await);
        app::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic").await;
        let stop = CancellationToken::new();
        let sockets = Sockets::new(bounds, stop.clone());
        let edge = Edge {
            services: Arc::clone(app.services()),
            schema: ::graphql::schema(),
            bounds: Bounds::default(),
            access: Access::default(),
            sockets: sockets.clone(),
            uploads: Uploads { folder: PathBuf::new(), size: 1, idle: Duration::from_secs(1), at_once: 1 },
            webhooks: crate::Webhooks::default(),
            watch: Watch { dependencies: Vec::new(), metrics: None },
            language: Lang::En,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Connections { header_timeout: Duration::from_secs(5), tls: None };
        let served = tokio::spawn(serve(listener, router(edge).unwrap(), connections, stop.clone()));
        Self { app, address, stop, sockets, served, client }
    }

    async fn token(&self) -> (ApiTokenId, String) {
        let new = NewApiToken {
            client: Some(self.client),
            name: "board".to_owned(),
            permissions: PermissionSet::of(&[Permission::TicketsRead]),
            expires_at: None,
        };
        let (token, secret) = create_api_token(&self.app.system(), new).await.unwrap();
        (token.id, secret.reveal().to_owned())
    }

    async fn open_ticket(&self) -> String {
        let agent = self.app.staff(Role::SupportAgent).await;
        let number = agent.now().timestamp_micros() + i64::from(rand_digit(&agent));
        let waba = NewWaba {
            client: self.client,
            meta_id: number.unsigned_abs().to_string(),
            name: "Main".to_owned(),
            portfolio_meta_id: None,
            messaging_limit: None,
        };
        let waba = create_waba(&agent, waba).await.unwrap().id;
        let new = NewTicket {
            client: self.client,
            kind: TicketKind::AccountRestricted,
            priority: None,
            title: None,
            text: None,
            waba: Some(waba),
            phone_number: None,
            template: None,
            findings: Vec::new(),
            notice: None,
        };
        open(&agent, new).await.unwrap().id.to_string()
    }

    /// A handshake with these headers.
    async fn shake(&self, headers: &[(&'static str, &str)]) -> Result<Peer, Error> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!("ws://{}/graphql", self.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, http::HeaderValue::from_str(value).unwrap());
        }
        client_async(request, stream).await.map(|(stream, _)| Peer(stream))
    }

    async fn connect(&self) -> Peer {
        self.shake(&[("sec-websocket-protocol", PROTOCOL)]).await.unwrap()
    }

    /// Connected and acknowledged, as the holder of a token.
    async fn join(&self, token: &str) -> Peer {
        let mut peer = self.connect().await;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        peer.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(peer.hear().await, json!({ "type": "connection_ack" }));
        peer
    }
}

fn rand_digit(op: &app::OpCtx) -> u16 {
    (op.random().number() % 60_000) as u16
}

/// The other end of a socket.
struct Peer(WebSocketStream<TcpStream>);

impl Peer {
    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, payload: Value) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    async fn next(&mut self) -> Message {
        timeout(Duration::from_secs(20), self.0.next()).await.expect("an answer in time").expect("no end").unwrap()
    }

    /// The next message that is no ping, which is answered.
    async fn hear(&mut self) -> Value {
        loop {
            let Message::Text(text) = self.next().await else { panic!("no text") };
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["type"] != "ping" {
                return message;
            }
            self.say(json!({ "type": "pong" })).await;
        }
    }

    /// The code by which the socket is closed.
    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.unwrap().code.into();
            }
        }
    }
}

#[tokio::test]
async fn queries_are_answered_and_completed() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    peer.subscribe("1", json!({ "query": "{ viewer { permissions } }" })).await;
    let answer = peer.hear().await;
    assert_eq!((&answer["type"], &answer["id"]), (&json!("next"), &json!("1")));
    assert_eq!(answer["payload"]["data"], json!({ "viewer": { "permissions": ["tickets:read"] } }));
    assert_eq!(answer["payload"]["extensions"]["cost"]["actual"], 1);
    assert_eq!(peer.hear().await, json!({ "type": "complete", "id": "1" }));
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ missing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { ticketEvents(after: \"x\") { cursor } }", "BAD_USER_INPUT"),
        ("subscription { ticketEvents(filter: { ticketId: \"x\" }) { cursor } }", "NOT_FOUND"),
    ] {
        // An id may be used again once its operation has ended.
        peer.subscribe("1", json!({ "query": query })).await;
        let answer = peer.hear().await;
        assert_eq!(
            (&answer["type"], &answer["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!(code)),
            "{answer}"
        );
    }
    peer.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(peer.hear().await, json!({ "type": "pong", "payload": { "n": 1 } }));
}

#[tokio::test]
async fn every_breach_of_the_protocol_has_its_code() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let init = json!({ "type": "connection_init" });
    let query = |id: &str| json!({ "type": "subscribe", "id": id, "payload": { "query": EVENTS } });
    for (messages, code) in [
        (vec![], 4408),
        (vec![json!("x")], 4400),
        (vec![json!({ "type": "start" })], 4400),
        (vec![query("1")], 4401),
        (vec![json!({ "type": "connection_init", "payload": { "Authorization": "Bearer sbl_no" } })], 4403),
        (vec![json!({ "type": "connection_init", "payload": { "authorization": 7 } })], 4403),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init.clone(), json!({ "type": "subscribe", "id": "1", "payload": { "query": 7 } })], 4400),
        (vec![json!({ "type": "ping", "payload": { "x": "y".repeat(2_000) } })], 1009),
    ] {
        let mut peer = server.connect().await;
        for message in &messages {
            peer.say(message.clone()).await;
        }
        assert_eq!(peer.closed().await, code, "{messages:?}");
    }
    let mut peer = server.connect().await;
    peer.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(peer.closed().await, 4400);
    let mut peer = server.join(&token).await;
    peer.say(query("1")).await;
    peer.say(query("1")).await;
    assert_eq!(peer.closed().await, 4409);
    for headers in [&[][..], &[("sec-websocket-protocol", "graphql-ws")]] {
        // Whoever offers no protocol that is spoken is told so; some clients end before they hear it.
        if let Ok(mut peer) = server.shake(headers).await {
            assert_eq!(peer.closed().await, 4406);
        }
    }
}

#[tokio::test]
async fn a_handshake_is_refused_in_json() {
    let server = Server::start().await;
    let protocol = ("sec-websocket-protocol", PROTOCOL);
    let refused = async |headers: &[(&'static str, &str)]| match server.shake(headers).await {
        Err(Error::Http(response)) => {
            let body: Value = serde_json::from_slice(response.body().as_deref().unwrap_or(b"null")).unwrap_or_default();
            (
                response.status().as_u16(),
                body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
            )
        }
        other => panic!("{:?}", other.map(drop)),
    };
    let (status, code) = refused(&[protocol, ("origin", "https://evil.example")]).await;
    assert_eq!((status, code.as_str()), (403, "FORBIDDEN"));
    assert_eq!(refused(&[protocol, ("authorization", "Basic x")]).await.0, 401);
    assert_eq!(refused(&[protocol, ("sec-websocket-version", "8")]).await.0, 400);
    let own = format!("http://{}", server.address);
    let mut open = vec![server.shake(&[protocol, ("origin", &own)]).await.unwrap()];
    open.extend([server.connect().await, server.connect().await]);
    assert_eq!(refused(&[protocol]).await.0, 503);
}

#[tokio::test]
async fn events_come_live_and_again_from_a_cursor() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    peer.subscribe("a", json!({ "query": EVENTS })).await;
    // Whether it listens already: a query after it is answered after it has begun.
    peer.subscribe("b", json!({ "query": "{ __typename }" })).await;
    assert_eq!((peer.hear().await["id"].take(), peer.hear().await["type"].take()), (json!("b"), json!("complete")));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ticket = server.open_ticket().await;
    let first = peer.hear().await;
    assert_eq!(first["payload"]["data"]["ticketEvents"]["event"]["type"], "OPENED");
    assert_eq!(first["payload"]["data"]["ticketEvents"]["ticket"]["id"], json!(ticket));
    drop(peer);

    let second = server.open_ticket().await;
    let mut peer = server.join(&token).await;
    let after = first["payload"]["data"]["ticketEvents"]["cursor"].clone();
    peer.subscribe("a", json!({ "query": EVENTS, "variables": { "after": after } })).await;
    assert_eq!(peer.hear().await["payload"]["data"]["ticketEvents"]["ticket"]["id"], json!(second));
    peer.say(json!({ "type": "complete", "id": "a" })).await;
    server.open_ticket().await;
    peer.subscribe("c", json!({ "query": "{ __typename }" })).await;
    assert_eq!(peer.hear().await["id"], "c");
}

#[tokio::test]
async fn a_socket_has_a_bound_of_operations() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    for id in ["1", "2", "3"] {
        peer.subscribe(id, json!({ "query": EVENTS })).await;
    }
    let answer = peer.hear().await;
    assert_eq!((&answer["id"], &answer["payload"][0]["extensions"]["code"]), (&json!("3"), &json!("RATE_LIMITED")));
}

#[tokio::test]
async fn whoever_loses_the_right_loses_the_socket() {
    let server = Server::start_with(SocketBounds { ping: Duration::from_mins(1), ..brief() }).await;
    let (id, token) = server.token().await;
    let mut peer = server.join(&token).await;
    peer.subscribe("a", json!({ "query": EVENTS })).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    revoke_api_token(&server.app.system(), id).await.unwrap();
    server.open_ticket().await;
    assert_eq!(peer.closed().await, 4403);
    // Also when nothing happens.
    let server = Server::start().await;
    let (id, token) = server.token().await;
    let mut peer = server.join(&token).await;
    revoke_api_token(&server.app.system(), id).await.unwrap();
    assert_eq!(peer.closed().await, 4403);
}

#[tokio::test]
async fn who_says_nothing_for_long_is_let_go() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    assert_eq!(peer.closed().await, 4499);
}

#[tokio::test]
async fn sockets_are_closed_when_the_server_stops() {
    let server = Server::start().await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    peer.subscribe("a", json!({ "query": EVENTS })).await;
    server.stop.cancel();
    assert_eq!(peer.closed().await, 1001);
    drop(peer);
    timeout(Duration::from_secs(20), async {
        server.served.await.unwrap().unwrap();
        server.sockets.closed().await;
    })
    .await
    .unwrap();
}

/// Says and says, and never listens.
#[tokio::test]
async fn who_takes_nothing_is_let_go() {
    let bounds = SocketBounds { sockets: 1, ping: Duration::from_secs(30), ..brief() };
    let server = Server::start_with(bounds).await;
    let (_, token) = server.token().await;
    let mut peer = server.join(&token).await;
    let long = json!({ "type": "ping", "payload": { "text": "x".repeat(1_800) } }).to_string();
    let begun = tokio::time::Instant::now();
    // What is said is answered, until neither side's buffers take any more.
    let flood = async {
        while begun.elapsed() < Duration::from_secs(20) {
            if peer.0.send(Message::text(long.clone())).await.is_err() {
                break;
            }
        }
    };
    let gone = async {
        while server.sockets.places.available_permits() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = flood => {}
        () = gone => {}
    }
    let freed = timeout(Duration::from_secs(10), async {
        while server.sockets.places.available_permits() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    freed.await.expect("the socket is let go, and its place is free");
}
