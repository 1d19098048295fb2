//! The log over real stores: what is entered, what is sealed, and what is found when somebody changed a byte.

use domain::{
    access::{Actor, Permission, Role},
    activity::{Activity, ActivityOutcome},
    merkle,
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{Ended, Expected, Fault, Filter, by_ids, heads, page, proof, seal, verify};
use crate::{
    OpCtx, OpError,
    clients::{self, NewClient},
    testing::TestApp,
};

fn client(slug: &str) -> NewClient {
    NewClient {
        name: slug.to_owned(),
        slug: slug.to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        language: "it".to_owned(),
    }
}

async fn entries(op: &OpCtx) -> Vec<Activity> {
    page(op, &Filter::default(), &Keyset::first(100)).await.unwrap().items
}

/// `count` clients, created by an administrator one after the other, and sealed.
async fn some_activity(app: &TestApp, count: usize) -> OpCtx {
    let admin = app.staff(Role::BspAdmin).await;
    for number in 0..count {
        admin.begin("clientCreate", Vec::new());
        clients::create(&admin, client(&format!("client-{number}"))).await.unwrap();
        app.clock().advance(1);
        if number % 3 == 0 {
            seal(app.services()).await.unwrap();
        }
    }
    seal(app.services()).await.unwrap();
    admin
}

both_stores! {
    async fn what_is_written_is_entered_with_it_and_once(store: TestStore) {
        let app = TestApp::new(store);
        let mut admin = app.staff(Role::BspAdmin).await;
        admin.address = Some("192.0.2.7".parse().unwrap());
        admin.request = Some("r-1".to_owned());
        admin.begin("clientCreate", Vec::new());
        let made = clients::create(&admin, client("alfa")).await.unwrap();
        admin.end(Ended::DONE, None).await.unwrap();
        let all = entries(&admin).await;
        assert_eq!(all.len(), 1);
        let entry = &all[0];
        assert_eq!((entry.client, entry.user), (Some(made.id), admin.actor().user()));
        assert_eq!((entry.action.as_str(), entry.outcome), ("clientCreate", ActivityOutcome::Done));
        assert_eq!(entry.subjects, [made.id.to_string()]);
        assert_eq!((entry.address.as_deref(), entry.request.as_deref()), (Some("192.0.2.7"), Some("r-1")));
    }

    async fn what_was_refused_is_entered_as_such_and_nothing_else_is_written(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.staff(Role::BspAdmin).await;
        admin.begin("clientCreate", Vec::new());
        clients::create(&admin, client("alfa")).await.unwrap();
        admin.begin("clientCreate", Vec::new());
        let again = clients::create(&admin, client("alfa")).await;
        admin.refuse(&again);
        admin.end(Ended::of(&again), None).await.unwrap();
        let viewer = app.client_user(Role::ClientViewer, again_client(&admin).await).await;
        viewer.begin("clientCreate", Vec::new());
        let denied = clients::create(&viewer, client("beta")).await;
        viewer.end(Ended::of(&denied), None).await.unwrap();
        let all = entries(&app.staff(Role::Auditor).await).await;
        let ends: Vec<_> = all.iter().map(|entry| (entry.outcome, entry.code.as_deref())).collect();
        assert_eq!(ends.len(), 3);
        assert!(ends.contains(&(ActivityOutcome::Refused, Some("SLUG_TAKEN"))), "{ends:?}");
        assert!(ends.contains(&(ActivityOutcome::Denied, Some("FORBIDDEN"))), "{ends:?}");
        // Nobody cannot fill the log.
        let nobody = app.op(Actor::Anonymous);
        nobody.begin("clientCreate", Vec::new());
        let denied = clients::create(&nobody, client("gamma")).await;
        nobody.end(Ended::of(&denied), None).await.unwrap();
        assert_eq!(entries(&app.staff(Role::Auditor).await).await.len(), 3);
    }

    async fn a_client_sees_what_was_done_to_its_own_data_alone(store: TestStore) {
        let app = TestApp::new(store);
        let admin = some_activity(&app, 2).await;
        let all = entries(&admin).await;
        let own = all[0].client.unwrap();
        let user = app.client_user(Role::ClientAdmin, own).await;
        let seen = entries(&user).await;
        assert_eq!(seen, [all[0].clone()]);
        assert!(by_ids(&user, &[all[1].id]).await.unwrap().is_empty());
        assert!(matches!(proof(&user, all[1].id).await, Err(OpError::NotFound)));
        assert!(matches!(heads(&user, all[1].client).await, Err(OpError::NotFound)));
        let viewer = app.client_user(Role::ClientViewer, own).await;
        let refused = page(&viewer, &Filter::default(), &Keyset::first(1)).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::ActivityRead))));
    }

    async fn every_entry_is_sealed_and_proved(store: TestStore) {
        let app = TestApp::new(store);
        let admin = some_activity(&app, 8).await;
        let own = app.client("own").await;
        for number in 0..9 {
            let user = app.client_user(Role::ClientAdmin, own).await;
            user.begin("write", vec![number.to_string()]);
            user.end(Ended::DONE, None).await.unwrap();
            if number % 4 == 0 {
                assert!(seal(app.services()).await.unwrap() > 0);
            }
        }
        assert_eq!(seal(app.services()).await.unwrap(), 0);
        let all = entries(&admin).await;
        assert_eq!(all.len(), 17);
        for entry in &all {
            let proof = proof(&admin, entry.id).await.unwrap().unwrap();
            assert_eq!(proof.leaf, entry.seal());
            assert!(merkle::proves(proof.leaf, proof.place, proof.head.size, &proof.hashes, &proof.head.root));
            assert_eq!(heads(&admin, entry.client).await.unwrap(), Some((proof.log, proof.head)));
        }
        let found = verify(&app.system(), &[]).await.unwrap();
        assert_eq!((found.entries, found.heads.len(), found.faults.len()), (17, 9, 0));
        // The head that somebody kept is that of the log as it was, and of no other.
        let (log, head) = found.heads.iter().find(|(_, head)| head.size == 9).unwrap();
        let kept = |root| Expected { log: log.clone(), size: 9, root };
        assert_eq!(verify(&app.system(), &[kept(head.root)]).await.unwrap().faults, []);
        let other = verify(&app.system(), &[kept([1; 32])]).await.unwrap();
        assert_eq!(other.faults, [Fault::Unexpected { log: log.clone(), size: 9 }]);
    }

    async fn a_changed_byte_is_found_and_named(store: TestStore) {
        let app = TestApp::new(store);
        let own = app.client("own").await;
        let user = app.client_user(Role::ClientAdmin, own).await;
        for number in 0..7 {
            user.begin("write", vec![number.to_string()]);
            user.end(Ended::DONE, None).await.unwrap();
            app.clock().advance(1);
        }
        seal(app.services()).await.unwrap();
        let mut all = entries(&user).await;
        all.sort_by_key(|entry| entry.at);
        let faults = async |sql: &str| {
            app.tamper(sql).await;
            verify(&app.system(), &[]).await.unwrap().faults
        };
        let changed = |place: usize| Fault::Changed { entry: all[place].id, log: super::log_of(Some(own)), place: place as u64 };
        assert_eq!(faults("UPDATE activities SET action = 'writf' WHERE subject = '2'").await, [changed(2)]);
        assert_eq!(faults("UPDATE activities SET outcome = 'none' WHERE subject = '5'").await, [changed(2), changed(5)]);
        app.tamper("UPDATE activities SET action = 'write'").await;
        assert_eq!(faults("UPDATE activities SET outcome = 'done'").await, []);
        // An inner node, a head, and an entry that its sealer never saw.
        let log = super::log_of(Some(own));
        let zero = "0".repeat(64);
        let node = faults(&format!("UPDATE merkle_nodes SET hash = '{zero}' WHERE level = 1 AND place = 1")).await;
        assert_eq!(node, [Fault::Node { log: log.clone(), place: merkle::Place { level: 1, index: 1 } }]);
        let head = faults(&format!("UPDATE merkle_heads SET root = '{zero}'")).await;
        assert!(head.contains(&Fault::Head { log: log.clone(), size: 7 }), "{head:?}");
        user.begin("write", vec!["hidden".to_owned()]);
        user.end(Ended::DONE, None).await.unwrap();
        let outside = faults("DELETE FROM unsealed_activities").await;
        assert!(matches!(outside.last(), Some(Fault::Outside { .. })), "{outside:?}");
        // Deleted altogether.
        app.tamper("DELETE FROM activity_leaves WHERE place = 3").await;
        let gone = faults("DELETE FROM activities WHERE subject = '3'").await;
        assert!(gone.contains(&Fault::Gone { entry: None, log, place: 3 }), "{gone:?}");
    }

    async fn the_program_cannot_change_the_log(store: TestStore) {
        let app = TestApp::new(store);
        some_activity(&app, 1).await;
        for sql in [
            "UPDATE activities SET action = 'x'",
            "DELETE FROM activities",
            "DELETE FROM activity_leaves",
            "UPDATE merkle_nodes SET hash = ''",
            "DELETE FROM merkle_heads",
        ] {
            assert!(app.try_as_program(sql).await.is_err(), "{sql}");
        }
        assert_eq!(verify(&app.system(), &[]).await.unwrap().faults, []);
    }
}

async fn again_client(op: &OpCtx) -> domain::ClientId {
    entries(op).await.iter().find_map(|entry| entry.client).unwrap()
}
