use axum::routing::get;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use super::*;

/// A busy machine may need some of it for a handshake.
const HEADER_TIMEOUT: Duration = Duration::from_millis(800);

fn connections(tls: Option<Tls>) -> Connections {
    Connections { header_timeout: HEADER_TIMEOUT, tls }
}

async fn start() -> (SocketAddr, CancellationToken, JoinHandle<io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let router = Router::new().route("/", get(async || "hello")).route(
        "/slow",
        get(async || {
            sleep(Duration::from_millis(300)).await;
            "done"
        }),
    );
    let served = tokio::spawn(serve(listener, router, connections(None), stop.clone()));
    (address, stop, served)
}

async fn ask(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A connection that is cut is an empty answer.
    let read = timeout(Duration::from_secs(5), stream.read_to_string(&mut answer)).await.expect("closed in time");
    drop(read);
    answer
}

#[tokio::test]
async fn a_request_is_answered() {
    let (address, _stop, _served) = start().await;
    let answer = ask(address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn a_peer_that_says_nothing_or_half_a_head_is_let_go() {
    let (address, _stop, _served) = start().await;
    let begun = Instant::now();
    for head in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-Endless: "] {
        let answer = ask(address, head).await;
        assert!(!answer.contains("200"), "{head}: {answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(8));
}

/// Tells when it is dropped.
struct Dropped(CancellationToken);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[tokio::test]
async fn what_somebody_asked_who_hung_up_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (begun, ended) = (CancellationToken::new(), CancellationToken::new());
    let (says_begun, says_ended) = (begun.clone(), ended.clone());
    let work = async move || {
        let _dropped = Dropped(says_ended.clone());
        says_begun.cancel();
        sleep(Duration::from_mins(1)).await;
        "too late"
    };
    let router = Router::new().route("/", get(work));
    tokio::spawn(serve(listener, router, connections(None), CancellationToken::new()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    timeout(Duration::from_secs(5), begun.cancelled()).await.expect("it runs");
    drop(stream);
    timeout(Duration::from_secs(5), ended.cancelled()).await.expect("it was given up");
}

#[tokio::test]
async fn a_soft_stop_accepts_nothing_new_and_ends_what_runs() {
    let (address, stop, served) = start().await;
    let running = tokio::spawn(async move { ask(address, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await });
    sleep(Duration::from_millis(100)).await;
    stop.cancel();
    let answer = running.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    served.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_is_answered_over_tls_and_silence_is_not_kept() {
    use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
    use std::sync::Arc;

    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = Tls::new(chain.as_bytes(), key.as_bytes()).unwrap();
    let router = Router::new().route("/", get(async || "hello"));
    tokio::spawn(serve(listener, router, connections(Some(tls)), CancellationToken::new()));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    // Whether the end is told as TLS wants it does not matter here.
    drop(stream.read_to_string(&mut answer).await);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
    for head in ["", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
        assert!(!ask(address, head).await.contains("200"), "{head}");
    }
}

#[test]
fn what_is_no_certificate_or_key_is_told_so() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    assert!(matches!(Tls::new(b"", key.as_bytes()), Err(TlsError::Certificate)));
    assert!(matches!(Tls::new(chain.as_bytes(), b"nonsense"), Err(TlsError::Key)));
    let error = Tls::new(chain.as_bytes(), other.signing_key.serialize_pem().as_bytes()).unwrap_err();
    assert!(matches!(error, TlsError::Unusable(_)), "{error}");
}
