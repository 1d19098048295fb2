//! The peer of `bench-webhooks`: a bare handler that checks the signature of a body and forgets it.
//!
//!     cargo run --release -p web --example bare_webhooks -- 127.0.0.1:8490 SECRET

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode},
    routing::post,
};

async fn take(State(secret): State<Arc<str>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get(meta::webhook::SIGNATURE_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    if meta::webhook::is_signed(signature, &body, [&*secret]) { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(secret)) = (arguments.next(), arguments.next()) else {
        return Err("give an address and a secret".into());
    };
    let routes = Router::new().route("/webhooks/meta", post(take)).with_state(Arc::from(secret));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}
