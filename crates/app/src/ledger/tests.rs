//! A changed byte of the ledger is found.

use domain::{
    ClientId, ConsentEventId, ImportId,
    access::Visibility,
    imports::{Import, ImportKind, ImportState},
    ledger::LEAF,
    ports::LedgerEvent,
    traffic::{ConsentAction, ConsentScope},
};
use store::{
    both_stores,
    consents::{self, Entered, Staged},
    imports::{self, Completion},
    testing::TestStore,
};
use uuid::Uuid;

use super::{log_of, seal, verify};
use crate::{
    activity::{Expected, Fault},
    testing::TestApp,
};

fn event(number: u64, app: &TestApp) -> LedgerEvent {
    LedgerEvent {
        recipient: format!("39333{number:07}"),
        action: if number.is_multiple_of(3) { ConsentAction::OptOut } else { ConsentAction::OptIn },
        scope: ConsentScope::Marketing,
        effective_at: app.system().now(),
        recorded_at: app.system().now(),
        expires_at: None,
        source: Some("web_form".to_owned()),
        evidence: None,
        wording_version: Some("v1".to_owned()),
        ip: Some("192.0.2.1".to_owned()),
        controller: None,
        brand_shown: None,
    }
}

/// An import of so many events; `number` tells it from others.
async fn import(app: &TestApp, client: ClientId, number: u128, events: u64) {
    let now = app.system().now();
    let import = Import {
        id: ImportId::from_uuid(Uuid::from_u128(number)),
        client,
        kind: ImportKind::Consents,
        state: ImportState::Running,
        file_name: "consents.csv".to_owned(),
        content_sha256: format!("{number:064}"),
        accepted: 0,
        rejected: 0,
        unknown_columns: Vec::new(),
        failure: None,
        created_by: None,
        created_at: now,
        finished_at: None,
    };
    let staged = (1..=events).map(|ordinal| Staged {
        id: ConsentEventId::from_uuid(Uuid::from_u128(number * 1_000_000 + u128::from(ordinal))),
        ordinal: ordinal as i64,
        event: event(ordinal, app),
        content_hash: format!("{number}/{ordinal}"),
    });
    let tx = app.store().write(&Visibility::System).await.unwrap();
    imports::insert(&tx, &import).await.unwrap();
    consents::stage(&tx, client, import.id, staged.collect()).await.unwrap();
    consents::begin_settling(&tx, import.id, now).await.unwrap();
    let entered = consents::settle(&tx, &import, Entered::default(), events as u32, now).await.unwrap().unwrap();
    consents::finish_settling(&tx, &import, entered.moved).await.unwrap();
    let nothing = Completion { accepted: 0, rejected: 0, unknown_columns: &[] };
    assert!(imports::complete(&tx, import.id, nothing, now).await.unwrap());
    tx.commit().await.unwrap();
}

both_stores! {
    async fn every_event_is_sealed_once_whatever_comes_when(store: TestStore) {
        let app = TestApp::new(store);
        let (own, other) = (app.client("own").await, app.client("other").await);
        assert_eq!(seal(app.services()).await.unwrap(), 0);
        import(&app, own, 1, LEAF + 5).await;
        import(&app, other, 2, 3).await;
        assert_eq!(seal(app.services()).await.unwrap(), LEAF + 8);
        assert_eq!(seal(app.services()).await.unwrap(), 0);
        import(&app, own, 3, 2).await;
        assert_eq!(seal(app.services()).await.unwrap(), 2);
        let found = verify(&app.system(), &[]).await.unwrap();
        assert_eq!((found.entries, found.heads.len(), found.faults), (LEAF + 10, 2, Vec::new()));
        let (log, head) = found.heads.iter().find(|(log, _)| *log == log_of(own)).unwrap();
        assert_eq!(head.size, 3, "two leaves of the first import, one of the second");
        let kept = |root| Expected { log: log.clone(), size: 3, root };
        assert_eq!(verify(&app.system(), &[kept(head.root)]).await.unwrap().faults, []);
        let wrong = verify(&app.system(), &[kept([1; 32])]).await.unwrap().faults;
        assert_eq!(wrong, [Fault::Unexpected { log: log.clone(), size: 3 }]);
        // The activity log is another matter.
        assert_eq!(crate::activity::verify(&app.system(), &[]).await.unwrap().heads.len(), 0);
    }

    async fn a_changed_byte_of_the_ledger_is_found_and_its_place_named(store: TestStore) {
        let app = TestApp::new(store);
        let own = app.client("own").await;
        import(&app, own, 1, LEAF + 5).await;
        seal(app.services()).await.unwrap();
        let faults = async |sql: &str| {
            app.tamper(sql).await;
            verify(&app.system(), &[]).await.unwrap().faults
        };
        let log = log_of(own);
        let first = Fault::Events { log: log.clone(), place: 0, first: 1, last: 1_000 };
        let second = [Fault::Events { log: log.clone(), place: 1, first: 1_001, last: 1_005 }];
        let changed = faults("UPDATE consent_events SET action = 'opt_in' WHERE sequence = 3").await;
        assert_eq!(changed, [first]);
        assert_eq!(faults("UPDATE consent_events SET action = 'opt_out' WHERE sequence = 3").await, []);
        assert_eq!(faults("UPDATE consent_events SET source = 'web_fork' WHERE sequence = 1003").await, second);
        assert_eq!(faults("UPDATE consent_events SET source = 'web_form' WHERE sequence = 1003").await, []);
        // What nothing reads is the event's too.
        let details = "UPDATE consent_events SET details = '{\"ip\": \"192.0.2.1\", \"x\": 1}' WHERE sequence = 1003";
        assert_eq!(faults(details).await, second);
        assert_eq!(faults("UPDATE consent_events SET details = '{\"ip\": \"192.0.2.1\"}' WHERE sequence = 1003").await, []);
        assert_eq!(faults("UPDATE consent_events SET user_id = 'x' WHERE sequence = 1003").await, second);
        app.tamper("UPDATE consent_events SET user_id = NULL").await;
        assert_eq!(faults("UPDATE consent_events SET content_hash = 'x' WHERE sequence = 1003").await, second);
        app.tamper("UPDATE consent_events SET content_hash = '1/1003' WHERE sequence = 1003").await;
        assert_eq!(faults("DELETE FROM consent_events WHERE sequence = 1005").await, second);
        let gone = faults("DELETE FROM ledger_leaves WHERE place = 1").await;
        assert_eq!(gone, [Fault::Gone { entry: None, log, place: 1 }]);
    }

    async fn an_event_that_is_put_beside_the_ledger_is_found(store: TestStore) {
        let app = TestApp::new(store);
        let own = app.client("own").await;
        import(&app, own, 1, 3).await;
        seal(app.services()).await.unwrap();
        let beside = |position| Fault::Beside { log: log_of(own), position };
        let first = Fault::Events { log: log_of(own), place: 0, first: 1, last: 3 };
        app.tamper("UPDATE consent_events SET sequence = 0 WHERE sequence = 1").await;
        assert_eq!(verify(&app.system(), &[]).await.unwrap().faults, [first.clone(), beside(0)]);
        app.tamper("UPDATE consent_events SET sequence = 9 WHERE sequence = 0").await;
        assert_eq!(verify(&app.system(), &[]).await.unwrap().faults, [first, beside(9)]);
        // Whoever takes the place back, and nothing else, has changed nothing.
        app.tamper("UPDATE consent_events SET sequence = 1 WHERE sequence = 9").await;
        assert_eq!(verify(&app.system(), &[]).await.unwrap().faults, []);
    }

    async fn a_ledger_that_cannot_be_read_keeps_no_other_waiting(store: TestStore) {
        let app = TestApp::new(store);
        let (own, other) = (app.client("own").await, app.client("other").await);
        import(&app, own, 1, 2).await;
        app.tamper("UPDATE consent_events SET action = 'perhaps' WHERE sequence = 2").await;
        import(&app, other, 2, 3).await;
        assert!(seal(app.services()).await.is_err());
        let sealed = verify(&app.system(), &[]).await.unwrap();
        assert_eq!((sealed.entries, sealed.faults), (3, Vec::new()));
        assert_eq!(sealed.heads[0].0, log_of(other));
        app.tamper("UPDATE consent_events SET action = 'opt_in' WHERE action = 'perhaps'").await;
        assert_eq!(seal(app.services()).await.unwrap(), 2);
    }

    async fn two_sealers_seal_each_event_once(store: TestStore) {
        let app = TestApp::new(store);
        let own = app.client("own").await;
        import(&app, own, 1, 2 * LEAF + 1).await;
        let (one, two) = tokio::join!(seal(app.services()), seal(app.services()));
        assert_eq!(one.unwrap() + two.unwrap(), 2 * LEAF + 1);
        let found = verify(&app.system(), &[]).await.unwrap();
        assert_eq!((found.entries, found.heads[0].1.size, found.faults), (2 * LEAF + 1, 3, Vec::new()));
    }

    async fn the_program_cannot_change_what_the_leaves_stand_for(store: TestStore) {
        let app = TestApp::new(store);
        let own = app.client("own").await;
        import(&app, own, 1, 3).await;
        seal(app.services()).await.unwrap();
        for sql in ["UPDATE ledger_leaves SET last_sequence = 2", "DELETE FROM ledger_leaves"] {
            assert!(app.try_as_program(sql).await.is_err(), "{sql}");
        }
        assert!(verify(&app.staff(domain::access::Role::BspAdmin).await, &[]).await.is_err());
    }
}
