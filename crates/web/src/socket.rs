//! GraphQL over WebSocket: the protocol graphql-transport-ws, in a session of our own. The library's closes with the wrong codes, lets
//! one stream replace another, and never asks again whether whoever listens still may.

mod protocol;
mod session;

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequestParts as _, WebSocketUpgrade},
    http::{
        HeaderMap, Response, StatusCode,
        header::{SEC_WEBSOCKET_PROTOCOL, UPGRADE},
        request::Parts,
    },
};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::session::{Session, Visitor};
use crate::{
    auth,
    edge::Shared,
    refusal::{ErrorCode, Refusal},
};

/// The one subprotocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// Bounds of sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketBounds {
    /// Sockets of this process at the same time.
    pub sockets: usize,
    /// Operations of one socket at the same time.
    pub operations: usize,
    /// Bytes of a message.
    pub message: usize,
    /// For the first message to arrive.
    pub init: Duration,
    /// Between pings; who has said nothing for three of them is gone.
    pub ping: Duration,
    /// For a message to be taken: who reads more slowly is let go.
    pub send: Duration,
}

impl Default for SocketBounds {
    fn default() -> Self {
        Self {
            sockets: 1_000,
            operations: 100,
            message: 256 << 10,
            init: Duration::from_secs(3),
            ping: Duration::from_secs(20),
            send: Duration::from_secs(10),
        }
    }
}

/// The sockets of a process.
#[derive(Debug, Clone)]
pub struct Sockets {
    bounds: SocketBounds,
    stop: CancellationToken,
    open: TaskTracker,
    places: Arc<Semaphore>,
}

impl Sockets {
    /// Sockets that are closed, with the code of a server that goes away, when `stop` says so.
    pub fn new(bounds: SocketBounds, stop: CancellationToken) -> Self {
        Self { bounds, stop, open: TaskTracker::new(), places: Arc::new(Semaphore::new(bounds.sockets)) }
    }

    /// Returns when the last socket is closed. Call it when no request comes any more.
    pub async fn closed(&self) {
        self.open.close();
        self.open.wait().await;
    }
}

/// Whether a request wants a socket.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Answers a request for a socket, and keeps it.
pub(crate) async fn upgrade(
    edge: Arc<Shared>,
    mut parts: Parts,
    request_id: &Arc<str>,
) -> Result<Response<Body>, Refusal> {
    if !edge.access.admits(&parts.headers) {
        let message = "pages of this origin may not open sockets: see server.allowed_origins";
        return Err(Refusal::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message));
    }
    let sockets = &edge.sockets;
    let place = Arc::clone(&sockets.places)
        .try_acquire_owned()
        .map_err(|_| Refusal::unavailable("as many sockets are open as this server keeps: try again"))?;
    let visitor = Visitor::new(&edge, &parts, Arc::clone(request_id), auth::credential(&parts)?.map(ToOwned::to_owned));
    let speaks = parts
        .headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .any(|value| value.to_str().is_ok_and(|list| list.split(',').any(|protocol| protocol.trim() == PROTOCOL)));
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.map_err(|rejection| {
        tracing::debug!(%rejection, "a request for a socket was refused");
        Refusal::bad_request("this is no WebSocket handshake of HTTP/1.1 in version 13")
    })?;
    // Our own limit closes with its code; this one only keeps what is far beyond out of memory.
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(sockets.bounds.message * 2);
    let open = sockets.open.clone();
    Ok(upgrade.on_upgrade(move |socket| {
        open.track_future(async move {
            Session::new(edge, socket, visitor).run(speaks).await;
            drop(place);
        })
    }))
}

#[cfg(test)]
mod tests;
