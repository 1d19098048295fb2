//! Corrective actions: added, done with proof, and checked by a new audit.

use chrono::TimeDelta;
use domain::{
    access::{Role, Visibility},
    tickets::{ActionOwner, ActionState, CorrectiveAction, Ticket, TicketEventKind},
    traffic::{Report, RuleResult, RuleState},
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{Scene, any, road::refused_with, timeline};
use crate::{
    OpError,
    testing::TestApp,
    tickets::{
        ActionDone, ActionFilter, ActionTarget, ActionTerms, NewAction, TicketCode, actions_of, actions_page,
        add_action, cancel_action, change_action, check_action, complete_action, judge, reopen_action,
    },
};

fn new(title: &str) -> NewAction {
    NewAction {
        title: Some(title.to_owned()),
        description: None,
        owner: ActionOwner::Client,
        due_at: None,
        findings: Vec::new(),
        preview: None,
        rule: None,
    }
}

fn done(proof: &str) -> ActionDone {
    ActionDone { proof: Some(proof.to_owned()), done_at: None }
}

fn whatever(action: &CorrectiveAction) -> ActionTarget {
    ActionTarget { action: action.id, expected_version: None }
}

/// An action that is done and is to mend a finding.
async fn done_about_a_finding(scene: &Scene) -> (Ticket, CorrectiveAction) {
    let ticket = scene.ticket().await;
    let finding = scene.app.finding(scene.client, 7).await;
    let new = NewAction { findings: vec![finding.id], title: None, ..new("") };
    let action = add_action(&scene.agent(), any(&ticket), new).await.unwrap();
    (ticket, complete_action(&scene.admin(), whatever(&action), done("List removed.")).await.unwrap())
}

/// The action after an audit that says `state` of the finding's rule, and finds it again or not.
async fn judged(scene: &Scene, action: &CorrectiveAction, state: RuleState, again: bool) -> CorrectiveAction {
    let checking = check_action(&scene.agent(), whatever(action), None).await.unwrap();
    assert_eq!(checking.state, ActionState::Checking);
    let system = scene.app.system();
    let tx = scene.app.store().write(&Visibility::System).await.unwrap();
    let audit = store::audits::by_id(&tx, checking.audit.unwrap()).await.unwrap().unwrap();
    assert_eq!(audit.parameters.from, action.done_at, "what was sent since it was done");
    let finding = store::findings::by_ids(&tx, &action.findings).await.unwrap().pop().unwrap();
    let report = Report {
        rules: vec![RuleResult { rule: finding.found.rule, state, provisional: false }],
        findings: again.then_some(finding.found).into_iter().collect(),
        ..Report::default()
    };
    judge(&system, &tx, &audit, &report).await.unwrap();
    // Twice says the same.
    judge(&system, &tx, &audit, &report).await.unwrap();
    tx.commit().await.unwrap();
    actions_of(&scene.agent(), &[action.ticket]).await.unwrap().remove(&action.ticket).unwrap().pop().unwrap()
}

both_stores! {
    async fn a_client_does_its_actions_with_proof_and_staff_the_others(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let theirs = add_action(&scene.agent(), any(&ticket), new(" Remove the list ")).await.unwrap();
        assert_eq!((theirs.title.as_str(), theirs.state), ("Remove the list", ActionState::Open));
        let ours = NewAction { owner: ActionOwner::Us, ..new("Pause the campaign") };
        let ours = add_action(&scene.agent(), any(&ticket), ours).await.unwrap();
        let unproved = complete_action(&scene.admin(), whatever(&theirs), done(" ")).await;
        assert_eq!(refused_with(unproved), TicketCode::TextInvalid);
        let foreign = complete_action(&scene.admin(), whatever(&ours), done("x")).await;
        assert_eq!(refused_with(foreign), TicketCode::ActionOfStaff);
        let complete = complete_action(&scene.admin(), whatever(&theirs), done("Screenshot.")).await.unwrap();
        assert_eq!((complete.state, complete.proof.as_deref()), (ActionState::Done, Some("Screenshot.")));
        assert_eq!(complete.done_by, scene.admin.actor().user());
        let again = complete_action(&scene.admin(), whatever(&theirs), done("x")).await;
        assert_eq!(refused_with(again), TicketCode::ActionMoveRefused);
        let reopened = reopen_action(&scene.agent(), whatever(&theirs)).await.unwrap();
        assert_eq!((reopened.state, reopened.proof), (ActionState::Open, None));
        cancel_action(&scene.agent(), whatever(&ours)).await.unwrap();
        let events = timeline(&scene.admin(), &ticket).await;
        let steps: Vec<_> = events
            .iter()
            .filter_map(|event| match event.kind {
                TicketEventKind::ActionChanged { from, to, .. } => Some((from, to)),
                _ => None,
            })
            .collect();
        let (open, done, cancelled) = (ActionState::Open, ActionState::Done, ActionState::Cancelled);
        assert_eq!(steps, [(open, done), (done, open), (open, cancelled)]);
        let filter = ActionFilter { client: Some(scene.client), states: Some(vec![open]) };
        let listed = actions_page(&scene.admin(), &filter, &Keyset::first(10)).await.unwrap();
        assert_eq!(listed.items.iter().map(|action| action.id).collect::<Vec<_>>(), [theirs.id]);
    }

    async fn a_new_audit_says_whether_an_action_helped(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (ticket, action) = done_about_a_finding(&scene).await;
        assert!(!action.title.is_empty(), "the remedy of the finding's rule");
        let action = judged(&scene, &action, RuleState::InsufficientData, false).await;
        assert_eq!(action.state, ActionState::Inconclusive, "too little data is no pass");
        scene.app.clock().advance(1);
        let action = judged(&scene, &action, RuleState::Finding, true).await;
        assert_eq!(action.state, ActionState::Continuing);
        let action = complete_action(&scene.admin(), whatever(&action), done("Now really.")).await.unwrap();
        let action = judged(&scene, &action, RuleState::Clear, false).await;
        assert_eq!(action.state, ActionState::Resolved);
        assert!(action.checked_at.is_some());
        let refused = check_action(&scene.agent(), whatever(&action), None).await;
        assert_eq!(refused_with(refused), TicketCode::ActionMoveRefused);
        let last = timeline(&scene.admin(), &ticket).await.pop().unwrap().kind;
        assert!(matches!(last, TicketEventKind::ActionChanged { to: ActionState::Resolved, .. }), "{last:?}");
    }

    async fn the_job_of_the_audit_judges_the_action(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let (_, action) = done_about_a_finding(&scene).await;
        let checking = check_action(&scene.agent(), whatever(&action), None).await.unwrap();
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let audit = store::audits::by_id(&tx, checking.audit.unwrap()).await.unwrap().unwrap();
        drop(tx);
        scene.app.work(audit.job).await;
        let all = actions_of(&scene.agent(), &[action.ticket]).await.unwrap();
        assert_eq!(all[&action.ticket][0].state, ActionState::Inconclusive, "the lake of this test is empty");
    }

    async fn what_an_action_needs_is_asked_for(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let untitled = NewAction { title: None, ..new("") };
        assert_eq!(refused_with(add_action(&scene.agent(), any(&ticket), untitled).await), TicketCode::TitleInvalid);
        let late = NewAction { due_at: Some(scene.agent().now() - TimeDelta::seconds(1)), ..new("x") };
        assert_eq!(refused_with(add_action(&scene.agent(), any(&ticket), late).await), TicketCode::InstantOutOfOrder);
        let other = scene.app.client("libreria-fenice").await;
        let foreign = NewAction { findings: vec![scene.app.finding(other, 3).await.id], ..new("x") };
        assert_eq!(refused_with(add_action(&scene.agent(), any(&ticket), foreign).await), TicketCode::FindingNotFound);
        let action = add_action(&scene.agent(), any(&ticket), new("x")).await.unwrap();
        let early = check_action(&scene.agent(), whatever(&action), None).await;
        assert_eq!(refused_with(early), TicketCode::ActionWithoutFinding);
        let future = ActionDone { done_at: Some(scene.agent().now() + TimeDelta::seconds(1)), ..done("x") };
        let future = complete_action(&scene.admin(), whatever(&action), future).await;
        assert_eq!(refused_with(future), TicketCode::InstantInFuture);
        let terms = ActionTerms { owner: Some(ActionOwner::Us), ..ActionTerms::default() };
        let changed = change_action(&scene.agent(), whatever(&action), terms).await.unwrap();
        assert_eq!((changed.owner, changed.version), (ActionOwner::Us, 2));
        let seen = ActionTarget { action: action.id, expected_version: Some(1) };
        let late = cancel_action(&scene.agent(), seen).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 2 })), "{late:?}");
        let stranger = scene.app.client_user(Role::ClientAdmin, other).await;
        let foreign = complete_action(&stranger, whatever(&action), done("x")).await;
        assert!(matches!(foreign, Err(OpError::NotFound)), "{foreign:?}");
    }
}
