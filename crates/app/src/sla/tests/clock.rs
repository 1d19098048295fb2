//! The clock: every effect once, none lost, whoever looks when.

use chrono::TimeDelta;
use domain::{
    access::{Role, Visibility},
    jobs::JobPayload,
    notifications::{Notification, Recipient},
    tickets::{
        ActionOwner, DeadlineCause, Ticket, TicketEventKind,
        TicketPriority::{P1, P2, P3},
        WaitingOn,
    },
};
use serde_json::json;
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{HOUR, Scene, any, policy, release};
use crate::{
    OpCtx,
    sla::{Metric, Scope, set_policy, tick},
    testing::TestApp,
    tickets::{
        ActionDone, ActionTarget, ActionTerms, NewAction, NewTeam, add_action, assign, change_action, change_priority,
        complete_action, create_team, give_to_team, hand_to, reply, timeline_page,
    },
};

async fn events(scene: &Scene, ticket: &Ticket) -> Vec<TicketEventKind> {
    let page = timeline_page(&scene.agent(), ticket.id, &Keyset::first(100)).await.unwrap();
    page.items.into_iter().map(|event| event.kind).collect()
}

/// The levels on the timeline, as `metric level`.
async fn levels(scene: &Scene, ticket: &Ticket) -> Vec<String> {
    let level = |event| match event {
        TicketEventKind::SlaLevelReached { metric, level, .. } => Some(format!("{metric} {level}")),
        _ => None,
    };
    events(scene, ticket).await.into_iter().filter_map(level).collect()
}

/// What people are to be told, in the order in which it was asked for.
async fn notifications(scene: &Scene) -> Vec<Notification> {
    let tx = scene.app.store().read(&Visibility::System).await.unwrap();
    let jobs = store::jobs::page(&tx, None, &Keyset::first(100)).await.unwrap().items;
    let mut found = Vec::new();
    for job in jobs {
        if let JobPayload::MailDeliver { notification, .. } = job.payload {
            found.push(store::notifications::by_id(&tx, notification).await.unwrap().unwrap().notification);
        }
    }
    found
}

/// Their kinds, as far as promises are concerned.
async fn mails(scene: &Scene) -> Vec<&'static str> {
    let kinds = notifications(scene).await.into_iter().map(|notification| notification.kind.as_str());
    kinds.filter(|kind| kind.starts_with("sla_")).collect()
}

/// A ticket with one promise of ten hours round the clock.
async fn ten_hours(scene: &Scene) -> Ticket {
    let mut definition = policy("resolution", 10, "always_open");
    definition["escalations"] = json!([
        { "at": 50, "notify": ["owner"] },
        { "at": 75, "notify": ["lead"] },
        { "at": 90, "notify": ["manager"] },
        { "at": "breach", "notify": ["owner", "manager"] },
    ]);
    set_policy(&scene.admin(), release(Scope::NewTickets), definition).await.unwrap();
    scene.ticket(P2).await
}

both_stores! {
    async fn warnings_come_in_their_time_and_each_once(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = ten_hours(&scene).await;
        let mut seen = Vec::new();
        for _ in 0..12 {
            scene.run_clock().await;
            scene.run_clock().await;
            seen.push(levels(&scene, &ticket).await.len());
            scene.app.clock().advance(HOUR);
        }
        assert_eq!(seen, [0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 4], "at 5 h, 7 h 30, 9 h, and one second after 10 h");
        assert_eq!(levels(&scene, &ticket).await, ["resolution 50%", "resolution 75%", "resolution 90%", "resolution breach"]);
        assert_eq!(mails(&scene).await, ["sla_warning", "sla_warning", "sla_warning", "sla_breach", "sla_breach"]);
    }

    async fn what_came_due_while_nobody_looked_is_done_once_and_the_last_stands_for_all(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = ten_hours(&scene).await;
        scene.run_clock().await;
        scene.app.clock().advance(30 * HOUR);
        scene.run_clock().await;
        scene.run_clock().await;
        assert_eq!(levels(&scene, &ticket).await, ["resolution breach"]);
        let told = mails(&scene).await;
        assert!(told.iter().all(|kind| *kind == "sla_breach"), "{told:?}");
        assert_eq!(told.len(), 2, "agents, for nobody owns it; and whoever runs the service, as lead and as manager");
    }

    async fn a_breach_is_told_even_if_the_promise_was_fulfilled_since_and_a_warning_is_not(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let definition = policy("first_response", 1, "always_open");
        set_policy(&scene.admin(), release(Scope::NewTickets), definition).await.unwrap();
        let [late, prompt] = [scene.ticket(P2).await, scene.ticket(P2).await];
        scene.app.clock().advance(50 * 60);
        reply(&scene.agent(), any(&prompt), "In time.").await.unwrap();
        scene.app.clock().advance(HOUR);
        reply(&scene.agent(), any(&late), "Too late.").await.unwrap();
        scene.run_clock().await;
        assert_eq!(levels(&scene, &late).await, ["first_response breach"]);
        assert!(levels(&scene, &prompt).await.is_empty());
    }

    async fn two_workers_at_once_do_each_thing_once(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let tickets = [ten_hours(&scene).await, scene.ticket(P2).await, scene.ticket(P2).await];
        scene.app.clock().advance(6 * HOUR);
        let ops: Vec<OpCtx> = (0..4).map(|_| scene.app.system()).collect();
        let looks = ops.iter().map(|op| async move { while tick(op).await.unwrap() > 0 {} });
        futures::future::join_all(looks).await;
        scene.run_clock().await;
        for ticket in &tickets {
            assert_eq!(levels(&scene, ticket).await, ["resolution 50%"]);
        }
        assert_eq!(mails(&scene).await.len(), 3);
    }

    async fn a_cache_that_is_lost_is_rebuilt_and_nothing_is_done_twice(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = ten_hours(&scene).await;
        scene.app.clock().advance(6 * HOUR);
        scene.run_clock().await;
        let tx = scene.app.store().write(&Visibility::System).await.unwrap();
        let nothing =
            store::sla::Look { client: ticket.client, ticket: ticket.id, timers: Some(Vec::new()), wakeup_at: None };
        store::sla::keep(&tx, &[nothing]).await.unwrap();
        store::sla::mark_stale(&tx, None, scene.admin().now()).await.unwrap();
        tx.commit().await.unwrap();
        scene.run_clock().await;
        assert_eq!(levels(&scene, &ticket).await, ["resolution 50%"]);
        scene.app.clock().advance(2 * HOUR);
        scene.run_clock().await;
        assert_eq!(levels(&scene, &ticket).await, ["resolution 50%", "resolution 75%"], "and it wakes again");
    }

    async fn a_change_of_priority_says_which_deadlines_moved(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket(P3).await;
        scene.run_clock().await;
        scene.app.clock().advance(HOUR);
        change_priority(&scene.agent(), any(&ticket), P1).await.unwrap();
        scene.run_clock().await;
        let moved = events(&scene, &ticket).await.into_iter().find_map(|event| match event {
            TicketEventKind::DeadlinesMoved { cause, moves } => Some((cause, moves)),
            _ => None,
        });
        let (cause, moves) = moved.unwrap();
        assert_eq!((cause, moves.len()), (DeadlineCause::Priority, 3));
        let resolution = moves.iter().find(|found| found.metric == "resolution").unwrap();
        assert_eq!(resolution.to.unwrap() - ticket.opened_at, TimeDelta::hours(24));
        assert!(moves.iter().find(|found| found.metric == "first_response").unwrap().breached, "30 minutes have passed");
    }

    async fn a_version_for_running_timers_is_journaled_on_each_ticket_that_it_moves_when_it_begins_to_hold(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket(P1).await;
        scene.run_clock().await;
        let tomorrow = scene.admin().now() + TimeDelta::days(1) - TimeDelta::hours(2);
        let later = crate::sla::Release { effective_from: Some(tomorrow), ..release(Scope::RunningTimers) };
        set_policy(&scene.admin(), later, policy("resolution", 48, "always_open")).await.unwrap();
        let moves = async || {
            let found = events(&scene, &ticket).await.into_iter();
            found.filter(|event| matches!(event, TicketEventKind::DeadlinesMoved { cause: DeadlineCause::Terms, .. })).count()
        };
        scene.run_clock().await;
        assert_eq!(moves().await, 0, "it does not hold yet");
        scene.app.clock().advance(23 * HOUR);
        scene.run_clock().await;
        scene.run_clock().await;
        assert_eq!(moves().await, 1);
        assert!(scene.timer(&ticket, Metric::Resolution).await.breached_at.is_none());
    }

    async fn an_escalation_raises_the_priority_and_hands_the_work_over(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut definition = policy("resolution", 10, "always_open");
        definition["escalations"] = json!([{ "at": 50, "raise_priority": true, "reassign_to": "manager" }]);
        set_policy(&scene.admin(), release(Scope::NewTickets), definition).await.unwrap();
        let ticket = scene.ticket(P2).await;
        scene.app.clock().advance(5 * HOUR);
        scene.run_clock().await;
        let now = crate::tickets::by_ids(&scene.agent(), &[ticket.id]).await.unwrap().remove(0);
        assert_eq!((now.priority, now.assignee), (P1, scene.admin().actor().user()));
        assert_eq!(now.version, ticket.version + 1);
    }

    async fn meta_s_late_answer_and_the_client_s_long_turn_are_reminded_of(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket(P3).await;
        hand_to(&scene.agent(), any(&ticket), WaitingOn::Client).await.unwrap();
        scene.run_clock().await;
        let reminders = async || {
            let found = notifications(&scene).await.into_iter();
            found.filter(|found| found.kind.as_str() == "waiting_for_you" && found.key.contains("client_turn")).count()
        };
        for (hours, expected) in [(23, 0), (2, 1), (46, 1), (2, 2), (200, 3), (200, 3)] {
            scene.app.clock().advance(hours * HOUR);
            scene.run_clock().await;
            assert_eq!(reminders().await, expected, "after {hours} more hours");
        }
    }

    async fn a_flood_becomes_a_digest(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        ten_hours(&scene).await;
        for _ in 0..7 {
            scene.ticket(P2).await;
        }
        scene.ticket(P1).await;
        scene.app.clock().advance(6 * HOUR);
        scene.run_clock().await;
        let mut told = mails(&scene).await;
        told.sort_unstable();
        assert_eq!(told, ["sla_digest", "sla_warning"], "what is P1 has a mail of its own");
    }

    async fn the_lead_is_whoever_leads_the_team_of_the_ticket_or_of_its_owner_and_else_whoever_runs_the_service(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut definition = policy("resolution", 10, "always_open");
        definition["escalations"] = json!([{ "at": 50, "notify": ["lead"] }]);
        set_policy(&scene.admin(), release(Scope::NewTickets), definition).await.unwrap();
        let people = [scene.app.user(Role::SupportAgent, None).await, scene.app.user(Role::SupportAgent, None).await];
        let team = |name: &str, lead: usize, members| NewTeam {
            name: name.to_owned(),
            lead: Some(people[lead].id),
            members,
        };
        let given = create_team(&scene.admin(), team("Appeals", 0, Vec::new())).await.unwrap();
        let agent = scene.agent().actor().user().unwrap();
        create_team(&scene.admin(), team("Nights", 1, vec![agent])).await.unwrap();
        let [of_team, of_owner, of_nobody] = [scene.ticket(P2).await, scene.ticket(P2).await, scene.ticket(P2).await];
        give_to_team(&scene.agent(), any(&of_team), Some(given.id)).await.unwrap();
        for ticket in [&of_team, &of_owner] {
            assign(&scene.agent(), any(ticket), Some(agent)).await.unwrap();
        }
        scene.app.clock().advance(6 * HOUR);
        scene.run_clock().await;
        let told = notifications(&scene).await;
        let leads = |ticket: &Ticket| -> Vec<Recipient> {
            let about = |found: &&Notification| {
                found.kind.as_str() == "sla_warning" && found.kind.ticket().unwrap().id == ticket.id
            };
            told.iter().filter(about).flat_map(|found| found.recipients.clone()).collect()
        };
        let user = |user| vec![Recipient::User { user }];
        assert_eq!(leads(&of_team), user(people[0].id));
        assert_eq!(leads(&of_owner), user(people[1].id));
        assert_eq!(leads(&of_nobody), user(scene.admin().actor().user().unwrap()));
    }

    async fn whoever_has_to_act_is_reminded_a_day_before_an_action_is_due_and_when_it_is(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket(P3).await;
        let action = |owner, days| NewAction {
            title: Some("Stop the list".to_owned()),
            description: None,
            owner,
            due_at: Some(scene.agent().now() + TimeDelta::days(days)),
            findings: Vec::new(),
            preview: None,
            rule: None,
        };
        let theirs = add_action(&scene.agent(), any(&ticket), action(ActionOwner::Client, 3)).await.unwrap();
        add_action(&scene.agent(), any(&ticket), action(ActionOwner::Us, 30)).await.unwrap();
        scene.run_clock().await;
        let reminders = async || {
            let found = notifications(&scene).await.into_iter();
            found.filter(|found| found.kind.as_str() == "action_due").map(|found| found.recipients).collect::<Vec<_>>()
        };
        for (hours, expected) in [(47, 0), (2, 1), (22, 1), (2, 2), (48, 2)] {
            scene.app.clock().advance(hours * HOUR);
            scene.run_clock().await;
            assert_eq!(reminders().await.len(), expected, "after {hours} more hours");
        }
        assert_eq!(reminders().await[0], [Recipient::ClientUsers]);
        // Put off, it is reminded of again; once it is done, no more.
        let target = ActionTarget { action: theirs.id, expected_version: None };
        let later = ActionTerms { due_at: Some(scene.agent().now() + TimeDelta::days(2)), ..ActionTerms::default() };
        change_action(&scene.agent(), target, later).await.unwrap();
        scene.app.clock().advance(25 * HOUR);
        scene.run_clock().await;
        assert_eq!(reminders().await.len(), 3);
        let done = ActionDone { proof: Some("Stopped.".to_owned()), done_at: None };
        complete_action(&scene.agent(), target, done).await.unwrap();
        scene.app.clock().advance(48 * HOUR);
        scene.run_clock().await;
        assert_eq!(reminders().await.len(), 3);
    }
}
