//! The real client against a real server on loopback.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

fn webhook(url: String) -> Webhook {
    let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".parse().unwrap();
    let at = Instant::from_timestamp(1_614_265_330, 0).unwrap();
    Webhook { url, id: "msg_1".to_owned(), at, body: br#"{"test":2432232314}"#.to_vec(), secrets: vec![secret] }
}

fn sender(allowed: Allowed) -> HttpSender {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    HttpSender::new(allowed).unwrap()
}

/// A server that gives one answer to each request, and says what it was asked.
async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4_096];
        while !request.ends_with(b"32314}") {
            let read = stream.read(&mut buffer).await.unwrap();
            if read == 0 {
                break;
            }
            request.extend_from_slice(&buffer[..read]);
        }
        // The client may have gone already when there is more than it reads.
        let _ = stream.write_all(answer.as_bytes()).await;
        String::from_utf8(request).unwrap()
    });
    (format!("http://127.0.0.1:{}/hook", address.port()), served)
}

#[tokio::test]
async fn a_webhook_arrives_with_its_headers_and_its_signature() {
    let (url, served) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
    sender(Allowed::Loopback).post(&webhook(url)).await.unwrap();
    let request = served.await.unwrap().to_lowercase();
    for line in [
        "post /hook http/1.1\r\n",
        "webhook-id: msg_1\r\n",
        "webhook-timestamp: 1614265330\r\n",
        "webhook-signature: v1,",
        "content-type: application/json\r\n",
        "\r\n\r\n{\"test\":2432232314}",
    ] {
        assert!(request.contains(line), "{line} is not in {request}");
    }
}

#[tokio::test]
async fn everything_but_success_is_a_failure_and_no_redirection_is_followed() {
    for (answer, status) in [
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 500),
        ("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302),
        ("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", 410),
    ] {
        let (url, _served) = server(answer).await;
        assert_eq!(sender(Allowed::Loopback).post(&webhook(url)).await, Err(PostError::Status(status)));
    }
}

#[tokio::test]
async fn what_is_not_public_is_not_connected_to_by_number_or_by_name() {
    let (url, served) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
    let public = sender(Allowed::Public);
    assert_eq!(public.post(&webhook(url.clone())).await, Err(PostError::Private));
    // A name of this machine that passes as a name: the guard finds what it stands for.
    let resolved = public.client.post(url.replace("127.0.0.1", "localhost")).body("x").send().await;
    assert_eq!(failure(&resolved.unwrap_err()), PostError::Private);
    assert!(!served.is_finished(), "nobody may have connected");
    served.abort();
}

#[tokio::test]
async fn who_does_not_listen_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let refused = sender(Allowed::Loopback).post(&webhook(format!("http://127.0.0.1:{port}/"))).await;
    assert_eq!(refused, Err(PostError::Unreachable));
}
