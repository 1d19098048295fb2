//! The outermost layer: gives each request its id, catches panics, sets the headers that every answer carries, and writes one line
//! and one measurement. Never a variable, a body, a query string or a header of the caller.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{
        HeaderValue, Method, Response,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
};
use domain::{access::Actor, ports::Random};
use futures::FutureExt as _;

use crate::{measure, refusal::Refusal};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of an operation's name in the log.
const NAME: usize = 64;

/// What handlers tell the log about their request.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestNotes(Arc<Mutex<Notes>>);

#[derive(Debug, Clone, Default)]
struct Notes {
    actor_kind: &'static str,
    actor: String,
    client: String,
    operation: String,
    document: String,
}

impl RequestNotes {
    /// Who asked.
    pub(crate) fn actor(&self, actor: &Actor) {
        let (kind, id, client) = match actor {
            Actor::Anonymous => ("anonymous", String::new(), None),
            Actor::Staff { user, .. } => ("staff", user.to_string(), None),
            Actor::Viewing { user, client } => ("viewing", user.to_string(), Some(*client)),
            Actor::ClientUser { user, client, .. } => ("client_user", user.to_string(), Some(*client)),
            Actor::Token { token, client, .. } => ("token", token.to_string(), *client),
            Actor::System => ("system", String::new(), None),
        };
        self.change(|notes| {
            notes.actor_kind = kind;
            notes.actor = id;
            if let Some(client) = client {
                notes.client = client.to_string();
            }
        });
    }

    /// Whose data it was about, when the actor does not tell.
    pub(crate) fn client(&self, client: domain::ClientId) {
        self.change(|notes| notes.client = client.to_string());
    }

    /// Which operation. The name is the caller's own text: cut down to what a name may be.
    pub(crate) fn operation(&self, name: Option<&str>, document: &str) {
        let name: String = name
            .unwrap_or_default()
            .chars()
            .take(NAME)
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '?' })
            .collect();
        self.change(|notes| {
            notes.operation = name;
            document.clone_into(&mut notes.document);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Notes)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn take(&self) -> Notes {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Id of a request, in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// The layer.
pub(crate) async fn layer(State(random): State<Arc<dyn Random>>, mut request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let id: Arc<str> = format!("req_{:032x}", random.number()).into();
    let notes = RequestNotes::default();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    request.extensions_mut().insert(notes.clone());
    let mut response = if let Ok(response) = AssertUnwindSafe(next.run(request)).catch_unwind().await {
        response
    } else {
        tracing::error!(request_id = &*id, http.route = route, "a handler panicked");
        Refusal::internal().answer(&id)
    };
    finish(&mut response, &id);
    write(&method, &route, &response, begun.elapsed(), &id, &notes.take());
    response
}

fn finish(response: &mut Response<Body>, id: &str) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Answers are data: nothing in them is to be shown, run or framed, unless a page says what.
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

fn write(method: &Method, route: &str, response: &Response<Body>, taken: Duration, id: &str, notes: &Notes) {
    // A method that nobody knows is the caller's own text.
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let status = response.status().as_u16();
    measure::request(method, route, status, taken);
    tracing::info!(
        http.method = method,
        http.route = route,
        http.status = status,
        duration_ms = taken.as_micros() as f64 / 1_000.0,
        actor.kind = notes.actor_kind,
        actor.id = notes.actor,
        client = notes.client,
        graphql.operation = notes.operation,
        graphql.document = notes.document,
        request_id = id,
        "request"
    );
}
