//! Who has evidence written and handed out, and what is recorded of it.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    ClientId, EvidenceExportId, FindingId,
    access::{Permission, Role, Visibility},
    audits::{AuditFailure, AuditState},
    evidence::{EvidenceExport, EvidenceFormat, UnmaskingKind},
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{ExportCode, RequestExport, by_ids, download, page, request, unmaskings};
use crate::{OpCtx, OpError, testing::TestApp};

async fn finding(app: &TestApp, client: ClientId, messages: u64) -> FindingId {
    app.finding(client, messages).await.id
}

fn masked(finding: FindingId) -> RequestExport {
    RequestExport { finding, format: EvidenceFormat::Csv, unmask: None }
}

fn clear(finding: FindingId) -> RequestExport {
    RequestExport { unmask: Some(" Meta asks for the numbers. ".to_owned()), ..masked(finding) }
}

/// Writes the file, as a worker would.
async fn written(app: &TestApp, export: &EvidenceExport) -> EvidenceExport {
    app.work(export.job).await;
    let op = OpCtx::system(Arc::clone(app.services()));
    by_ids(&op, &[export.id]).await.unwrap().pop().unwrap()
}

both_stores! {
    async fn a_file_is_written_once_and_handed_out_until_it_ends(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let finding = finding(&app, alfa, 0).await;
        let admin = app.user(Role::ClientAdmin, Some(alfa)).await.actor();
        let op = || app.op(admin.clone());
        let export = request(&op(), masked(finding)).await.unwrap();
        assert_eq!(request(&op(), masked(finding)).await.unwrap().id, export.id);
        let early = download(&op(), export.id).await;
        assert!(matches!(&early, Err(OpError::Refused(refusals)) if refusals[0].code == ExportCode::NotReady), "{early:?}");
        let done = written(&app, &export).await;
        assert_eq!(done.state, AuditState::Completed);
        let file = done.file.unwrap();
        assert_eq!((file.rows, file.expires_at), (0, export.requested_at + TimeDelta::days(7)));
        let viewer = app.client_user(Role::ClientViewer, alfa).await;
        assert_eq!(download(&viewer, export.id).await.unwrap().file, file);
        assert_eq!(page(&op(), finding, &Keyset::first(9)).await.unwrap().items.len(), 1);
        let tx = app.read(&Visibility::System).await.unwrap();
        assert_eq!(store::exports::paths(&tx, export.requested_at).await.unwrap(), std::slice::from_ref(&file.path));
        assert!(store::exports::paths(&tx, file.expires_at).await.unwrap().is_empty(), "the sweep may take it");
        tx.rollback().await.unwrap();
        app.clock().advance(7 * 86_400);
        let late = download(&op(), export.id).await;
        assert!(matches!(&late, Err(OpError::Refused(refusals)) if refusals[0].code == ExportCode::Expired), "{late:?}");
        assert!(unmaskings(&op(), None, &Keyset::first(9)).await.unwrap().items.is_empty(), "nobody was shown anything");
    }

    async fn a_file_that_is_not_exact_is_not_handed_out(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let finding = finding(&app, alfa, 7).await;
        let op = app.client_user(Role::ClientAdmin, alfa).await;
        let export = request(&op, masked(finding)).await.unwrap();
        let failed = written(&app, &export).await;
        assert_eq!((failed.state, failed.failure, failed.file), (AuditState::Failed, Some(AuditFailure::EvidenceDiffers), None));
    }

    async fn each_showing_in_clear_is_recorded_with_its_reason(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let finding = finding(&app, alfa, 0).await;
        let agent = app.user(Role::SupportAgent, None).await.actor();
        let op = || app.op(agent.clone());
        for bad in ["", "  ", &"x".repeat(501)] {
            let refused = request(&op(), RequestExport { unmask: Some(bad.to_owned()), ..masked(finding) }).await;
            let Err(OpError::Refused(refusals)) = refused else { panic!("{refused:?}") };
            assert_eq!((refusals[0].code, refusals[0].field.as_slice()), (ExportCode::ReasonRequired, &["unmaskReason".to_owned()][..]));
        }
        let export = request(&op(), clear(finding)).await.unwrap();
        assert_ne!(request(&op(), clear(finding)).await.unwrap().id, export.id, "each asks for itself");
        written(&app, &export).await;
        app.clock().advance(60);
        download(&op(), export.id).await.unwrap();
        let auditor = app.staff(Role::Auditor).await;
        let records = unmaskings(&auditor, Some(alfa), &Keyset::first(9)).await.unwrap().items;
        let kinds: Vec<_> = records.iter().filter(|record| record.export == export.id).map(|record| record.kind).collect();
        assert_eq!(kinds, [UnmaskingKind::Requested, UnmaskingKind::Downloaded]);
        assert!(records.iter().all(|record| record.user == agent.user() && record.reason == "Meta asks for the numbers."));
        assert_eq!(records.last().unwrap().at, export.requested_at + TimeDelta::seconds(60));
    }

    async fn who_may_not_is_refused_and_who_may_not_know_finds_nothing(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let finding = finding(&app, alfa, 0).await;
        let viewer = app.client_user(Role::ClientViewer, alfa).await;
        let analyst = app.staff(Role::Analyst).await;
        assert!(matches!(request(&viewer, masked(finding)).await, Err(OpError::Forbidden(Permission::EvidenceExport))));
        assert!(matches!(request(&analyst, clear(finding)).await, Err(OpError::Forbidden(Permission::EvidenceUnmask))));
        assert!(matches!(unmaskings(&viewer, None, &Keyset::first(1)).await, Err(OpError::Forbidden(_))));
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let export = request(&admin, clear(finding)).await.unwrap();
        written(&app, &export).await;
        for op in [&viewer, &analyst] {
            assert!(matches!(download(op, export.id).await, Err(OpError::Forbidden(Permission::EvidenceUnmask))));
        }
        let stranger = app.client_user(Role::ClientAdmin, beta).await;
        assert!(matches!(request(&stranger, masked(finding)).await, Err(OpError::NotFound)));
        assert!(matches!(download(&stranger, export.id).await, Err(OpError::NotFound)));
        assert!(by_ids(&stranger, &[export.id]).await.unwrap().is_empty());
        assert!(unmaskings(&stranger, None, &Keyset::first(9)).await.unwrap().items.is_empty());
        let ghost = EvidenceExportId::from_uuid(uuid::Uuid::nil());
        assert!(matches!(download(&admin, ghost).await, Err(OpError::NotFound)));
        // Only what was asked for is on record: nobody else got so far.
        let records = unmaskings(&app.staff(Role::BspAdmin).await, None, &Keyset::first(9)).await.unwrap().items;
        assert_eq!(records.len(), 1);
    }
}
