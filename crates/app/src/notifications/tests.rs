//! What telling people promises, on both stores.

use domain::{ClientId, TicketId};
use domain::{
    Instant,
    access::{Role, Visibility},
    accounts::User,
    jobs::JobState,
    notifications::{
        DeliveryState, Notification, NotificationKind, OneTimeCode, Recipient, SecurityEvent, TicketLabel,
    },
};
use mail::SendError;
use store::{both_stores, page::Keyset, testing::TestStore};

use super::notify;
use crate::{jobs, testing::TestApp};

fn reply(app: &TestApp, client: ClientId, key: &str) -> Notification {
    let id = TicketId::new(app.system().now(), &*app.services().random);
    let ticket = TicketLabel { id, reference: "T-00000007".to_owned(), title: "Blocked".to_owned() };
    let kind =
        NotificationKind::TicketReply { ticket, author: Some("Ada".to_owned()), text: "We filed it.".to_owned() };
    Notification::new(kind, key).of(client)
}

fn reset(email: &str) -> Notification {
    let code = OneTimeCode::new("K7-4711".to_owned());
    let kind = NotificationKind::PasswordReset { code, expires_at: Instant::from_timestamp(1_795_500_000, 0).unwrap() };
    let (email, name, language) = (email.to_owned(), "Zoe".to_owned(), "it".to_owned());
    Notification::new(kind, "reset:1").to(Recipient::Address { email, name, language })
}

/// Notifies in a transaction of its own, and says whether that was new.
async fn told(app: &TestApp, notification: Notification) -> bool {
    let op = app.system();
    let tx = op.write::<crate::NoCode>().await.unwrap();
    let new = notify(&op, &tx, notification).await.unwrap();
    tx.commit().await.unwrap();
    new
}

/// Runs whatever is due, as a worker would, until nothing is; says how many jobs ran.
async fn drain(app: &TestApp) -> usize {
    let mut ran = 0;
    loop {
        let due = jobs::dispatch(app.services(), 100).await.unwrap();
        if due.is_empty() {
            return ran;
        }
        for job in due {
            app.work(Some(job)).await;
            ran += 1;
        }
    }
}

async fn states(app: &TestApp) -> Vec<(JobState, Option<String>)> {
    let tx = app.read(&Visibility::System).await.unwrap();
    let page = store::jobs::page(&tx, None, &Keyset::first(50)).await.unwrap();
    page.items.into_iter().map(|job| (job.state, job.last_error)).collect()
}

fn addresses(app: &TestApp) -> Vec<String> {
    let mut addresses: Vec<_> = app.mails().sent().into_iter().map(|message| message.to.email).collect();
    addresses.sort();
    addresses
}

fn sorted(users: &[&User]) -> Vec<String> {
    let mut addresses: Vec<_> = users.iter().map(|user| user.email.clone()).collect();
    addresses.sort();
    addresses
}

both_stores! {
    async fn everybody_is_told_once_however_often_it_is_said_and_whoever_did_it_is_not(store: TestStore) {
        let app = TestApp::new(store);
        let (client, other) = (app.client("nordic").await, app.client("aurora").await);
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        let viewer = app.user(Role::ClientViewer, Some(client)).await;
        let stranger = app.user(Role::ClientAdmin, Some(other)).await;
        let agent = app.user(Role::SupportAgent, None).await;
        let notification = reply(&app, client, "reply:1")
            .to(Recipient::ClientUsers)
            .to_users([admin.id, stranger.id, agent.id])
            .except(Some(agent.id));
        assert!(told(&app, notification.clone()).await);
        assert!(!told(&app, notification).await);
        assert_eq!(drain(&app).await, 1);
        // Another client's person is not told, though it was named.
        assert_eq!(addresses(&app), sorted(&[&admin, &viewer]));
        let message = app.mails().sent().swap_remove(0);
        assert_eq!(message.letter.subject, "[T-00000007] Blocked");
        assert!(message.thread.unwrap().root.starts_with("tkt_"));
    }

    async fn what_is_rolled_back_is_told_to_nobody(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        let op = app.system();
        let tx = op.write::<crate::NoCode>().await.unwrap();
        assert!(notify(&op, &tx, reply(&app, client, "reply:1").to_user(admin.id)).await.unwrap());
        tx.rollback().await.unwrap();
        assert_eq!(drain(&app).await, 0);
        assert!(app.mails().sent().is_empty());
        assert!(told(&app, reply(&app, client, "reply:1").to_user(admin.id)).await);
    }

    async fn a_client_user_may_tell_the_agents(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let agent = app.user(Role::SupportAgent, None).await;
        app.user(Role::BspAdmin, None).await;
        let op = app.client_user(Role::ClientAdmin, client).await;
        let tx = op.write::<crate::NoCode>().await.unwrap();
        notify(&op, &tx, reply(&app, client, "reply:1").to(Recipient::Agents)).await.unwrap();
        tx.commit().await.unwrap();
        drain(&app).await;
        assert_eq!(addresses(&app), sorted(&[&agent]));
    }

    async fn a_code_is_mailed_and_then_forgotten(store: TestStore) {
        let app = TestApp::new(store);
        assert!(told(&app, reset("zoe@example.com")).await);
        drain(&app).await;
        let message = app.mails().sent().pop().unwrap();
        assert!(message.letter.text().contains("K7-4711") && message.letter.text().contains("Buongiorno Zoe,"));
        let id = message.id.split('@').next().unwrap().to_uppercase().replace("DLV", "dlv").parse().unwrap();
        let tx = app.read(&Visibility::System).await.unwrap();
        let delivery = store::deliveries::by_id(&tx, id).await.unwrap().unwrap();
        let kept = store::notifications::by_id(&tx, delivery.notification).await.unwrap().unwrap();
        assert_eq!(kept.notification.kind.code(), Some(&OneTimeCode::default()));
        assert_eq!(delivery.state, DeliveryState::Sent);
    }

    async fn a_mail_that_is_not_taken_is_offered_again_later_and_those_that_were_taken_are_not(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let first = app.user(Role::ClientAdmin, Some(client)).await;
        let second = app.user(Role::ClientViewer, Some(client)).await;
        app.mails().fail_next(SendError::Later(451));
        told(&app, reply(&app, client, "reply:1").to_users([first.id, second.id])).await;
        assert_eq!(drain(&app).await, 1);
        assert_eq!(addresses(&app), sorted(&[&second]));
        app.clock().advance(59);
        assert_eq!(drain(&app).await, 0);
        app.clock().advance(1);
        assert_eq!(drain(&app).await, 1);
        assert_eq!(addresses(&app), sorted(&[&first, &second]));
        app.clock().advance(3 * 86_400);
        assert_eq!(drain(&app).await, 0);
        assert!(states(&app).await.iter().all(|(state, error)| *state == JobState::Succeeded && error.is_none()));
    }

    async fn a_mail_that_is_refused_for_good_is_given_up(store: TestStore) {
        let app = TestApp::new(store);
        app.mails().fail_next(SendError::Refused(550));
        told(&app, reset("gone@example.com")).await;
        drain(&app).await;
        app.clock().advance(3 * 86_400);
        assert_eq!((drain(&app).await, app.mails().sent().len()), (0, 0));
    }

    async fn whoever_was_shut_out_meanwhile_is_not_told(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        app.mails().fail_next(SendError::Unreachable);
        let kind = NotificationKind::SecurityNotice { event: SecurityEvent::PasswordChanged };
        told(&app, Notification::new(kind, "changed:1").to_user(admin.id)).await;
        drain(&app).await;
        let tx = app.write(&Visibility::System).await.unwrap();
        store::users::set_disabled(&tx, admin.id, Some(app.system().now())).await.unwrap();
        tx.commit().await.unwrap();
        app.clock().advance(60);
        assert_eq!(drain(&app).await, 1);
        assert!(app.mails().sent().is_empty());
    }
}
