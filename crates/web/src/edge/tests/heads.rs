//! What stands in the heads of requests and answers: views, origins, transport.

use app::accounts::sign_in;
use domain::access::{Actor, Role};
use zeroize::Zeroizing;

use super::*;

const PASSWORD: &str = "corretto cavallo batteria";

/// Signs a person of the BSP in; its access token.
async fn enters(site: &Site, role: Role) -> String {
    let email = format!("{role}@bsp.example");
    let new = app::accounts::NewUser {
        client: None,
        email: email.clone(),
        name: "Somebody".to_owned(),
        role,
        language: "en".to_owned(),
        password: Some(Zeroizing::new(PASSWORD.to_owned())),
    };
    app::accounts::create_user(&site.app.system(), new).await.unwrap();
    let op = site.app.op(Actor::Anonymous);
    sign_in(&op, &email, Zeroizing::new(PASSWORD.to_owned()), None).await.unwrap().access_token
}

async fn viewing(site: &Site, token: &str, client: &str, query: &str) -> Got {
    let request = HttpRequest::builder()
        .method("POST")
        .uri("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header("authorization", format!("Bearer {token}"))
        .header("x-view-as-client", client);
    let body = Body::from(json!({ "query": query }).to_string());
    let response = router(site.edge(Vec::new())).unwrap().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    Got { status, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

#[tokio::test]
async fn staff_see_what_a_client_sees_and_change_nothing() {
    const CLIENTS: &str = "{ clients { nodes { id } } }";
    let site = Site::new().await;
    let agent = enters(&site, Role::SupportAgent).await;
    let all = site.ask("POST", "/graphql", Some(&agent), json!({ "query": CLIENTS }).to_string()).await;
    assert_eq!(all.json()["data"]["clients"]["nodes"].as_array().unwrap().len(), 2);
    let id = site.client.to_string();
    let got = viewing(&site, &agent, &id, CLIENTS).await;
    assert_eq!(got.json()["data"]["clients"]["nodes"], json!([{ "id": id }]), "{}", got.text);
    let open = format!(
        "mutation {{ ticketOpen(input: {{ clientId: \"{id}\", kind: OTHER, priority: P3 }}) {{ ticket {{ id }} userErrors {{ code }} }} }}"
    );
    assert_eq!(viewing(&site, &agent, &id, &open).await.code(), "FORBIDDEN");
    for (client, status, code) in
        [("cli_01J00000000000000000000000", 404, "NOT_FOUND"), ("nordic", 400, "BAD_REQUEST"), ("", 400, "BAD_REQUEST")]
    {
        let got = viewing(&site, &agent, client, CLIENTS).await;
        assert_eq!((got.status, got.code().as_str()), (status, code), "{client}: {}", got.text);
    }
    // A program has nobody whose view it would be.
    let program = site.token(None, &[Permission::ClientsViewAs]).await;
    assert_eq!(viewing(&site, &program, &id, CLIENTS).await.code(), "FORBIDDEN");
}

#[tokio::test]
async fn pages_may_send_every_header_that_the_api_reads_and_read_what_it_tells() {
    let site = Site::new().await;
    let mut edge = site.edge(Vec::new());
    edge.access.origins = vec![HeaderValue::from_static("https://console.example.com")];
    let routes = router(edge).unwrap();
    let request = || HttpRequest::builder().uri("/graphql").header("origin", "https://console.example.com");
    let asked = request()
        .method("OPTIONS")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "x-view-as-client");
    let response = routes.clone().oneshot(asked.body(Body::empty()).unwrap()).await.unwrap();
    let listed = |response: &Response<Body>, name: &str| response.headers()[name].to_str().unwrap().to_lowercase();
    let allowed = listed(&response, "access-control-allow-headers");
    for header in ["authorization", "content-type", "idempotency-key", "x-view-as-client"] {
        assert!(allowed.contains(header), "{header}: {allowed}");
    }
    let got = request().method("POST").header(CONTENT_TYPE, "application/json").body(Body::from(VIEWER)).unwrap();
    let told = listed(&routes.oneshot(got).await.unwrap(), "access-control-expose-headers");
    for header in ["retry-after", "x-request-id", "idempotency-replayed"] {
        assert!(told.contains(header), "{header}: {told}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_come_by_https_where_people_do() {
    let site = Site::new().await;
    for https in [false, true] {
        let mut edge = site.edge(Vec::new());
        edge.access.https = https;
        let request = HttpRequest::builder().method("POST").uri("/graphql").header(CONTENT_TYPE, "application/json");
        let response = router(edge).unwrap().oneshot(request.body(Body::from(VIEWER)).unwrap()).await.unwrap();
        let told = response.headers().get("strict-transport-security").map(|value| value.to_str().unwrap());
        assert_eq!(told, https.then_some("max-age=31536000"));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
}
