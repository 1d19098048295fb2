//! Tickets that belong together.

use domain::{
    FindingId,
    tickets::{Ticket, TicketEventKind, TicketLinkKind, TicketOutcome, TicketStatus},
};
use store::{both_stores, testing::TestStore};

use super::{
    Scene, any,
    road::{closing, refused_with},
    seen, timeline,
};
use crate::{
    OpCtx, OpError,
    testing::TestApp,
    tickets::{
        Closing, LinkSeen, NewTicket, TicketCode, close, findings_of, link, link_findings, links_of, move_to, open,
        unlink,
    },
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

    async fn findings_are_tied_to_a_ticket_that_is_open_already(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let (one, two) = (scene.app.finding(scene.client, 7).await, scene.app.finding(scene.client, 9).await);
        let seen_by = async |op: OpCtx| {
            let mut found = findings_of(&op, &[ticket.id]).await.unwrap().remove(&ticket.id).unwrap_or_default();
            found.sort_unstable_by_key(|finding| finding.id);
            found.into_iter().map(|finding| finding.id).collect::<Vec<_>>()
        };
        let tied = link_findings(&scene.agent(), seen(&ticket), vec![two.id]).await.unwrap();
        assert_eq!(tied.version, ticket.version + 1);
        let both = link_findings(&scene.agent(), seen(&tied), vec![two.id, one.id, one.id]).await.unwrap();
        let mut expected = vec![one.id, two.id];
        expected.sort_unstable();
        assert_eq!(seen_by(scene.agent()).await, expected);
        assert_eq!(seen_by(scene.admin()).await, expected, "the client's people see them too");
        // The timeline tells of each once, with its audit; what is tied already changes nothing.
        let told: Vec<_> = timeline(&scene.admin(), &ticket)
            .await
            .into_iter()
            .filter_map(|event| match event.kind {
                TicketEventKind::FindingsLinked { audit, findings } => Some((audit, findings)),
                _ => None,
            })
            .collect();
        assert_eq!(told, [(two.audit, vec![two.id]), (one.audit, vec![one.id])]);
        let again = link_findings(&scene.agent(), any(&ticket), vec![one.id]).await.unwrap();
        assert_eq!(again.version, both.version);
        // Not found: another client's, one that does not exist, none at all. Late, and by somebody who may not.
        let other = scene.app.client("libreria-fenice").await;
        let foreign = scene.app.finding(other, 3).await;
        for bad in [vec![one.id, foreign.id], vec![FindingId::from_uuid(uuid::Uuid::nil())], Vec::new()] {
            assert_eq!(refused_with(link_findings(&scene.agent(), any(&ticket), bad).await), TicketCode::FindingNotFound);
        }
        let late = link_findings(&scene.agent(), seen(&ticket), vec![one.id]).await;
        assert!(matches!(late, Err(OpError::Conflict { .. })), "{late:?}");
        let by_client = link_findings(&scene.admin(), any(&ticket), vec![one.id]).await;
        assert!(matches!(by_client, Err(OpError::Forbidden(_))), "{by_client:?}");
    }
}
