//! The routes, and what they are given.

use std::{fmt, ops::Deref, sync::Arc};

use app::{OpCtx, Services};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE},
    middleware::from_fn_with_state,
    routing::{any, get, post},
};
use domain::{access::Actor, ports::Random};
use i18n::Lang;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::{
    access::Access,
    activity,
    address::Network,
    attachments, auth,
    buckets::Buckets,
    exports, gate,
    graphql::{self, Bounds, Caller, Endpoint, Payer},
    health::{self, Dependency},
    imports::{self, upload::Uploads},
    mail,
    refusal::{JSON, Refusal},
    request_log::{self, RequestId, RequestNotes},
    socket::{self, Sockets},
    webhooks::{self, Webhooks},
};

/// What the routes are given.
pub struct Edge {
    /// The parts of the product.
    pub services: Arc<Services>,
    /// The schema.
    pub schema: ::graphql::SbloccoSchema,
    /// Bounds of `/graphql`.
    pub bounds: Bounds,
    /// Who may come, from where, and how often.
    pub access: Access,
    /// The sockets of this process.
    pub sockets: Sockets,
    /// Bounds of `/v1/imports`.
    pub uploads: Uploads,
    /// Bounds of `/webhooks/meta`, and what its bodies are checked against.
    pub webhooks: Webhooks,
    /// What is watched from outside.
    pub watch: Watch,
    /// Language of those who state no preference.
    pub language: Lang,
}

/// What is watched from outside: whether the process is well, and what it measures.
#[derive(Debug)]
pub struct Watch {
    /// What `/readyz` asks.
    pub dependencies: Vec<Dependency>,
    /// What `/metrics` renders; without it the route is not there.
    pub metrics: Option<PrometheusHandle>,
}

/// What handlers share.
pub(crate) struct Shared {
    edge: Edge,
    pub(crate) endpoint: Arc<Endpoint>,
    /// What each network may send.
    pub(crate) requests: Buckets<Network>,
    /// One for each upload that may be received at the same time.
    pub(crate) upload_places: Arc<Semaphore>,
    /// Room for the bodies of webhooks that are on their way in.
    pub(crate) webhook_places: Arc<Semaphore>,
}

impl Deref for Shared {
    type Target = Edge;

    fn deref(&self) -> &Edge {
        &self.edge
    }
}

/// Our own schema does not parse.
#[derive(Debug, thiserror::Error)]
#[error("the schema cannot be read: {0}")]
pub struct UnreadableSchema(String);

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edge").field("watch", &self.watch).finish_non_exhaustive()
    }
}

/// All routes, behind the request log.
///
/// # Errors
/// Never, as a test holds: the schema can be read.
pub fn router(mut edge: Edge) -> Result<Router, UnreadableSchema> {
    let random = Arc::clone(&edge.services.random);
    let endpoint = Endpoint::new(edge.bounds.clone(), &::graphql::sdl());
    let endpoint = Arc::new(endpoint.map_err(|error| UnreadableSchema(error.to_string()))?);
    let requests = Buckets::new(edge.access.requests);
    let upload_places = Arc::new(Semaphore::new(edge.uploads.at_once));
    let webhook_places = Arc::new(Semaphore::new(edge.webhooks.places()));
    let watch =
        Watch { dependencies: std::mem::take(&mut edge.watch.dependencies), metrics: edge.watch.metrics.take() };
    let shared = Arc::new(Shared { edge, endpoint, requests, upload_places, webhook_places });
    let api = Router::new()
        .route("/graphql", any(serve_graphql))
        .route("/v1/activity", get(activity::get).fallback(only_get))
        .route("/v1/attachments/{id}", get(attachments::get).fallback(only_get))
        .route("/v1/exports/{id}", get(exports::get).fallback(only_get))
        .route("/v1/imports", post(imports::post).fallback(only_post))
        .route("/v1/imports/{id}", get(imports::get).fallback(only_get))
        .route("/v1/imports/{id}/errors", get(imports::get_errors).fallback(only_get))
        .route("/v1/tickets/{id}/attachments", post(attachments::post).fallback(only_post))
        .route("/v1/mail", post(mail::post).fallback(only_post))
        .route("/v1/mail/unsubscribe/{token}", get(mail::ask).post(mail::end).fallback(only_get))
        .layer(from_fn_with_state(Arc::clone(&shared), gate::layer))
        .layer(shared.access.cors())
        .layer(shared.access.transport_security())
        .with_state(Arc::clone(&shared));
    // Meta posts from few addresses and in bursts, and is known by its signature: no gate of the API's.
    let webhooks = Router::new()
        .route("/webhooks/meta", get(webhooks::get).post(webhooks::post).fallback(only_get_or_post))
        .with_state(shared);
    Ok(api
        .merge(webhooks)
        .merge(watch_routes(watch))
        .fallback(unknown)
        .layer(from_fn_with_state(random, request_log::layer)))
}

/// The routes by which a process is watched and no other, behind the request log: for a process that answers nobody else.
pub fn watch_router(watch: Watch, random: Arc<dyn Random>) -> Router {
    watch_routes(watch).fallback(unknown).layer(from_fn_with_state(random, request_log::layer))
}

fn watch_routes(watch: Watch) -> Router {
    Router::new()
        .route("/healthz", get(alive).fallback(only_get))
        .route("/readyz", get(ready).fallback(only_get))
        .route("/metrics", get(render_metrics).fallback(only_get))
        .with_state(Arc::new(watch))
}

async fn serve_graphql(State(edge): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let id = request_id(&request);
    let notes = request.extensions().get::<RequestNotes>().cloned().unwrap_or_default();
    let (parts, body) = request.into_parts();
    if parts.method == Method::GET && socket::is_wanted(&parts.headers) {
        return socket::upgrade(edge, parts, &id).await.unwrap_or_else(|refusal| refusal.answer(&id));
    }
    let op = match auth::operation(&edge.services, &parts, edge.language).await {
        Ok(op) => op,
        Err(refusal) => return refusal.answer(&id),
    };
    let caller = Caller { payer: payer(&op), op: Some(op.clone()), now: op.now(), request_id: Arc::clone(&id), notes };
    let request = Request::from_parts(parts, body);
    let attach = |request| ::graphql::prepare(request, op, ::graphql::RequestId(id.to_string()));
    graphql::handle(&edge.schema, &edge.endpoint, request, &caller, attach).await
}

/// Whose bucket pays for an operation.
pub(crate) fn payer(op: &OpCtx) -> Payer {
    match op.actor() {
        Actor::Staff { user, .. } | Actor::Viewing { user, .. } | Actor::ClientUser { user, .. } => Payer::User(*user),
        Actor::Token { token, .. } => Payer::Token(*token),
        Actor::Anonymous | Actor::System => Payer::Nobody(op.address.map(Into::into)),
    }
}

async fn alive() -> Response<Body> {
    json_answer(StatusCode::OK, &json!({ "status": "alive" }))
}

async fn ready(State(watch): State<Arc<Watch>>) -> Response<Body> {
    let readiness = health::readiness(&watch.dependencies).await;
    json_answer(readiness.status(), &json!(readiness))
}

async fn render_metrics(State(watch): State<Arc<Watch>>, request: Request) -> Response<Body> {
    let Some(metrics) = &watch.metrics else { return unknown(request).await };
    let mut response = Response::new(Body::from(metrics.render()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    response
}

async fn unknown(request: Request) -> Response<Body> {
    Refusal::not_found("there is no such address here").answer(&request_id(&request))
}

async fn only_get(request: Request) -> Response<Body> {
    Refusal::method_not_allowed("GET").answer(&request_id(&request))
}

async fn only_get_or_post(request: Request) -> Response<Body> {
    Refusal::method_not_allowed("GET, POST").answer(&request_id(&request))
}

async fn only_post(request: Request) -> Response<Body> {
    Refusal::method_not_allowed("POST").answer(&request_id(&request))
}

pub(crate) fn request_id(request: &Request) -> Arc<str> {
    // The layer gives every request one.
    request.extensions().get::<RequestId>().map_or_else(|| Arc::from(""), |id| Arc::clone(&id.0))
}

pub(crate) fn json_answer(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

#[cfg(test)]
mod tests;
