//! Connections: accepted, bounded in how long a head may take, and ended softly.

mod first_bytes;

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::Request};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use self::first_bytes::FirstBytes;

/// Streams of one HTTP/2 connection.
const STREAMS: u32 = 100;

/// The peer of a connection, in the extensions of its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves `router` on `listener` until `stop`; then accepts nothing new and returns when the last request was answered.
///
/// # Errors
/// None of a connection: those are its own.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    header_timeout: Duration,
    stop: CancellationToken,
) -> io::Result<()> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(Duration::from_secs(20));
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, or a peer that is gone: neither ends the server.
                    tracing::warn!(error = %error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        tokio::spawn(connection(&builder, &graceful, stream, Peer(peer), router.clone(), header_timeout));
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

fn connection(
    builder: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    peer: Peer,
    router: Router,
    header_timeout: Duration,
) -> impl Future<Output = ()> + Send + use<> {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "a connection stays with delays");
    }
    let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let io = TokioIo::new(FirstBytes::new(stream, header_timeout));
    let served = graceful.watch(builder.serve_connection(io, service).into_owned());
    async move {
        if let Err(error) = served.await {
            tracing::debug!(error, "a connection ended badly");
        }
    }
}

#[cfg(test)]
mod tests;
