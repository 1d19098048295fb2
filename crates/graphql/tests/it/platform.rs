//! What Meta tells, as the schema shows it: standing, episodes, history, and how a block came.

use app::{
    assets::{NewWaba, create_waba},
    meta_webhooks::{Consumed, Consumer, Kind, receive},
};
use domain::{WabaId, access::Role};
use serde_json::json;
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const DOCUMENT: &str = "query($w: ID!, $from: DateTime!, $to: DateTime!) {
    wabas(first: 100) { nodes { metaId standing { capabilities { capability state until } episode { stage endsAt violations ticket { priority } } } } }
    enforcementEpisodes(wabaId: $w) { nodes { stage endedAt restrictions { type endsAt } } }
    assetChanges(assetId: $w) { nodes { attribute value source } }
    wabaTimeline(wabaId: $w, during: { from: $from, to: $to }) { leadSeconds firstFinding { rule }
        episode { stage stageReason { sign text } utilityMisuse }
        nodes { type messages finding { rule } ticketId ticketEvent { type } change { attribute value } told } }
    webhookInsight { noticesWaiting oddities { kind place } }
}";

/// The kinds of entries of the timeline, read page by page.
async fn paged(world: &World, waba: WabaId) -> Vec<String> {
    let document = "query($w: ID!, $after: String) {
        wabaTimeline(wabaId: $w, during: { from: \"2026-11-01T00:00:00Z\", to: \"2026-12-30T00:00:00Z\" }, first: 2, after: $after) {
            nodes { type } pageInfo { hasNextPage endCursor } }
    }";
    let (mut kinds, mut after) = (Vec::new(), json!(null));
    loop {
        let answer = world.execute(Who::BspAdmin, document, json!({ "w": waba, "after": after })).await;
        let page = &answer["data"]["wabaTimeline"];
        let nodes = page["nodes"].as_array().unwrap();
        assert!((1..=2).contains(&nodes.len()), "{answer}");
        kinds.extend(nodes.iter().map(|entry| entry["type"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] != json!(true) {
            return kinds;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

both_stores! {
    async fn a_block_is_shown_with_what_came_before_it(store: TestStore) {
        let world = World::new(store).await;
        app::sla::ensure_defaults(&world.app.system(), "Europe/Rome").await.unwrap();
        world.app.finding(world.alfa, 7).await;
        let new = NewWaba {
            client: world.alfa,
            meta_id: "102290129340398".to_owned(),
            name: "Main".to_owned(),
            portfolio_meta_id: None,
            messaging_limit: None,
        };
        let waba = create_waba(&world.app.staff(Role::SupportAgent).await, new).await.unwrap();
        world.app.clock().advance(7_200);
        let now = world.app.system().now();
        let before = json!({ "id": waba.meta_id, "time": now.timestamp() - 60, "changes": [
            { "field": "account_review_update", "value": { "decision": "APPROVED" } }
        ]});
        let body = json!({ "entry": [before, { "id": waba.meta_id, "time": now.timestamp(), "changes": [
            { "field": "account_update", "value": { "event": "ACCOUNT_RESTRICTION", "violation_info": { "violation_type": "SPAM" },
              "restriction_info": [{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": now.timestamp() + 86_400 }] } },
            { "field": "business_capability_update", "value": { "max_daily_conversations_per_business": "TIER_2K" } },
            { "field": "brand_new_field", "value": {} }
        ]}]});
        receive(world.app.services(), body.to_string().into_bytes()).await.unwrap();
        // It is dealt with a little later than it happened.
        world.app.clock().advance(5);
        let mut consumer = Consumer::new(Kind::Notices, "a process");
        assert!(matches!(consumer.step(&world.app.system()).await.unwrap(), Consumed::Some { .. }));
        world.app.clock().advance(60);

        let variables = json!({ "w": waba.id, "from": "2026-11-01T00:00:00Z", "to": "2026-12-30T00:00:00Z" });
        let answer = world.execute(Who::BspAdmin, DOCUMENT, variables.clone()).await;
        let data = &answer["data"];
        let standing = data["wabas"]["nodes"].as_array().unwrap().iter().find(|node| node["metaId"] == json!(waba.meta_id));
        let standing = &standing.unwrap()["standing"];
        assert_eq!(standing["capabilities"][0]["state"], "BLOCKED", "{answer}");
        assert_eq!(standing["capabilities"][1]["state"], "AVAILABLE");
        assert_eq!((&standing["episode"]["stage"], &standing["episode"]["ticket"]["priority"]), (&json!("SHORT_BLOCK"), &json!("P2")));
        assert_eq!(data["enforcementEpisodes"]["nodes"][0]["restrictions"][0]["type"], "BUSINESS_INITIATED_MESSAGING");
        assert_eq!(data["assetChanges"]["nodes"][0], json!({ "attribute": "messaging_limit", "value": "2000", "source": "WEBHOOK" }));
        let timeline = &data["wabaTimeline"];
        assert_eq!((&timeline["leadSeconds"], &timeline["firstFinding"]["rule"]), (&json!("7200"), &json!("CON-01")));
        assert_eq!(timeline["episode"]["stageReason"]["sign"], "RESTRICTED_BIZ_INITIATED_MESSAGING");
        assert_eq!(timeline["episode"]["utilityMisuse"], json!(null));
        let nodes = timeline["nodes"].as_array().unwrap();
        let kinds: Vec<_> = nodes.iter().map(|entry| entry["type"].as_str().unwrap()).collect();
        for kind in ["TRAFFIC", "FINDING", "RESTRICTION", "MESSAGING_LIMIT", "ASSET_CHANGED", "TICKET_OPENED", "TICKET_EVENT"] {
            assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
        }
        let changes = kinds.iter().filter(|kind| **kind == "ASSET_CHANGED").count();
        assert_eq!(changes, 1, "the limit is told by Meta, and shown once: {kinds:?}");
        let place = |kind: &str| kinds.iter().position(|known| *known == kind);
        assert!(place("FINDING") < place("RESTRICTION") && place("RESTRICTION") < place("TICKET_OPENED"), "{kinds:?}");
        assert_eq!(nodes[place("TRAFFIC").unwrap()]["messages"], "7");
        let paged = paged(&world, waba.id).await;
        assert_eq!(paged, kinds, "pages of two tell the same as one");
        assert_eq!(data["webhookInsight"]["oddities"][0]["place"], "brand_new_field");

        let foreign = world.execute(Who::OtherAdmin, DOCUMENT, variables).await;
        assert_eq!(foreign["data"]["wabaTimeline"], json!(null), "{foreign}");
    }
}
