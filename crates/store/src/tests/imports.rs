//! Imports, their bad rows, the consents that wait for them, and the segments that they publish.

use chrono::TimeDelta;
use domain::{
    ConsentEventId, ImportId, Instant, SegmentId,
    access::Visibility,
    imports::{Import, ImportFailure, ImportFailureKind, ImportKind, ImportState},
    ports::{LedgerEvent, RowError, SegmentMeta},
    traffic::{ConsentAction, ConsentScope},
};

use super::{id, now, only, three_clients};
use crate::{
    Store, StoreError, both_stores,
    consents::{self, Entered, Staged, Turn},
    imports::{self, Completion},
    page::{Direction, Keyset},
    segments,
    testing::TestStore,
};

const NOTHING: Completion<'_> = Completion { accepted: 0, rejected: 0, unknown_columns: &[] };

fn later(seconds: i64) -> Instant {
    now() + TimeDelta::seconds(seconds)
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn import(number: u128, client: u128, content: &str) -> Import {
    Import {
        id: ImportId::from_uuid(uuid(number)),
        client: id(client),
        kind: ImportKind::Consents,
        state: ImportState::Running,
        file_name: "consents.csv".to_owned(),
        content_sha256: content.to_owned(),
        accepted: 0,
        rejected: 0,
        unknown_columns: Vec::new(),
        failure: None,
        created_by: None,
        created_at: later(number as i64),
        finished_at: None,
    }
}

fn event(recipient: &str, seconds: i64) -> LedgerEvent {
    LedgerEvent {
        recipient: recipient.to_owned(),
        action: ConsentAction::OptIn,
        scope: ConsentScope::Marketing,
        effective_at: later(seconds),
        recorded_at: later(seconds + 1),
        expires_at: None,
        source: Some("web_form".to_owned()),
        evidence: None,
        wording_version: Some("v1".to_owned()),
        ip: Some("192.0.2.1".to_owned()),
        controller: None,
        brand_shown: Some("Rossi".to_owned()),
    }
}

fn staged(number: u128, ordinal: i64, hash: &str, event: LedgerEvent) -> Staged {
    Staged { id: ConsentEventId::from_uuid(uuid(number)), ordinal, event, content_hash: hash.to_owned() }
}

fn segment(number: u128) -> SegmentMeta {
    SegmentMeta {
        id: SegmentId::from_uuid(uuid(number)),
        kind: ImportKind::Messages,
        path: format!("segments/{number}.parquet"),
        rows: 10,
        bytes: 1_000,
        least_time: later(0),
        greatest_time: later(9),
    }
}

async fn begin(store: &Store, import: &Import) {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    imports::insert(&tx, import).await.unwrap();
    tx.commit().await.unwrap();
}

async fn stage(store: &Store, import: &Import, events: Vec<Staged>) {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    consents::stage(&tx, import.client, import.id, events).await.unwrap();
    tx.commit().await.unwrap();
}

async fn turn(store: &Store, import: &Import, at: Instant) -> Turn {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    let turn = consents::begin_settling(&tx, import.id, at).await.unwrap();
    if turn == Turn::Now {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
    turn
}

fn entered(taken: u64, moved: u64) -> Entered {
    Entered { taken, moved }
}

/// Enters at most two events after those of `before`.
async fn step(store: &Store, import: &Import, before: Entered) -> Option<Entered> {
    let tx = store.write(&Visibility::AllClients).await.unwrap();
    let step = consents::settle(&tx, import, before, 2, now()).await.unwrap();
    tx.commit().await.unwrap();
    step
}

/// Enters everything, publishes nothing, and completes.
async fn complete(store: &Store, import: &Import) -> Result<u64, StoreError> {
    assert_eq!(turn(store, import, now()).await, Turn::Now);
    let mut all = Entered::default();
    while let Some(Entered { taken: taken @ 1.., moved }) = step(store, import, all).await {
        all = entered(all.taken + taken, all.moved + moved);
    }
    let moved = all.moved;
    let tx = store.write(&Visibility::AllClients).await?;
    segments::publish(&tx, import.client, import.id, &[], now()).await?;
    consents::finish_settling(&tx, import, moved).await?;
    assert!(imports::complete(&tx, import.id, NOTHING, now()).await?);
    tx.commit().await?;
    Ok(moved)
}

async fn sequences(store: &Store, recipient: &str) -> Vec<i64> {
    let tx = store.read(&Visibility::AllClients).await.unwrap();
    let ledger = consents::of_recipient(&tx, id(1), recipient, 100).await.unwrap();
    ledger.into_iter().map(|event| event.sequence).collect()
}

/// Tidies up until nothing is left; how many transactions that took.
async fn tidied(store: &Store, import: &Import) -> u32 {
    for steps in 1.. {
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        let done = consents::tidy(&tx, import.client, import.id, 2).await.unwrap();
        tx.commit().await.unwrap();
        if done {
            return steps;
        }
    }
    unreachable!()
}

async fn left(store: &Store) -> Vec<ImportId> {
    let tx = store.read(&Visibility::AllClients).await.unwrap();
    consents::left(&tx, 10).await.unwrap().into_iter().map(|(import, _)| import).collect()
}

both_stores! {
    async fn an_import_runs_and_is_completed_once(store: TestStore) {
        three_clients(&store).await;
        let running = import(1, 1, "aa");
        begin(&store, &running).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        assert_eq!(imports::by_ids(&tx, &[running.id]).await.unwrap(), std::slice::from_ref(&running));
        assert_eq!(imports::twin(&tx, id(1), ImportKind::Consents, "aa").await.unwrap(), None);
        assert!(imports::heartbeat(&tx, running.id, later(5)).await.unwrap());
        let columns = ["colour".to_owned()];
        let completion = Completion { accepted: 7, rejected: 2, unknown_columns: &columns };
        assert!(imports::complete(&tx, running.id, completion, later(9)).await.unwrap());
        assert!(!imports::complete(&tx, running.id, completion, later(9)).await.unwrap());
        assert!(!imports::heartbeat(&tx, running.id, later(9)).await.unwrap());
        let failure = ImportFailure::of(ImportFailureKind::Abandoned);
        assert!(!imports::fail(&tx, running.id, &failure, later(9)).await.unwrap());
        let done = imports::twin(&tx, id(1), ImportKind::Consents, "aa").await.unwrap().unwrap();
        assert_eq!((done.accepted, done.rejected, done.unknown_columns), (7, 2, columns.to_vec()));
        assert_eq!((done.state, done.finished_at), (ImportState::Completed, Some(later(9))));
        // The same content of another client or kind is another file.
        assert_eq!(imports::twin(&tx, id(2), ImportKind::Consents, "aa").await.unwrap(), None);
        assert_eq!(imports::twin(&tx, id(1), ImportKind::Messages, "aa").await.unwrap(), None);
    }

    async fn the_same_content_is_completed_once(store: TestStore) {
        three_clients(&store).await;
        for number in [1, 2] {
            begin(&store, &import(number, 1, "aa")).await;
        }
        assert_eq!(complete(&store, &import(1, 1, "aa")).await, Ok(0));
        let error = complete(&store, &import(2, 1, "aa")).await.unwrap_err();
        assert!(error.is_conflict_on(imports::TWIN_KEY), "{error}");
    }

    async fn silent_imports_are_found_and_given_up(store: TestStore) {
        three_clients(&store).await;
        begin(&store, &import(1, 1, "aa")).await;
        begin(&store, &import(2, 1, "bb")).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        let silent = imports::silent(&tx, later(2), 10).await.unwrap();
        assert_eq!(silent, [import(1, 1, "aa")]);
        let failure = ImportFailure { kind: ImportFailureKind::Unusable, detail: Some("line 3".to_owned()) };
        assert!(imports::fail(&tx, silent[0].id, &failure, later(9)).await.unwrap());
        let failed = imports::by_ids(&tx, &[silent[0].id]).await.unwrap().remove(0);
        assert_eq!((failed.state, failed.failure), (ImportState::Failed, Some(failure)));
        assert!(imports::silent(&tx, later(2), 10).await.unwrap().is_empty());
    }

    async fn bad_rows_are_paged_in_the_order_of_the_file(store: TestStore) {
        three_clients(&store).await;
        let running = import(1, 1, "aa");
        begin(&store, &running).await;
        let errors: Vec<_> = (1..=1_001_u64)
            .map(|line| RowError {
                line: line * 2,
                column: if line == 2 { String::new() } else { "sent_at".to_owned() },
                reason: "not_an_instant".to_owned(),
            })
            .collect();
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        imports::add_row_errors(&tx, &running, &errors).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.read(&only(1)).await.unwrap();
        let first = imports::row_errors(&tx, running.id, &Keyset::first(3)).await.unwrap();
        assert_eq!(first.items, errors[..3]);
        let next = Keyset::first(3).after(first.cursors.last().cloned());
        assert_eq!(imports::row_errors(&tx, running.id, &next).await.unwrap().items, errors[3..6]);
        drop(tx);
        let tx = store.read(&only(2)).await.unwrap();
        assert!(imports::row_errors(&tx, running.id, &Keyset::first(3)).await.unwrap().items.is_empty());
        assert!(imports::by_ids(&tx, &[running.id]).await.unwrap().is_empty());
    }

    async fn pages_show_the_newest_first_and_other_clients_do_not_exist(store: TestStore) {
        three_clients(&store).await;
        for (number, client) in [(1, 1), (2, 2), (3, 1)] {
            begin(&store, &import(number, client, &number.to_string())).await;
        }
        let newest = Keyset::first(10).direction(Direction::Descending);
        let numbers = |page: crate::page::Page<Import>| -> Vec<_> {
            page.items.into_iter().map(|import| import.id.uuid().as_u128()).collect()
        };
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert_eq!(numbers(imports::page(&tx, None, &newest).await.unwrap()), [3, 2, 1]);
        assert_eq!(numbers(imports::page(&tx, Some(id(1)), &newest).await.unwrap()), [3, 1]);
        drop(tx);
        let tx = store.read(&only(2)).await.unwrap();
        assert_eq!(numbers(imports::page(&tx, None, &newest).await.unwrap()), [2]);
        assert!(numbers(imports::page(&tx, Some(id(1)), &newest).await.unwrap()).is_empty());
        drop(tx);
        let tx = store.write(&only(2)).await.unwrap();
        assert_eq!(imports::insert(&tx, &import(9, 1, "x")).await, Err(StoreError::NotVisible));
        assert!(!imports::heartbeat(&tx, import(1, 1, "").id, now()).await.unwrap());
    }

    async fn consents_enter_the_ledger_once_in_the_order_of_the_file(store: TestStore) {
        three_clients(&store).await;
        let (first, second) = (import(1, 1, "aa"), import(2, 1, "bb"));
        begin(&store, &first).await;
        begin(&store, &second).await;
        let person = "393331234567";
        // The third says what the first said.
        let events = vec![
            staged(11, 1, "h1", event(person, 1)),
            staged(12, 2, "h2", event(person, 2)),
            staged(13, 3, "h1", event(person, 1)),
        ];
        stage(&store, &first, events).await;
        let overlapping = vec![staged(21, 1, "h2", event(person, 2)), staged(22, 2, "h3", event(person, 3))];
        stage(&store, &second, overlapping).await;
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert!(consents::of_recipient(&tx, id(1), person, 10).await.unwrap().is_empty());
        drop(tx);
        assert_eq!(complete(&store, &first).await, Ok(2));
        assert_eq!(complete(&store, &second).await, Ok(1));
        let tx = store.read(&only(1)).await.unwrap();
        let ledger = consents::of_recipient(&tx, id(1), person, 10).await.unwrap();
        let seen: Vec<_> = ledger.iter().map(|event| (event.sequence, event.id.uuid().as_u128())).collect();
        assert_eq!(seen, [(1, 11), (2, 12), (3, 22)]);
        assert_eq!((ledger[2].import, &ledger[2].event), (Some(second.id), &event(person, 3)));
        assert_eq!(consents::of_recipient(&tx, id(1), person, 1).await.unwrap().len(), 1);
        drop(tx);
        let tx = store.read(&only(2)).await.unwrap();
        assert!(consents::of_recipient(&tx, id(1), person, 10).await.unwrap().is_empty());
    }

    async fn an_abandoned_import_blocks_no_other(store: TestStore) {
        three_clients(&store).await;
        let (dead, alive) = (import(1, 1, "aa"), import(2, 1, "bb"));
        begin(&store, &dead).await;
        begin(&store, &alive).await;
        stage(&store, &dead, vec![staged(11, 1, "h1", event("393331234567", 1))]).await;
        stage(&store, &alive, vec![staged(21, 1, "h1", event("393331234567", 1))]).await;
        assert_eq!(complete(&store, &alive).await, Ok(1));
        let tx = store.write(&Visibility::System).await.unwrap();
        let failure = ImportFailure::of(ImportFailureKind::Abandoned);
        assert!(imports::fail(&tx, dead.id, &failure, later(9)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(left(&store).await, [dead.id]);
        assert_eq!(tidied(&store, &dead).await, 2);
        assert_eq!(left(&store).await, []);
        assert_eq!(step(&store, &dead, entered(0, 0)).await, None, "it runs no more");
        assert_eq!(turn(&store, &dead, now()).await, Turn::Never);
    }

    async fn events_enter_in_steps_that_nobody_sees_before_the_end(store: TestStore) {
        three_clients(&store).await;
        let first = import(1, 1, "aa");
        begin(&store, &first).await;
        let person = "393331234567";
        // Said again within a step, and in a later one.
        let hashes = ["h1", "h1", "h2", "h1", "h3"];
        let events = (1..).zip(hashes).map(|(n, hash)| staged(n, n as i64, hash, event(person, 1))).collect();
        stage(&store, &first, events).await;
        assert_eq!(turn(&store, &first, now()).await, Turn::Now);
        assert_eq!(step(&store, &first, entered(0, 0)).await, Some(entered(2, 1)));
        assert_eq!(step(&store, &first, entered(2, 1)).await, Some(entered(2, 1)));
        assert_eq!(sequences(&store, person).await, [0_i64; 0], "half a file is not visible");
        assert_eq!(step(&store, &first, entered(4, 2)).await, Some(entered(1, 1)));
        assert_eq!(step(&store, &first, entered(5, 3)).await, Some(entered(0, 0)));
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        consents::finish_settling(&tx, &first, 3).await.unwrap();
        assert!(imports::complete(&tx, first.id, NOTHING, now()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(sequences(&store, person).await, [1, 2, 3]);
    }

    async fn one_import_of_a_client_enters_at_a_time_and_a_silent_one_is_not_waited_for(store: TestStore) {
        three_clients(&store).await;
        let (dead, alive, other) = (import(1, 1, "aa"), import(2, 1, "bb"), import(3, 2, "cc"));
        for import in [&dead, &alive, &other] {
            begin(&store, import).await;
        }
        let person = "393331234567";
        let events = |from: u128| (1..=5).map(|n| staged(from + n, n as i64, &format!("h{n}"), event(person, n as i64))).collect();
        stage(&store, &dead, events(10)).await;
        stage(&store, &alive, events(20)).await;
        assert_eq!(turn(&store, &dead, now()).await, Turn::Now);
        assert_eq!(step(&store, &dead, entered(0, 0)).await, Some(entered(2, 2)));
        assert_eq!(turn(&store, &alive, now()).await, Turn::Later);
        assert_eq!(turn(&store, &other, now()).await, Turn::Now, "another client's is another ledger");
        let evicted = async |before| {
            let tx = store.write(&only(1)).await.unwrap();
            let failure = ImportFailure::of(ImportFailureKind::Abandoned);
            let evicted = consents::evict_silent(&tx, id(1), before, &failure, later(90)).await.unwrap();
            tx.commit().await.unwrap();
            evicted
        };
        assert!(!evicted(now()).await, "it gave a sign of life");
        assert!(evicted(later(60)).await);
        assert_eq!(turn(&store, &alive, now()).await, Turn::Later, "what it left stands in the way");
        assert_eq!(tidied(&store, &dead).await, 4);
        assert_eq!(complete(&store, &alive).await, Ok(5));
        assert_eq!(sequences(&store, person).await, [1, 2, 3, 4, 5]);
    }

    async fn segments_are_published_in_their_order(store: TestStore) {
        three_clients(&store).await;
        let first = import(1, 1, "aa");
        begin(&store, &first).await;
        let many: Vec<_> = (1..=501).map(segment).collect();
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        segments::publish(&tx, id(1), first.id, &many, now()).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.write(&only(1)).await.unwrap();
        segments::publish(&tx, id(1), first.id, &[segment(600)], now()).await.unwrap();
        let snapshot = segments::snapshot(&tx, id(1)).await.unwrap();
        assert_eq!(snapshot.segments.len(), 502);
        assert_eq!(snapshot.segments[..501], many);
        let twice = segments::publish(&tx, id(1), first.id, &[segment(600)], now()).await.unwrap_err();
        assert!(twice.is_conflict(), "{twice}");
    }

    async fn a_compaction_takes_the_place_of_its_segments(store: TestStore) {
        three_clients(&store).await;
        let first = import(1, 1, "aa");
        begin(&store, &first).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        let old: Vec<_> = (1..=4).map(segment).collect();
        segments::publish(&tx, id(1), first.id, &old, now()).await.unwrap();
        // Published while the lake works.
        segments::publish(&tx, id(1), first.id, &[segment(5)], later(1)).await.unwrap();
        let ids: Vec<_> = old[1..].iter().map(|segment| segment.id).collect();
        let new = [segment(10), segment(11)];
        assert!(segments::replace(&tx, id(1), &ids, &new, later(2)).await.unwrap());
        let live = async |tx| segments::snapshot(tx, id(1)).await.unwrap().segments;
        assert_eq!(live(&tx).await, [segment(1), segment(10), segment(11), segment(5)]);
        assert!(!segments::replace(&tx, id(1), &ids, &[segment(12)], later(3)).await.unwrap(), "they count no more");
        assert_eq!(live(&tx).await.len(), 4);
        tx.commit().await.unwrap();
    }

    async fn what_was_replaced_is_kept_for_a_while(store: TestStore) {
        three_clients(&store).await;
        let first = import(1, 1, "aa");
        begin(&store, &first).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        segments::publish(&tx, id(1), first.id, &[segment(1), segment(2)], now()).await.unwrap();
        let old = [segment(1).id, segment(2).id];
        assert!(segments::replace(&tx, id(1), &old, &[segment(3)], later(100)).await.unwrap());
        let kept = async |retired_after| segments::paths(&tx, later(retired_after), later(0)).await.unwrap().len();
        assert_eq!(kept(99).await, 3);
        assert_eq!(kept(100).await, 1);
    }
}
