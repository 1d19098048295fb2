//! Who sees and does what: a client its own tickets with their public parts, and nothing of anybody else's.

use domain::{
    access::Role,
    tickets::{TicketEventKind, TicketPriority, TicketStatus, WaitingOn},
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{Scene, any, timeline, waba};
use crate::{
    OpError,
    testing::TestApp,
    tickets::{
        NewTicket, TicketCode, TicketCondition, TicketFilter, TicketOrder, assign, by_ids, by_reference, move_to, note,
        open, page, reply,
    },
};

both_stores! {
    async fn a_client_sees_its_tickets_without_what_is_internal(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        note(&scene.agent(), any(&ticket), "They bought this list.").await.unwrap();
        assign(&scene.agent(), any(&ticket), scene.agent.actor().user()).await.unwrap();
        reply(&scene.agent(), any(&ticket), "We are looking into it.").await.unwrap();
        let of_staff = timeline(&scene.agent(), &ticket).await;
        assert_eq!(of_staff.len(), 4);
        let of_client = timeline(&scene.admin(), &ticket).await;
        let public = |kind: &TicketEventKind| matches!(kind, TicketEventKind::Opened { .. } | TicketEventKind::Replied { .. });
        assert_eq!(of_client.len(), 2);
        assert!(of_client.iter().all(|event| public(&event.kind)));
    }

    async fn a_client_opens_a_ticket_but_does_not_say_how_urgent_it_is_nor_move_it(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let new = NewTicket { priority: Some(TicketPriority::P1), text: Some("We are blocked!".to_owned()), ..scene.new_ticket() };
        let ticket = open(&scene.admin(), new).await.unwrap();
        assert_eq!(ticket.priority, TicketPriority::P3);
        let events = timeline(&scene.admin(), &ticket).await;
        assert!(matches!(&events[1].kind, TicketEventKind::Replied { by_staff: false, .. }));
        let moved = move_to(&scene.admin(), any(&ticket), TicketStatus::Triage).await;
        assert!(matches!(moved, Err(OpError::Forbidden(_))), "{moved:?}");
        let viewer = scene.app.client_user(Role::ClientViewer, scene.client).await;
        assert!(matches!(open(&viewer, scene.new_ticket()).await, Err(OpError::Forbidden(_))));
    }

    async fn a_reply_of_the_client_hands_the_ball_back(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        move_to(&scene.agent(), any(&ticket), TicketStatus::Triage).await.unwrap();
        move_to(&scene.agent(), any(&ticket), TicketStatus::Remediation).await.unwrap();
        let ticket = reply(&scene.admin(), any(&ticket), "Done.").await.unwrap();
        assert_eq!((ticket.status, ticket.waiting_on), (TicketStatus::Remediation, WaitingOn::Us));
    }

    async fn the_tickets_of_another_client_do_not_exist(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let other = scene.app.client("libreria-fenice").await;
        let stranger = || async { scene.app.client_user(Role::ClientAdmin, other).await };
        assert!(by_ids(&stranger().await, &[ticket.id]).await.unwrap().is_empty());
        assert!(by_reference(&stranger().await, &ticket.reference()).await.unwrap().is_none());
        assert!(timeline(&stranger().await, &ticket).await.is_empty());
        let filter = TicketFilter::from(TicketCondition::Client(vec![scene.client]));
        let listed = page(&stranger().await, &filter, TicketOrder::Updated, &Keyset::first(10)).await.unwrap();
        assert!(listed.items.is_empty());
        assert!(matches!(reply(&stranger().await, any(&ticket), "Hi").await, Err(OpError::NotFound)));
        let opened = open(&stranger().await, scene.new_ticket()).await;
        assert!(matches!(&opened, Err(OpError::Refused(refusals)) if refusals[0].code == TicketCode::ClientNotFound), "{opened:?}");
    }

    async fn assets_of_another_client_cannot_be_named(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let other = scene.app.client("libreria-fenice").await;
        let foreign = waba(&scene.agent(), other, "99").await;
        let opened = open(&scene.agent(), NewTicket { waba: Some(foreign), ..scene.new_ticket() }).await;
        assert!(matches!(&opened, Err(OpError::Refused(refusals)) if refusals[0].code == TicketCode::WabaNotFound), "{opened:?}");
    }
}
