//! `/webhooks/meta`: Meta's handshake, and the bodies that it posts. A body is checked over its bytes, stored, and only then
//! acknowledged; what it says is understood later. Of a forged one nothing is kept but a count.

use std::{fmt, sync::Arc, time::Duration};

use app::meta_webhooks::{ReceiveError, receive};
use axum::{
    body::Body,
    extract::{FromRequestParts as _, Query, Request, State},
    http::{
        HeaderMap, HeaderValue, Response, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use futures::StreamExt as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use crate::{
    edge::{Shared, request_id},
    measure,
    refusal::{ErrorCode, Refusal},
};

/// Bytes of one place among those that are kept for bodies on their way in.
const PLACE: usize = 1 << 10;
/// Longest challenge that is sent back.
const LONGEST_CHALLENGE: usize = 256;

/// Bounds of webhooks, and what they are checked against.
#[derive(Clone)]
pub struct Webhooks {
    /// Secrets of Meta's apps; each of them signs. Without any, nothing is taken.
    pub secrets: Vec<String>,
    /// What the handshake must name.
    pub verify_token: Option<String>,
    /// Bytes of a body.
    pub body: usize,
    /// For a body to arrive.
    pub read: Duration,
    /// Bytes of all bodies that are on their way in at the same time.
    pub memory: usize,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { secrets: Vec::new(), verify_token: None, body: 3 << 20, read: Duration::from_secs(10), memory: 64 << 20 }
    }
}

impl Webhooks {
    /// How many places there are for bodies on their way in.
    pub(crate) fn places(&self) -> usize {
        self.memory.max(self.body).div_ceil(PLACE)
    }
}

/// Says how many secrets there are.
impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks")
            .field("secrets", &self.secrets.len())
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.verify_token")]
    verify_token: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

/// `GET /webhooks/meta`: Meta asks whether the address is ours.
pub(crate) async fn get(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    let (mut parts, _) = request.into_parts();
    let Ok(Query(asked)) = Query::<Handshake>::from_request_parts(&mut parts, &()).await else {
        return Refusal::bad_request("a handshake names hub.mode, hub.verify_token and hub.challenge").answer(&id);
    };
    let known = edge.webhooks.verify_token.as_deref().is_some_and(|token| is_same(token, &asked.verify_token));
    let plain =
        asked.challenge.len() <= LONGEST_CHALLENGE && asked.challenge.bytes().all(|byte| byte.is_ascii_graphic());
    if !known || asked.mode != "subscribe" || !plain {
        measure::webhook("handshake refused");
        return Refusal::new(
            StatusCode::FORBIDDEN,
            ErrorCode::Forbidden,
            "this is not the verify token of this server",
        )
        .answer(&id);
    }
    let mut response = Response::new(Body::from(asked.challenge));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// Compares digests: how long that takes tells nothing of the token.
fn is_same(token: &str, given: &str) -> bool {
    Sha256::digest(token) == Sha256::digest(given)
}

/// `POST /webhooks/meta`
pub(crate) async fn post(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    match take(&edge, request).await {
        Ok(()) => {
            measure::webhook("stored");
            Response::new(Body::empty())
        }
        Err(refusal) => {
            measure::webhook(outcome(refusal.status));
            refusal.answer(&id)
        }
    }
}

/// How a refusal is counted.
const fn outcome(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "forged",
        StatusCode::PAYLOAD_TOO_LARGE => "too large",
        StatusCode::REQUEST_TIMEOUT => "too slow",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        _ => "unreadable",
    }
}

async fn take(edge: &Arc<Shared>, request: Request) -> Result<(), Refusal> {
    let (parts, body) = request.into_parts();
    let bounds = &edge.webhooks;
    if bounds.secrets.is_empty() {
        return Err(Refusal::unavailable("webhooks are not configured here: set meta.app_secrets"));
    }
    // Whoever does not even claim to have signed sends nothing that is read.
    let signature = signature(&parts.headers)?;
    let (body, _places) = read(edge, &parts.headers, body).await?;
    if !meta::webhook::is_signed(signature.as_bytes(), &body, bounds.secrets.iter().map(String::as_str)) {
        return Err(forged());
    }
    receive(&edge.services, body).await.map_err(|error| match error {
        ReceiveError::Unreadable(error) => Refusal::bad_request(format!("the body cannot be read: {error}")),
        ReceiveError::Full => Refusal::unavailable("more webhooks come than can be stored: send it again"),
        ReceiveError::Store(error) => {
            tracing::error!(error = %error, "a webhook could not be stored");
            Refusal::unavailable("the webhook could not be stored: send it again")
        }
    })
}

fn forged() -> Refusal {
    let message = "X-Hub-Signature-256 is missing or is not the signature of this body by an app of this server";
    Refusal::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message)
}

/// The one signature; two of them are none.
fn signature(headers: &HeaderMap) -> Result<&HeaderValue, Refusal> {
    let mut given = headers.get_all(meta::webhook::SIGNATURE_HEADER).iter();
    match (given.next(), given.next()) {
        (Some(signature), None) => Ok(signature),
        _ => Err(forged()),
    }
}

/// Reads the body into memory for which there is room, and keeps the room until it is stored.
async fn read(edge: &Arc<Shared>, headers: &HeaderMap, body: Body) -> Result<(Vec<u8>, OwnedSemaphorePermit), Refusal> {
    let bounds = &edge.webhooks;
    let too_large = || {
        let message = format!("the body is too large: at most {} bytes are taken", bounds.body);
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
    };
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let room = announced.unwrap_or(bounds.body);
    if room > bounds.body {
        return Err(too_large());
    }
    let places = u32::try_from(room.div_ceil(PLACE).max(1)).unwrap_or(u32::MAX);
    let places = Arc::clone(&edge.webhook_places)
        .try_acquire_many_owned(places)
        .map_err(|_| Refusal::unavailable("too many webhooks are being received: send it again"))?;
    let reading = async {
        let (mut stream, mut bytes) = (body.into_data_stream(), Vec::with_capacity(announced.unwrap_or_default()));
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Refusal::bad_request("the body was cut off: send it again"))?;
            if bytes.len() + chunk.len() > bounds.body {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let late = |_| {
        let message = "the body took too long to arrive: send it again";
        Refusal::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, message)
    };
    let bytes = timeout(bounds.read, reading).await.map_err(late)??;
    Ok((bytes, places))
}

#[cfg(test)]
mod tests;
