//! Consents: into the ledger once, in the order of the file, and not before the import is completed.

use app::imports::{NewImport, fail_abandoned};
use domain::{
    imports::{ImportKind, ImportState},
    traffic::ConsentAction,
};
use store::testing::TestStore;

use super::world::{CONSENTS, Mischief, World, opt_ins, person, run};

store::both_stores! {
    async fn consents_enter_the_ledger_in_the_order_of_the_file(store: TestStore) {
        let world = World::new(store).await;
        let out = format!("{},opt_out,all,2026-08-02T08:00:00Z,keyword\n", person(1));
        let path = world.file("c.csv", &format!("{CONSENTS}{}{out}", opt_ins(1, 3)));
        let import = world.import(ImportKind::Consents, &path).await.unwrap().import;
        assert_eq!(import.accepted, 4);
        let ledger = world.ledger(&person(1)).await;
        let told: Vec<_> = ledger.iter().map(|event| (event.sequence, event.event.action)).collect();
        assert_eq!(told, [(1, ConsentAction::OptIn), (4, ConsentAction::OptOut)]);
        assert_eq!(ledger[0].import, Some(import.id));
        // The projection of the ledger stands in the lake.
        assert!(world.segments().await.iter().all(|segment| segment.kind == ImportKind::Consents));
    }

    async fn an_event_without_its_own_record_time_was_recorded_now_or_when_it_took_effect(store: TestStore) {
        let world = World::new(store).await;
        let now = world.importer().now();
        world.import(ImportKind::Consents, &world.file("a.csv", &format!("{CONSENTS}{}", opt_ins(1, 1)))).await.unwrap();
        assert_eq!(world.ledger(&person(1)).await[0].event.recorded_at, now);
        let path = world.file("b.csv", &format!("{CONSENTS}{}", opt_ins(2, 2)));
        let history = NewImport { history: true, ..world.input(ImportKind::Consents, &path) };
        run(&world.importer(), history).await.unwrap();
        let old = &world.ledger(&person(2)).await[0].event;
        assert_eq!(old.recorded_at, old.effective_at);
    }

    async fn overlapping_files_say_nothing_twice(store: TestStore) {
        let world = World::new(store).await;
        world.import(ImportKind::Consents, &world.file("a.csv", &format!("{CONSENTS}{}", opt_ins(1, 20)))).await.unwrap();
        world.app.clock().advance(86_400);
        let path = world.file("b.csv", &format!("{CONSENTS}{}{}", opt_ins(10, 30), opt_ins(25, 26)));
        world.import(ImportKind::Consents, &path).await.unwrap();
        let mut sequences = Vec::new();
        for n in 1..=30 {
            let ledger = world.ledger(&person(n)).await;
            assert_eq!(ledger.len(), 1, "person {n}");
            sequences.push(ledger[0].sequence);
        }
        assert_eq!(sequences, (1..=30).collect::<Vec<_>>(), "positions have no gaps");
    }

    async fn nothing_is_visible_before_the_end(store: TestStore) {
        let world = World::with(store, Mischief::Waits).await;
        let path = world.file("c.csv", &format!("{CONSENTS}{}", opt_ins(1, 3)));
        let (op, input) = (world.importer(), world.input(ImportKind::Consents, &path));
        let running = tokio::spawn(async move { run(&op, input).await });
        world.lake.reached.acquire().await.unwrap().forget();
        assert!(world.ledger(&person(1)).await.is_empty());
        assert!(world.segments().await.is_empty());
        assert_eq!(world.imports().await[0].state, ImportState::Running);
        assert_eq!(fail_abandoned(&world.app.system()).await.unwrap(), 0, "it is not silent");
        world.lake.go.add_permits(1);
        running.await.unwrap().unwrap();
        assert_eq!(world.ledger(&person(1)).await.len(), 1);
        assert_eq!(world.segments().await.len(), 1);
    }
}
