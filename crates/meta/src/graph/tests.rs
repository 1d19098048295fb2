use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{fake::FakeGraph, *};
use crate::asset::MessagingLimit;

/// A fake behind a socket, and a client that asks it over HTTP with the token `good`.
struct Wire {
    fake: FakeGraph,
    client: GraphClient,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn wire() -> Wire {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let fake = FakeGraph::default();
    let serving = tokio::spawn(fake.clone().serve(listener));
    let http = HttpGraph::new(&address, "good").unwrap();
    Wire { fake, client: GraphClient::new(Arc::new(http), Duration::from_millis(1)), serving }
}

#[tokio::test]
async fn an_account_tells_its_limit_and_what_stands_against_it() {
    let Wire { fake, client, .. } = &wire().await;
    fake.says(
        "102",
        json!({
            "id": "102", "account_review_status": "APPROVED", "whatsapp_business_manager_messaging_limit": "TIER_10K",
            "health_status": { "can_send_message": "BLOCKED", "entities": [
                { "entity_type": "BUSINESS", "id": "1", "can_send_message": "AVAILABLE" },
                { "entity_type": "WABA", "id": "102", "can_send_message": "BLOCKED", "errors": [
                    { "error_code": 141_014, "error_description": "banned", "possible_solution": "appeal" }
                ]}
            ]}
        }),
    );
    let account = client.account("102").await.unwrap();
    assert_eq!(account.messaging_limit, Some(MessagingLimit::Recipients(10_000)));
    assert_eq!(account.health.account_errors, [141_014]);
    assert_eq!(
        (account.health.can_send.as_deref(), account.health.account_can_send.as_deref()),
        (Some("BLOCKED"), Some("BLOCKED"))
    );
    assert!(fake.asked()[0].contains("health_status"));
}

#[tokio::test]
async fn lists_are_read_page_by_page_and_entries_that_are_none_are_left_out() {
    let Wire { fake, client, .. } = &wire().await;
    let numbers = json!([
        { "id": "7", "display_phone_number": "+39 333", "quality_rating": "green", "throughput": { "level": "STANDARD" },
          "health_status": { "can_send_message": "BLOCKED", "entities": [
            { "entity_type": "PHONE_NUMBER", "id": "7", "can_send_message": "limited", "errors": [{ "error_code": 138_024 }] },
            { "entity_type": "WABA", "id": "102", "can_send_message": "BLOCKED" }
          ]} },
        9,
        { "x": 1 }
    ]);
    fake.says("102/phone_numbers", json!({ "data": numbers, "paging": { "cursors": { "after": "A" } } }));
    let read = client.numbers("102").await.unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].quality.as_deref(), read[0].throughput.as_deref()), (Some("GREEN"), Some("STANDARD")));
    assert_eq!(read[0].health.as_deref(), Some("LIMITED 138024"), "its own, not the account's");
    // A list that always says that there is more ends all the same.
    let one = json!({ "id": "1", "name": "n", "language": "it", "category": "UTILITY", "status": "APPROVED", "components": [] });
    fake.says(
        "102/message_templates",
        json!({ "data": [one], "paging": { "cursors": { "after": "A" }, "next": "http://x" } }),
    );
    assert_eq!(client.templates("102").await.unwrap().len(), PAGES);
    assert!(fake.asked().last().unwrap().contains("after=A"));
}

#[tokio::test]
async fn volumes_are_read_by_day_and_what_cannot_be_read_is_left_out() {
    let Wire { fake, client, .. } = &wire().await;
    let points = json!([
        { "start": 86_400, "end": 172_800, "sent": 7, "delivered": 5 },
        { "start": 0, "end": 86_400, "sent": 3, "delivered": 3 },
        { "start": "soon", "end": 9, "sent": 1, "delivered": 1 }
    ]);
    fake.says("102", json!({ "id": "102", "analytics": { "granularity": "DAY", "data_points": points } }));
    let day = |days: i64| DateTime::from_timestamp(days * 86_400, 0).unwrap();
    let volumes = client.volumes("102", day(0), day(2)).await.unwrap();
    let counted: Vec<_> =
        volumes.iter().map(|volume| (volume.from, volume.to, volume.sent, volume.delivered)).collect();
    assert_eq!(counted, [(day(0), day(1), 3, 3), (day(1), day(2), 7, 5)]);
    assert!(fake.asked()[0].contains("granularity"));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_a_person_must_mend_is_told() {
    let Wire { fake, client, .. } = &wire().await;
    fake.says("102", json!({ "id": "102" }));
    fake.fails_once(500, 2);
    fake.fails_once(503, 1);
    assert!(client.account("102").await.is_ok());
    assert_eq!(fake.asked().len(), 3);
    fake.expects("another");
    assert_eq!(client.account("102").await, Err(GraphError::Token { code: 190 }));
    assert_eq!(fake.asked().len(), 4, "a token does not become good by asking again");
    fake.expects("good");
    fake.fails_once(403, 200);
    assert_eq!(client.account("102").await, Err(GraphError::Permission { code: 200 }));
    fake.is_tired_once(Duration::from_mins(5));
    let tired = GraphError::TooMany { code: 80_007, wait: Some(Duration::from_mins(5)) };
    assert_eq!(client.account("102").await, Err(tired), "asking at once would make it worse");
    assert_eq!(fake.asked().len(), 6);
    let refused = GraphError::Refused { status: 400, code: 100, trace: "Abc".to_owned() };
    assert_eq!(client.account("nowhere").await, Err(refused));
}

#[tokio::test]
async fn what_is_said_of_the_app_is_of_all_accounts_and_told_before_it_is_too_late() {
    let Wire { fake, client, .. } = &wire().await;
    fake.says("102", json!({ "id": "102" }));
    assert_eq!(client.app_usage(), 0);
    fake.is_used(93);
    client.account("102").await.unwrap();
    assert_eq!(client.clone().app_usage(), 93);
    for (status, code, is_of_all) in
        [(400, 4, true), (400, 17, true), (400, 80_007, false), (403, 200, false), (401, 190, true)]
    {
        fake.fails_once(status, code);
        assert_eq!(client.account("102").await.unwrap_err().is_of_all_accounts(), is_of_all, "{code}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_its_secrets() {
    let http = HttpGraph::new("http://127.0.0.1:9", "a secret").unwrap();
    let client = GraphClient::new(Arc::new(http), Duration::from_millis(1));
    let error = client.account("102").await.unwrap_err();
    assert_eq!(error, GraphError::Unreachable { reason: "no connection".to_owned() });
    assert!(!format!("{client:?}").contains("a secret"));
}

#[tokio::test]
async fn the_fake_says_the_same_in_the_process_as_over_http() {
    let Wire { fake, client, .. } = &wire().await;
    fake.says("102", json!({ "id": "102", "status": "active" }));
    let within = GraphClient::new(Arc::new(fake.clone()), Duration::from_millis(1));
    assert_eq!(within.account("102").await, client.account("102").await);
    assert_eq!(within.account("103").await, client.account("103").await);
}
