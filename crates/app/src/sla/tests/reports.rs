//! What reports count.

use domain::{
    access::Role,
    tickets::{TicketOutcome, TicketPriority::P1, TicketStatus, WaitingOn},
};
use store::{both_stores, testing::TestStore};

use super::{HOUR, Scene, any};
use crate::{
    OpError,
    sla::reports::{Month, ReportCode, ReportScope, ReportSection, backlog, csv, happenings, promises},
    testing::TestApp,
    tickets::{Closing, close, hand_to, move_to, reply},
};

fn scope(from: &str, to: &str) -> ReportScope {
    ReportScope { client: None, from: from.to_owned(), to: to.to_owned(), time_zone: "Europe/Rome".to_owned() }
}

fn resolved() -> Closing {
    Closing { outcome: TicketOutcome::Resolved, duplicate_of: None }
}

/// One ticket answered in time and closed, one answered late, one that was reopened.
async fn story(scene: &Scene) {
    let [prompt, late, back] = [scene.ticket(P1).await, scene.ticket(P1).await, scene.ticket(P1).await];
    scene.app.clock().advance(600);
    reply(&scene.agent(), any(&prompt), "Hello.").await.unwrap();
    reply(&scene.agent(), any(&back), "Hello.").await.unwrap();
    scene.app.clock().advance(HOUR);
    reply(&scene.agent(), any(&late), "Sorry.").await.unwrap();
    hand_to(&scene.agent(), any(&late), WaitingOn::Meta).await.unwrap();
    close(&scene.agent(), any(&prompt), resolved()).await.unwrap();
    close(&scene.agent(), any(&back), resolved()).await.unwrap();
    scene.app.clock().advance(HOUR);
    move_to(&scene.agent(), any(&back), TicketStatus::Triage).await.unwrap();
    scene.run_clock().await;
}

both_stores! {
    async fn promises_are_counted_by_metric_priority_and_month(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        story(&scene).await;
        let rows = promises(&scene.agent(), &scope("2026-10", "2026-12")).await.unwrap();
        let first: Vec<_> = rows.iter().filter(|row| row.metric == "first_response").collect();
        assert_eq!(first.len(), 1);
        let row = first[0];
        assert_eq!((row.client, row.month.to_string().as_str(), row.priority.as_str()), (scene.client, "2026-11", "p1"));
        assert_eq!((row.met, row.breached, row.cancelled, row.open), (2, 1, 0, 0));
        let resolution = rows.iter().find(|row| row.metric == "resolution").unwrap();
        assert_eq!((resolution.met, resolution.open), (1, 2));
        assert!(promises(&scene.agent(), &scope("2026-10", "2026-10")).await.unwrap().is_empty());
    }

    async fn a_promise_that_breaks_later_is_counted_when_it_does(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        scene.ticket(P1).await;
        scene.run_clock().await;
        let broken = async || {
            let rows = promises(&scene.agent(), &scope("2026-11", "2026-11")).await.unwrap();
            rows.iter().map(|row| row.breached).sum::<u64>()
        };
        assert_eq!(broken().await, 0);
        scene.app.clock().advance(HOUR);
        assert_eq!(broken().await, 1, "whether anybody looked or not");
    }

    async fn time_at_meta_reopenings_and_first_answers_come_from_the_timelines(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        story(&scene).await;
        let found = happenings(&scene.agent(), &scope("2026-11", "2026-11")).await.unwrap();
        assert_eq!((found.at_meta.len(), found.at_meta[0].tickets, found.at_meta[0].total_seconds), (1, 1, 3_600));
        assert_eq!((found.reopened.closed, found.reopened.reopened), (2, 1));
        assert_eq!((found.first_contacts.len(), found.first_contacts[0].tickets), (1, 3));
        assert_eq!(found.first_contacts[0].median_seconds, 600);
        let client = scene.app.client_user(Role::ClientViewer, scene.client).await;
        let theirs = happenings(&client, &scope("2026-11", "2026-11")).await.unwrap();
        assert_eq!((theirs.reopened, theirs.first_contacts.len()), (found.reopened, 0));
    }

    async fn the_backlog_is_what_is_open(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        story(&scene).await;
        let rows = backlog(&scene.agent(), Some(scene.client)).await.unwrap();
        assert_eq!(rows.iter().map(|row| (row.status.as_str(), row.tickets)).collect::<Vec<_>>(), [("new", 1), ("triage", 1)]);
    }

    async fn reports_come_as_csv_and_only_of_clients_that_one_may_know_of(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        story(&scene).await;
        let text = csv(&scene.agent(), ReportSection::Promises, &scope("2026-11", "2026-11")).await.unwrap();
        let mut lines = text.split("\r\n");
        assert_eq!(lines.next(), Some("client,month,metric,priority,met,breached,cancelled,open"));
        assert_eq!(lines.next(), Some("nordic-shoes,2026-11,first_response,p1,2,1,0,0"));
        for section in [ReportSection::TimeAtMeta, ReportSection::Reopenings, ReportSection::Backlog, ReportSection::FirstContacts] {
            let text = csv(&scene.agent(), section, &scope("2026-11", "2026-11")).await.unwrap();
            assert!(text.lines().count() >= 2, "{section:?}: {text}");
        }
        let other = scene.app.client("other").await;
        let stranger = scene.app.client_user(Role::ClientAdmin, other).await;
        assert!(promises(&stranger, &scope("2026-11", "2026-11")).await.unwrap().is_empty());
        assert!(backlog(&stranger, None).await.unwrap().is_empty());
        assert!(matches!(backlog(&stranger, Some(scene.client)).await, Err(OpError::NotFound)));
    }

    async fn a_period_that_is_none_is_refused(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        for (from, to) in [("2026-11", "2026-10"), ("2024-01", "2026-01"), ("2026-13", "2026-13"), ("x", "y")] {
            let refused = promises(&scene.agent(), &scope(from, to)).await;
            let Err(OpError::Refused(refusals)) = refused else { panic!("{refused:?}") };
            assert_eq!(refusals[0].code, ReportCode::PeriodInvalid);
        }
        let nowhere = ReportScope { time_zone: "Europe/Atlantis".to_owned(), ..scope("2026-11", "2026-11") };
        let Err(OpError::Refused(refusals)) = happenings(&scene.agent(), &nowhere).await else { panic!("months of no zone") };
        assert_eq!(refusals[0].code, ReportCode::ZoneUnknown);
        for bad in ["", "2026", "2026-13", "2026-1", "26-01", "2026-00", "+026-01"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
