//! Webhooks into the lake: what became of messages, in whatever order it is learned, and what people decide.

use std::sync::Arc;

use app::{
    assets::{NewWaba, create_waba},
    imports::NewImport,
    meta_webhooks::{Consumed, Consumer, Kind, insight, place, receive},
};
use domain::{
    access::{Role, Visibility},
    imports::ImportKind,
    ports::{AuditRequest, CancelFlag, CompactRequest, Lake as _},
    traffic::{AuditParameters, ConsentAction, ConsentScope, Profile, Report, Surroundings, Thresholds, Verdict},
};
use serde_json::{Value, json};
use store::testing::TestStore;

use crate::imports::world::{CONSENTS, MESSAGES, World, messages, person, run};

const WABA: &str = "102290129340398";
/// 2026-09-01T08:30:00Z
const SENT: i64 = 1_788_251_400;

async fn world(store: TestStore) -> World {
    let world = World::new(store).await;
    let new = NewWaba {
        client: world.client,
        meta_id: WABA.to_owned(),
        name: "Main".to_owned(),
        portfolio_meta_id: None,
        messaging_limit: None,
    };
    create_waba(&world.app.staff(Role::SupportAgent).await, new).await.unwrap();
    world
}

fn body(value: Value) -> Value {
    let mut value = value;
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "phone_number_id": "1002", "display_phone_number": "15550783881" });
    json!({ "entry": [{ "id": WABA, "changes": [{ "field": "messages", "value": value }] }] })
}

/// The status of message `n`, so many seconds after it was sent.
fn status(n: u32, status: &str, seconds: i64) -> Value {
    let mut told = json!({
        "id": format!("wamid.{n}"), "status": status, "timestamp": (SENT + seconds).to_string(), "recipient_id": person(n)
    });
    if status == "failed" {
        told["errors"] = json!([{ "code": 131_050, "title": "t" }]);
    }
    told
}

async fn tell(world: &World, value: Value) {
    receive(world.app.services(), body(value).to_string().into_bytes()).await.unwrap();
    for kind in [Kind::Traffic, Kind::Notices] {
        let mut consumer = Consumer::new(kind, "a process");
        while matches!(consumer.step(&world.app.system()).await.unwrap(), Consumed::Some { .. }) {}
        consumer.release(world.app.services()).await.unwrap();
    }
}

async fn send_log(world: &World) {
    let path = world.file("m.csv", &format!("{MESSAGES}{}", messages(1, 4)));
    world.import(ImportKind::Messages, &path).await.unwrap();
}

async fn audit(world: &World) -> Report {
    let tx = world.app.read(&Visibility::System).await.unwrap();
    let snapshot = store::segments::snapshot(&tx, world.client).await.unwrap();
    let now = world.app.system().now();
    let parameters =
        AuditParameters { from: None, to: None, profile: Profile::Full, messaging_limit: None, as_of: now };
    let request = AuditRequest {
        client: world.client,
        snapshot,
        parameters,
        thresholds: Thresholds::default(),
        surroundings: Surroundings::default(),
    };
    world.lake.audit(request, Arc::new(|_| {}), CancelFlag::default()).await.unwrap()
}

/// Messages, templates of marketing, delivered, read, failed.
fn figures(report: &Report) -> [u64; 4] {
    let all = |of: fn(&domain::traffic::TemplateFigures) -> u64| report.templates.iter().map(of).sum();
    [report.totals.messages, all(|t| t.delivered), all(|t| t.read), all(|t| t.failed)]
}

async fn compact(world: &World) {
    let segments: Vec<_> =
        world.segments().await.into_iter().filter(|segment| segment.kind == ImportKind::Messages).collect();
    let old: Vec<_> = segments.iter().map(|segment| segment.id).collect();
    let request = CompactRequest { client: world.client, segments };
    let new = world.lake.compact(request, Arc::new(|_| {}), CancelFlag::default()).await.unwrap();
    let tx = world.app.write(&Visibility::System).await.unwrap();
    assert!(store::segments::replace(&tx, world.client, &old, &new, world.app.system().now()).await.unwrap());
    tx.commit().await.unwrap();
}

store::both_stores! {
    async fn outcomes_find_their_messages_in_whatever_order_they_are_learned(store: TestStore) {
        let world = world(store).await;
        // Read before delivered before the send log; failed on one device and delivered on another; twice.
        tell(&world, json!({ "statuses": [status(1, "read", 9), status(2, "failed", 5)] })).await;
        assert_eq!(figures(&audit(&world).await), [0; 4], "no send log names them");
        tell(&world, json!({ "statuses": [status(2, "delivered", 4), status(1, "sent", 1)] })).await;
        send_log(&world).await;
        tell(&world, json!({ "statuses": [status(1, "read", 9), status(3, "failed", 5), status(4, "delivered", 5)] })).await;
        let expected = [4, 3, 1, 1];
        assert_eq!(figures(&audit(&world).await), expected);
        let report = audit(&world).await;
        assert_eq!((report.templates.len(), report.templates[0].name.as_str()), (1, "news"));
        assert_eq!(report.templates[0].errors.iter().map(|error| (error.code, error.messages)).collect::<Vec<_>>(), [(131_050, 1)]);
        compact(&world).await;
        assert_eq!(figures(&audit(&world).await), expected, "a compaction changes nothing");
        tell(&world, json!({ "statuses": [status(3, "delivered", 90)] })).await;
        assert_eq!(figures(&audit(&world).await), [4, 4, 1, 0], "delivered wins");
    }

    async fn outcomes_without_a_send_log_wait_through_a_compaction(store: TestStore) {
        let world = world(store).await;
        tell(&world, json!({ "statuses": [status(1, "delivered", 1)] })).await;
        tell(&world, json!({ "statuses": [status(1, "read", 2), status(2, "delivered", 2)] })).await;
        compact(&world).await;
        assert_eq!(figures(&audit(&world).await), [0; 4]);
        send_log(&world).await;
        assert_eq!(figures(&audit(&world).await), [4, 2, 1, 0]);
    }

    async fn what_people_decide_enters_the_ledger_once(store: TestStore) {
        let world = world(store).await;
        let text = |n: u32, text: &str| json!({
            "from": person(n), "id": format!("wamid.in.{n}"), "timestamp": SENT.to_string(), "type": "text", "text": { "body": text }
        });
        let told = json!({
            "messages": [
                text(1, " Stop "), text(2, "please do not stop"),
                { "from": person(3), "id": "wamid.in.3", "timestamp": SENT.to_string(), "type": "button",
                  "button": { "payload": "stop-promotions", "text": "Stop promotions" } }
            ],
            "statuses": [status(4, "failed", 5)]
        });
        tell(&world, told.clone()).await;
        world.app.clock().advance(60);
        tell(&world, told).await;
        let preference = json!({ "entry": [{ "id": WABA, "changes": [{ "field": "user_preferences", "value": {
            "user_preferences": [{ "wa_id": person(1), "category": "marketing_messages", "value": "resume", "timestamp": SENT + 60 }]
        }}]}]});
        receive(world.app.services(), preference.to_string().into_bytes()).await.unwrap();
        tell(&world, json!({})).await;
        let mut decided = Vec::new();
        for n in 1..=4 {
            for event in world.ledger(&person(n)).await {
                decided.push((n, event.event.action, event.event.scope, event.event.source.unwrap()));
            }
        }
        assert_eq!(decided.iter().filter(|one| one.0 == 1 && one.1 == ConsentAction::OptOut).map(|one| one.2).next(), Some(ConsentScope::All));
        assert!(decided.contains(&(1, ConsentAction::OptIn, ConsentScope::Marketing, "meta_preference".to_owned())), "{decided:?}");
        assert!(!decided.iter().any(|one| one.0 == 2));
        assert!(decided.iter().any(|one| one.0 == 3 && one.1 == ConsentAction::OptOut && one.2 == ConsentScope::Marketing));
        assert!(decided.iter().any(|one| one.0 == 4 && one.1 == ConsentAction::OptOut && one.3 == "meta_preference"));
        assert_eq!(audit(&world).await.totals.inbound, 0, "nothing was sent, so there is no period");
        assert!(world.segments().await.iter().any(|segment| segment.kind == ImportKind::Inbound));
    }

    async fn people_known_by_a_user_id_alone_are_placed(store: TestStore) {
        let world = world(store).await;
        let csv = "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category\n\
                   wamid.1,1002,IT.13491208655302741918,2026-09-01T08:00:00Z,template,news,it,marketing\n";
        let told = json!({ "id": "wamid.1", "status": "delivered", "timestamp": SENT.to_string(), "recipient_user_id": "IT.13491208655302741918" });
        tell(&world, json!({ "statuses": [told, { "id": "wamid.9", "status": "failed", "timestamp": SENT.to_string() }] })).await;
        world.import(ImportKind::Messages, &world.file("m.csv", csv)).await.unwrap();
        assert_eq!(figures(&audit(&world).await), [1, 1, 0, 0]);
        assert_eq!(insight(&world.app.system()).await.unwrap().traffic_waiting, 0);
    }

    async fn whoever_is_known_by_another_user_id_is_the_same_person(store: TestStore) {
        let world = world(store).await;
        let refused = |id: &str| format!("{id},opt_out,all,2026-08-02T08:00:00Z,keyword\n");
        let path = world.file("c.csv", &format!("{CONSENTS}{}{}", refused("IT.1"), refused("IT.3")));
        let history = NewImport { history: true, ..world.input(ImportKind::Consents, &path) };
        run(&world.importer(), history).await.unwrap();
        let sent = |n: u32, id: &str| format!("wamid.{n},1002,{id},2026-09-01T08:00:00Z,template,news,it,marketing\n");
        let header = "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category\n";
        world.import(ImportKind::Messages, &world.file("m.csv", &format!("{header}{}{}", sent(1, "IT.2"), sent(2, "IT.4")))).await.unwrap();
        let opted_out = async || {
            let verdicts = audit(&world).await.consent.by_verdict;
            verdicts.iter().filter(|known| known.verdict == Verdict::OptedOut).map(|known| known.messages).sum::<u64>()
        };
        assert_eq!(opted_out().await, 0);
        tell(&world, json!({ "messages": [{ "id": "wamid.s", "timestamp": SENT.to_string(), "type": "system", "system": {
            "type": "user_changed_user_id", "body": "User Ada changed from IT.1 to IT.2", "user_id": "IT.2"
        }}]})).await;
        assert_eq!(opted_out().await, 1);
        let update = json!({ "entry": [{ "id": WABA, "changes": [{ "field": "user_id_update", "value": {
            "metadata": { "phone_number_id": "1002" },
            "user_id_update": [{ "user_id": { "previous": "IT.3", "current": "IT.4" }, "timestamp": SENT.to_string() }]
        }}]}]});
        receive(world.app.services(), update.to_string().into_bytes()).await.unwrap();
        tell(&world, json!({})).await;
        assert_eq!(opted_out().await, 2);
        compact(&world).await;
        assert_eq!((opted_out().await, audit(&world).await.totals.messages), (2, 2), "who is who is no message");
        assert!(!world.segments().await.iter().any(|segment| segment.kind == ImportKind::Inbound), "nobody wrote");
    }

    async fn a_status_that_names_nobody_waits_until_the_send_log_tells(store: TestStore) {
        let world = world(store).await;
        let nameless = |n: u32| json!({ "id": format!("wamid.{n}"), "status": "failed", "timestamp": (SENT + 5).to_string(), "errors": [{ "code": 131_050 }] });
        for _ in 0..2 {
            tell(&world, json!({ "statuses": [nameless(1), nameless(77)] })).await;
        }
        let op = || world.app.system();
        assert_eq!(place(&op()).await.unwrap(), 0);
        assert_eq!(insight(&op()).await.unwrap().unplaced, 2);
        send_log(&world).await;
        assert_eq!(place(&op()).await.unwrap(), 0, "it was looked for just now");
        world.app.clock().advance(3_700);
        assert_eq!(place(&op()).await.unwrap(), 1);
        tell(&world, json!({})).await;
        assert_eq!(figures(&audit(&world).await), [4, 0, 0, 1]);
        let refused = world.ledger(&person(1)).await;
        assert_eq!((refused.len(), refused[0].event.action), (1, ConsentAction::OptOut), "whom 131050 is about is known too");
        assert_eq!(insight(&op()).await.unwrap().unplaced, 1, "of one no send log tells");
        // Of people who are known by a user id alone as well, by another status of the message.
        world.app.clock().advance(3_700);
        let told = json!({ "id": "wamid.77", "status": "sent", "timestamp": SENT.to_string(), "recipient_user_id": "IT.77" });
        tell(&world, json!({ "statuses": [told] })).await;
        assert_eq!(place(&op()).await.unwrap(), 1);
        tell(&world, json!({})).await;
        assert_eq!(world.ledger("IT.77").await.len(), 1);
    }
}
