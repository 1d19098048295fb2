//! One socket, from its first message to its close.

use std::{collections::HashMap, mem, panic::AssertUnwindSafe, sync::Arc};

use app::{OpCtx, OpError, accounts};
use async_graphql::{Executor, Request, Response as Executed, Value, parser::types::OperationType};
use axum::{
    extract::ws::{Message, WebSocket},
    http::request::Parts,
};
use domain::access::Actor;
use futures::{
    FutureExt as _, StreamExt as _,
    future::{AbortHandle, ready},
    stream::{self, BoxStream, SelectAll, abortable},
};
use i18n::Lang;
use serde_json::{Map, json};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

use super::{
    SocketBounds,
    protocol::{self, Close, FromClient},
};
use crate::{
    address::Origin,
    auth,
    edge::{Shared, payer},
    graphql::{self, Admitted, Asked, Caller, FieldOrder},
    measure::{self, Denied},
    refusal::ErrorCode,
    request_log::RequestNotes,
};

/// Pings without a word after which a peer is gone.
const SILENCE: u32 = 3;

/// Who came, as the handshake tells.
#[derive(Debug)]
pub(super) struct Visitor {
    /// From the handshake, or from the first message.
    credential: Option<String>,
    origin: Option<Origin>,
    lang: Lang,
    request_id: Arc<str>,
}

impl Visitor {
    pub(super) fn new(edge: &Shared, parts: &Parts, request_id: Arc<str>, credential: Option<String>) -> Self {
        let origin = parts.extensions.get::<Origin>().copied();
        Self { credential, origin, lang: auth::language(parts, edge.language), request_id }
    }
}

/// What an operation has to tell.
#[derive(Debug)]
enum Told {
    Next(Box<Executed>),
    /// It failed as a whole.
    Failed(ErrorCode, String),
    Ended,
}

/// Which operation tells it: ids may come again, numbers do not.
#[derive(Debug)]
struct Teller {
    id: String,
    number: u64,
    kind: OperationType,
    /// What was charged.
    cost: u64,
    order: FieldOrder,
    /// Who asked: whose rights every event is checked against.
    caller: Caller,
    actor: Actor,
}

#[derive(Debug)]
struct Running {
    number: u64,
    stop: AbortHandle,
}

pub(super) struct Session {
    edge: Arc<Shared>,
    socket: WebSocket,
    visitor: Visitor,
    bounds: SocketBounds,
    acknowledged: bool,
    running: HashMap<String, Running>,
    telling: SelectAll<BoxStream<'static, (Arc<Teller>, Told)>>,
    count: u64,
    heard: Instant,
}

impl Session {
    pub(super) fn new(edge: Arc<Shared>, socket: WebSocket, visitor: Visitor) -> Self {
        let bounds = edge.sockets.bounds;
        Self {
            edge,
            socket,
            visitor,
            bounds,
            acknowledged: false,
            running: HashMap::new(),
            telling: SelectAll::new(),
            count: 0,
            heard: Instant::now(),
        }
    }

    /// Lives until the socket is closed. `speaks`: whether the peer offered our subprotocol.
    pub(super) async fn run(mut self, speaks: bool) {
        let opened = Instant::now();
        measure::socket_opened();
        let close = if speaks { self.converse().await } else { Close::unknown_protocol() };
        measure::socket_closed(close.code);
        tracing::info!(
            duration_ms = opened.elapsed().as_millis() as u64,
            code = close.code,
            operations = self.count,
            request_id = &*self.visitor.request_id,
            "a socket was closed"
        );
        if let Some(frame) = close.frame() {
            // A peer that reads nothing is not waited for.
            let _ = timeout(self.bounds.send, self.socket.send(Message::Close(Some(frame)))).await;
        }
    }

    async fn converse(&mut self) -> Close {
        let stop = self.edge.sockets.stop.clone();
        let mut init = Box::pin(sleep(self.bounds.init));
        let mut pings = interval_at(Instant::now() + self.bounds.ping, self.bounds.ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => Err(Close::going_away()),
                () = &mut init, if !self.acknowledged => Err(Close::init_timeout()),
                _ = pings.tick() => self.beat().await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.hear(message).await,
                    Some(Err(_)) | None => Err(Close::gone()),
                },
                Some((teller, told)) = self.telling.next(), if !self.telling.is_empty() => self.tell(&teller, told).await,
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    async fn send(&mut self, text: String) -> Result<(), Close> {
        match timeout(self.bounds.send, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::gone()),
            Err(_) => Err(Close::terminated()),
        }
    }

    /// From time to time: is the peer there, and may it still be?
    async fn beat(&mut self) -> Result<(), Close> {
        if self.heard.elapsed() > self.bounds.ping * SILENCE {
            return Err(Close::terminated());
        }
        if self.acknowledged {
            self.operation().await?;
            self.send(protocol::ping()).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, message: Message) -> Result<(), Close> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::invalid("Invalid message: it is binary")),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(Close::gone()),
        };
        if text.len() > self.bounds.message {
            return Err(Close::too_big(self.bounds.message));
        }
        match FromClient::parse(&text)? {
            FromClient::Init(payload) => self.init(&payload).await,
            FromClient::Ping(payload) => self.send(protocol::pong(payload)).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe { id, asked } => self.subscribe(id, asked).await,
            FromClient::Complete { id } => {
                self.end(&id);
                Ok(())
            }
        }
    }

    async fn init(&mut self, payload: &Map<String, serde_json::Value>) -> Result<(), Close> {
        if self.acknowledged {
            return Err(Close::too_many_inits());
        }
        let given = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let Some((_, value)) = given {
            let credential = value.as_str().and_then(auth::bearer).ok_or_else(Close::forbidden)?;
            self.visitor.credential = Some(credential.to_owned());
        }
        self.operation().await?;
        self.acknowledged = true;
        self.send(protocol::ack()).await
    }

    /// An operation of whoever the peer is now. A credential that is not good any more closes the socket.
    async fn operation(&mut self) -> Result<OpCtx, Close> {
        let services = &self.edge.services;
        let mut op = match &self.visitor.credential {
            None => OpCtx::new(Arc::clone(services), Actor::Anonymous, self.visitor.lang),
            Some(credential) => {
                accounts::authenticate(services, credential, self.visitor.lang).await.map_err(|error| match error {
                    OpError::Unauthenticated => {
                        measure::denied(Denied::Credential);
                        Close::forbidden()
                    }
                    error => {
                        tracing::error!(%error, "the credential of a socket could not be checked");
                        Close::internal()
                    }
                })?
            }
        };
        op.address = self.visitor.origin.map(|origin| origin.0);
        op.request = Some(self.visitor.request_id.to_string());
        Ok(op)
    }

    async fn subscribe(&mut self, id: String, asked: Map<String, serde_json::Value>) -> Result<(), Close> {
        if !self.acknowledged {
            return Err(Close::unauthorized());
        }
        if self.running.contains_key(&id) {
            return Err(Close::taken(&id));
        }
        let asked =
            Asked::read(asked).map_err(|refusal| Close::invalid(format!("Invalid message: {}", refusal.message)))?;
        if self.running.len() >= self.bounds.operations {
            let message = format!("a socket runs at most {} operations at the same time", self.bounds.operations);
            return self.fail(&id, ErrorCode::RateLimited, &message).await;
        }
        let op = self.operation().await?;
        let caller = Caller {
            payer: payer(&op),
            op: None,
            now: op.now(),
            request_id: Arc::clone(&self.visitor.request_id),
            notes: RequestNotes::default(),
        };
        match self.edge.endpoint.admit(asked, &caller, |_| Ok(())) {
            Err(refused) => self.fail(&id, refused.code, &refused.message).await,
            Ok(admitted) => {
                self.begin(id, admitted, caller, op);
                Ok(())
            }
        }
    }

    fn begin(&mut self, id: String, mut admitted: Admitted, caller: Caller, op: OpCtx) {
        self.count += 1;
        let teller = Arc::new(Teller {
            id: id.clone(),
            number: self.count,
            kind: admitted.kind,
            cost: admitted.cost,
            order: mem::take(&mut admitted.order),
            actor: op.actor().clone(),
            caller,
        });
        let request_id = ::graphql::RequestId(self.visitor.request_id.to_string());
        let request = self.edge.endpoint.request(admitted, |request| ::graphql::prepare(request, op, request_id));
        let (stream, stop) = abortable(self.told(teller.kind, request));
        self.telling.push(stream.map(move |told| (Arc::clone(&teller), told)).boxed());
        self.running.insert(id, Running { number: self.count, stop });
    }

    /// What an operation tells, to its end.
    fn told(&self, kind: OperationType, request: Request) -> BoxStream<'static, Told> {
        let schema = self.edge.schema.clone();
        let panicked = || Told::Failed(ErrorCode::InternalServerError, "internal error".to_owned());
        if kind == OperationType::Subscription {
            let responses = AssertUnwindSafe(Executor::execute_stream(&schema, request, None)).catch_unwind();
            return responses
                .map(move |response| response.map_or_else(|_| panicked(), |response| Told::Next(Box::new(response))))
                .chain(stream::once(ready(Told::Ended)))
                .boxed();
        }
        let deadline = self.edge.endpoint.bounds.execution;
        let run = async move {
            match AssertUnwindSafe(graphql::run(&schema, request, kind, deadline)).catch_unwind().await {
                Ok(Ok(response)) => Told::Next(Box::new(response)),
                Ok(Err(refused)) => Told::Failed(refused.code, refused.message),
                Err(_) => panicked(),
            }
        };
        stream::once(run).chain(stream::once(ready(Told::Ended))).boxed()
    }

    fn end(&mut self, id: &str) {
        if let Some(running) = self.running.remove(id) {
            running.stop.abort();
        }
    }

    async fn fail(&mut self, id: &str, code: ErrorCode, message: &str) -> Result<(), Close> {
        self.end(id);
        let errors = json!([{
            "message": message,
            "extensions": { "code": code.as_str(), "requestId": &*self.visitor.request_id },
        }]);
        self.send(protocol::error(id, &errors)).await
    }

    async fn tell(&mut self, teller: &Teller, told: Told) -> Result<(), Close> {
        if self.running.get(&teller.id).is_none_or(|running| running.number != teller.number) {
            return Ok(());
        }
        match told {
            Told::Ended => {
                self.end(&teller.id);
                self.send(protocol::complete(&teller.id)).await
            }
            Told::Failed(code, message) => self.fail(&teller.id, code, &message).await,
            Told::Next(response) => self.show(teller, *response).await,
        }
    }

    async fn show(&mut self, teller: &Teller, mut response: Executed) -> Result<(), Close> {
        let mut extensions = Map::new();
        if teller.kind == OperationType::Subscription {
            // Rights may have been taken, or the sign-in ended, since the last event.
            if *self.operation().await?.actor() != teller.actor {
                return Err(Close::forbidden());
            }
        } else {
            let caller = &teller.caller;
            let cost = self.edge.endpoint.settle(&caller.payer, teller.cost, &response, caller.now);
            extensions.insert("cost".to_owned(), cost);
        }
        graphql::count_denied(&response, &teller.caller.payer);
        let bounds = self.edge.endpoint.bounds.errors;
        let Some(body) = graphql::body(&mut response, &teller.order, extensions, bounds, &self.visitor.request_id)
        else {
            return self.fail(&teller.id, ErrorCode::InternalServerError, "internal error").await;
        };
        let failed = response.data == Value::Null && !response.errors.is_empty();
        if !failed {
            return self.send(protocol::next(&teller.id, &body)).await;
        }
        // Nothing can follow: the operation ends with its errors.
        self.end(&teller.id);
        let errors = serde_json::from_str::<serde_json::Value>(&body).map(|mut body| body["errors"].take());
        self.send(protocol::error(&teller.id, &errors.unwrap_or_default())).await
    }
}
