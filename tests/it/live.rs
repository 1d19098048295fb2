//! What is known of traffic within minutes: how much of the limit is used, stop words of the client's own, and messages that only Meta
//! knows of.

use app::{
    assets::{NewWaba, create_waba},
    meta_webhooks::{Consumed, Consumer, Kind, receive},
};
use chrono::TimeDelta;
use domain::{
    Instant, WabaId,
    access::{Role, Visibility},
    graph::{AccountVolume, Headroom},
    imports::ImportKind,
    jobs::JobPayload,
    traffic::ConsentAction,
};
use serde_json::{Value, json};
use store::testing::TestStore;

use crate::imports::world::{MESSAGES, World, person};

const WABA: &str = "102290129340398";

async fn world(store: TestStore) -> (World, WabaId) {
    let world = World::new(store).await;
    let new = NewWaba {
        client: world.client,
        meta_id: WABA.to_owned(),
        name: "Main".to_owned(),
        portfolio_meta_id: None,
        messaging_limit: Some(250),
    };
    let waba = create_waba(&world.app.staff(Role::SupportAgent).await, new).await.unwrap();
    (world, waba.id)
}

async fn tell(world: &World, mut value: Value) {
    value["metadata"] = json!({ "phone_number_id": "1002" });
    let body = json!({ "entry": [{ "id": WABA, "changes": [{ "field": "messages", "value": value }] }] });
    receive(world.app.services(), body.to_string().into_bytes()).await.unwrap();
    let mut consumer = Consumer::new(Kind::Traffic, "a process");
    while matches!(consumer.step(&world.app.system()).await.unwrap(), Consumed::Some { .. }) {}
    consumer.release(world.app.services()).await.unwrap();
}

/// Marketing to people `from` to `to`, a second apart.
async fn send(world: &World, from: u32, to: u32, at: Instant) {
    let line = |n: u32| {
        let at = (at + TimeDelta::seconds(n.into())).format("%Y-%m-%dT%H:%M:%SZ");
        format!("wamid.{n},1002,{},{at},template,news,it,marketing\n", person(n))
    };
    let lines = (from..=to).map(line).collect::<Vec<_>>().concat();
    let path = world.file(&format!("{from}.csv"), &format!("{MESSAGES}{lines}"));
    world.import(ImportKind::Messages, &path).await.unwrap();
}

async fn headroom(world: &World) -> Headroom {
    let tx = world.app.read(&Visibility::System).await.unwrap();
    store::traffic_watches::of_clients(&tx, &[world.client]).await.unwrap().remove(0)
}

store::both_stores! {
    async fn the_limit_is_used_up_by_people_reached_and_given_back_by_time(store: TestStore) {
        let (world, _) = world(store).await;
        let now = world.app.system().now();
        send(&world, 1, 4, now - TimeDelta::hours(1)).await;
        let delivered = |n: u32| json!({
            "id": format!("wamid.{n}"), "status": "delivered", "timestamp": (now.timestamp() - 3_000).to_string(), "recipient_id": person(n)
        });
        tell(&world, json!({ "statuses": [delivered(1), delivered(2), delivered(3)] })).await;
        world.app.clock().advance(180);
        world.app.drain().await;
        let counted = headroom(&world).await;
        assert_eq!((counted.limit, counted.used, counted.left()), (Some(250), 3, Some(247)), "the fourth was not reached");
        world.app.clock().advance(86_400);
        world.app.drain().await;
        let counted = headroom(&world).await;
        assert_eq!((counted.used, counted.left()), (0, Some(250)), "nothing came, and time gave it back");
    }

    async fn a_word_of_the_client_s_own_is_an_opt_out(store: TestStore) {
        let (world, _) = world(store).await;
        let admin = world.app.staff(Role::BspAdmin).await;
        app::stop_words::set(&admin, Some(world.client), vec!["genug".to_owned()]).await.unwrap();
        let text = |n: u32, text: &str| json!({
            "from": person(n), "id": format!("wamid.in.{n}"), "timestamp": "1795420000", "type": "text", "text": { "body": text }
        });
        tell(&world, json!({ "messages": [text(1, "Genug"), text(2, "genug davon"), text(3, "stop")] })).await;
        let mut stopped = Vec::new();
        for n in 1..=3 {
            if world.ledger(&person(n)).await.iter().any(|event| event.event.action == ConsentAction::OptOut) {
                stopped.push(n);
            }
        }
        assert_eq!(stopped, [1, 3]);
    }

    async fn messages_that_only_meta_knows_of_are_told(store: TestStore) {
        let (world, waba) = world(store).await;
        // The day before yesterday, so that nothing of it is to come.
        let midnight = Instant::from_timestamp(world.app.system().now().timestamp().div_euclid(86_400) * 86_400, 0).unwrap();
        let (from, to) = (midnight - TimeDelta::days(2), midnight - TimeDelta::days(1));
        send(&world, 1, 20, from + TimeDelta::hours(9)).await;
        let tx = world.app.write(&Visibility::System).await.unwrap();
        let volume = |from: Instant, to: Instant, sent| AccountVolume { waba, client: world.client, from, to, sent, delivered: 0 };
        let volumes = [volume(from, to, 57), volume(to, midnight, 3)];
        store::graph_accounts::keep_volumes(&tx, &volumes, world.app.system().now()).await.unwrap();
        let payload = JobPayload::VolumesCompare { client: world.client };
        app::jobs::enqueue(&world.app.system(), &tx, payload, None).await.unwrap();
        tx.commit().await.unwrap();
        world.app.drain().await;
        let tx = world.app.read(&Visibility::System).await.unwrap();
        let checks = store::graph_accounts::checks(&tx, world.client, 10).await.unwrap();
        drop(tx);
        let found: Vec<_> = checks.iter().map(|check| (check.counted_by_meta, check.in_send_log, check.is_suspicious())).collect();
        assert_eq!(found, [(3, 0, false), (57, 20, true)]);
        let told = world.app.mails().sent().into_iter().filter(|mail| mail.letter.subject.contains("not sent through us")).count();
        assert_eq!(told, 1);
    }
}
