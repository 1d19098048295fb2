//! Corrective actions from what a preview found that should not have been sent.

use domain::{
    AuditPreviewId,
    access::{Role, Visibility},
    audits::{AuditState, Finding},
    previews::{AuditPreview, WhatWouldBe},
    thresholds::Overrides,
    tickets::ActionOwner,
    traffic::{Counterfactual, Remedy, RuleId, Subject, SubjectKind},
};
use store::{both_stores, testing::TestStore};

use super::{Scene, any, road::refused_with};
use crate::{
    testing::TestApp,
    tickets::{NewAction, TicketCode, actions_of_remedies, add_action},
};

/// A preview of the finding's audit that found: without the list `fair` the rule would be clear, and nothing clears CON-02.
async fn preview(scene: &Scene, finding: &Finding) -> AuditPreviewId {
    let (op, fair) = (scene.agent(), Subject::of(SubjectKind::List, Some("fair")));
    let preview = AuditPreview {
        id: AuditPreviewId::new(op.now(), op.random()),
        client: scene.client,
        audit: finding.audit,
        job: None,
        state: AuditState::Queued,
        overrides: Overrides::default(),
        without: Vec::new(),
        searches_remedies: true,
        thresholds: serde_json::json!({}),
        requested_by: None,
        requested_at: op.now(),
        started_at: None,
        finished_at: None,
        failure: None,
    };
    let leaves_out = Counterfactual { without: vec![fair], ..Counterfactual::default() };
    let remedies = vec![
        Remedy { rule: finding.found.rule, is_least: true, counterfactual: Some(leaves_out) },
        Remedy { rule: RuleId::Con02, is_least: false, counterfactual: None },
    ];
    let found = WhatWouldBe { counterfactual: None, remedies };
    let tx = scene.app.store().write(&Visibility::System).await.unwrap();
    store::previews::insert(&tx, &preview).await.unwrap();
    store::previews::complete(&tx, &preview, &[], &[], &found, op.now()).await.unwrap();
    tx.commit().await.unwrap();
    preview.id
}

fn of_rule(preview: Option<AuditPreviewId>, rule: RuleId) -> NewAction {
    NewAction {
        title: None,
        description: None,
        owner: ActionOwner::Client,
        due_at: None,
        findings: Vec::new(),
        preview,
        rule: Some(rule),
    }
}

both_stores! {
    async fn a_remedy_becomes_an_action_about_the_findings_of_its_rule(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let finding = scene.app.finding(scene.client, 7).await;
        let remedy = (finding.audit, finding.found.rule);
        let preview = preview(&scene, &finding).await;
        assert!(actions_of_remedies(&scene.agent(), &[remedy]).await.unwrap().is_empty());

        let action = add_action(&scene.agent(), any(&ticket), of_rule(Some(preview), finding.found.rule)).await.unwrap();
        assert!(action.title.contains("fair"), "{}", action.title);
        assert_eq!(action.findings, [finding.id]);
        let other = (finding.audit, RuleId::Con02);
        let of_remedies = actions_of_remedies(&scene.agent(), &[remedy, other]).await.unwrap();
        assert_eq!(of_remedies.len(), 1);
        assert_eq!(of_remedies[&remedy], [action]);

        let elsewhere = scene.app.client("other").await;
        let stranger = scene.app.client_user(Role::ClientAdmin, elsewhere).await;
        assert!(actions_of_remedies(&stranger, &[remedy]).await.unwrap().is_empty());
    }

    async fn what_has_no_remedy_becomes_no_action(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        let finding = scene.app.finding(scene.client, 7).await;
        let preview = preview(&scene, &finding).await;
        for rule in [RuleId::Con02, RuleId::Con03] {
            let refused = add_action(&scene.agent(), any(&ticket), of_rule(Some(preview), rule)).await;
            assert_eq!(refused_with(refused), TicketCode::RemedyNotFound);
        }
        let without_preview = add_action(&scene.agent(), any(&ticket), of_rule(None, RuleId::Con01)).await;
        assert_eq!(refused_with(without_preview), TicketCode::PreviewNotFound);
    }
}
