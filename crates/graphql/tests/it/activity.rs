//! The activity log over GraphQL: every mutation of the schema enters one entry, whoever tries it and however it ends.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::{
    sdl::Sdl,
    world::{Who, World, code, none},
};

const ENTRIES: &str = "query ($filter: ActivityFilterInput, $first: Int, $after: String) {
    activities(filter: $filter, first: $first, after: $after) {
        nodes { id action actor outcome code subjects client { slug } user { id } apiToken { id } } pageInfo { endCursor hasNextPage } } }";

async fn entries(world: &World, filter: Value) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "filter": filter, "first": 100, "after": after });
        let mut page = world.data(Who::BspAdmin, ENTRIES, variables).await["activities"].take();
        all.append(page["nodes"].as_array_mut().unwrap());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return all;
        }
    }
}

/// The outcome that an answer shows.
fn outcome(answer: &Value) -> &'static str {
    match code(answer) {
        None if answer["data"].to_string().contains("\"userErrors\":[{") => "REFUSED",
        None => "DONE",
        Some("FORBIDDEN" | "NOT_FOUND" | "UNAUTHENTICATED") => "DENIED",
        Some("INTERNAL_SERVER_ERROR" | "UNAVAILABLE" | "TIMEOUT") => "FAILED",
        Some(_) => "REFUSED",
    }
}

both_stores! {
    async fn every_mutation_enters_one_entry(store: TestStore) {
        let world = World::new(store).await;
        let mut wrong = Vec::new();
        for field in Sdl::load().root("Mutation") {
            for who in [Who::BspAdmin, Who::Auditor, Who::ClientViewer, Who::Program] {
                // So that the newest is the newest (ids of one moment are in no order), and nobody has to wait for a next attempt.
                world.app.clock().advance(1_000);
                let before = entries(&world, json!({ "action": field.name })).await.len();
                let answer = world.execute(who, &field.document, field.variables.clone()).await;
                let after = entries(&world, json!({ "action": field.name })).await;
                // Signing in is done by nobody; the entry is about whoever it is then, and nobody is told no in vain.
                let nobody = crate::permissions::OPEN.contains(&field.name.as_str());
                let newest = after.first().map(|entry| entry["outcome"].clone()).unwrap_or_default();
                if after.len() != before + 1 || (!nobody && newest != json!(outcome(&answer))) {
                    wrong.push(format!("{} as {who:?}: {} entries, {newest}: {answer}", field.name, after.len() - before));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn an_entry_says_who_did_what_on_whose_data(store: TestStore) {
        const DISABLE: &str = "mutation ($id: ID!) { userDisable(input: { userId: $id }) { user { id } userErrors { code } } }";
        let world = World::new(store).await;
        let other = world.other_admin.id.to_string();
        world.data(Who::BspAdmin, DISABLE, json!({ "id": other })).await;
        let done = entries(&world, json!({ "action": "userDisable", "outcome": "DONE", "subject": other })).await;
        assert_eq!(done.len(), 1);
        assert_eq!((&done[0]["client"]["slug"], &done[0]["actor"]), (&json!("beta"), &json!("STAFF")));
        assert_eq!(done[0]["user"]["id"], json!(world.actor(Who::BspAdmin).user().unwrap().to_string()));
        // The client sees what was done to it, and no more; another client sees nothing.
        let seen = world.data(Who::OtherAdmin, ENTRIES, none()).await["activities"]["nodes"].take();
        assert_eq!(seen.as_array().unwrap().len(), 1);
        assert_eq!((&seen[0]["id"], &seen[0]["user"]), (&done[0]["id"], &Value::Null));
        assert!(!world.data(Who::ClientAdmin, ENTRIES, none()).await["activities"].to_string().contains("userDisable"));
        let node = "query ($id: ID!) { node(id: $id) { __typename id } }";
        let id = json!({ "id": done[0]["id"] });
        assert_eq!(world.data(Who::OtherAdmin, node, id.clone()).await["node"]["__typename"], "Activity");
        assert_eq!(world.data(Who::ClientAdmin, node, id).await["node"], Value::Null);
    }

    async fn a_sign_in_that_failed_is_entered_without_what_was_typed(store: TestStore) {
        const SIGN_IN: &str = "mutation ($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { userErrors { code } } }";
        let world = World::new(store).await;
        for email in [world.client_admin.email.as_str(), "nobody@example.com"] {
            world.data(Who::Anonymous, SIGN_IN, json!({ "e": email, "p": "not the password" })).await;
        }
        let failed = entries(&world, json!({ "action": "signIn" })).await;
        assert_eq!(failed.len(), 2);
        for entry in &failed {
            assert_eq!((&entry["outcome"], &entry["code"]), (&json!("REFUSED"), &json!("BAD_CREDENTIALS")));
            assert!(!entry.to_string().contains('@'), "{entry}");
        }
        assert_eq!(entries(&world, json!({ "subject": world.client_admin.id.to_string() })).await.len(), 1);
    }

    async fn an_entry_is_proved_under_the_head_of_its_log(store: TestStore) {
        const CREATE: &str = "mutation { clientCreate(input: { name: \"Gamma\", slug: \"gamma\", timeZone: \"Europe/Rome\", language: \"it\" }) { client { id } userErrors { code } } }";
        const PROOF: &str = "query ($id: ID!) { activityProof(activityId: $id) { leafIndex leafHash path head { log size root } } }";
        let world = World::new(store).await;
        let made = world.data(Who::BspAdmin, CREATE, none()).await["clientCreate"]["client"]["id"].take();
        let entry = entries(&world, json!({ "action": "clientCreate" })).await[0].take();
        assert_eq!(entry["subjects"], json!([made]));
        let id = json!({ "id": entry["id"] });
        assert_eq!(world.data(Who::Auditor, PROOF, id.clone()).await["activityProof"], Value::Null, "not sealed yet");
        app::activity::seal(world.app.services()).await.unwrap();
        let proof = world.data(Who::Auditor, PROOF, id).await["activityProof"].take();
        let head = "query ($id: ID) { activityHead(clientId: $id) { log size root } }";
        let head = world.data(Who::Auditor, head, json!({ "id": made })).await["activityHead"].take();
        assert_eq!((&proof["head"], &proof["leafIndex"], &proof["path"]), (&head, &json!("0"), &json!([])));
        // One leaf is its own root.
        assert_eq!(proof["leafHash"], head["root"]);
    }
}
