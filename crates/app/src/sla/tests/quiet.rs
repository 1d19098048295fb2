//! Quiet hours of recipients.

use domain::{
    access::{Role, Visibility},
    jobs::JobPayload,
    tickets::TicketPriority::{P1, P2},
};
use serde_json::json;
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{HOUR, Scene, any, policy, release};
use crate::{
    sla::{Scope, quiet_hours, set_policy, set_quiet_hours},
    testing::TestApp,
    tickets::{assign, reply},
};

both_stores! {
    async fn warnings_wait_for_the_morning_and_those_of_p1_do_not(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut definition = policy("resolution", 28, "always_open");
        definition["escalations"] = json!([{ "at": 50, "notify": ["owner"] }]);
        set_policy(&scene.admin(), release(Scope::NewTickets), definition).await.unwrap();
        let agent = scene.agent();
        set_quiet_hours(&agent, Some(["Europe/Rome", "22:00", "08:00"])).await.unwrap();
        for priority in [P1, P2] {
            let ticket = scene.ticket(priority).await;
            assign(&scene.agent(), any(&ticket), agent.actor().user()).await.unwrap();
        }
        // 09:00 and fourteen hours: 23:00 in Rome.
        scene.app.clock().advance(14 * HOUR);
        scene.run_clock().await;
        let now = scene.agent().now();
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let jobs = store::jobs::page(&tx, None, &Keyset::first(100)).await.unwrap().items;
        tx.rollback().await.unwrap();
        let mut waits = Vec::new();
        for job in jobs {
            let JobPayload::MailDeliver { notification, .. } = job.payload else { continue };
            scene.app.work(Some(job.id)).await;
            let tx = scene.app.store().read(&Visibility::System).await.unwrap();
            let kept = store::notifications::by_id(&tx, notification).await.unwrap().unwrap();
            if kept.notification.kind.as_str() == "sla_warning" {
                let deliveries = store::deliveries::of_notification(&tx, notification).await.unwrap();
                waits.extend(deliveries.iter().map(|delivery| (delivery.next_attempt_at - now).num_hours()));
            }
        }
        waits.sort_unstable();
        assert_eq!(waits, [0, 9]);
    }

    async fn everybody_sets_their_own_and_a_program_has_none(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let person = scene.app.client_user(Role::ClientViewer, scene.client).await;
        assert_eq!(quiet_hours(&person).await.unwrap(), None);
        let set = set_quiet_hours(&person, Some(["Europe/Rome", "20:00", "07:30"])).await.unwrap();
        assert_eq!(quiet_hours(&person).await.unwrap(), set);
        assert_eq!(quiet_hours(&scene.agent()).await.unwrap(), None, "nobody else's");
        set_quiet_hours(&person, None).await.unwrap();
        assert_eq!(quiet_hours(&person).await.unwrap(), None);
        let program = scene.app.program(None, &[]);
        assert!(set_quiet_hours(&program, Some(["UTC", "20:00", "07:30"])).await.is_err());
    }

    async fn replies_wait_for_the_morning_too_and_those_on_a_p1_ticket_do_not(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let person = scene.app.client_user(Role::ClientAdmin, scene.client).await;
        let [urgent, usual] = [scene.ticket(P1).await, scene.ticket(P2).await];
        set_quiet_hours(&person, Some(["Europe/Rome", "22:00", "08:00"])).await.unwrap();
        scene.app.drain().await;
        let sent = async || {
            scene.app.drain().await;
            scene.app.mails().sent().into_iter().filter(|mail| mail.letter.text().contains("At night")).count()
        };
        // 23:00 in Rome.
        scene.app.clock().advance(14 * HOUR);
        for ticket in [&urgent, &usual] {
            reply(&scene.agent(), any(ticket), "At night").await.unwrap();
        }
        assert_eq!(sent().await, 1);
        scene.app.clock().advance(9 * HOUR - 1);
        assert_eq!(sent().await, 1);
        scene.app.clock().advance(1);
        assert_eq!(sent().await, 2);
    }

    async fn a_flood_keeps_back_nothing_about_a_p1_ticket(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        scene.app.client_user(Role::ClientAdmin, scene.client).await;
        let [urgent, usual] = [scene.ticket(P1).await, scene.ticket(P2).await];
        for _ in 0..40 {
            reply(&scene.agent(), any(&usual), "One more").await.unwrap();
        }
        scene.app.drain().await;
        let before = scene.app.mails().sent().len();
        assert_eq!(before, 30, "the rest comes in a digest");
        reply(&scene.agent(), any(&urgent), "It burns").await.unwrap();
        scene.app.drain().await;
        assert!(scene.app.mails().sent()[before..].iter().all(|mail| mail.letter.text().contains("It burns")));
        assert_eq!(scene.app.mails().sent().len(), before + 1);
    }
}
