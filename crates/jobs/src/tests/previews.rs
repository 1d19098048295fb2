//! Audits run with the thresholds that hold, and previews with others.

use app::{
    OpError,
    audits::{RequestPreview, cancel_preview, preview_difference, previews_by_ids, request_preview},
    thresholds::{SetThresholds, set},
};
use domain::{
    AuditId, AuditPreviewId,
    audits::{AuditFailure, AuditState},
    previews::AuditPreview,
};
use serde_json::json;
use store::{both_stores, testing::TestStore};

use super::harness::{Harness, Next};

async fn preview(harness: &Harness, id: AuditPreviewId) -> AuditPreview {
    previews_by_ids(&harness.op(), &[id]).await.unwrap().pop().unwrap()
}

async fn until(harness: &Harness, id: AuditPreviewId, state: AuditState) -> AuditPreview {
    harness.until_true(async || preview(harness, id).await.state == state).await;
    preview(harness, id).await
}

fn dead_share(audit: AuditId, share: f64) -> RequestPreview {
    RequestPreview { audit, values: json!({ "list": { "deadShare": share } }), without: Vec::new(), remedies: false }
}

both_stores! {
    async fn an_audit_runs_with_the_thresholds_of_its_asking(store: TestStore) {
        let harness = Harness::new(store).await;
        let input = SetThresholds {
            client: Some(harness.client),
            values: json!({ "list": { "deadShare": 0.33 } }),
            reason: "a test".to_owned(),
            effective_at: None,
            expected_version: None,
        };
        let version = set(&harness.op(), input.clone()).await.unwrap();
        let first = harness.request().await;
        assert_eq!(first.thresholds.versions, [version.id]);
        // What is set afterwards does not reach it, and asking again under new thresholds is another audit.
        let later = SetThresholds { values: json!({ "list": { "deadShare": 0.44 } }), ..input };
        set(&harness.op(), later).await.unwrap();
        assert_ne!(harness.request().await.id, first.id);
        let worker = harness.worker().await;
        harness.until(first.id, AuditState::Completed).await;
        harness.until_true(async || harness.audited() == 2).await;
        let mut shares: Vec<f64> =
            harness.lake.audits.lock().unwrap().iter().map(|request| request.thresholds.list.dead_share).collect();
        shares.sort_by(f64::total_cmp);
        assert_eq!(shares, [0.33, 0.44]);
        worker.stop().await;
    }

    async fn a_preview_says_what_would_differ_and_changes_nothing(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.finds(&["fair", "shop"]);
        let worker = harness.worker().await;
        let audit = harness.request().await;
        let early = request_preview(&harness.op(), dead_share(audit.id, 0.9)).await;
        if harness.audit(audit.id).await.state != AuditState::Completed {
            assert!(early.is_err(), "{early:?}");
        }
        harness.until(audit.id, AuditState::Completed).await;
        harness.finds(&["shop", "web"]);
        let asked = request_preview(&harness.op(), dead_share(audit.id, 0.5)).await.unwrap();
        assert_eq!(asked.overrides.to_json(), json!({ "list": { "deadShare": 0.5 } }));
        let done = until(&harness, asked.id, AuditState::Completed).await;
        let difference = preview_difference(&harness.op(), &done).await.unwrap().unwrap();
        let appeared: Vec<_> = difference.appeared.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let gone: Vec<_> = difference.disappeared.iter().map(|finding| finding.found.fingerprint.as_str()).collect();
        assert_eq!((appeared, gone), (vec!["CON-01/list=web"], vec!["CON-01/list=fair"]));
        let rule = difference.rules[0];
        assert_eq!((rule.appeared, rule.disappeared, rule.severity_changed, rule.unchanged), (1, 1, 0, 1));
        let request = harness.lake.audits.lock().unwrap().last().unwrap().clone();
        assert!((request.thresholds.list.dead_share - 0.5).abs() < f64::EPSILON);
        // The next audit is compared with the audit, not with the preview.
        harness.clock.advance(60);
        harness.finds(&["fair", "shop"]);
        let next = harness.request().await;
        let next = harness.until(next.id, AuditState::Completed).await;
        assert_eq!(next.previous, Some(audit.id));
        assert!(app::audits::resolved_findings(&harness.op(), &[next.id]).await.unwrap().is_empty());
        worker.stop().await;
    }

    async fn a_preview_reads_what_its_audit_read_and_not_what_came_since(store: TestStore) {
        let harness = Harness::new(store).await;
        harness.publish(1).await;
        let worker = harness.worker().await;
        let audit = harness.request().await;
        harness.until(audit.id, AuditState::Completed).await;
        harness.publish(2).await;
        let asked = request_preview(&harness.op(), dead_share(audit.id, 0.5)).await.unwrap();
        until(&harness, asked.id, AuditState::Completed).await;
        let paths: Vec<Vec<String>> = harness.lake.audits.lock().unwrap().iter()
            .map(|request| request.snapshot.segments.iter().map(|segment| segment.path.clone()).collect())
            .collect();
        assert_eq!(paths, [["segment-1"], ["segment-1"]]);
        worker.stop().await;
    }

    async fn a_preview_is_asked_for_once_called_off_and_given_up(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let worker = harness.worker().await;
        harness.until(audit.id, AuditState::Completed).await;
        harness.next(Next::Hang);
        let first = request_preview(&harness.op(), dead_share(audit.id, 0.5)).await.unwrap();
        assert_eq!(request_preview(&harness.op(), dead_share(audit.id, 0.5)).await.unwrap().id, first.id);
        until(&harness, first.id, AuditState::Running).await;
        cancel_preview(&harness.op(), first.id).await.unwrap();
        until(&harness, first.id, AuditState::Cancelled).await;
        assert!(matches!(cancel_preview(&harness.op(), first.id).await, Err(OpError::Refused(_))));
        harness.next(Next::Input);
        let second = request_preview(&harness.op(), dead_share(audit.id, 0.6)).await.unwrap();
        let failed = until(&harness, second.id, AuditState::Failed).await;
        assert_eq!(failed.failure, Some(AuditFailure::UnreadableTraffic));
        assert_eq!(harness.audit(audit.id).await.state, AuditState::Completed);
        worker.stop().await;
    }

    async fn a_preview_with_what_no_threshold_takes_is_refused(store: TestStore) {
        let harness = Harness::new(store).await;
        let audit = harness.request().await;
        let bad = request_preview(&harness.op(), dead_share(audit.id, 5.0)).await;
        let Err(OpError::Refused(refusals)) = bad else { panic!("{bad:?}") };
        assert_eq!(refusals[0].field, ["values", "list", "deadShare"]);
        let waiting = request_preview(&harness.op(), dead_share(audit.id, 0.5)).await;
        let Err(OpError::Refused(refusals)) = waiting else { panic!("{waiting:?}") };
        assert_eq!(refusals[0].field, ["auditId"]);
        let nobody = request_preview(&harness.op(), dead_share(AuditId::from_uuid(uuid::Uuid::nil()), 0.5)).await;
        assert!(matches!(nobody, Err(OpError::NotFound)));
    }
}
