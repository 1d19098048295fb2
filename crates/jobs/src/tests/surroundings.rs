//! What an audit by job knows of what its client declares, and that a preview knows the same later.

use std::sync::Arc;

use app::{
    audits::{RequestPreview, request_preview},
    imports::{NewImport, run},
};
use domain::{
    audits::AuditState,
    imports::{FileFormat, ImportKind},
    ports::CancelFlag,
    traffic::Surroundings,
};
use serde_json::json;
use store::{both_stores, testing::TestStore};

use super::harness::Harness;

pub(super) async fn declare(harness: &Harness, name: &str, lines: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, lines).unwrap();
    let input = NewImport {
        client: harness.client,
        kind: ImportKind::Assets,
        format: FileFormat::of(&path).unwrap(),
        path,
        file_name: name.to_owned(),
        strict: true,
        history: false,
    };
    run(&harness.op(), input, Arc::new(|_| {}), CancelFlag::default()).await.unwrap();
}

fn last(harness: &Harness) -> Surroundings {
    harness.lake.audits.lock().unwrap().last().unwrap().surroundings.clone()
}

both_stores! {
    async fn an_audit_knows_what_its_client_declares(store: TestStore) {
        let harness = Harness::new(store).await;
        let worker = harness.worker().await;
        let audit = harness.request().await;
        harness.until(audit.id, AuditState::Completed).await;
        let known = last(&harness);
        let untold = (known.campaigns, known.client, known.wordings, known.suppressed, known.numbers);
        assert_eq!(untold, (None, None, None, None, None));

        declare(&harness, "a.ndjson", r#"{"kind": "client", "brand_names": ["Aurora"], "legal_name": "Aurora S.r.l.", "permits": ["alcohol"]}
{"kind": "domain", "domain": "aurora.example", "verified": true}
{"kind": "portfolio", "id": "5", "messaging_limit": "TIER_2K"}
{"kind": "number", "id": "1055", "first_used_at": "2026-01-05T08:00:00Z"}
{"kind": "wording", "version": "v1", "text": "Accetto di ricevere messaggi da Aurora"}
{"kind": "campaign", "id": "autumn", "start": "2026-09-01T08:00:00Z"}
{"kind": "suppression", "recipients": ["393331234567"]}
"#).await;
        harness.clock.advance(60);
        let audit = harness.request().await;
        harness.until(audit.id, AuditState::Completed).await;
        let known = last(&harness);
        let client = known.client.clone().unwrap();
        assert_eq!((client.brand_names, client.verified_domains.unwrap()), (vec!["Aurora".to_owned()], vec!["aurora.example".to_owned()]));
        assert_eq!(client.permits.unwrap()[0].trade, "alcohol");
        assert_eq!(known.messaging_limit, Some(2_000));
        assert_eq!(known.numbers.as_ref().unwrap()[0].first_used_at, Some("2026-01-05T08:00:00Z".parse().unwrap()));
        assert_eq!(known.wordings.as_ref().unwrap()[0].version, "v1");
        assert_eq!(known.campaigns.as_ref().unwrap()[0].id.as_deref(), Some("autumn"));
        assert_eq!(known.suppressed, Some(vec!["393331234567".to_owned()]));

        // The audit keeps which imports told of people, not the people; what is told later does not reach its preview.
        declare(&harness, "b.ndjson", "{\"kind\": \"suppression\", \"recipient\": \"393337654321\"}\n").await;
        let tx = harness.services.store.read(&domain::access::Visibility::System).await.unwrap();
        let kept = store::audits::surroundings(&tx, audit.id).await.unwrap().unwrap();
        tx.rollback().await.unwrap();
        assert_eq!((kept.suppressed, kept.suppressed_by.len()), (None, 1));
        let values = json!({ "list": { "deadShare": 0.5 } });
        let preview = RequestPreview { audit: audit.id, values, without: Vec::new(), remedies: false };
        request_preview(&harness.op(), preview).await.unwrap();
        harness.until_true(async || harness.audited() == 3).await;
        assert_eq!(last(&harness), known);
        worker.stop().await;
    }
}
