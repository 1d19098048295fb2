//! Connections: accepted, bounded in how long a head may take, and ended softly.

mod first_bytes;
mod tls;

use std::{io, net::SocketAddr, time::Duration};

use axum::{Router, extract::Request};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use self::first_bytes::FirstBytes;
pub use self::tls::{Tls, TlsError};

/// Streams of one HTTP/2 connection.
const STREAMS: u32 = 100;

/// The peer of a connection, in the extensions of its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// How connections are taken.
#[derive(Debug, Clone)]
pub struct Connections {
    /// For the head of a request to arrive, and for a handshake of TLS.
    pub header_timeout: Duration,
    /// With which certificate; without, in the clear.
    pub tls: Option<Tls>,
}

/// Serves `router` on `listener` until `stop`; then accepts nothing new and returns when the last request was answered.
///
/// # Errors
/// None of a connection: those are its own.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    stop: CancellationToken,
) -> io::Result<()> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(connections.header_timeout);
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
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection stays with delays");
        }
        let serving = Serving {
            builder: builder.clone(),
            watcher: graceful.watcher(),
            router: router.clone(),
            peer: Peer(peer),
            first_bytes: connections.header_timeout,
        };
        match connections.tls.clone() {
            None => drop(tokio::spawn(serving.serve(stream))),
            Some(tls) => drop(tokio::spawn(serving.serve_tls(tls, stream))),
        }
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

/// What one connection is served with.
struct Serving {
    builder: Builder<TokioExecutor>,
    watcher: Watcher,
    router: Router,
    peer: Peer,
    first_bytes: Duration,
}

impl Serving {
    async fn serve_tls(self, tls: Tls, stream: TcpStream) {
        match timeout(self.first_bytes, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
            Err(_) => tracing::debug!("a handshake took too long"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { builder, watcher, router, peer, first_bytes } = self;
        let service = service_fn(move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            router.clone().oneshot(request)
        });
        let io = TokioIo::new(FirstBytes::new(stream, first_bytes));
        if let Err(error) = watcher.watch(builder.serve_connection_with_upgrades(io, service).into_owned()).await {
            tracing::debug!(error, "a connection ended badly");
        }
    }
}

#[cfg(test)]
mod tests;
