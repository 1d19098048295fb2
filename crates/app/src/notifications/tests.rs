//! What telling people promises, on both stores.

use std::sync::Arc;

use domain::{
    ClientId, Instant, TicketId,
    access::{Role, Visibility},
    accounts::User,
    jobs::{JobLane, JobState},
    notifications::{
        DeliveryState, Notification, NotificationKind, OneTimeCode, Preference, Recipient, SecurityEvent, TicketLabel,
        Topic,
    },
    tickets::TicketKind,
};
use mail::{SendError, SmtpTransport, testing::TestServer};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{TicketMail, lift_suppression, notify, of_ticket, set_preference, unsubscribe, unsubscription};
use crate::{
    OpError,
    testing::TestApp,
    tickets::{self, NewTicket, Target},
};

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
        assert!(app.tell(notification.clone()).await);
        assert!(!app.tell(notification).await);
        assert_eq!(app.drain().await, 1);
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
        assert_eq!(app.drain().await, 0);
        assert!(app.mails().sent().is_empty());
        assert!(app.tell(reply(&app, client, "reply:1").to_user(admin.id)).await);
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
        app.drain().await;
        assert_eq!(addresses(&app), sorted(&[&agent]));
    }

    async fn a_code_is_mailed_and_then_forgotten(store: TestStore) {
        let app = TestApp::new(store);
        assert!(app.tell(reset("zoe@example.com")).await);
        app.drain().await;
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
        app.tell(reply(&app, client, "reply:1").to_users([first.id, second.id])).await;
        assert_eq!(app.drain().await, 1);
        assert_eq!(addresses(&app), sorted(&[&second]));
        app.clock().advance(59);
        assert_eq!(app.drain().await, 0);
        app.clock().advance(1);
        assert_eq!(app.drain().await, 1);
        assert_eq!(addresses(&app), sorted(&[&first, &second]));
        app.clock().advance(3 * 86_400);
        assert_eq!(app.drain().await, 0);
        assert!(states(&app).await.iter().all(|(state, error)| *state == JobState::Succeeded && error.is_none()));
    }

    async fn a_mail_that_is_refused_for_good_is_given_up(store: TestStore) {
        let app = TestApp::new(store);
        app.mails().fail_next(SendError::Refused(550));
        app.tell(reset("gone@example.com")).await;
        app.drain().await;
        app.clock().advance(3 * 86_400);
        assert_eq!((app.drain().await, app.mails().sent().len()), (0, 0));
    }

    async fn whoever_was_shut_out_meanwhile_is_not_told(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        app.mails().fail_next(SendError::Unreachable);
        let kind = NotificationKind::SecurityNotice { event: SecurityEvent::PasswordChanged };
        app.tell(Notification::new(kind, "changed:1").to_user(admin.id)).await;
        app.drain().await;
        let tx = app.write(&Visibility::System).await.unwrap();
        store::users::set_disabled(&tx, admin.id, admin.version, Some(app.system().now())).await.unwrap();
        tx.commit().await.unwrap();
        app.clock().advance(60);
        assert_eq!(app.drain().await, 1);
        assert!(app.mails().sent().is_empty());
    }

    async fn a_person_chooses_what_to_be_told_of_but_for_the_own_account(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let op = app.client_user(Role::ClientAdmin, client).await;
        let user = op.actor().user().unwrap();
        let said = set_preference(&op, Topic::Tickets, Preference::Off).await.unwrap();
        assert_eq!(said.about(Topic::Tickets), Preference::Off);
        assert!(matches!(set_preference(&op, Topic::Security, Preference::Off).await, Err(OpError::Refused(_))));
        app.tell(reply(&app, client, "1").to_user(user)).await;
        let kind = NotificationKind::SecurityNotice { event: SecurityEvent::PasswordChanged };
        app.tell(Notification::new(kind, "2").to_user(user)).await;
        app.drain().await;
        let subjects: Vec<_> = app.mails().sent().into_iter().map(|mail| mail.letter.subject).collect();
        assert_eq!(subjects, ["Your account: the password was changed"]);
    }

    async fn a_digest_tells_in_the_morning_what_was_held_and_only_once(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let op = app.client_user(Role::ClientAdmin, client).await;
        let user = op.actor().user().unwrap();
        set_preference(&op, Topic::Tickets, Preference::Digest).await.unwrap();
        for key in ["1", "2"] {
            app.tell(reply(&app, client, key).to_user(user)).await;
        }
        app.drain().await;
        assert!(app.mails().sent().is_empty());
        // It is 09:00 in Rome: the next 08:00 is in 23 hours.
        app.clock().advance(23 * 3_600 - 1);
        app.drain().await;
        assert!(app.mails().sent().is_empty());
        app.clock().advance(1);
        app.drain().await;
        let sent = app.mails().sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].letter.subject, "2 pieces of news");
        assert_eq!(sent[0].letter.text().matches("[T-00000007] Blocked").count(), 2);
        app.clock().advance(48 * 3_600);
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 1);
    }

    async fn what_was_mailed_about_a_ticket_is_seen_by_staff_with_what_became_of_it(store: TestStore) {
        let app = TestApp::new(store);
        crate::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic").await;
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        let viewer = app.user(Role::ClientViewer, Some(client)).await;
        let agent = app.staff(Role::SupportAgent).await;
        let new = NewTicket {
            client,
            kind: TicketKind::Other,
            priority: None,
            title: None,
            text: None,
            waba: None,
            phone_number: None,
            template: None,
            findings: Vec::new(),
            notice: None,
        };
        let ticket = tickets::open(&agent, new).await.unwrap();
        let agent = || app.op(agent.actor().clone());
        let seen = async || of_ticket(&agent(), ticket.id, &Keyset::first(10)).await.unwrap().items;
        let waiting = seen().await;
        assert_eq!((waiting.len(), waiting[0].kind, waiting[0].deliveries.len()), (1, "ticket_opened", 0));
        app.mails().fail_next(SendError::Refused(550));
        app.drain().await;
        app.clock().advance(60);
        tickets::reply(&agent(), Target { ticket: ticket.id, expected_version: None }, "We look.").await.unwrap();
        app.drain().await;
        let told = seen().await;
        assert_eq!(told.iter().map(|mail| mail.kind).collect::<Vec<_>>(), ["ticket_opened", "ticket_reply"]);
        assert_eq!(told[1].at - told[0].at, chrono::TimeDelta::seconds(60));
        let states = |mail: &TicketMail| {
            let mut states: Vec<_> = mail.deliveries.iter().map(|delivery| delivery.state).collect();
            states.sort_unstable();
            states
        };
        assert_eq!(states(&told[0]), [DeliveryState::Sent, DeliveryState::Failed]);
        assert_eq!(states(&told[1]), [DeliveryState::Sent, DeliveryState::Suppressed], "that address takes no mail");
        let mut users: Vec<_> = told[0].deliveries.iter().filter_map(|delivery| delivery.user).collect();
        let mut expected = vec![admin.id, viewer.id];
        users.sort_unstable();
        expected.sort_unstable();
        assert_eq!(users, expected);
        // The client's own people are not shown it, and another client's do not know of the ticket.
        let theirs = of_ticket(&app.op(admin.actor()), ticket.id, &Keyset::first(10)).await.unwrap();
        assert!(theirs.items.is_empty());
        let other = app.client("aurora").await;
        let stranger = app.client_user(Role::ClientAdmin, other).await;
        assert!(matches!(of_ticket(&stranger, ticket.id, &Keyset::first(10)).await, Err(OpError::NotFound)));
    }

    async fn a_flood_is_put_into_one_mail(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let user = app.user(Role::ClientAdmin, Some(client)).await;
        for number in 0..40 {
            app.tell(reply(&app, client, &number.to_string()).to_user(user.id)).await;
        }
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 30);
        app.clock().advance(3_600);
        app.drain().await;
        let sent = app.mails().sent();
        assert_eq!((sent.len(), sent[30].letter.subject.as_str()), (31, "10 pieces of news"));
    }

    async fn an_address_that_was_refused_gets_nothing_more_until_somebody_says_so(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let user = app.user(Role::ClientAdmin, Some(client)).await;
        app.mails().fail_next(SendError::Refused(550));
        for key in ["1", "2"] {
            app.tell(reply(&app, client, key).to_user(user.id)).await;
            app.drain().await;
        }
        assert!(app.mails().sent().is_empty());
        assert!(lift_suppression(&app.system(), &user.email).await.unwrap());
        assert!(!lift_suppression(&app.system(), &user.email).await.unwrap());
        app.tell(reply(&app, client, "3").to_user(user.id)).await;
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 1);
    }

    async fn a_link_in_a_mail_ends_mails_of_its_topic_and_no_other(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let user = app.user(Role::ClientAdmin, Some(client)).await;
        app.tell(reply(&app, client, "1").to_user(user.id)).await;
        app.drain().await;
        let link = app.mails().sent()[0].unsubscribe.clone().unwrap();
        let token = link.strip_prefix("https://sblocco.example/v1/mail/unsubscribe/").unwrap();
        assert_eq!(unsubscription::<crate::NoCode>(app.services(), token).await.unwrap().topic, Topic::Tickets);
        app.tell(reply(&app, client, "2").to_user(user.id)).await;
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 2, "looking ends nothing");
        for _ in 0..2 {
            unsubscribe::<crate::NoCode>(app.services(), token).await.unwrap();
        }
        app.tell(reply(&app, client, "3").to_user(user.id)).await;
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 2);
        let forged = token.replace("tickets", "sla");
        assert!(matches!(unsubscribe::<crate::NoCode>(app.services(), &forged).await, Err(OpError::NotFound)));
    }

    async fn a_real_server_gets_each_mail_once_and_after_a_crash_the_same_one_again(store: TestStore) {
        let server = TestServer::start().await;
        let app = TestApp::with_transport(store, Arc::new(SmtpTransport::new(&server.server()).unwrap()));
        let client = app.client("nordic").await;
        let user = app.user(Role::ClientAdmin, Some(client)).await;
        app.tell(reply(&app, client, "1").to_user(user.id)).await;
        let due = crate::jobs::dispatch(app.services(), JobLane::Quick, 10).await.unwrap();
        for _ in 0..3 {
            app.work(due.first().copied()).await;
        }
        assert_eq!(server.taken().len(), 1);
        // It takes the next one, and dies before it can say so.
        server.silent_after(Some(2));
        app.tell(reply(&app, client, "2").to_user(user.id)).await;
        app.drain().await;
        server.silent_after(None);
        app.clock().advance(60);
        app.drain().await;
        let ids: Vec<_> = server.taken().iter().map(|taken| mail::read(&taken.bytes).unwrap().id.unwrap()).collect();
        assert_eq!(ids.len(), 3);
        assert!(ids[0] != ids[1] && ids[1] == ids[2], "{ids:?}");
        app.clock().advance(3 * 86_400);
        app.drain().await;
        assert_eq!(server.taken().len(), 3);
    }
}
