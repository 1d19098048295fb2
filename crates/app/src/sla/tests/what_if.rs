//! What other terms would have made of the past.

use ::sla::Scope;
use domain::{
    access::{Permission, Role},
    tickets::{
        Ticket, TicketOutcome,
        TicketPriority::{P1, P3},
    },
};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{HOUR, Scene, any, policy, release};
use crate::{
    OpCtx, OpError,
    sla::{
        CalendarDraft, Metric, Outcomes, Release, SlaCode, Supposition, TimerState, WhatIf, policy_page,
        reports::ReportScope, set_policy, what_if,
    },
    testing::TestApp,
    tickets::{Closing, close},
};

fn suppose(policy: Option<Value>, calendars: Vec<CalendarDraft>) -> Supposition {
    let (month, time_zone) = ("2026-11".to_owned(), "Europe/Rome".to_owned());
    Supposition { scope: ReportScope { client: None, from: month.clone(), to: month, time_zone }, policy, calendars }
}

/// A calendar of one window on working days.
fn hours(key: &str, from: &str, to: &str) -> CalendarDraft {
    let day = json!([{ "from": from, "to": to }]);
    let weekly = json!({ "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day });
    CalendarDraft {
        key: key.to_owned(),
        definition: json!({ "zone": "Europe/Rome", "weekly": weekly }),
        holidays: None,
    }
}

async fn ask(op: &OpCtx, supposition: Supposition) -> WhatIf {
    what_if(op, supposition).await.unwrap()
}

async fn refused(op: &OpCtx, supposition: Supposition) -> SlaCode {
    match what_if(op, supposition).await {
        Err(OpError::Refused(refusals)) => refusals[0].code,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// Three tickets with eight hours each, by terms of a client or of the BSP: done after five hours, after ten, and open after twelve.
async fn story(scene: &Scene, release: Release) -> [Ticket; 3] {
    set_policy(&scene.admin(), release, policy("resolution", 8, "always_open")).await.unwrap();
    let tickets = [scene.ticket(P1).await, scene.ticket(P1).await, scene.ticket(P3).await];
    let done = || Closing { outcome: TicketOutcome::Resolved, duplicate_of: None };
    scene.app.clock().advance(5 * HOUR);
    close(&scene.agent(), any(&tickets[0]), done()).await.unwrap();
    scene.app.clock().advance(5 * HOUR);
    close(&scene.agent(), any(&tickets[1]), done()).await.unwrap();
    scene.app.clock().advance(2 * HOUR);
    tickets
}

both_stores! {
    async fn another_policy_is_tried_on_tickets_of_the_past(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let [prompt, late, _] = story(&scene, release(Scope::NewTickets)).await;
        let lenient = ask(&scene.admin(), suppose(Some(policy("resolution", 24, "always_open")), Vec::new())).await;
        assert_eq!((lenient.tickets, lenient.spared, lenient.broken), (3, 2, 0));
        let [closed, open] = &lenient.rows[..] else { panic!("{lenient:?}") };
        assert_eq!((closed.metric, closed.priority, open.priority), (Metric::Resolution, P1, P3));
        assert_eq!(closed.actual, Outcomes { met: 1, breached: 1, ..Outcomes::default() });
        assert_eq!(closed.supposed, Outcomes { met: 2, ..Outcomes::default() });
        assert_eq!(open.actual, Outcomes { breached: 1, ..Outcomes::default() });
        assert_eq!(open.supposed, Outcomes { open: 1, ..Outcomes::default() });
        let spared = lenient.differences.iter().find(|found| found.ticket == late.id).unwrap();
        let states = [&spared.actual, &spared.supposed].map(|timer| timer.as_ref().unwrap().state);
        assert_eq!(states, [TimerState::Breached, TimerState::Met]);
        let strict = ask(&scene.admin(), suppose(Some(policy("resolution", 4, "always_open")), Vec::new())).await;
        assert_eq!((strict.spared, strict.broken, strict.differences.len()), (0, 1, 1));
        assert_eq!(strict.differences[0].ticket, prompt.id);
        // Another metric: what is promised is promised anew, and what was is no more.
        let other = ask(&scene.admin(), suppose(Some(policy("first_response", 1, "always_open")), Vec::new())).await;
        assert_eq!((other.spared, other.broken), (2, 3));
        assert!(other.differences.iter().all(|found| found.actual.is_none() || found.supposed.is_none()));
        // Nothing of it stands anywhere.
        let versions = policy_page(&scene.agent(), None, &Keyset::first(9)).await.unwrap().items;
        assert_eq!(versions.len(), 2);
        assert_eq!(scene.timer(&late, Metric::Resolution).await.state, TimerState::Breached);
    }

    async fn other_hours_are_tried_with_the_real_policy_or_another(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        story(&scene, release(Scope::NewTickets)).await;
        let short = || hours("always_open", "09:00", "10:00");
        let by_hours = ask(&scene.admin(), suppose(None, vec![short()])).await;
        assert_eq!((by_hours.spared, by_hours.broken), (2, 0), "one hour of eight was open");
        let own = policy("resolution", 2, "nights");
        let nights = suppose(Some(own.clone()), vec![hours("nights", "19:00", "22:00")]);
        assert_eq!(ask(&scene.admin(), nights).await.spared, 2, "by nine at night two hours were counted, and not more");
        assert_eq!(refused(&scene.admin(), suppose(Some(own), Vec::new())).await, SlaCode::CalendarUnknown);
    }

    async fn terms_of_the_bsp_are_supposed_for_those_who_have_none_of_their_own(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let own = Release { client: Some(scene.client), ..release(Scope::NewTickets) };
        story(&scene, own).await;
        let lenient = || suppose(Some(policy("resolution", 24, "always_open")), Vec::new());
        let for_all = ask(&scene.admin(), lenient()).await;
        assert_eq!((for_all.tickets, for_all.spared, for_all.broken), (3, 0, 0));
        let theirs = |client| Supposition { scope: ReportScope { client, ..lenient().scope }, ..lenient() };
        assert_eq!(ask(&scene.admin(), theirs(Some(scene.client))).await.spared, 2);
        let other = scene.app.client("other").await;
        assert_eq!(ask(&scene.admin(), theirs(Some(other))).await, WhatIf::default());
    }

    async fn what_cannot_be_supposed_is_refused(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let good = || suppose(Some(policy("resolution", 1, "always_open")), Vec::new());
        let with = |change: fn(&mut ReportScope)| {
            let mut supposition = good();
            change(&mut supposition.scope);
            supposition
        };
        let op = scene.admin();
        assert_eq!(refused(&op, suppose(None, Vec::new())).await, SlaCode::NothingChanges);
        assert_eq!(refused(&op, with(|scope| scope.from = "2026-12".to_owned())).await, SlaCode::PeriodInvalid);
        assert_eq!(refused(&op, with(|scope| scope.time_zone = "Europe/Atlantis".to_owned())).await, SlaCode::ZoneUnknown);
        assert_eq!(refused(&op, suppose(Some(json!([])), Vec::new())).await, SlaCode::DefinitionInvalid);
        let closed = CalendarDraft { definition: json!({ "zone": "UTC", "weekly": {} }), ..hours("never", "09:00", "10:00") };
        assert_eq!(refused(&op, suppose(None, vec![closed])).await, SlaCode::NeverOpen);
        let agent = what_if(&scene.agent(), good()).await;
        assert!(matches!(agent, Err(OpError::Forbidden(Permission::SlaWrite))), "{agent:?}");
        let other = scene.app.client("other").await;
        let admin = scene.app.client_user(Role::ClientAdmin, scene.client).await;
        let foreign = Supposition { scope: ReportScope { client: Some(other), ..good().scope }, ..good() };
        assert!(matches!(what_if(&admin, foreign).await, Err(OpError::NotFound)));
    }
}
