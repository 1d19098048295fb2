//! The road of a ticket: opened, mended, filed, lifted, closed.

use domain::tickets::{
    Appealable, Lift, SubmissionChannel, SubmissionOutcome, TicketEventKind, TicketKind, TicketLevel, TicketOutcome,
    TicketPriority, TicketStatus, WaitingOn,
};
use store::{both_stores, testing::TestStore};

use super::{Scene, any, seen, timeline};
use crate::{
    OpError,
    testing::TestApp,
    tickets::{
        Appeal, Closing, Correction, NewSubmission, SubmissionAnswer, TicketCode, answer, by_reference, changes_since,
        close, correct, hand_to, move_to, note, recover, reply, set_appeal, submissions_of, submit,
    },
};

fn filed() -> NewSubmission {
    NewSubmission {
        channel: SubmissionChannel::BusinessSupportHome,
        filed_by: Some("Ana".to_owned()),
        meta_reference: Some(" 12345 ".to_owned()),
        submitted_at: None,
        expected_by: None,
    }
}

pub(super) fn closing(outcome: TicketOutcome) -> Closing {
    Closing { outcome, duplicate_of: None }
}

fn said(outcome: SubmissionOutcome) -> SubmissionAnswer {
    SubmissionAnswer { outcome, answered_at: None, note: None }
}

pub(super) fn refused_with<T: std::fmt::Debug>(result: Result<T, OpError<TicketCode>>) -> TicketCode {
    match result.unwrap_err() {
        OpError::Refused(refusals) => refusals[0].code,
        other => panic!("{other:?}"),
    }
}

both_stores! {
    async fn the_main_road_leads_from_opening_to_closing(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        assert_eq!((ticket.status, ticket.waiting_on, ticket.priority), (TicketStatus::New, WaitingOn::Us, TicketPriority::P3));
        assert_eq!(by_reference(&op, &ticket.reference()).await.unwrap().unwrap().id, ticket.id);
        let ticket = move_to(&op, seen(&ticket), TicketStatus::Triage).await.unwrap();
        let ticket = move_to(&op, seen(&ticket), TicketStatus::Remediation).await.unwrap();
        assert_eq!(ticket.waiting_on, WaitingOn::Client);
        let ticket = move_to(&op, seen(&ticket), TicketStatus::Ready).await.unwrap();
        let (ticket, submission) = submit(&op, seen(&ticket), filed()).await.unwrap();
        assert_eq!((ticket.status, ticket.waiting_on), (TicketStatus::Submitted, WaitingOn::Meta));
        assert_eq!((submission.attempt, submission.meta_reference.as_deref()), (1, Some("12345")));
        assert_eq!(submission.expected_by.unwrap() - submission.submitted_at, chrono::TimeDelta::hours(48));
        move_to(&op, seen(&ticket), TicketStatus::InReview).await.unwrap();
        let said = SubmissionAnswer { note: Some("Restored.".to_owned()), ..said(SubmissionOutcome::Reversed) };
        let (ticket, submission) = answer(&op, submission.id, None, said).await.unwrap();
        assert_eq!(ticket.proposed_outcome, Some(TicketOutcome::Reversed));
        assert_eq!(submission.outcome, Some(SubmissionOutcome::Reversed));
        let ticket = move_to(&op, seen(&ticket), TicketStatus::Recovery).await.unwrap();
        let ticket = close(&op, seen(&ticket), closing(TicketOutcome::Reversed)).await.unwrap();
        assert_eq!((ticket.status, ticket.outcome), (TicketStatus::Closed, Some(TicketOutcome::Reversed)));
        let events = timeline(&scene.agent(), &ticket).await;
        assert!(events.iter().map(|event| event.sequence).eq(1..=i64::try_from(events.len()).unwrap()), "no gaps");
        assert!(matches!(events[0].kind, TicketEventKind::Opened { priority: TicketPriority::P3 }));
    }

    async fn a_refusal_by_meta_leads_to_a_second_attempt(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        move_to(&op, any(&ticket), TicketStatus::Triage).await.unwrap();
        move_to(&op, any(&ticket), TicketStatus::Ready).await.unwrap();
        let (_, first) = submit(&op, any(&ticket), filed()).await.unwrap();
        move_to(&op, any(&ticket), TicketStatus::InReview).await.unwrap();
        let early = move_to(&op, any(&ticket), TicketStatus::Ready).await;
        assert_eq!(refused_with(early), TicketCode::AttemptUnanswered);
        answer(&op, first.id, None, said(SubmissionOutcome::Unchanged)).await.unwrap();
        let again = answer(&op, first.id, None, said(SubmissionOutcome::Unchanged)).await;
        assert_eq!(refused_with(again), TicketCode::AlreadyAnswered);
        move_to(&op, any(&ticket), TicketStatus::Ready).await.unwrap();
        let (_, second) = submit(&op, any(&ticket), filed()).await.unwrap();
        assert_eq!(second.attempt, 2);
        let all = submissions_of(&scene.agent(), &[ticket.id]).await.unwrap();
        assert_eq!(all[&ticket.id].iter().map(|submission| submission.attempt).collect::<Vec<_>>(), [1, 2]);
    }

    async fn a_move_that_is_not_allowed_is_refused_and_changes_nothing(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        assert_eq!(refused_with(move_to(&op, any(&ticket), TicketStatus::Recovery).await), TicketCode::MoveRefused);
        assert_eq!(refused_with(submit(&op, any(&ticket), filed()).await), TicketCode::MoveRefused);
        assert!(submissions_of(&scene.agent(), &[ticket.id]).await.unwrap().is_empty(), "nothing half done");
        assert_eq!(timeline(&scene.agent(), &ticket).await.len(), 1);
        close(&op, any(&ticket), closing(TicketOutcome::Withdrawn)).await.unwrap();
        assert_eq!(refused_with(close(&op, any(&ticket), closing(TicketOutcome::Resolved)).await), TicketCode::MoveRefused);
        assert_eq!(refused_with(reply(&op, any(&ticket), "Hello?").await), TicketCode::TicketClosed);
        assert_eq!(refused_with(hand_to(&op, any(&ticket), WaitingOn::Meta).await), TicketCode::TicketClosed);
        let reopened = move_to(&op, any(&ticket), TicketStatus::Triage).await.unwrap();
        assert_eq!((reopened.outcome, reopened.closed_at), (None, None));
    }

    async fn a_lost_race_is_a_conflict_that_tells_the_present_version_and_what_changed(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        move_to(&op, seen(&ticket), TicketStatus::Triage).await.unwrap();
        note(&op, any(&ticket), "Theirs.").await.unwrap();
        let late = hand_to(&op, seen(&ticket), WaitingOn::ThirdParty).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 3 })), "{late:?}");
        let changes = changes_since(&op, ticket.id, ticket.version).await.unwrap();
        let to = TicketStatus::Triage;
        assert!(matches!(changes[0].kind, TicketEventKind::StatusChanged { to: found, .. } if found == to), "{changes:?}");
        assert!(matches!(changes[1].kind, TicketEventKind::Noted { .. }));
        let of_client = changes_since(&scene.admin(), ticket.id, ticket.version).await.unwrap();
        assert_eq!(of_client.len(), 1, "what is internal stays so");
    }

    async fn another_attempt_needs_an_appeal_that_meta_still_takes(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        move_to(&op, any(&ticket), TicketStatus::Triage).await.unwrap();
        move_to(&op, any(&ticket), TicketStatus::Ready).await.unwrap();
        let past = Appeal { appealable: Appealable::Yes, deadline: Some(op.now()) };
        let known = set_appeal(&op, any(&ticket), past).await.unwrap();
        assert_eq!((known.appealable, known.appeal_deadline), (Appealable::Yes, past.deadline));
        let before = Appeal { deadline: Some(op.now() - chrono::TimeDelta::days(1)), ..past };
        assert_eq!(refused_with(set_appeal(&op, any(&ticket), before).await), TicketCode::InstantOutOfOrder);
        scene.app.clock().advance(1);
        assert_eq!(refused_with(submit(&scene.agent(), any(&ticket), filed()).await), TicketCode::AppealClosed);
        let open = Appeal { appealable: Appealable::Unknown, deadline: None };
        set_appeal(&op, any(&ticket), open).await.unwrap();
        let (_, first) = submit(&scene.agent(), any(&ticket), filed()).await.unwrap();
        assert_eq!(first.filed_by.as_deref(), Some("Ana"));
        move_to(&op, any(&ticket), TicketStatus::InReview).await.unwrap();
        answer(&scene.agent(), first.id, None, said(SubmissionOutcome::NoResponse)).await.unwrap();
        set_appeal(&op, any(&ticket), Appeal { appealable: Appealable::No, deadline: None }).await.unwrap();
        let closed = move_to(&op, any(&ticket), TicketStatus::Remediation).await;
        assert_eq!(refused_with(closed), TicketCode::AppealClosed);
        let events = timeline(&scene.agent(), &ticket).await;
        let learned = events.iter().filter(|event| matches!(event.kind, TicketEventKind::AppealChanged { .. }));
        assert_eq!(learned.count(), 3);
    }

    async fn instants_that_do_not_follow_each_other_are_refused(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        move_to(&op, any(&ticket), TicketStatus::Triage).await.unwrap();
        move_to(&op, any(&ticket), TicketStatus::Ready).await.unwrap();
        let later = Some(op.now() + chrono::TimeDelta::seconds(1));
        let future = NewSubmission { submitted_at: later, ..filed() };
        assert_eq!(refused_with(submit(&op, any(&ticket), future).await), TicketCode::InstantInFuture);
        let before = Some(op.now() - chrono::TimeDelta::seconds(1));
        let backwards = NewSubmission { expected_by: before, ..filed() };
        assert_eq!(refused_with(submit(&op, any(&ticket), backwards).await), TicketCode::InstantOutOfOrder);
        let (_, first) = submit(&op, any(&ticket), filed()).await.unwrap();
        let early = SubmissionAnswer { answered_at: before, ..said(SubmissionOutcome::Unchanged) };
        assert_eq!(refused_with(answer(&op, first.id, None, early).await), TicketCode::InstantOutOfOrder);
        let late = SubmissionAnswer { answered_at: later, ..said(SubmissionOutcome::Unchanged) };
        assert_eq!(refused_with(answer(&op, first.id, None, late).await), TicketCode::InstantInFuture);
    }

    async fn a_restriction_that_ran_out_leads_to_recovery_from_wherever_the_ticket_stands(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        let ticket = recover(&op, seen(&ticket), Lift::Expired).await.unwrap();
        let expected = (TicketStatus::Recovery, Some(TicketOutcome::Expired), None);
        assert_eq!((ticket.status, ticket.proposed_outcome, ticket.outcome), expected);
        assert_eq!(refused_with(recover(&op, any(&ticket), Lift::Reversed).await), TicketCode::MoveRefused);
        let ticket = close(&op, seen(&ticket), closing(TicketOutcome::Expired)).await.unwrap();
        assert_eq!((ticket.outcome, ticket.proposed_outcome), (Some(TicketOutcome::Expired), None));
        assert_eq!(refused_with(recover(&op, any(&ticket), Lift::Expired).await), TicketCode::MoveRefused);
    }

    async fn of_many_replies_at_once_none_is_lost(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let replies = (0..8).map(|number| {
            let (op, target) = (scene.agent(), any(&ticket));
            async move {
                // Whoever loses the race tries again, as a person would.
                while let Err(error) = reply(&op, target, &format!("reply {number}")).await {
                    assert!(matches!(error, OpError::Conflict { .. } | OpError::Unavailable(_)), "{error:?}");
                }
            }
        });
        futures::future::join_all(replies).await;
        let events = timeline(&scene.agent(), &ticket).await;
        assert!(events.iter().map(|event| event.sequence).eq(1..=9));
    }

    async fn texts_are_bounded_and_blank_ones_refused(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        assert_eq!(refused_with(reply(&op, any(&ticket), "  \n").await), TicketCode::TextInvalid);
        assert_eq!(refused_with(note(&op, any(&ticket), &"x".repeat(20_001)).await), TicketCode::TextInvalid);
        assert_eq!(refused_with(reply(&op, any(&ticket), "\0\u{7}").await), TicketCode::TextInvalid);
        // What runs elsewhere is text here, as it was written, and what nothing can show is left out.
        let html = "<script>alert(1)</script>\n\t<b>Fatto</b> &amp; spedito";
        reply(&op, any(&ticket), &html.replace("Fatto", "Fat\0to\u{1b}")).await.unwrap();
        let last = timeline(&scene.agent(), &ticket).await.pop().unwrap();
        assert!(matches!(&last.kind, TicketEventKind::Replied { text, .. } if text == html), "{last:?}");
    }

    async fn what_a_ticket_is_about_is_put_right_and_the_timeline_keeps_what_stood_there(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (op, ticket) = (scene.agent(), scene.ticket().await);
        let right = Correction {
            title: Some(" Wrong number ".to_owned()),
            kind: Some(TicketKind::NumberRestricted),
            level: Some(TicketLevel::Number),
        };
        let corrected = correct(&op, seen(&ticket), right.clone()).await.unwrap();
        assert_eq!((corrected.title.as_str(), corrected.kind, corrected.level), ("Wrong number", TicketKind::NumberRestricted, TicketLevel::Number));
        let found = by_reference(&scene.agent(), &ticket.reference()).await.unwrap().unwrap();
        assert_eq!((found.kind, found.level, found.version), (corrected.kind, corrected.level, ticket.version + 1));
        let last = timeline(&scene.admin(), &ticket).await.pop().unwrap();
        let TicketEventKind::Corrected { title, kind, level } = last.kind else { panic!("{last:?}") };
        assert_eq!((title.unwrap().from, kind.unwrap().from, level.unwrap().from), (ticket.title.clone(), ticket.kind, ticket.level));
        // The same again changes nothing; whoever saw the old version is told; so is who may not.
        assert_eq!(correct(&scene.agent(), any(&ticket), right.clone()).await.unwrap().version, corrected.version);
        assert!(matches!(correct(&scene.agent(), seen(&ticket), right.clone()).await, Err(OpError::Conflict { current: 2 })));
        assert!(matches!(correct(&scene.admin(), any(&ticket), right.clone()).await, Err(OpError::Forbidden(_))));
        let empty = Correction { title: Some(" ".to_owned()), ..Correction::default() };
        assert_eq!(refused_with(correct(&scene.agent(), any(&ticket), empty).await), TicketCode::TitleInvalid);
        close(&scene.agent(), any(&ticket), closing(TicketOutcome::Resolved)).await.unwrap();
        assert_eq!(refused_with(correct(&scene.agent(), any(&ticket), right).await), TicketCode::TicketClosed);
    }
}
