//! What Meta counted of accounts, beside what the send log holds: who sends through somebody else's gateway.

use app::assets::{NewPhoneNumber, NewWaba, create_phone_number, create_waba, volume_checks};
use domain::{
    Instant, WabaId,
    access::{Permission, Role, Visibility},
    graph::AccountVolume,
    imports::ImportKind,
    jobs::JobPayload,
};
use store::testing::TestStore;

use crate::imports::world::{MESSAGES, World, person};

/// The start of 2026-11-21, UTC.
const DAY: i64 = 1_795_219_200;

fn day(days: i64) -> Instant {
    Instant::from_timestamp(DAY + days * 86_400, 0).unwrap()
}

/// An account with one number.
async fn account(world: &World, meta_id: &str, number: &str) -> WabaId {
    let agent = world.app.staff(Role::SupportAgent).await;
    let new = NewWaba {
        client: world.client,
        meta_id: meta_id.to_owned(),
        name: format!("Account {meta_id}"),
        portfolio_meta_id: None,
        messaging_limit: None,
    };
    let waba = create_waba(&agent, new).await.unwrap().id;
    let number = NewPhoneNumber {
        waba,
        meta_id: number.to_owned(),
        display_number: format!("+39 06 555{number}"),
        verified_name: None,
    };
    create_phone_number(&agent, number).await.unwrap();
    waba
}

/// As many messages of a number on the day.
fn sent(number: &str, from: u32, to: u32) -> String {
    let line = |n: u32| {
        format!("wamid.{n},{number},{},2026-11-21T10:{:02}:00Z,template,news,it,marketing\n", person(n), n % 60)
    };
    (from..=to).map(line).collect()
}

store::both_stores! {
    async fn the_account_through_which_somebody_else_sends_is_named(store: TestStore) {
        let world = World::new(store).await;
        let (first, second) = (account(&world, "101", "1001").await, account(&world, "102", "1002").await);
        let log = format!("{MESSAGES}{}{}", sent("1001", 1, 40), sent("1002", 41, 80));
        world.import(ImportKind::Messages, &world.file("m.csv", &log)).await.unwrap();
        // Together it is what the send log holds: seen together, nothing is wrong.
        let counted = |waba, sent| AccountVolume { waba, client: world.client, from: day(0), to: day(1), sent, delivered: sent };
        let op = world.app.system();
        let tx = world.app.write(&Visibility::System).await.unwrap();
        store::graph_accounts::keep_volumes(&tx, &[counted(first, 20), counted(second, 60)], op.now()).await.unwrap();
        app::jobs::enqueue_at(&op, &tx, JobPayload::VolumesCompare { client: world.client }, op.now(), None).await.unwrap();
        tx.commit().await.unwrap();
        world.app.drain().await;
        let reader = world.app.program(Some(world.client), &[Permission::AuditsRead]);
        let days = volume_checks(&reader, world.client).await.unwrap();
        assert_eq!(days.len(), 1);
        let (all, accounts) = &days[0];
        assert_eq!((all.counted_by_meta, all.in_send_log, all.is_suspicious()), (80, 80, false));
        let mut each: Vec<_> = accounts.iter().map(|check| (check.waba.unwrap(), check.counted_by_meta, check.in_send_log, check.is_suspicious())).collect();
        each.sort_by_key(|check| check.1);
        assert_eq!(each, [(first, 20, 40, false), (second, 60, 40, true)]);
        let mails = world.app.mails().sent();
        let told: Vec<_> = mails.iter().filter(|mail| mail.letter.subject.contains("not sent through us")).collect();
        assert_eq!(told.len(), 2, "to both agents, of one account");
        assert!(told.iter().all(|mail| mail.letter.text().contains("Account 102")));
    }
}
