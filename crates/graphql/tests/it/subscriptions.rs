//! Subscriptions: who may follow what. That nothing is missed is tested with the use case, the protocol with the server.

use std::time::Duration;

use async_graphql::Response;
use domain::{TicketId, access::Visibility, tickets::TicketEventKind};
use futures::{StreamExt as _, stream::BoxStream};
use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World, code};

const EVENTS: &str = "subscription { ticketEvents { cursor event { id } } }";

/// The code of the first answer; nothing when none comes soon.
async fn first_code(world: &World, who: Who, document: &str) -> Option<String> {
    let mut answers = world.follow(who, document);
    let answer = tokio::time::timeout(Duration::from_millis(700), answers.next()).await.ok()??;
    let answer = serde_json::to_value(answer).unwrap();
    assert_eq!(answer["data"], Value::Null, "{answer}");
    Some(answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("(an error without code)").to_owned())
}

/// Opens a ticket of Alfa; its id.
async fn open(world: &World) -> TicketId {
    const OPEN: &str = "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { id } } }";
    let input = json!({ "clientId": world.alfa.to_string(), "kind": "DISPLAY_NAME" });
    let opened = world.data(Who::SupportAgent, OPEN, json!({ "input": input })).await;
    opened["ticketOpen"]["ticket"]["id"].as_str().unwrap().parse().unwrap()
}

/// The next answer of a subscription.
async fn next(answers: &mut BoxStream<'static, Response>) -> Value {
    let answer = tokio::time::timeout(Duration::from_secs(20), answers.next()).await.unwrap().unwrap();
    serde_json::to_value(answer).unwrap()
}

both_stores! {
    async fn a_subscriber_is_told_of_the_types_that_it_wants(store: TestStore) {
        let world = World::new(store).await;
        let ask = "subscription ($types: [TicketEventType!]) { ticketEvents(filter: { typeIn: $types }) { event { type } } }";
        let follow = |types: Value| world.follow_as(world.actor(Who::SupportAgent), ask, json!({ "types": types }));
        let (mut all, mut some) = (follow(Value::Null), follow(json!(["ASSIGNED", "PRIORITY_CHANGED"])));
        // Both are there before anything happens.
        for answers in [&mut all, &mut some] {
            assert!(tokio::time::timeout(Duration::from_millis(200), answers.next()).await.is_err());
        }
        let ticket = json!({ "ticketId": open(&world).await.to_string(), "priority": "P1" });
        let change = "mutation ($input: TicketPrioritizeInput!) { ticketPrioritize(input: $input) { ticket { id } } }";
        world.data(Who::SupportAgent, change, json!({ "input": ticket })).await;
        for wanted in ["OPENED", "PRIORITY_CHANGED"] {
            assert_eq!(next(&mut all).await["data"]["ticketEvents"]["event"]["type"], wanted);
        }
        assert_eq!(next(&mut some).await["data"]["ticketEvents"]["event"]["type"], "PRIORITY_CHANGED");
        let none = follow(json!(vec!["ASSIGNED"; 101])).next().await.unwrap();
        assert_eq!(code(&serde_json::to_value(none).unwrap()), Some("BAD_USER_INPUT"));
    }

    async fn who_cannot_keep_up_is_told_so_and_where_to_begin_again(store: TestStore) {
        let world = World::new(store).await;
        let id = open(&world).await;
        let agent = world.app.op(world.actor(Who::SupportAgent));
        let ticket = app::tickets::by_ids(&agent, &[id]).await.unwrap().pop().unwrap();
        let mut live = world.follow(Who::SupportAgent, EVENTS);
        // Until it has caught up: other databases of the server may hold the end of the stream up.
        while tokio::time::timeout(Duration::from_millis(1_500), live.next()).await.is_ok() {}
        let notes: Vec<_> = (0..1_001).map(|n| TicketEventKind::Noted { text: n.to_string() }).collect();
        let tx = world.app.write(&Visibility::System).await.unwrap();
        store::tickets::append_events(&tx, &ticket, agent.actor(), agent.now(), agent.random(), &notes).await.unwrap();
        tx.commit().await.unwrap();
        let behind = next(&mut live).await;
        assert_eq!((&behind["data"], code(&behind)), (&Value::Null, Some("BEHIND")), "{behind}");
        assert!(live.next().await.is_none(), "it ends with it");
        let after = &behind["errors"][0]["extensions"]["cursor"];
        let again = "subscription ($after: String) { ticketEvents(after: $after) { event { text } } }";
        let mut again = world.follow_as(world.actor(Who::SupportAgent), again, json!({ "after": after }));
        let mut texts = Vec::new();
        while texts.len() < notes.len() {
            let mut answer = next(&mut again).await;
            texts.extend(answer["data"]["ticketEvents"]["event"]["text"].take().as_str().map(str::to_owned));
        }
        assert!(texts.iter().enumerate().all(|(n, text)| *text == n.to_string()), "{texts:?}");
    }

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
