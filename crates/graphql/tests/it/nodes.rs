//! `node` and `nodes`.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World, code, none};

const NODE: &str = "query ($id: ID!) { node(id: $id) { __typename id } }";
const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";

both_stores! {
    async fn everything_is_found_by_its_id(store: TestStore) {
        let world = World::new(store).await;
        for (id, name) in [
            (world.alfa.to_string(), "Client"),
            (world.client_admin.id.to_string(), "User"),
            (world.program.id.to_string(), "ApiToken"),
        ] {
            for who in [Who::BspAdmin, Who::ClientAdmin] {
                let data = world.data(who, NODE, json!({ "id": id })).await;
                assert_eq!(data, json!({ "node": { "__typename": name, "id": id } }), "{who:?}");
            }
        }
    }

    async fn what_belongs_to_another_client_is_null_as_what_does_not_exist(store: TestStore) {
        let world = World::new(store).await;
        let foreign = [world.alfa.to_string(), world.client_admin.id.to_string(), world.program.id.to_string()];
        for id in &foreign {
            let theirs = world.execute(Who::OtherAdmin, NODE, json!({ "id": id })).await;
            assert_eq!(theirs, json!({ "data": { "node": null } }));
            let prefix = id.split_once('_').unwrap().0;
            let ghost = format!("{prefix}_01J00000000000000000000000");
            assert_eq!(world.execute(Who::OtherAdmin, NODE, json!({ "id": ghost })).await, theirs);
        }
        let mut ids = foreign.to_vec();
        ids.push(world.beta.to_string());
        let data = world.data(Who::OtherAdmin, NODES, json!({ "ids": ids })).await;
        let own = json!({ "__typename": "Client", "id": world.beta.to_string() });
        assert_eq!(data["nodes"], Value::Array(vec![Value::Null, Value::Null, Value::Null, own]));
    }

    async fn a_text_that_is_no_id_is_null(store: TestStore) {
        let world = World::new(store).await;
        let long = "cli_".to_owned() + &"0".repeat(10_000);
        for id in ["", "_", "cli", "cli_", "cli_x", "xyz_01J00000000000000000000000", "cli_01j00000000000000000000000",
            "usr_ZZZZZZZZZZZZZZZZZZZZZZZZZZ", "tok_\u{0}", "cli_𝟎", "1", &long] {
            let answer = world.execute(Who::BspAdmin, NODE, json!({ "id": id })).await;
            assert_eq!(answer, json!({ "data": { "node": null } }), "{id:.40}");
        }
    }

    async fn nodes_have_a_bound(store: TestStore) {
        let world = World::new(store).await;
        let many = |count| json!({ "ids": vec![world.alfa.to_string(); count] });
        let data = world.data(Who::BspAdmin, NODES, many(100)).await;
        assert_eq!(data["nodes"].as_array().unwrap().len(), 100);
        assert_eq!(world.code(Who::BspAdmin, NODES, many(101)).await, "BAD_USER_INPUT");
        assert_eq!(world.data(Who::BspAdmin, NODES, many(0)).await, json!({ "nodes": [] }));
    }

    async fn everybody_knows_who_they_are(store: TestStore) {
        const VIEWER: &str = "{ viewer { user { id client { slug } } client { slug } permissions } }";
        let world = World::new(store).await;
        assert_eq!(world.data(Who::Anonymous, VIEWER, none()).await, json!({ "viewer": null }));
        let viewer = world.data(Who::ClientViewer, VIEWER, none()).await["viewer"].take();
        assert_eq!(viewer["user"]["client"]["slug"], "alfa");
        assert_eq!(viewer["client"]["slug"], "alfa");
        assert!(viewer["permissions"].as_array().unwrap().contains(&json!("tickets:read")));
        let staff = world.data(Who::SupportAgent, VIEWER, none()).await["viewer"].take();
        assert_eq!((&staff["client"], &staff["user"]["client"]), (&Value::Null, &Value::Null));
        let program = world.data(Who::Program, VIEWER, none()).await["viewer"].take();
        assert_eq!(program, json!({ "user": null, "client": { "slug": "alfa" }, "permissions": ["traffic:import"] }));
        // Ids of a kind that the viewer may not read are refused alike, whether they exist or not.
        for id in [world.program.id.to_string(), "tok_01J00000000000000000000000".to_owned()] {
            let answer = world.execute(Who::ClientViewer, NODE, json!({ "id": id })).await;
            assert_eq!(code(&answer), Some("FORBIDDEN"));
        }
    }
}
