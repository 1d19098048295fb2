//! Subscriptions: who may follow what. That nothing is missed is tested with the use case, the protocol with the server.

use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const EVENTS: &str = "subscription { ticketEvents { cursor event { id } } }";

/// The code of the first answer; nothing when none comes soon.
async fn first_code(world: &World, who: Who, document: &str) -> Option<String> {
    let mut answers = world.follow(who, document);
    let answer = tokio::time::timeout(Duration::from_millis(700), answers.next()).await.ok()??;
    let answer = serde_json::to_value(answer).unwrap();
    assert_eq!(answer["data"], Value::Null, "{answer}");
    Some(answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("(an error without code)").to_owned())
}

both_stores! {
    async fn tickets_are_followed_by_who_may_read_them(store: TestStore) {
        let world = World::new(store).await;
        for (who, wanted) in [
            (Who::Anonymous, Some("UNAUTHENTICATED")),
            (Who::Program, Some("FORBIDDEN")),
            (Who::ClientViewer, None),
            (Who::SupportAgent, None),
        ] {
            assert_eq!(first_code(&world, who, EVENTS).await.as_deref(), wanted, "{who:?}");
        }
    }

    async fn what_cannot_be_followed_is_refused(store: TestStore) {
        let world = World::new(store).await;
        let with = |arguments: &str| format!("subscription {{ ticketEvents({arguments}) {{ cursor }} }}");
        for (arguments, code) in [
            ("after: \"x\"".to_owned(), "BAD_USER_INPUT"),
            (format!("after: {}", json!("A".repeat(1_000))), "BAD_USER_INPUT"),
            ("filter: { ticketId: \"x\" }".to_owned(), "NOT_FOUND"),
            (format!("filter: {{ clientId: {} }}", json!(world.client_admin.id.to_string())), "NOT_FOUND"),
        ] {
            let found = first_code(&world, Who::SupportAgent, &with(&arguments)).await;
            assert_eq!(found.as_deref(), Some(code), "{arguments}");
        }
    }

    async fn an_audit_is_followed_to_its_end(store: TestStore) {
        let world = World::new(store).await;
        let finding = world.app.finding(world.alfa, 1).await;
        let ask = format!("subscription {{ auditProgress(id: {}) {{ id state }} }}", json!(finding.audit.to_string()));
        let answers: Vec<_> = world.follow(Who::ClientAdmin, &ask).collect().await;
        assert_eq!(answers.len(), 1, "it has ended already");
        let answer = serde_json::to_value(&answers[0]).unwrap();
        assert_eq!(answer["data"]["auditProgress"]["state"], "COMPLETED", "{answer}");
        assert_eq!(first_code(&world, Who::OtherAdmin, &ask).await.as_deref(), Some("NOT_FOUND"));
        assert_eq!(first_code(&world, Who::Anonymous, &ask).await.as_deref(), Some("UNAUTHENTICATED"));
        assert_eq!(first_code(&world, Who::Program, &ask).await.as_deref(), Some("FORBIDDEN"));
    }
}
