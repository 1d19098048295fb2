//! What somebody is told that it may do is what it may do.

use domain::{
    access::Role,
    tickets::{
        ActionOwner, Appealable, Lift, SubmissionChannel, Ticket, TicketAction, TicketEventVisibility, TicketLinkKind,
        TicketOutcome, TicketPriority, TicketStatus, WaitingOn,
    },
};
use store::{both_stores, testing::TestStore};

use super::{Scene, any};
use crate::{
    OpCtx, OpError,
    testing::TestApp,
    tickets::{
        Appeal, Closing, NewAction, NewSubmission, TicketCode, add_action, assign, by_ids, change_priority, close,
        give_to_team, hand_to, link, may_attach, move_to, note, possible, recover, reply, set_appeal, submit, tag,
        watch,
    },
};

/// A ticket that stands where it is told, whichever way it may have gone there.
async fn standing(scene: &Scene, status: TicketStatus) -> Ticket {
    let opened = scene.ticket().await;
    let tx = scene.app.store().write(&domain::access::Visibility::System).await.unwrap();
    let closed = !status.is_open();
    let wanted = Ticket {
        status,
        waiting_on: status.waiting_on(),
        outcome: closed.then_some(TicketOutcome::Withdrawn),
        closed_at: closed.then(|| scene.app.system().now()),
        ..opened
    };
    assert!(store::tickets::update(&tx, &wanted).await.unwrap());
    tx.commit().await.unwrap();
    by_ids(&scene.agent(), &[wanted.id]).await.unwrap().pop().unwrap()
}

/// Does it; whether it did something.
async fn done(op: &OpCtx, ticket: &Ticket, action: TicketAction, other: &Ticket) -> bool {
    let target = any(ticket);
    let result = match action {
        TicketAction::Reply => reply(op, target, "Hello.").await.map(drop),
        TicketAction::Attach => may_attach(op, ticket.id, TicketEventVisibility::Public).await.map(drop),
        TicketAction::AddNote => note(op, target, "Among us.").await.map(drop),
        TicketAction::Move => {
            let to = ticket.status.next().first().copied().unwrap_or(TicketStatus::Triage);
            move_to(op, target, to).await.map(drop)
        }
        TicketAction::Recover => recover(op, target, Lift::Expired).await.map(drop),
        TicketAction::Close => {
            close(op, target, Closing { outcome: TicketOutcome::Withdrawn, duplicate_of: None }).await.map(drop)
        }
        TicketAction::HandOver => hand_to(op, target, WaitingOn::ThirdParty).await.map(drop),
        TicketAction::Prioritize => change_priority(op, target, TicketPriority::P1).await.map(drop),
        TicketAction::Assign => assign(op, target, None).await.map(drop),
        TicketAction::SetTeam => give_to_team(op, target, None).await.map(drop),
        TicketAction::Tag => tag(op, target, &["urgent".to_owned()], &[]).await.map(drop),
        TicketAction::Watch => watch(op, target, None).await.map(drop),
        TicketAction::Link => link(op, target, TicketLinkKind::Related, other.id).await.map(drop),
        TicketAction::SetAppeal => {
            set_appeal(op, target, Appeal { appealable: Appealable::Yes, deadline: None }).await.map(drop)
        }
        TicketAction::RecordSubmission => {
            let new = NewSubmission {
                channel: SubmissionChannel::Email,
                filed_by: None,
                meta_reference: None,
                submitted_at: None,
                expected_by: None,
            };
            submit(op, target, new).await.map(drop)
        }
        TicketAction::AddCorrectiveAction => {
            let new = NewAction {
                title: Some("Clean the list".to_owned()),
                description: None,
                owner: ActionOwner::Client,
                due_at: None,
                findings: Vec::new(),
                preview: None,
                rule: None,
            };
            add_action(op, target, new).await.map(drop)
        }
    };
    match result {
        Ok(()) => true,
        Err(OpError::Forbidden(_)) => false,
        Err(OpError::Refused(refusals)) => {
            let codes: Vec<TicketCode> = refusals.iter().map(|refusal| refusal.code).collect();
            assert!(matches!(codes[..], [TicketCode::MoveRefused | TicketCode::TicketClosed]), "{action}: {codes:?}");
            false
        }
        Err(other) => panic!("{action}: {other}"),
    }
}

both_stores! {
    async fn what_is_said_to_be_possible_is(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let viewer = scene.app.client_user(Role::ClientViewer, scene.client).await;
        let other = scene.ticket().await;
        for status in TicketStatus::ALL.iter().copied() {
            for action in TicketAction::ALL.iter().copied() {
                let ticket = standing(&scene, status).await;
                for op in [scene.app.op(viewer.actor().clone()), scene.admin(), scene.agent()] {
                    let ticket = by_ids(&op, &[ticket.id]).await.unwrap().pop().unwrap();
                    let said = possible(&op, &ticket).contains(&action);
                    op.let_go().await;
                    assert_eq!(said, done(&op, &ticket, action, &other).await, "{status} {action} {:?}", op.actor());
                }
            }
        }
    }

    async fn what_meta_takes_no_longer_cannot_be_filed(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ready = standing(&scene, TicketStatus::Ready).await;
        assert!(possible(&scene.agent(), &ready).contains(&TicketAction::RecordSubmission));
        let closed = Ticket { appealable: Appealable::No, ..ready };
        assert!(!possible(&scene.agent(), &closed).contains(&TicketAction::RecordSubmission));
    }
}
