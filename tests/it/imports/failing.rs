//! Imports that end badly: nothing of them is visible, and they can be tried again.

use std::sync::Arc;

use app::{
    OpError,
    imports::{self, ImportCode, fail_abandoned},
};
use domain::{
    imports::{ImportFailureKind, ImportKind, ImportState},
    ports::CancelFlag,
};
use store::testing::TestStore;

use super::world::{CONSENTS, MESSAGES, Mischief, World, messages, opt_ins, person, refusal, run};

/// Longer than an import may be silent, in seconds.
const SILENCE: i64 = 301;

store::both_stores! {
    async fn a_file_that_was_cut_off_leaves_nothing(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("c.csv.gz", &format!("{CONSENTS}{}", opt_ins(1, 20_000)));
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let (code, message) = refusal(world.import(ImportKind::Consents, &path).await);
        assert_eq!(code, ImportCode::FileUnusable);
        assert!(message.contains("as sent c.csv.gz") && message.contains("too early"), "{message}");
        let failed = world.imports().await.remove(0);
        assert_eq!((failed.state, failed.accepted), (ImportState::Failed, 0));
        assert!(failed.finished_at.is_some());
        assert!(world.segments().await.is_empty() && world.ledger(&person(1)).await.is_empty());
        // The whole file is then as new.
        std::fs::write(&path, whole).unwrap();
        assert_eq!(world.import(ImportKind::Consents, &path).await.unwrap().import.accepted, 20_000);
        assert_eq!(world.ledger(&person(20_000)).await[0].sequence, 20_000);
    }

    async fn files_that_cannot_be_used_say_why(store: TestStore) {
        let world = World::new(store).await;
        for (name, content, word) in [
            ("empty.csv", "", "header"),
            ("columns.csv", "message_id,recipient\n1,2\n", "sent_at"),
            ("twice.csv", "message_id,message_id\n1,2\n", "twice"),
            ("no.parquet", "not parquet", "Parquet"),
        ] {
            let (code, message) = refusal(world.import(ImportKind::Messages, &world.file(name, content)).await);
            assert_eq!(code, ImportCode::FileUnusable, "{name}");
            assert!(message.contains(word), "{name}: {message}");
        }
        let (_, message) = refusal(world.import(ImportKind::Messages, &world.path("nowhere.csv")).await);
        assert!(message.contains("check the path"), "{message}");
        assert!(world.segments().await.is_empty());
    }

    async fn a_publication_that_fails_leaves_nothing(store: TestStore) {
        let world = World::with(store, Mischief::Twice).await;
        let path = world.file("c.csv", &format!("{CONSENTS}{}", opt_ins(1, 3)));
        let failed = world.import(ImportKind::Consents, &path).await;
        assert!(matches!(failed, Err(OpError::Internal(_))), "{failed:?}");
        assert!(world.segments().await.is_empty() && world.ledger(&person(1)).await.is_empty());
        let failed = world.imports().await.remove(0);
        assert_eq!(failed.failure.unwrap().kind, ImportFailureKind::Storage);
    }

    async fn an_import_that_is_asked_to_stop_leaves_nothing(store: TestStore) {
        let world = World::new(store).await;
        let path = world.file("m.csv", &format!("{MESSAGES}{}", messages(1, 5)));
        let cancel = CancelFlag::default();
        cancel.cancel();
        let input = world.input(ImportKind::Messages, &path);
        let stopped = imports::run(&world.importer(), input, Arc::new(|_| {}), cancel).await;
        assert_eq!(refusal(stopped).0, ImportCode::Cancelled);
        assert!(world.segments().await.is_empty());
    }

    async fn an_import_whose_process_died_is_given_up_and_blocks_nothing(store: TestStore) {
        let world = World::with(store, Mischief::Waits).await;
        let path = world.file("c.csv", &format!("{CONSENTS}{}", opt_ins(1, 3)));
        let (op, input) = (world.importer(), world.input(ImportKind::Consents, &path));
        let dying = tokio::spawn(async move { run(&op, input).await });
        world.lake.reached.acquire().await.unwrap().forget();
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        world.lake.go.add_permits(1);
        // The same file, while the dead one still counts as running.
        world.import(ImportKind::Consents, &path).await.unwrap();
        world.app.clock().advance(SILENCE);
        assert_eq!(fail_abandoned(&world.app.system()).await.unwrap(), 1);
        assert_eq!(fail_abandoned(&world.app.system()).await.unwrap(), 0);
        let states: Vec<_> = world.imports().await.into_iter().map(|import| import.state).collect();
        assert_eq!(states.iter().filter(|state| **state == ImportState::Failed).count(), 1);
        assert_eq!(world.ledger(&person(1)).await.len(), 1);
    }

    async fn an_import_that_was_given_up_meanwhile_publishes_nothing(store: TestStore) {
        let world = World::with(store, Mischief::Waits).await;
        let path = world.file("c.csv", &format!("{CONSENTS}{}", opt_ins(1, 3)));
        let (op, input) = (world.importer(), world.input(ImportKind::Consents, &path));
        let slow = tokio::spawn(async move { run(&op, input).await });
        world.lake.reached.acquire().await.unwrap().forget();
        world.app.clock().advance(SILENCE);
        assert_eq!(fail_abandoned(&world.app.system()).await.unwrap(), 1);
        world.lake.go.add_permits(1);
        assert_eq!(refusal(slow.await.unwrap()).0, ImportCode::Abandoned);
        assert!(world.segments().await.is_empty() && world.ledger(&person(1)).await.is_empty());
    }

    async fn of_two_imports_of_a_file_at_the_same_time_one_counts(store: TestStore) {
        let world = World::with(store, Mischief::Waits).await;
        let path = world.file("c.csv", &format!("{CONSENTS}{}", opt_ins(1, 3)));
        let begin = || {
            let (op, input) = (world.importer(), world.input(ImportKind::Consents, &path));
            tokio::spawn(async move { run(&op, input).await })
        };
        let (one, other) = (begin(), begin());
        world.lake.reached.acquire_many(2).await.unwrap().forget();
        world.lake.go.add_permits(2);
        let (one, other) = (one.await.unwrap().unwrap(), other.await.unwrap().unwrap());
        assert_ne!(one.is_unchanged, other.is_unchanged);
        assert_eq!(one.import.id, other.import.id);
        assert_eq!((world.ledger(&person(1)).await.len(), world.segments().await.len()), (1, 1));
    }
}
