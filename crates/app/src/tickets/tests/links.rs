//! Tickets that belong together.

use domain::tickets::{Ticket, TicketEventKind, TicketLinkKind, TicketOutcome, TicketStatus};
use store::{both_stores, testing::TestStore};

use super::{
    Scene, any,
    road::{closing, refused_with},
    timeline,
};
use crate::{
    testing::TestApp,
    tickets::{Closing, LinkSeen, NewTicket, TicketCode, close, link, links_of, move_to, open, unlink},
};

async fn links(scene: &Scene, ticket: &Ticket) -> Vec<LinkSeen> {
    links_of(&scene.agent(), &[ticket.id]).await.unwrap().remove(&ticket.id).unwrap_or_default()
}

both_stores! {
    async fn a_duplicate_names_the_ticket_that_goes_on_and_forgets_it_when_reopened(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (original, copy) = (scene.ticket().await, scene.ticket().await);
        let nameless = close(&scene.agent(), any(&copy), closing(TicketOutcome::Duplicate)).await;
        assert_eq!(refused_with(nameless), TicketCode::OriginalInvalid);
        let named = |outcome| Closing { outcome, duplicate_of: Some(original.id) };
        let other = close(&scene.agent(), any(&copy), named(TicketOutcome::Resolved)).await;
        assert_eq!(refused_with(other), TicketCode::OriginalInvalid);
        let itself = Closing { outcome: TicketOutcome::Duplicate, duplicate_of: Some(copy.id) };
        assert_eq!(refused_with(close(&scene.agent(), any(&copy), itself).await), TicketCode::LinkRefused);
        close(&scene.agent(), any(&copy), named(TicketOutcome::Duplicate)).await.unwrap();
        let kind = TicketLinkKind::DuplicateOf;
        assert_eq!(links(&scene, &copy).await, [LinkSeen { kind, other: original.id, outgoing: true }]);
        assert_eq!(links(&scene, &original).await, [LinkSeen { kind, other: copy.id, outgoing: false }]);
        let told = timeline(&scene.agent(), &original).await.pop().unwrap().kind;
        assert_eq!(told, TicketEventKind::TicketLinked { kind, other: copy.id, outgoing: false });
        let circle = Closing { outcome: TicketOutcome::Duplicate, duplicate_of: Some(copy.id) };
        assert_eq!(refused_with(close(&scene.agent(), any(&original), circle).await), TicketCode::LinkRefused);
        move_to(&scene.agent(), any(&copy), TicketStatus::Triage).await.unwrap();
        assert!(links(&scene, &copy).await.is_empty());
        close(&scene.agent(), any(&copy), named(TicketOutcome::Duplicate)).await.unwrap();
    }

    async fn related_tickets_are_tied_once_and_a_part_has_one_whole(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (a, b, c) = (scene.ticket().await, scene.ticket().await, scene.ticket().await);
        link(&scene.agent(), any(&a), TicketLinkKind::Related, b.id).await.unwrap();
        let again = link(&scene.agent(), any(&b), TicketLinkKind::Related, a.id).await;
        assert_eq!(refused_with(again), TicketCode::LinkRefused);
        link(&scene.agent(), any(&a), TicketLinkKind::ChildOf, b.id).await.unwrap();
        for (child, parent) in [(&a, &c), (&c, &a), (&b, &a)] {
            let refused = link(&scene.agent(), any(child), TicketLinkKind::ChildOf, parent.id).await;
            assert_eq!(refused_with(refused), TicketCode::LinkRefused);
        }
        unlink(&scene.agent(), any(&b), TicketLinkKind::Related, a.id).await.unwrap();
        assert_eq!(links(&scene, &b).await.len(), 1);
        let gone = unlink(&scene.agent(), any(&b), TicketLinkKind::Related, a.id).await;
        assert_eq!(refused_with(gone), TicketCode::LinkRefused);
    }

    async fn a_ticket_of_another_client_cannot_be_named(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let other = scene.app.client("libreria-fenice").await;
        let new = NewTicket { client: other, waba: None, ..scene.new_ticket() };
        let foreign = open(&scene.agent(), new).await.unwrap();
        let tied = link(&scene.agent(), any(&ticket), TicketLinkKind::Related, foreign.id).await;
        assert_eq!(refused_with(tied), TicketCode::TicketNotFound);
    }
}
