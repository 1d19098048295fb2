//! Files on tickets, from upload to download, on both databases, with the real object store.

use app::{
    OpCtx, OpError,
    tickets::{
        NewAction, NewAttachment, NewSubmission, NewTicket, Target, TicketCode, add_action, attach, attachments_of,
        close, download_attachment, move_to, open, submit, timeline_page,
    },
};
use domain::{
    CorrectiveActionId, SubmissionId,
    access::Role,
    tickets::{
        ActionOwner, SubmissionChannel, Ticket, TicketEventKind, TicketEventVisibility, TicketKind, TicketOutcome,
        TicketStatus,
    },
};
use store::{both_stores, page::Keyset, testing::TestStore};

use crate::imports::world::World;

fn new_ticket(world: &World) -> NewTicket {
    NewTicket {
        client: world.client,
        kind: TicketKind::Other,
        priority: None,
        title: None,
        text: None,
        waba: None,
        phone_number: None,
        template: None,
        findings: Vec::new(),
        notice: None,
    }
}

/// A corrective action and a submission of a ticket.
async fn elsewhere(agent: &OpCtx, ticket: &Ticket) -> (CorrectiveActionId, SubmissionId) {
    let target = Target { ticket: ticket.id, expected_version: None };
    let action = NewAction {
        title: Some("Remove the list".to_owned()),
        description: None,
        owner: ActionOwner::Client,
        due_at: None,
        findings: Vec::new(),
        preview: None,
        rule: None,
    };
    let action = add_action(agent, target, action).await.unwrap();
    move_to(agent, target, TicketStatus::Triage).await.unwrap();
    move_to(agent, target, TicketStatus::Ready).await.unwrap();
    let filed = NewSubmission {
        channel: SubmissionChannel::DirectSupport,
        filed_by: None,
        meta_reference: None,
        submitted_at: None,
        expected_by: None,
    };
    let (_, submission) = submit(agent, target, filed).await.unwrap();
    (action.id, submission.id)
}

both_stores! {
    async fn a_file_is_kept_as_it_came_and_handed_out_to_who_may_see_it(store: TestStore) {
        let world = World::new(store).await;
        let agent = world.app.user(Role::SupportAgent, None).await.actor();
        let agent = || world.app.op(agent.clone());
        let admin = world.app.user(Role::ClientAdmin, Some(world.client)).await.actor();
        let admin = || world.app.op(admin.clone());
        let ticket = open(&agent(), new_ticket(&world)).await.unwrap();
        let file = |name: &str, content: &str, visibility| NewAttachment {
            ticket: ticket.id,
            visibility,
            file_name: name.to_owned(),
            file: world.file("upload", content),
            action: None,
            submission: None,
        };
        let (public, internal) = (TicketEventVisibility::Public, TicketEventVisibility::Internal);
        let content = "numero;data\n393331234567;2026-01-01\n";
        let proof = attach(&admin(), file("../consensi.csv", content, public)).await.unwrap();
        assert_eq!((proof.file_name.as_str(), proof.media_type.as_str()), ("consensi.csv", "text/csv"));
        let secret = attach(&agent(), file("notes.txt", "They bought this list.", internal)).await.unwrap();
        let mut download = download_attachment(&admin(), proof.id).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = download.reader.next().await.unwrap() {
            bytes.extend(piece);
        }
        assert_eq!(bytes, content.as_bytes());
        assert_eq!(download.attachment.bytes, bytes.len() as u64);
        assert_eq!(attachments_of(&agent(), &[ticket.id]).await.unwrap()[&ticket.id].len(), 2);
        assert_eq!(attachments_of(&admin(), &[ticket.id]).await.unwrap()[&ticket.id].len(), 1);
        assert!(matches!(download_attachment(&admin(), secret.id).await, Err(OpError::NotFound)));
        let stranger = world.app.client_user(Role::ClientAdmin, world.other).await;
        assert!(matches!(download_attachment(&stranger, proof.id).await, Err(OpError::NotFound)));
        let by_client = attach(&admin(), file("x.txt", "x", internal)).await;
        assert!(matches!(by_client, Err(OpError::Forbidden(_))), "{by_client:?}");
        let seen = timeline_page(&admin(), ticket.id, &Keyset::first(10)).await.unwrap().items;
        let added = seen.iter().filter(|event| matches!(event.kind, TicketEventKind::FileAdded { .. }));
        assert_eq!(added.count(), 1);
    }

    async fn what_is_not_taken_leaves_nothing(store: TestStore) {
        let world = World::new(store).await;
        let agent = world.app.user(Role::SupportAgent, None).await.actor();
        let agent = || world.app.op(agent.clone());
        let ticket = open(&agent(), new_ticket(&world)).await.unwrap();
        let tried = async |name: &str, content: &str| {
            let new = NewAttachment {
                ticket: ticket.id,
                visibility: TicketEventVisibility::Public,
                file_name: name.to_owned(),
                file: world.file("upload", content),
                action: None,
                submission: None,
            };
            match attach(&agent(), new).await {
                Err(OpError::Refused(refusals)) => refusals[0].code,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(tried("page.png", "<!DOCTYPE html><script>alert(1)</script>").await, TicketCode::FileTypeRefused);
        assert_eq!(tried("empty.txt", "").await, TicketCode::FileTypeRefused);
        assert_eq!(tried("..", "text").await, TicketCode::FileNameInvalid);
        let large = "x".repeat(usize::try_from(app::tickets::LARGEST_ATTACHMENT).unwrap() + 1);
        assert_eq!(tried("large.txt", &large).await, TicketCode::FileTooLarge);
        // What proves something proves it on this ticket.
        let other = open(&agent(), new_ticket(&world)).await.unwrap();
        let (action, submission) = elsewhere(&agent(), &other).await;
        let proof = |action, submission| NewAttachment {
            ticket: ticket.id,
            visibility: TicketEventVisibility::Public,
            file_name: "proof.txt".to_owned(),
            file: world.file("upload", "text"),
            action,
            submission,
        };
        let of_submission = attach(&agent(), proof(None, Some(submission))).await;
        assert!(matches!(&of_submission, Err(OpError::Refused(all)) if all[0].code == TicketCode::SubmissionNotFound));
        let of_action = attach(&agent(), proof(Some(action), None)).await;
        assert!(matches!(&of_action, Err(OpError::Refused(all)) if all[0].code == TicketCode::ActionNotFound));
        let target = Target { ticket: ticket.id, expected_version: None };
        let closing = app::tickets::Closing { outcome: TicketOutcome::Withdrawn, duplicate_of: None };
        close(&agent(), target, closing).await.unwrap();
        assert_eq!(tried("late.txt", "text").await, TicketCode::TicketClosed);
        assert!(attachments_of(&agent(), &[ticket.id]).await.unwrap().is_empty());
    }
}
