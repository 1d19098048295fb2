//! Evidence over GraphQL: asking for a file, following it, and who was shown what.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const EXPORT: &str = "mutation ($input: FindingExportInput!) { findingExport(input: $input) {
    export { id state format isMasked unmaskReason rowCount sha256 path failure { code } requestedBy { id }
        finding { id exports { nodes { id } } } }
    userErrors { code field message } } }";

async fn finding(world: &World) -> String {
    world.app.finding(world.alfa, 5).await.id.to_string()
}

both_stores! {
    async fn a_file_is_asked_for_and_followed(store: TestStore) {
        let world = World::new(store).await;
        let finding = finding(&world).await;
        let input = json!({ "input": { "findingId": finding, "format": "PARQUET" } });
        let asked = world.data(Who::ClientAdmin, EXPORT, input).await["findingExport"].take();
        let export = &asked["export"];
        assert_eq!((&export["state"], &export["format"], &export["isMasked"]), (&json!("QUEUED"), &json!("PARQUET"), &json!(true)));
        assert_eq!((&export["path"], &export["rowCount"], &export["sha256"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(export["finding"]["exports"]["nodes"], json!([{ "id": export["id"] }]));
        let read = "query ($id: ID!) { evidenceExport(id: $id) { id } node(id: $id) { __typename } }";
        let variables = json!({ "id": export["id"] });
        let seen = world.data(Who::ClientViewer, read, variables.clone()).await;
        assert_eq!(seen, json!({ "evidenceExport": { "id": export["id"] }, "node": { "__typename": "EvidenceExport" } }));
        let foreign = world.data(Who::OtherAdmin, read, variables).await;
        assert_eq!(foreign, json!({ "evidenceExport": null, "node": null }));
    }

    async fn recipients_in_clear_need_a_permission_and_a_reason_and_are_recorded(store: TestStore) {
        let world = World::new(store).await;
        let finding = finding(&world).await;
        let input = |reason: &str| json!({ "input": { "findingId": finding, "format": "CSV", "unmaskReason": reason } });
        for (who, code) in [
            (Who::ClientViewer, "FORBIDDEN"),
            (Who::Auditor, "FORBIDDEN"),
            (Who::OtherAdmin, "NOT_FOUND"),
            (Who::Anonymous, "UNAUTHENTICATED"),
        ] {
            assert_eq!(world.code(who, EXPORT, input("For Meta.")).await, code, "{who:?}");
        }
        let refused = world.data(Who::SupportAgent, EXPORT, input(" ")).await["findingExport"].take();
        assert_eq!(refused["userErrors"][0]["code"], "REASON_REQUIRED");
        assert_eq!(refused["userErrors"][0]["field"], json!(["unmaskReason"]));
        let asked = world.data(Who::SupportAgent, EXPORT, input("For Meta.")).await["findingExport"].take();
        assert_eq!((&asked["export"]["isMasked"], &asked["export"]["unmaskReason"]), (&json!(false), &json!("For Meta.")));
        let records = "{ unmaskings { nodes { kind reason rowCount user { name } client { slug } export { id } } } }";
        for who in [Who::Auditor, Who::ClientAdmin] {
            let seen = world.data(who, records, json!({})).await["unmaskings"]["nodes"].take();
            assert_eq!((&seen[0]["kind"], &seen[0]["reason"], &seen[0]["rowCount"]), (&json!("REQUESTED"), &json!("For Meta."), &json!("5")));
            assert_eq!((&seen[0]["client"]["slug"], &seen[0]["export"]["id"]), (&json!("alfa"), &asked["export"]["id"]), "{who:?}");
            assert_eq!(seen.as_array().unwrap().len(), 1, "nobody else got so far");
        }
        assert_eq!(world.data(Who::OtherAdmin, records, json!({})).await["unmaskings"]["nodes"], json!([]));
        assert_eq!(world.code(Who::ClientViewer, records, json!({})).await, "FORBIDDEN");
    }
}
