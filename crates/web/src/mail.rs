//! Mail at the edge: `POST /v1/mail` takes mails in from a mail server, and `/v1/mail/unsubscribe/{token}` is where the link in a
//! mail leads. A look at that page ends nothing, for programs that guard mailboxes follow links: a POST does, as mail programs send it
//! for their own button (RFC 8058).

use std::{sync::Arc, time::Duration};

use app::{
    NoCode,
    incoming_mail::{self, MailCode},
    notifications::{self, Unsubscription},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Path as PathParameter, Request, State},
    http::{
        HeaderValue, Response, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
};
use i18n::{Args, Group};
use serde_json::json;

use crate::{
    auth,
    edge::{Shared, json_answer, request_id},
    imports::signed_in,
    refusal::{ErrorCode, Refusal},
};

/// Largest mail: what mail servers usually take.
const LARGEST: usize = 25 << 20;
/// How long a mail may take to arrive.
const PATIENCE: Duration = Duration::from_mins(1);
/// The page loads nothing and can be put into no other.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `POST /v1/mail`
pub(crate) async fn post(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    receive(&edge, request).await.unwrap_or_else(|refusal| refusal.answer(&id))
}

async fn receive(edge: &Arc<Shared>, request: Request) -> Result<Response<Body>, Refusal> {
    let (parts, body) = request.into_parts();
    let op = signed_in(edge, &parts).await?;
    // Before the body is read: whoever may not send one need not.
    op.require::<NoCode>(domain::access::Permission::MailReceive).map_err(|error| auth::refusal(error, op.lang()))?;
    let media = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("message/rfc822") {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::BadRequest,
            "send the mail as it came, with Content-Type: message/rfc822",
        ));
    }
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            let message = format!("the mail is larger than {} MiB, or was cut off", LARGEST >> 20);
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message));
        }
        Err(_) => {
            return Err(Refusal::new(
                StatusCode::REQUEST_TIMEOUT,
                ErrorCode::Timeout,
                "the mail did not arrive in time: send it again",
            ));
        }
    };
    let received = incoming_mail::receive(&op, &bytes)
        .await
        .map_err(|error: app::OpError<MailCode>| auth::refusal(error, op.lang()))?;
    let ticket = received.ticket().map(|ticket| ticket.to_string());
    Ok(json_answer(StatusCode::OK, &json!({ "outcome": received.as_str(), "ticketId": ticket })))
}

/// `GET /v1/mail/unsubscribe/{token}`
pub(crate) async fn ask(
    State(edge): State<Arc<Shared>>,
    PathParameter(token): PathParameter<String>,
    request: Request,
) -> Response<Body> {
    match notifications::unsubscription::<NoCode>(&edge.services, &token).await {
        Ok(found) => page(&sentence(found, "mail-unsubscribe-ask"), Some(found)),
        Err(error) => auth::refusal(error, edge.language).answer(&request_id(&request)),
    }
}

/// `POST /v1/mail/unsubscribe/{token}`
pub(crate) async fn end(
    State(edge): State<Arc<Shared>>,
    PathParameter(token): PathParameter<String>,
    request: Request,
) -> Response<Body> {
    match notifications::unsubscribe::<NoCode>(&edge.services, &token).await {
        Ok(ended) => page(&sentence(ended, "mail-unsubscribe-done"), None),
        Err(error) => auth::refusal(error, edge.language).answer(&request_id(&request)),
    }
}

fn sentence(about: Unsubscription, key: &str) -> String {
    let topic = i18n::word(about.lang, Group::Topic, about.topic.as_str());
    i18n::text(about.lang, key, &Args::new().text("topic", topic))
}

/// A page with one sentence, and a button when there is something to end. All of it is our own text.
fn page(sentence: &str, to_end: Option<Unsubscription>) -> Response<Body> {
    let form = to_end.map(|about| {
        let button = i18n::text(about.lang, "mail-unsubscribe-button", &Args::new());
        format!("<form method=\"post\"><button style=\"font:inherit;padding:10px 18px\">{button}</button></form>")
    });
    let html = format!(
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Sblocco</title><body style=\"font:18px/1.5 system-ui,sans-serif;max-width:600px;margin:48px auto;padding:0 24px\">\
         <p>{sentence}</p>{}",
        form.unwrap_or_default()
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
