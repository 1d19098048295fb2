//! The promises: judged from the timeline, in the BSP's hours, by the terms that stood when the ticket was opened.

use domain::{
    Instant,
    tickets::{Ticket, TicketStatus},
};
use store::{
    both_stores,
    testing::{TestStore, statements},
};

use super::{Scene, any};
use crate::{
    sla::{Clock, Metric, Timer, TimerState, ensure_defaults, instant, of_tickets},
    testing::TestApp,
    tickets::{move_to, reply},
};

const HOUR: i64 = 3_600;

async fn timer(scene: &Scene, ticket: &Ticket, metric: Metric) -> Timer {
    let mut timers = of_tickets(&scene.agent(), &[ticket.id]).await.unwrap();
    timers.remove(&ticket.id).unwrap().timers.iter().find(|timer| timer.metric == metric).cloned().unwrap()
}

fn due(timer: &Timer) -> Instant {
    instant(timer.due_at.unwrap())
}

both_stores! {
    async fn the_first_response_is_due_in_four_working_hours_and_met_by_a_public_reply(store: TestStore) {
        // Monday 09:00 in Rome, when the office opens.
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let opened = timer(&scene, &ticket, Metric::FirstResponse).await;
        assert_eq!((opened.state, due(&opened) - ticket.opened_at), (TimerState::Running, chrono::TimeDelta::hours(4)));
        scene.app.clock().advance(2 * HOUR);
        reply(&scene.agent(), any(&ticket), "Hello.").await.unwrap();
        let met = timer(&scene, &ticket, Metric::FirstResponse).await;
        assert_eq!((met.state, met.elapsed_seconds), (TimerState::Met, 7_200));
    }

    async fn late_is_late_even_if_nobody_looked(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        scene.app.clock().advance(30 * HOUR);
        reply(&scene.agent(), any(&ticket), "Sorry.").await.unwrap();
        let breached = timer(&scene, &ticket, Metric::FirstResponse).await;
        assert_eq!(breached.state, TimerState::Breached);
        assert_eq!(instant(breached.breached_at.unwrap()) - ticket.opened_at, chrono::TimeDelta::seconds(4 * HOUR + 1));
    }

    async fn the_resolution_stands_still_while_the_client_has_the_ball(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        move_to(&scene.agent(), any(&ticket), TicketStatus::Triage).await.unwrap();
        scene.app.clock().advance(HOUR);
        move_to(&scene.agent(), any(&ticket), TicketStatus::Remediation).await.unwrap();
        scene.app.clock().advance(3 * HOUR);
        let paused = timer(&scene, &ticket, Metric::Resolution).await;
        assert_eq!((paused.state, paused.clock, paused.elapsed_seconds), (TimerState::Paused, Clock::Paused, 3_600));
        reply(&scene.admin(), any(&ticket), "Done.").await.unwrap();
        assert_eq!(timer(&scene, &ticket, Metric::Resolution).await.clock, Clock::Ticking);
    }

    async fn the_default_terms_are_made_once(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        ensure_defaults(&scene.app.system(), "Europe/Madrid").await.unwrap();
        let ticket = scene.ticket().await;
        assert!(timer(&scene, &ticket, Metric::FirstResponse).await.goal.is_some());
    }

    async fn the_timers_of_many_tickets_cost_as_many_statements_as_those_of_one(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut ids = Vec::new();
        for _ in 0..10 {
            ids.push(scene.ticket().await.id);
        }
        let op = scene.agent();
        // The transaction begins before the count.
        op.reader::<crate::NoCode>().await.unwrap();
        let store = scene.app.store();
        let (timers, count) = statements(&store, of_tickets(&op, &ids)).await;
        assert_eq!(timers.unwrap().len(), 10);
        assert!(count <= 6, "{count}");
        // The terms and what happened are known now.
        let (_, again) = statements(&store, of_tickets(&op, &ids)).await;
        assert!(again <= 2, "{again}");
    }
}
