//! What people and systems are told, over GraphQL: preferences of persons, endpoints of clients.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World, none};

const PREFERENCES: &str = "{ notificationPreferences { topic delivery isChangeable } }";
const PREFER: &str = "mutation ($input: NotificationPreferenceSetInput!) { notificationPreferenceSet(input: $input) {
    preferences { topic delivery } userErrors { code field message } } }";
const CREATE: &str = "mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) {
    webhookEndpoint { id url events disabled version client { slug } } secret userErrors { code field message } } }";
const TEST: &str = "mutation ($input: WebhookEndpointInput!) { webhookEndpointTest(input: $input) {
    webhookDelivery { id eventId eventType state } userErrors { code } } }";
const LIST: &str = "query ($client: ID) { webhookEndpoints(clientId: $client, first: 10) { nodes { id
    lastSuccessAt deliveries(first: 5) { nodes { eventId eventType state attempts settledAt } } } } }";

fn of<'v>(preferences: &'v Value, topic: &str) -> &'v Value {
    let listed = preferences.as_array().unwrap();
    &listed.iter().find(|preference| preference["topic"] == topic).unwrap()["delivery"]
}

both_stores! {
    async fn a_person_sets_what_to_be_told_of_and_a_program_cannot(store: TestStore) {
        let world = World::new(store).await;
        let before = world.data(Who::ClientViewer, PREFERENCES, none()).await["notificationPreferences"].take();
        assert_eq!((of(&before, "SLA"), before.as_array().unwrap().len()), (&json!("IMMEDIATE"), 5));
        let wish = |topic: &str, delivery: &str| json!({ "input": { "topic": topic, "delivery": delivery } });
        let set = world.data(Who::ClientViewer, PREFER, wish("SLA", "DIGEST")).await["notificationPreferenceSet"].take();
        assert_eq!((of(&set["preferences"], "SLA"), &set["userErrors"]), (&json!("DIGEST"), &json!([])));
        let fixed = world.data(Who::Auditor, PREFER, wish("SECURITY", "OFF")).await["notificationPreferenceSet"].take();
        assert_eq!((&fixed["preferences"], &fixed["userErrors"][0]["code"]), (&Value::Null, &json!("TOPIC_FIXED")));
        let program = world.data(Who::Program, PREFER, wish("SLA", "OFF")).await["notificationPreferenceSet"].take();
        assert_eq!(program["userErrors"][0]["code"], "NO_PERSON");
        assert_eq!(world.data(Who::Program, PREFERENCES, none()).await["notificationPreferences"], json!([]));
        // Each has its own.
        let others = world.data(Who::OtherAdmin, PREFERENCES, none()).await["notificationPreferences"].take();
        assert_eq!(of(&others, "SLA"), "IMMEDIATE");
    }

    async fn an_endpoint_is_made_tried_and_seen_by_its_own_side_alone(store: TestStore) {
        let world = World::new(store).await;
        let input = json!({ "input": { "clientId": world.alfa.to_string(), "url": "https://hooks.alfa.example/in",
            "events": ["TICKET_OPENED"] } });
        let made = world.data(Who::ClientAdmin, CREATE, input).await["webhookEndpointCreate"].take();
        assert_eq!((&made["userErrors"], &made["webhookEndpoint"]["client"]["slug"]), (&json!([]), &json!("alfa")));
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let id = made["webhookEndpoint"]["id"].clone();
        let tried = world.data(Who::ClientAdmin, TEST, json!({ "input": { "webhookEndpointId": id } })).await;
        assert_eq!(tried["webhookEndpointTest"]["webhookDelivery"]["eventType"], "ENDPOINT_TESTED");
        world.app.drain().await;
        let listed = world.data(Who::Auditor, LIST, json!({ "client": world.alfa.to_string() })).await;
        let endpoint = &listed["webhookEndpoints"]["nodes"][0];
        assert!(endpoint["lastSuccessAt"].is_string());
        let delivery = &endpoint["deliveries"]["nodes"][0];
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("DELIVERED"), &json!(1)));
        assert_eq!(delivery["eventId"], world.app.webhooks().sent()[0].id);
        let others = world.data(Who::OtherAdmin, LIST, none()).await;
        assert_eq!(others["webhookEndpoints"]["nodes"], json!([]));
        assert_eq!(world.code(Who::OtherAdmin, TEST, json!({ "input": { "webhookEndpointId": id } })).await, "NOT_FOUND");
        let node = "query ($id: ID!) { node(id: $id) { __typename id } }";
        let found = world.data(Who::ClientAdmin, node, json!({ "id": id })).await;
        assert_eq!(found["node"]["__typename"], "WebhookEndpoint");
        let inside = json!({ "input": { "clientId": world.alfa.to_string(), "url": "https://192.168.1.1/",
            "events": ["TICKET_OPENED"] } });
        let refused = world.data(Who::ClientAdmin, CREATE, inside).await["webhookEndpointCreate"].take();
        assert_eq!((&refused["secret"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("URL_PRIVATE")));
    }
}
