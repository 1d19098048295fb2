//! Setting policies, calendars and tiers: who may, what is refused, for whom it holds, and what a preview says.

use ::sla::Scope;
use chrono::TimeDelta;
use domain::{
    access::{Permission, Role},
    tickets::{
        DeadlineCause, TicketEventKind, TicketOutcome,
        TicketPriority::{P1, P3},
    },
};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{HOUR, Scene, any, policy, release};
use crate::{
    OpCtx, OpError,
    sla::{
        CalendarDraft, HolidayListDraft, Metric, Release, SlaCode, TimerState, instant, policy_page, preview_calendar,
        preview_holiday_list, preview_policy, set_calendar, set_holiday_list, set_policy, set_tier,
    },
    testing::TestApp,
    tickets::{Closing, close, timeline_page},
};

fn calendar(key: &str, definition: Value) -> CalendarDraft {
    CalendarDraft { key: key.to_owned(), definition, holidays: None }
}

fn weekdays(windows: &[(&str, &str)]) -> Value {
    let day: Vec<Value> = windows.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect();
    json!({ "zone": "Europe/Rome", "weekly": { "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day } })
}

async fn refused_policy(op: &OpCtx, release: Release, definition: Value) -> SlaCode {
    match set_policy(op, release, definition).await {
        Err(OpError::Refused(refusals)) => refusals[0].code,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn refused_calendar(op: &OpCtx, draft: CalendarDraft) -> SlaCode {
    match set_calendar(op, release(Scope::NewTickets), draft).await {
        Err(OpError::Refused(refusals)) => refusals[0].code,
        other => panic!("it was not refused: {other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, OpError<SlaCode>>) -> SlaCode {
    match result {
        Err(OpError::Refused(refusals)) => refusals[0].code,
        other => panic!("it was not refused: {other:?}"),
    }
}

both_stores! {
    async fn a_policy_for_new_tickets_leaves_open_ones_alone_and_one_for_running_timers_does_not(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let old = scene.ticket(P1).await;
        scene.app.clock().advance(HOUR);
        let new = policy("resolution", 6, "always_open");
        let first = set_policy(&scene.admin(), release(Scope::NewTickets), new).await.unwrap();
        assert_eq!(first.version, 2, "the default terms are the first");
        let due = |timer: crate::sla::Timer| instant(timer.due_at.unwrap());
        assert_eq!(due(scene.timer(&old, Metric::Resolution).await) - old.opened_at, TimeDelta::hours(24));
        let young = scene.ticket(P1).await;
        assert_eq!(due(scene.timer(&young, Metric::Resolution).await) - young.opened_at, TimeDelta::hours(6));
        scene.app.clock().advance(HOUR);
        let shorter = policy("resolution", 3, "always_open");
        set_policy(&scene.admin(), release(Scope::RunningTimers), shorter).await.unwrap();
        for ticket in [&old, &young] {
            assert_eq!(due(scene.timer(ticket, Metric::Resolution).await) - ticket.opened_at, TimeDelta::hours(3));
        }
        let page = policy_page(&scene.agent(), None, &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items.iter().map(|version| version.version).collect::<Vec<_>>(), [1, 2, 3], "nothing is lost");
    }

    async fn a_client_s_own_terms_hold_before_the_bsp_s(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let own = Release { client: Some(scene.client), ..release(Scope::NewTickets) };
        set_calendar(&scene.admin(), own.clone(), calendar("business_hours", weekdays(&[("09:00", "10:00")]))).await.unwrap();
        set_policy(&scene.admin(), own, policy("first_response", 2, "business_hours")).await.unwrap();
        // Monday 09:00 in Rome: an hour today, an hour tomorrow.
        let ticket = scene.ticket(P3).await;
        let due = instant(scene.timer(&ticket, Metric::FirstResponse).await.due_at.unwrap());
        assert_eq!(due - ticket.opened_at, TimeDelta::hours(25));
    }

    async fn a_preview_says_what_would_move_and_changes_nothing(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let tickets = [scene.ticket(P1).await, scene.ticket(P1).await, scene.ticket(P3).await];
        scene.app.clock().advance(5 * HOUR);
        let mut stricter = serde_json::to_value(::sla::Policy::default_policy()).unwrap();
        stricter["metrics"][4]["goals"]["P1"]["target"] = json!({ "seconds": 4 * 3_600 });
        let preview = preview_policy(&scene.admin(), release(Scope::RunningTimers), stricter.clone()).await.unwrap();
        assert_eq!((preview.tickets, preview.moved, preview.breached), (3, 2, 2));
        assert_eq!(preview.moves.iter().map(|found| found.ticket).collect::<Vec<_>>(), [tickets[0].id, tickets[1].id]);
        let for_new = preview_policy(&scene.admin(), release(Scope::NewTickets), stricter).await.unwrap();
        assert_eq!((for_new.moved, for_new.breached), (0, 0));
        let short = calendar("business_hours", weekdays(&[("09:00", "13:00")]));
        let preview = preview_calendar(&scene.admin(), release(Scope::RunningTimers), short).await.unwrap();
        assert_eq!(preview.moves.iter().map(|found| found.moved.metric).collect::<Vec<_>>(), [Metric::Submission, Metric::Resolution]);
        let page = policy_page(&scene.agent(), None, &Keyset::first(9)).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert!(scene.timer(&tickets[0], Metric::Resolution).await.breached_at.is_none());
    }

    async fn holidays_come_from_a_list(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let list = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261208\nRRULE:FREQ=YEARLY\nSUMMARY:Immacolata\nEND:VEVENT\nEND:VCALENDAR\n";
        let draft = CalendarDraft { holidays: Some(list.to_owned()), ..calendar("business_hours", weekdays(&[("09:00", "18:00")])) };
        let version = set_calendar(&scene.admin(), release(Scope::NewTickets), draft.clone()).await.unwrap();
        assert_eq!(version.definition["holidays"]["2026-12-08"], "Immacolata");
        assert_eq!(version.definition["holidays"]["2030-12-08"], "Immacolata");
        let broken = CalendarDraft { holidays: Some(list.replace("20261208", "20261232")), ..draft };
        let Err(OpError::Refused(refusals)) = set_calendar(&scene.admin(), release(Scope::NewTickets), broken).await else { panic!() };
        assert_eq!((refusals[0].code, refusals[0].arguments[0].1.as_str()), (SlaCode::HolidaysInvalid, "3"));
    }

    async fn what_cannot_be_meant_is_refused_by_its_code(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let op = scene.admin();
        let new = || release(Scope::NewTickets);
        let good = || policy("resolution", 6, "always_open");
        let with = |change: fn(&mut Value)| {
            let mut definition = good();
            change(&mut definition);
            definition
        };
        for (definition, expected) in [
            (json!([]), SlaCode::DefinitionInvalid),
            (policy("resolution", 6, "always\0open"), SlaCode::DefinitionInvalid),
            (with(|policy| policy["metric"] = json!(1)), SlaCode::DefinitionInvalid),
            (policy("resolution", 0, "always_open"), SlaCode::MetricInvalid),
            (with(|policy| policy["levels"] = json!([90, 50])), SlaCode::LevelsInvalid),
            (with(|policy| policy["escalations"] = json!([{ "at": 60, "raise_priority": true }])), SlaCode::EscalationInvalid),
            (policy("resolution", 6, "lunar"), SlaCode::CalendarUnknown),
        ] {
            assert_eq!(refused_policy(&op, new(), definition.clone()).await, expected, "{definition}");
        }
        let silent = Release { reason: " ".to_owned(), ..new() };
        assert_eq!(refused_policy(&op, silent, good()).await, SlaCode::ReasonInvalid);
        let broken = Release { reason: "be\0cause".to_owned(), ..new() };
        assert_eq!(refused_policy(&op, broken, good()).await, SlaCode::ReasonInvalid);
        let list = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261208\nSUMMARY:Im\0macolata\nEND:VEVENT\nEND:VCALENDAR\n";
        let holidays = CalendarDraft { holidays: Some(list.to_owned()), ..calendar("office", weekdays(&[("09:00", "18:00")])) };
        assert_eq!(refused_calendar(&op, holidays).await, SlaCode::HolidaysInvalid);
        let past = Release { effective_from: Some(op.now() - TimeDelta::seconds(1)), ..new() };
        assert_eq!(refused_policy(&op, past, good()).await, SlaCode::EffectiveInPast);
        let later = Release { effective_from: Some(op.now() + TimeDelta::days(1)), ..new() };
        set_policy(&op, later, good()).await.unwrap();
        assert_eq!(refused_policy(&op, new(), policy("resolution", 7, "always_open")).await, SlaCode::EffectiveBeforeLatest);
        let idle = Release { effective_from: Some(op.now() + TimeDelta::days(1)), ..new() };
        assert_eq!(refused_policy(&op, idle, good()).await, SlaCode::NothingChanges);
        for (draft, expected) in [
            (calendar("Büro", weekdays(&[("09:00", "18:00")])), SlaCode::KeyInvalid),
            (calendar("night", weekdays(&[("25:00", "18:00")])), SlaCode::DefinitionInvalid),
            (calendar("night", weekdays(&[("09:00", "09:00")])), SlaCode::WindowsInvalid),
            (calendar("night", weekdays(&[("09:00", "13:00"), ("12:00", "18:00")])), SlaCode::WindowsInvalid),
            (calendar("night", weekdays(&[])), SlaCode::NeverOpen),
            (calendar("night", json!({ "zone": "Europe/Atlantis", "weekly": {} })), SlaCode::ZoneUnknown),
            (calendar("night", json!({ "zone": "UTC", "holidays": { "2026-02-30": "x" } })), SlaCode::DefinitionInvalid),
            (calendar("night", json!({ "zone": "UTC", "holidays": { "1969-01-01": "x" } })), SlaCode::DateOutOfRange),
        ] {
            assert_eq!(refused_calendar(&op, draft.clone()).await, expected, "{draft:?}");
        }
        let stale = Release { expected_version: Some(1), ..new() };
        let lost = set_policy(&op, stale, good()).await;
        assert!(matches!(lost, Err(OpError::Conflict { current: 2 })), "{lost:?}");
    }

    async fn the_tier_of_a_client_chooses_its_goals(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut tiered = policy("resolution", 8, "always_open");
        let goal = json!({ "target": { "seconds": 7_200 }, "calendar": "always_open" });
        tiered["metrics"][0]["for_tiers"] = json!([{ "tiers": ["gold"], "goals": { "P1": goal } }]);
        set_policy(&scene.admin(), release(Scope::NewTickets), tiered).await.unwrap();
        let ticket = scene.ticket(P1).await;
        let hours = async || (instant(scene.timer(&ticket, Metric::Resolution).await.due_at.unwrap()) - ticket.opened_at).num_hours();
        assert_eq!(hours().await, 8);
        set_tier(&scene.admin(), scene.client, Some(1), Some(" gold ")).await.unwrap();
        let lost = set_tier(&scene.admin(), scene.client, Some(1), Some("silver")).await;
        assert!(matches!(lost, Err(OpError::Conflict { current: 2 })), "{lost:?}");
        assert_eq!(hours().await, 2);
        set_tier(&scene.admin(), scene.client, None, None).await.unwrap();
        assert_eq!(hours().await, 8);
        let long = "x".repeat(51);
        for bad in ["", "  ", "go\0ld", &long] {
            let refused = set_tier(&scene.admin(), scene.client, None, Some(bad)).await;
            assert!(matches!(refused, Err(OpError::Refused(_))), "{bad:?}");
        }
    }

    async fn another_tier_judges_nothing_anew_and_says_what_it_moves(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let mut tiered = policy("resolution", 8, "always_open");
        let goal = json!({ "target": { "seconds": 7_200 }, "calendar": "always_open" });
        tiered["metrics"][0]["for_tiers"] = json!([{ "tiers": ["gold"], "goals": { "P1": goal } }]);
        set_policy(&scene.admin(), release(Scope::NewTickets), tiered).await.unwrap();
        let (done, running) = (scene.ticket(P1).await, scene.ticket(P1).await);
        scene.app.clock().advance(5 * HOUR);
        let resolved = Closing { outcome: TicketOutcome::Resolved, duplicate_of: None };
        close(&scene.agent(), any(&done), resolved).await.unwrap();
        scene.app.clock().advance(HOUR);
        let given_at = scene.admin().now();
        set_tier(&scene.admin(), scene.client, None, Some("gold")).await.unwrap();
        scene.app.clock().advance(HOUR);
        scene.run_clock().await;
        let kept = scene.timer(&done, Metric::Resolution).await;
        assert_eq!((kept.state, kept.breached_at), (TimerState::Met, None), "five hours of eight");
        let broken = scene.timer(&running, Metric::Resolution).await;
        assert_eq!(broken.breached_at.map(instant), Some(given_at), "not four hours before, when eight were promised");
        let timeline = timeline_page(&scene.agent(), running.id, &Keyset::first(100)).await.unwrap().items;
        let moved = timeline.into_iter().find_map(|event| match event.kind {
            TicketEventKind::DeadlinesMoved { cause: DeadlineCause::Terms, moves } => Some(moves),
            _ => None,
        });
        assert_eq!(moved.unwrap()[0].from, Some(running.opened_at + TimeDelta::hours(8)));
    }

    async fn a_calendar_made_for_new_tickets_serves_older_ones_that_a_policy_judges_by_it(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let old = scene.ticket(P3).await;
        scene.app.clock().advance(HOUR);
        // A calendar that is to begin tomorrow, for new tickets; and a policy by it, for timers that run, from now on.
        let tomorrow = Release { effective_from: Some(scene.admin().now() + TimeDelta::days(1)), ..release(Scope::NewTickets) };
        set_calendar(&scene.admin(), tomorrow, calendar("late", weekdays(&[("12:00", "20:00")]))).await.unwrap();
        set_policy(&scene.admin(), release(Scope::RunningTimers), policy("resolution", 2, "late")).await.unwrap();
        let due = instant(scene.timer(&old, Metric::Resolution).await.due_at.unwrap());
        // Opened on Monday at 09:00 in Rome: an hour was counted until the policy changed, the other begins at noon.
        assert_eq!(due - old.opened_at, TimeDelta::hours(4));
    }

    async fn only_who_runs_the_bsp_sets_terms_and_everybody_reads_what_binds_them(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let other = scene.app.client("other").await;
        let good = || policy("resolution", 6, "always_open");
        let own = |client| Release { client: Some(client), ..release(Scope::NewTickets) };
        set_policy(&scene.admin(), own(other), good()).await.unwrap();
        for role in [Role::SupportAgent, Role::Analyst, Role::Auditor] {
            let op = scene.app.staff(role).await;
            let refused = set_policy(&op, release(Scope::NewTickets), good()).await;
            assert!(matches!(refused, Err(OpError::Forbidden(Permission::SlaWrite))), "{role:?}");
        }
        let client = scene.app.client_user(Role::ClientAdmin, scene.client).await;
        assert!(matches!(set_policy(&client, own(scene.client), good()).await, Err(OpError::Forbidden(_))));
        assert!(matches!(set_policy(&client, own(other), good()).await, Err(OpError::NotFound)));
        assert!(matches!(set_tier(&client, scene.client, None, Some("gold")).await, Err(OpError::Forbidden(_))));
        assert_eq!(policy_page(&client, None, &Keyset::first(9)).await.unwrap().items.len(), 1);
        assert!(matches!(policy_page(&client, Some(other), &Keyset::first(9)).await, Err(OpError::NotFound)));
        // A program of one client that was given the permission sets nothing for the others.
        let program = scene.app.program(Some(scene.client), &[Permission::SlaWrite]);
        assert!(matches!(set_policy(&program, release(Scope::NewTickets), good()).await, Err(OpError::Forbidden(_))));
    }

    async fn a_list_of_holidays_is_shared_and_each_version_of_it_makes_one_of_every_calendar_that_names_it(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let list = |key: &str, dates: serde_json::Value| HolidayListDraft {
            key: key.to_owned(),
            holidays: Some(dates),
            icalendar: None,
        };
        let office = |key: &str| CalendarDraft {
            key: key.to_owned(),
            definition: json!({
                "zone": "Europe/Rome",
                "weekly": { "tuesday": [{ "from": "09:00", "to": "18:00" }], "wednesday": [{ "from": "09:00", "to": "18:00" }] },
                "holiday_lists": { "it": {} },
            }),
            holidays: None,
        };
        let admin = || scene.admin();
        let unknown = set_calendar(&admin(), release(Scope::RunningTimers), office("business_hours")).await;
        assert_eq!(refused(unknown), SlaCode::HolidayListUnknown);
        let natale = json!({ "2026-12-25": "Natale" });
        let (first, calendars) =
            set_holiday_list(&admin(), release(Scope::RunningTimers), list("it", natale.clone())).await.unwrap();
        assert_eq!((first.version, calendars.len()), (1, 0));
        let [ours, nights] = [
            set_calendar(&admin(), release(Scope::RunningTimers), office("business_hours")).await.unwrap(),
            set_calendar(&admin(), release(Scope::RunningTimers), office("nights")).await.unwrap(),
        ];
        assert_eq!(ours.definition["holiday_lists"]["it"], natale);
        // A client whose own list has the key is not concerned by the BSP's.
        let own = || Release { client: Some(scene.client), ..release(Scope::RunningTimers) };
        set_holiday_list(&admin(), own(), list("it", json!({ "2026-12-07": "Sant’Ambrogio" }))).await.unwrap();
        let theirs = set_calendar(&admin(), own(), office("business_hours")).await.unwrap();
        assert_eq!(theirs.definition["holiday_lists"]["it"]["2026-12-07"], "Sant’Ambrogio");
        // The Tuesday is the working day on which the promise would be due.
        let ticket = scene.ticket(P3).await;
        scene.run_clock().await;
        let strike = json!({ "2026-11-24": "Sciopero", "2026-12-25": "Natale" });
        let preview =
            preview_holiday_list(&admin(), release(Scope::RunningTimers), list("it", strike.clone())).await.unwrap();
        assert_eq!((preview.tickets, preview.moved), (1, 0), "the client has a calendar of its own");
        let (second, calendars) =
            set_holiday_list(&admin(), release(Scope::RunningTimers), list("it", strike.clone())).await.unwrap();
        assert_eq!(second.version, 2);
        let made: Vec<_> = calendars.iter().map(|made| (made.key.as_str(), made.version)).collect();
        assert_eq!(made, [("business_hours", ours.version + 1), ("nights", nights.version + 1)]);
        assert!(calendars.iter().all(|made| made.client.is_none() && made.definition["holiday_lists"]["it"] == strike));
        let their_list = json!({ "2026-11-24": "Sciopero" });
        let preview = preview_holiday_list(&admin(), own(), list("it", their_list.clone())).await.unwrap();
        assert!(preview.moved > 0 && preview.moves.iter().all(|moved| moved.ticket == ticket.id));
        let before = scene.timer(&ticket, Metric::Resolution).await.due_at.unwrap();
        let (_, calendars) = set_holiday_list(&admin(), own(), list("it", their_list.clone())).await.unwrap();
        assert_eq!(calendars.len(), 1);
        assert!(scene.timer(&ticket, Metric::Resolution).await.due_at.unwrap() > before);
        // What is refused: the same again, nothing at all, a date that does not exist, an old version.
        let again = set_holiday_list(&admin(), own(), list("it", their_list)).await;
        assert_eq!(refused(again), SlaCode::NothingChanges);
        let empty = set_holiday_list(&admin(), release(Scope::NewTickets), list("fr", json!({}))).await;
        assert_eq!(refused(empty), SlaCode::HolidaysInvalid);
        let never = set_holiday_list(&admin(), release(Scope::NewTickets), list("fr", json!({ "2026-02-30": "?" }))).await;
        assert_eq!(refused(never), SlaCode::DefinitionInvalid);
        let seen = Release { expected_version: Some(1), ..release(Scope::NewTickets) };
        let late = set_holiday_list(&admin(), seen, list("it", natale)).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 2 })));
    }
}
