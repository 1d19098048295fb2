use axum::routing::get;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use super::*;

const HEADER_TIMEOUT: Duration = Duration::from_millis(200);

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
    let served = tokio::spawn(serve(listener, router, HEADER_TIMEOUT, stop.clone()));
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
    assert!(begun.elapsed() < Duration::from_secs(4));
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
