//! The lint of a template over GraphQL.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const LINT: &str = "query ($input: TemplateLintInput!) { templateLint(input: $input) { hasLexicon
    findings { rule severity component button span { start end } code title message remedy } } }";

fn template(body: &str) -> Value {
    json!({ "name": "order_ready", "language": "en", "category": "UTILITY", "body": body })
}

both_stores! {
    async fn a_template_is_linted_before_it_is_submitted(store: TestStore) {
        let world = World::new(store).await;
        let mut input = template("Your order is ready, see bit.ly/abc for the way.");
        input["buttons"] = json!([{ "kind": "url", "text": "A label that is far too long for it", "url": "https://aurora.example.com" }]);
        input["verifiedDomains"] = json!(["Aurora.example.com"]);
        let linted = world.data(Who::ClientViewer, LINT, json!({ "input": input })).await["templateLint"].take();
        assert_eq!(linted["hasLexicon"], true);
        let findings = linted["findings"].as_array().unwrap();
        let told: Vec<(&str, &str)> = findings
            .iter()
            .map(|finding| (finding["code"].as_str().unwrap(), finding["component"].as_str().unwrap()))
            .collect();
        assert_eq!(told, [("button_too_long", "BUTTON"), ("shortened_link", "BODY")]);
        assert_eq!(findings[0]["button"], 0);
        assert_eq!(findings[1]["span"], json!({ "start": 25, "end": 35 }));
        assert!(findings[1]["message"].as_str().unwrap().contains("bit.ly"));
        assert!(!findings[1]["remedy"].as_array().unwrap().is_empty());
    }

    async fn a_client_that_is_not_yours_does_not_exist(store: TestStore) {
        let world = World::new(store).await;
        let mut input = template("Your order is ready at our desk.");
        input["clientId"] = world.alfa.to_string().into();
        let own = world.data(Who::ClientViewer, LINT, json!({ "input": input })).await;
        assert_eq!(own["templateLint"]["findings"], json!([]));
        assert_eq!(world.code(Who::OtherAdmin, LINT, json!({ "input": input })).await, "NOT_FOUND");
        assert_eq!(world.code(Who::Anonymous, LINT, json!({ "input": input })).await, "UNAUTHENTICATED");
    }

    async fn a_text_beyond_all_measure_is_refused(store: TestStore) {
        let world = World::new(store).await;
        let input = template(&"a".repeat(10_001));
        assert_eq!(world.code(Who::ClientViewer, LINT, json!({ "input": input })).await, "BAD_USER_INPUT");
    }
}
