//! Thresholds over GraphQL: what holds and what it came from, setting it, and what audits keep of it.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const SET: &str = "mutation ($input: ThresholdsSetInput!) { thresholdsSet(input: $input) {
    version { id version values reason client { slug } author { id } } userErrors { code field message } } }";
const READ: &str = "query ($client: ID) { thresholds(clientId: $client) { latestVersion versions { version }
    values { key rules value defaultValue least greatest source sourceText version { version reason } } } }";

fn value<'v>(thresholds: &'v Value, key: &str) -> &'v Value {
    let values = thresholds["thresholds"]["values"].as_array().unwrap();
    values.iter().find(|value| value["key"] == key).unwrap()
}

both_stores! {
    async fn every_value_says_what_it_came_from(store: TestStore) {
        let world = World::new(store).await;
        let input = json!({ "input": { "reason": "Measured in October.", "expectedVersion": 0,
            "values": { "consent": { "incompleteShare": 0.1, "retroactiveShare": 0.01 } } } });
        let set = world.data(Who::BspAdmin, SET, input).await["thresholdsSet"].take();
        assert_eq!((&set["version"]["version"], &set["version"]["client"], &set["userErrors"]), (&json!(1), &Value::Null, &json!([])));
        let input = json!({ "input": { "clientId": world.alfa.to_string(), "reason": "A pharmacy.",
            "values": { "consent": { "incompleteShare": 0.02 } } } });
        let set = world.data(Who::BspAdmin, SET, input).await["thresholdsSet"].take();
        assert_eq!(set["version"]["values"], json!({ "consent": { "incompleteShare": 0.02 } }));
        let thresholds = world.data(Who::ClientViewer, READ, json!({ "client": world.alfa.to_string() })).await;
        assert_eq!(thresholds["thresholds"]["latestVersion"], 1);
        assert_eq!(thresholds["thresholds"]["versions"].as_array().unwrap().len(), 2);
        let own = value(&thresholds, "consent.incompleteShare");
        assert_eq!((&own["value"], &own["source"], &own["sourceText"]), (&json!(0.02), &json!("CLIENT"), &json!("A pharmacy.")));
        assert_eq!((&own["rules"], &own["least"], &own["greatest"]), (&json!(["CON-04"]), &json!(0.0), &json!(1.0)));
        let bsp = value(&thresholds, "consent.retroactiveShare");
        assert_eq!((&bsp["value"], &bsp["source"], &bsp["version"]["reason"]), (&json!(0.01), &json!("BSP"), &json!("Measured in October.")));
        let default = value(&thresholds, "consent.noneCriticalShare");
        assert_eq!((&default["source"], &default["version"], &default["value"]), (&json!("DEFAULT"), &Value::Null, &default["defaultValue"]));
        assert!(default["sourceText"].as_str().unwrap().starts_with("CON-01: "), "{default}");
        let versions = "query ($client: ID) { thresholdVersions(clientId: $client) { nodes { id __typename version } } }";
        let listed = world.data(Who::Auditor, versions, json!({ "client": world.alfa.to_string() })).await;
        let version = &listed["thresholdVersions"]["nodes"][0];
        let node = "query ($id: ID!) { node(id: $id) { __typename id } }";
        let found = world.data(Who::ClientViewer, node, json!({ "id": version["id"] })).await;
        assert_eq!(found["node"]["__typename"], "ThresholdVersion");
        let foreign = world.data(Who::OtherAdmin, node, json!({ "id": version["id"] })).await;
        assert_eq!(foreign["node"], Value::Null);
    }

    async fn what_is_wrong_is_said_at_its_path(store: TestStore) {
        let world = World::new(store).await;
        let input = json!({ "input": { "reason": "x", "values": { "list": { "deadShare": 3 } } } });
        let refused = world.data(Who::BspAdmin, SET, input).await["thresholdsSet"].take();
        assert_eq!(refused["version"], Value::Null);
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("OUT_OF_RANGE"), &json!(["values", "list", "deadShare"])));
        assert!(error["message"].as_str().unwrap().contains("between 0 and 1"), "{error}");
        let stale = json!({ "input": { "reason": "x", "expectedVersion": 4, "values": { "list": { "deadShare": 0.3 } } } });
        let answer = world.execute(Who::BspAdmin, SET, stale).await;
        assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "CONFLICT", "currentVersion": 0 }));
    }

    async fn another_client_s_thresholds_are_null_and_nobody_sets_them_for_itself(store: TestStore) {
        let world = World::new(store).await;
        let foreign = world.data(Who::OtherAdmin, READ, json!({ "client": world.alfa.to_string() })).await;
        assert_eq!(foreign, json!({ "thresholds": null }));
        for (who, client) in [(Who::ClientAdmin, world.alfa), (Who::OtherAdmin, world.beta)] {
            let input = json!({ "input": { "clientId": client.to_string(), "reason": "x", "values": { "list": { "deadShare": 0.9 } } } });
            assert_eq!(world.code(who, SET, input).await, "FORBIDDEN", "{who:?}");
        }
        let input = json!({ "input": { "clientId": world.alfa.to_string(), "reason": "x", "values": {} } });
        assert_eq!(world.code(Who::OtherAdmin, SET, input).await, "NOT_FOUND");
    }

    async fn an_audit_says_what_it_was_judged_by(store: TestStore) {
        let world = World::new(store).await;
        let input = json!({ "input": { "reason": "x", "values": { "list": { "deadShare": 0.3 } } } });
        world.data(Who::BspAdmin, SET, input).await;
        let request = "mutation ($input: AuditRequestInput!) { auditRequest(input: $input) { audit { id
            thresholdVersions { version client { id } } thresholds { key value source } previews { nodes { id } } } } }";
        let asked = world.data(Who::ClientAdmin, request, json!({ "input": { "clientId": world.alfa.to_string() } })).await;
        let audit = &asked["auditRequest"]["audit"];
        assert_eq!(audit["thresholdVersions"], json!([{ "version": 1, "client": null }]));
        let dead = audit["thresholds"].as_array().unwrap().iter().find(|threshold| threshold["key"] == "list.deadShare").unwrap();
        assert_eq!(dead, &json!({ "key": "list.deadShare", "value": 0.3, "source": "BSP" }));
        assert_eq!(audit["previews"]["nodes"], json!([]));
        let preview = "mutation ($input: AuditPreviewRequestInput!) { auditPreviewRequest(input: $input) {
            preview { id } userErrors { code field } } }";
        let input = json!({ "input": { "auditId": audit["id"], "values": { "list": { "deadShare": 0.5 } } } });
        let refused = world.data(Who::ClientAdmin, preview, input.clone()).await["auditPreviewRequest"].take();
        let expected = json!({ "preview": null, "userErrors": [{ "code": "NOT_COMPLETED", "field": ["auditId"] }] });
        assert_eq!(refused, expected);
        assert_eq!(world.code(Who::OtherAdmin, preview, input).await, "NOT_FOUND");
    }
}
