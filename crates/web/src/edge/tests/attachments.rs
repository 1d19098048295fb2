//! Files of tickets by HTTP.

use app::tickets::{NewTicket, open};
use domain::{TicketId, tickets::TicketKind};

use super::*;

const BOTH: [Permission; 2] = [Permission::TicketsRead, Permission::TicketsOpen];

async fn ticket(site: &Site) -> TicketId {
    let new = NewTicket {
        client: site.client,
        kind: TicketKind::Other,
        priority: None,
        title: None,
        text: None,
        waba: None,
        phone_number: None,
        template: None,
        findings: Vec::new(),
        notice: None,
    };
    open(&site.app.system(), new).await.unwrap().id
}

#[tokio::test]
async fn a_file_comes_and_goes_with_headers_that_let_a_browser_do_nothing() {
    let site = Site::new().await;
    let token = site.token(Some(site.client), &BOTH).await;
    let address = format!("/v1/tickets/{}/attachments?file_name=prova%20%E2%82%AC.txt", ticket(&site).await);
    let added = site.ask("POST", &address, Some(&token), "ciao\n").await;
    assert_eq!(added.status, 201, "{}", added.text);
    let file = added.json()["attachment"].clone();
    let expected = (&json!("prova €.txt"), &json!("text/plain"), &json!(5));
    assert_eq!((&file["fileName"], &file["mediaType"], &file["bytes"]), expected);
    let download = file["download"].as_str().unwrap();
    let request = HttpRequest::builder().uri(download).header("authorization", format!("Bearer {token}"));
    let request = request.body(Body::empty()).unwrap();
    let response = router(site.edge(Vec::new())).unwrap().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let disposition = "attachment; filename=\"prova _.txt\"; filename*=UTF-8''prova%20%E2%82%AC.txt";
    assert_eq!(header("content-disposition"), disposition);
    assert_eq!((header("x-content-type-options").as_str(), header("cache-control").as_str()), ("nosniff", "no-store"));
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
}

#[tokio::test]
async fn a_file_is_taken_from_and_handed_to_those_alone_who_may() {
    let site = Site::new().await;
    let ticket = ticket(&site).await;
    let token = site.token(Some(site.client), &BOTH).await;
    let stranger = site.token(Some(site.other), &BOTH).await;
    let reader = site.token(Some(site.client), &[Permission::TicketsRead]).await;
    let address = format!("/v1/tickets/{ticket}/attachments?file_name=proof.txt");
    let added = site.ask("POST", &address, Some(&token), "x").await;
    let download = added.json()["attachment"]["download"].as_str().unwrap().to_owned();
    let too_large = "x".repeat(10_001);
    for (method, address, token, body, status) in [
        ("GET", download.as_str(), None, "", 401),
        ("GET", &download, Some(&stranger), "", 404),
        ("GET", &download, Some(&reader), "", 200),
        ("GET", "/v1/attachments/x", Some(&reader), "", 404),
        ("POST", &address, Some(&stranger), "x", 404),
        ("POST", &address, Some(&reader), "x", 403),
        ("POST", &format!("{address}&internal=true"), Some(&token), "x", 403),
        ("POST", &format!("{address}&action=x"), Some(&token), "x", 400),
        ("POST", &format!("/v1/tickets/{ticket}/attachments"), Some(&token), "x", 400),
        ("POST", &address, Some(&token), "<html><body>", 422),
        ("POST", &address, Some(&token), &too_large, 413),
        ("PUT", &address, Some(&token), "x", 405),
    ] {
        let got = site.ask(method, address, token.map(String::as_str), body.to_owned()).await;
        assert_eq!(got.status, status, "{method} {address}: {}", got.text);
    }
    assert_eq!(std::fs::read_dir(site.uploads()).unwrap().count(), 0, "nothing waits");
}
