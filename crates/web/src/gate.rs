//! The first thing that a request to the API meets: where it comes from is found out, and nobody sends more than their share,
//! whatever they send.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::Response,
    middleware::Next,
};

use crate::{
    address::{Network, Origin, origin},
    edge::{Shared, request_id},
    measure,
    refusal::Refusal,
    server::Peer,
};

/// The layer.
pub(crate) async fn layer(State(edge): State<Arc<Shared>>, mut request: Request, next: Next) -> Response<Body> {
    if let Some(peer) = request.extensions().get::<Peer>() {
        let origin = origin(peer.0.ip(), request.headers(), &edge.access.trusted_proxies);
        request.extensions_mut().insert(Origin(origin));
        if let Err(empty) = edge.requests.take(Network::from(origin), 1, edge.services.clock.now()) {
            measure::refused("requests");
            return Refusal::rate_limited(empty.retry_after).answer(&request_id(&request));
        }
    }
    next.run(request).await
}
