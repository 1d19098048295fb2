//! What mails that come in become, on both stores.

use domain::{
    ClientId,
    access::{Permission, Role, Visibility},
    accounts::User,
    notifications::{Notification, NotificationKind, TicketLabel},
    tickets::{Ticket, TicketEventKind, TicketKind, TicketOutcome, WaitingOn},
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::*;
use crate::{
    testing::TestApp,
    tickets::{self, Closing, NewTicket, Target},
};

struct Scene {
    app: TestApp,
    client: ClientId,
    admin: User,
    ticket: Ticket,
}

impl Scene {
    async fn new(store: TestStore) -> Self {
        let app = TestApp::new(store);
        crate::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic").await;
        let admin = app.user(Role::ClientAdmin, Some(client)).await;
        let ticket = tickets::open(&app.staff(Role::SupportAgent).await, new_ticket(client)).await.unwrap();
        Self { app, client, admin, ticket }
    }

    /// The address made for a person.
    fn address(&self, user: &User) -> String {
        let mailer = &self.app.services().mailer;
        mailer.key.reply_address("reply@bsp.example", self.ticket.id, user.id).unwrap()
    }

    fn mail(from: &User, to: &str, id: u32, text: &str) -> String {
        format!(
            "Message-ID: <{id}@client.example>\r\nFrom: Zoe <{}>\r\nTo: {to}\r\nSubject: Re: x\r\n\r\n{text}\r\n",
            from.email
        )
    }

    async fn receive(&self, mail: &str) -> Received {
        let op = self.app.program(None, &[Permission::MailReceive]);
        receive(&op, mail.as_bytes()).await.unwrap()
    }

    async fn replies(&self) -> Vec<(String, bool)> {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        let events = store::tickets::timeline_page(&tx, self.ticket.id, true, &Keyset::first(100)).await.unwrap().items;
        let reply = |kind| match kind {
            TicketEventKind::Replied { text, by_staff } => Some((text, by_staff)),
            _ => None,
        };
        events.into_iter().filter_map(|event| reply(event.kind)).collect()
    }

    fn target(&self) -> Target {
        Target { ticket: self.ticket.id, expected_version: None }
    }
}

fn new_ticket(client: ClientId) -> NewTicket {
    NewTicket {
        client,
        kind: TicketKind::Other,
        priority: None,
        title: Some("Blocked".to_owned()),
        text: None,
        waba: None,
        phone_number: None,
        template: None,
        findings: Vec::new(),
        notice: None,
    }
}

both_stores! {
    async fn an_answer_becomes_one_reply_of_its_writer_however_often_it_comes(store: TestStore) {
        let scene = Scene::new(store).await;
        let agent = scene.app.staff(Role::SupportAgent).await;
        tickets::hand_to(&agent, scene.target(), WaitingOn::Client).await.unwrap();
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, "Fatto.\r\n\r\n> old");
        assert_eq!(scene.receive(&mail).await, Received::Replied(scene.ticket.id));
        assert_eq!(scene.receive(&mail).await, Received::Already(scene.ticket.id));
        assert_eq!(scene.replies().await, [("Fatto.".to_owned(), false)]);
        // As any answer of a client, it hands the ball over.
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let ticket = store::tickets::by_ids(&tx, &[scene.ticket.id]).await.unwrap().pop().unwrap();
        assert_eq!(ticket.waiting_on, WaitingOn::Us);
    }

    async fn nobody_writes_at_an_address_that_was_made_for_another(store: TestStore) {
        let scene = Scene::new(store).await;
        let viewer = scene.app.user(Role::ClientViewer, Some(scene.client)).await;
        let other = scene.app.client("aurora").await;
        let stranger = scene.app.user(Role::ClientAdmin, Some(other)).await;
        let stranger_ignored = Received::Ignored(Ignored::Stranger);
        // Somebody else's address; the right one, made for a person of another client; and a role that may not write.
        let cases = [(&stranger, &scene.admin), (&stranger, &stranger), (&viewer, &viewer)];
        for (from, made_for) in cases {
            let mail = Scene::mail(from, &scene.address(made_for), 1, "Let me in");
            assert_eq!(scene.receive(&mail).await, stranger_ignored, "{from:?}");
        }
        let forged = scene.address(&scene.admin).replace('.', ".0");
        assert_eq!(scene.receive(&Scene::mail(&scene.admin, &forged, 2, "x")).await, Received::Ignored(Ignored::NoTicket));
        let nobody = Scene::mail(&scene.admin, &scene.address(&scene.admin), 3, "x").replace(&scene.admin.email, "who@x.example");
        assert_eq!(scene.receive(&nobody).await, stranger_ignored);
        assert!(scene.replies().await.is_empty());
    }

    async fn programs_and_our_own_mails_are_not_answered(store: TestStore) {
        let scene = Scene::new(store).await;
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, "I am away");
        for header in ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Loop: x", "List-Id: <l.example>"] {
            let automatic = format!("{header}\r\n{mail}");
            assert_eq!(scene.receive(&automatic).await, Received::Ignored(Ignored::Automatic), "{header}");
        }
        let own = mail.replace("1@client.example", "dlv_01kamq1zzzzzzzzzzzzzzzzzzz@bsp.example");
        assert_eq!(scene.receive(&own).await, Received::Ignored(Ignored::Automatic));
        let elsewhere = Scene::mail(&scene.admin, "info@bsp.example", 2, "Hello");
        assert_eq!(scene.receive(&elsewhere).await, Received::Ignored(Ignored::NoTicket));
        assert!(scene.replies().await.is_empty());
    }

    async fn an_answer_on_a_closed_ticket_is_refused_by_mail_once(store: TestStore) {
        let scene = Scene::new(store).await;
        let agent = scene.app.staff(Role::SupportAgent).await;
        tickets::close(&agent, scene.target(), Closing { outcome: TicketOutcome::Resolved, duplicate_of: None }).await.unwrap();
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, "One more thing");
        for _ in 0..2 {
            assert_eq!(scene.receive(&mail).await, Received::Ignored(Ignored::Closed));
        }
        scene.app.drain().await;
        let told: Vec<_> = scene.app.mails().sent().into_iter().filter(|sent| {
            sent.to.email == scene.admin.email && sent.letter.text().contains("not recorded")
        }).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].reply_to.is_none(), "an answer to it would be refused again");
    }

    async fn a_machine_that_writes_without_end_is_stopped(store: TestStore) {
        let scene = Scene::new(store).await;
        let address = scene.address(&scene.admin);
        for id in 0..30 {
            let mail = Scene::mail(&scene.admin, &address, id, "again");
            assert_eq!(scene.receive(&mail).await, Received::Replied(scene.ticket.id));
        }
        let mail = Scene::mail(&scene.admin, &address, 30, "again");
        assert_eq!(scene.receive(&mail).await, Received::Ignored(Ignored::TooMany));
        scene.app.clock().advance(3_601);
        assert_eq!(scene.receive(&mail).await, Received::Replied(scene.ticket.id));
    }

    async fn a_report_ends_mails_to_the_address_that_ours_went_to(store: TestStore) {
        let scene = Scene::new(store).await;
        let told = |key: &str| {
            let kind = NotificationKind::WaitingForYou { ticket: TicketLabel::from(&scene.ticket), text: None };
            Notification::new(kind, key).of(scene.client).to_user(scene.admin.id)
        };
        scene.app.tell(told("1")).await;
        scene.app.drain().await;
        let sent = scene.app.mails().sent().pop().unwrap();
        let before = scene.app.mails().sent().len();
        let report = |recipient: &str, status: &str| format!(
            "From: MAILER-DAEMON@x.example\r\nTo: {}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n\r\n--r--\r\n",
            sent.from.email, sent.id
        );
        let ignored = Received::Ignored(Ignored::Automatic);
        assert_eq!(scene.receive(&report("else@x.example", "5.1.1")).await, ignored);
        assert_eq!(scene.receive(&report(&scene.admin.email, "4.2.2")).await, ignored);
        let forged = report(&scene.admin.email, "5.1.1").replace(&sent.id, "dlv_01kamq1zzzzzzzzzzzzzzzzzzz@bsp.example");
        assert_eq!(scene.receive(&forged).await, ignored);
        assert_eq!(scene.receive(&report(&scene.admin.email, "5.1.1")).await, Received::Suppressed);
        scene.app.tell(told("2")).await;
        scene.app.drain().await;
        assert_eq!(scene.app.mails().sent().len(), before);
    }

    async fn files_become_attachments_and_those_that_are_not_taken_are_named(store: TestStore) {
        let scene = Scene::new(store).await;
        let file = |name: &str, bytes: &str| format!(
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{bytes}\r\n"
        );
        let with = |id: u32, text: &str| {
            let parts = [
                format!("--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"),
                file("../proof.pdf", "%PDF-1.7 x"),
                file("run.pdf", "#!/bin/sh"),
                "--b--".to_owned(),
            ];
            Scene::mail(&scene.admin, &scene.address(&scene.admin), id, &parts.concat())
                .replace("Subject:", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nSubject:")
        };
        for _ in 0..2 {
            scene.receive(&with(1, "See")).await;
        }
        assert_eq!(scene.receive(&with(2, "")).await, Received::Replied(scene.ticket.id));
        let replies = scene.replies().await;
        assert_eq!(replies.len(), 2);
        assert!(replies[0].0.starts_with("See\n\n") && replies[0].0.contains("run.pdf") && !replies[0].0.contains("proof"));
        assert!(replies[1].0.starts_with("(No text"), "{replies:?}");
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let files = store::attachments::of_tickets(&tx, &[scene.ticket.id], false).await.unwrap();
        assert_eq!(files.len(), 2, "one of each mail, however often it came");
        let first = &files[0];
        assert_eq!((first.file_name.as_str(), first.media_type.as_str()), ("proof.pdf", "application/pdf"));
        assert_eq!(first.added_by, Some(scene.admin.id));
    }

    async fn a_long_answer_is_cut_and_kept_whole_as_a_file(store: TestStore) {
        let scene = Scene::new(store).await;
        let text = "una riga qualsiasi\r\n".repeat(3_000);
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, &text);
        for expected in [Received::Replied(scene.ticket.id), Received::Already(scene.ticket.id)] {
            assert_eq!(scene.receive(&mail).await, expected);
        }
        let replies = scene.replies().await;
        assert_eq!(replies.len(), 1);
        let said = &replies[0].0;
        assert!(said.starts_with("una riga") && said.contains("message.txt") && said.chars().count() < 15_000);
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let files = store::attachments::of_tickets(&tx, &[scene.ticket.id], false).await.unwrap();
        assert_eq!((files.len(), files[0].file_name.as_str(), files[0].media_type.as_str()), (1, "message.txt", "text/plain"));
        assert!(files[0].bytes >= 3_000 * 18, "all of it: {}", files[0].bytes);
    }

    async fn of_a_bomb_of_files_some_are_kept_and_the_rest_is_told(store: TestStore) {
        let scene = Scene::new(store).await;
        let file = "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=f.pdf\r\n\r\n%PDF-1.7\r\n";
        let bomb = |id| {
            let body = format!("--b\r\nContent-Type: text/plain\r\n\r\nSee\r\n{}--b--\r\n", file.repeat(500));
            Scene::mail(&scene.admin, &scene.address(&scene.admin), id, &body)
                .replace("Subject:", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\nSubject:")
        };
        let mut kept = Vec::new();
        for id in 1..=11 {
            assert_eq!(scene.receive(&bomb(id)).await, Received::Replied(scene.ticket.id));
            let tx = scene.app.read(&Visibility::System).await.unwrap();
            kept.push(store::attachments::of_tickets(&tx, &[scene.ticket.id], false).await.unwrap().len());
        }
        assert_eq!(kept, [20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 200], "twenty of a mail, two hundred of a ticket");
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let timeline = store::tickets::timelines(&tx, &[scene.ticket.id]).await.unwrap().remove(&scene.ticket.id).unwrap();
        let said = |kind| match kind {
            TicketEventKind::Replied { text, .. } => Some(text),
            _ => None,
        };
        let replies: Vec<String> = timeline.into_iter().filter_map(|event| said(event.kind)).collect();
        assert!(replies[0].starts_with("See\n\n") && replies[0].contains("+480"), "{}", replies[0]);
        assert!(replies[10].contains("f.pdf, f.pdf") && replies[10].contains("+480"), "{}", replies[10]);
    }

    async fn html_alone_becomes_plain_text(store: TestStore) {
        let scene = Scene::new(store).await;
        let html = "<html><head><style>p{}</style></head><body><p>Done &amp; <b>dusted</b></p><script>alert(1)</script></body></html>";
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, html)
            .replace("Subject:", "MIME-Version: 1.0\r\nContent-Type: text/html\r\nSubject:");
        assert_eq!(scene.receive(&mail).await, Received::Replied(scene.ticket.id));
        assert_eq!(scene.replies().await, [("Done & dusted".to_owned(), false)]);
    }

    async fn what_is_no_mail_is_refused(store: TestStore) {
        let scene = Scene::new(store).await;
        let mail = Scene::mail(&scene.admin, &scene.address(&scene.admin), 1, "x");
        let op = scene.app.program(None, &[Permission::MailReceive]);
        assert!(matches!(receive(&op, b"").await, Err(OpError::Refused(_))));
        let op = scene.app.program(None, &[Permission::TicketsOpen]);
        assert!(matches!(receive(&op, mail.as_bytes()).await, Err(OpError::Forbidden(Permission::MailReceive))));
    }
}
