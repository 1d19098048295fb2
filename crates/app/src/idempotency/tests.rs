//! Done once, on both stores.

use domain::access::{Permission, Role};
use store::{both_stores, testing::TestStore};

use super::*;
use crate::testing::TestApp;

const KEY: &str = "5f0e7c1a-0b7e-4f7e-8d1c-5a2d8f8a9b10";

async fn begun(op: &OpCtx, request: &str) -> Result<Begun, NotBegun> {
    begin(op, KEY, request).await
}

async fn now(op: &OpCtx) -> Once {
    match begun(op, "request").await.unwrap() {
        Begun::Now(once) => once,
        Begun::Before(answer) => panic!("it was done: {answer}"),
    }
}

/// Something that the operation does, and whether it gets to its end.
async fn work(op: &OpCtx, commits: bool) {
    let tx = op.write::<NoCode>().await.unwrap();
    if commits {
        tx.commit().await.unwrap();
    } else {
        tx.rollback().await.unwrap();
    }
}

both_stores! {
    async fn a_second_request_gets_the_answer_of_the_first(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let user = app.user(Role::ClientAdmin, Some(client)).await;
        let op = app.op(user.actor());
        let once = now(&op).await;
        assert!(matches!(begun(&app.op(user.actor()), "request").await, Err(NotBegun::Running)));
        work(&op, true).await;
        finish(&op, once, Some("{\"data\":\"sbl_secret\"}"), true).await.unwrap();
        let again = begun(&app.op(user.actor()), "request").await.unwrap();
        assert!(matches!(&again, Begun::Before(answer) if answer == "{\"data\":\"sbl_secret\"}"), "{again:?}");
        assert!(matches!(begun(&app.op(user.actor()), "another").await, Err(NotBegun::OtherRequest)));
        // The same key of somebody else is another one.
        now(&app.client_user(Role::ClientAdmin, client).await).await;
        now(&app.program(Some(client), &[Permission::TicketsRead])).await;
        let tx = app.read(&Visibility::System).await.unwrap();
        let hash = hex::encode(Sha256::digest(format!("sblocco key\n{}\n{KEY}", user.id)));
        let row = rows::find(&tx, &user.id.to_string(), &hash).await.unwrap().unwrap();
        assert!(!format!("{row:?}").contains("secret") && !format!("{row:?}").contains(KEY));
    }

    async fn what_was_not_done_is_done_and_what_was_is_not_done_again(store: TestStore) {
        let app = TestApp::new(store);
        let user = app.user(Role::SupportAgent, None).await;
        // It failed, and nothing was written.
        let op = app.op(user.actor());
        let once = now(&op).await;
        work(&op, false).await;
        finish(&op, once, Some("{\"errors\":[]}"), false).await.unwrap();
        // The process was killed before anything was written.
        let op = app.op(user.actor());
        drop(now(&op).await);
        work(&op, false).await;
        assert!(matches!(begun(&app.op(user.actor()), "request").await, Err(NotBegun::Running)));
        app.clock().advance(RUNS.num_seconds());
        // The process was killed after something was.
        let op = app.op(user.actor());
        drop(now(&op).await);
        work(&op, true).await;
        work(&op, true).await;
        app.clock().advance(RUNS.num_seconds());
        assert!(matches!(begun(&app.op(user.actor()), "request").await, Err(NotBegun::Lost)));
        app.clock().advance((KEPT + RUNS).num_seconds());
        assert_eq!(forget_old(&app.system()).await.unwrap(), 1);
        now(&app.op(user.actor())).await;
        assert!(forget_old(&app.op(user.actor())).await.is_err());
    }

    async fn the_mark_is_written_by_the_transaction_of_a_client_too(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let op = app.client_user(Role::ClientAdmin, client).await;
        let once = now(&op).await;
        work(&op, true).await;
        let tx = app.read(&Visibility::System).await.unwrap();
        assert!(rows::is_marked(&tx, once.id).await.unwrap());
    }

    async fn keys_must_be_keys(store: TestStore) {
        let app = TestApp::new(store);
        let op = app.staff(Role::SupportAgent).await;
        for bad in ["", "short", &"x".repeat(256), "with a blank in between", "nön-ascii-key-here"] {
            assert!(matches!(begin(&op, bad, "request").await, Err(NotBegun::BadKey)), "{bad}");
        }
        let nobody = app.op(Actor::Anonymous);
        assert!(matches!(begin(&nobody, KEY, "request").await, Err(NotBegun::NoCredential)));
    }
}
