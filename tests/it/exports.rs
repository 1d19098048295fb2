//! Evidence from traffic to file: audited, exported, downloaded, on both databases, with the real lake.

use app::{
    OpCtx, OpError,
    audits::{RequestAudit, RequestPreview, preview_difference, previews_by_ids, request_preview},
    exports::{RequestExport, download, request, unmaskings},
};
use domain::{
    access::{Permission, Role},
    audits::{AuditState, Finding},
    evidence::{EvidenceExport, EvidenceFormat},
    imports::ImportKind,
    traffic::{Profile, RuleId},
};
use serde_json::json;
use store::{both_stores, findings::FindingFilter, page::Keyset, testing::TestStore};

use crate::imports::world::{CONSENTS, MESSAGES, World, messages, opt_ins, person};

/// Forty messages, the last thirty to people without consent; audited.
async fn audited(world: &World) -> (domain::audits::Audit, Finding) {
    let sent = world.file("messages.csv", &format!("{MESSAGES}{}", messages(1, 40)));
    world.import(ImportKind::Messages, &sent).await.unwrap();
    let inbound = world.file("inbound.csv", "message_id,phone_number_id,sender,received_at\n");
    world.import(ImportKind::Inbound, &inbound).await.unwrap();
    let consents = world.file("consents.csv", &format!("{CONSENTS}{}", opt_ins(1, 10)));
    let import = app::imports::NewImport { history: true, ..world.input(ImportKind::Consents, &consents) };
    crate::imports::world::run(&world.importer(), import).await.unwrap();
    let op = world.app.system();
    let input = RequestAudit { client: world.client, from: None, to: None, profile: Profile::Full };
    let audit = app::audits::request(&op, input).await.unwrap();
    world.app.work(audit.job).await;
    let op = world.app.system();
    let audit = app::audits::by_ids(&op, &[audit.id]).await.unwrap().pop().unwrap();
    assert_eq!(audit.state, AuditState::Completed, "{:?}", audit.failure);
    let filter = FindingFilter { rules: vec![RuleId::Con01], ..FindingFilter::default() };
    let found = app::audits::findings(&op, audit.id, &filter, &Keyset::first(9)).await.unwrap().items;
    (audit, found.into_iter().next().unwrap())
}

async fn written(world: &World, op: &OpCtx, export: &EvidenceExport) -> (EvidenceExport, String) {
    world.app.work(export.job).await;
    let mut download = download(op, export.id).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = download.reader.next().await.unwrap() {
        bytes.extend(piece);
    }
    let file = &download.file;
    assert_eq!((file.bytes, &file.sha256), (bytes.len() as u64, &sha256(&bytes)));
    (download.export, String::from_utf8(bytes).unwrap())
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

both_stores! {
    async fn a_finding_is_handed_over_with_all_its_messages(store: TestStore) {
        let world = World::new(store).await;
        let (_, finding) = audited(&world).await;
        assert_eq!(finding.found.messages, 30);
        let admin = world.app.user(Role::ClientAdmin, Some(world.client)).await.actor();
        let op = || world.app.op(admin.clone());
        let input = |format, unmask: Option<&str>| RequestExport { finding: finding.id, format, unmask: unmask.map(str::to_owned) };
        let export = request(&op(), input(EvidenceFormat::Csv, None)).await.unwrap();
        let (export, text) = written(&world, &op(), &export).await;
        assert_eq!((export.file.unwrap().rows, text.lines().count()), (30, 31));
        for number in 1..=40 {
            assert!(!text.contains(&person(number)), "{text}");
            assert_eq!(text.contains(&format!("wamid.{number},")), number > 10, "{number}");
        }
        assert!(text.contains("39333…11"), "{text}");
        let export = request(&op(), input(EvidenceFormat::Ndjson, Some("Meta asks for them."))).await.unwrap();
        let (_, text) = written(&world, &op(), &export).await;
        assert!((11..=40).all(|number| text.contains(&person(number))), "{text}");
        let records = unmaskings(&op(), None, &Keyset::first(9)).await.unwrap().items;
        assert_eq!(records.iter().map(|record| record.rows).collect::<Vec<_>>(), [30, 30]);
        let stranger = world.app.client_user(Role::ClientAdmin, world.other).await;
        assert!(matches!(download(&stranger, export.id).await, Err(OpError::NotFound)));
        let program = world.app.program(Some(world.client), &[Permission::AuditsRead]);
        assert!(matches!(download(&program, export.id).await, Err(OpError::Forbidden(Permission::EvidenceUnmask))));
    }

    async fn evidence_is_that_of_its_audit_whatever_came_since(store: TestStore) {
        let world = World::new(store).await;
        let (_, finding) = audited(&world).await;
        let more = world.file("more.csv", &format!("{MESSAGES}{}", messages(41, 59)));
        world.import(ImportKind::Messages, &more).await.unwrap();
        let op = world.app.system();
        let input = RequestExport { finding: finding.id, format: EvidenceFormat::Ndjson, unmask: None };
        let export = request(&op, input).await.unwrap();
        let (export, text) = written(&world, &world.app.system(), &export).await;
        assert_eq!((export.file.unwrap().rows, text.lines().count()), (30, 30));
    }

    async fn a_preview_says_what_other_thresholds_would_find_on_the_same_traffic(store: TestStore) {
        let world = World::new(store).await;
        let (audit, finding) = audited(&world).await;
        // From so large a share on it is CRITICAL: three in four is no longer.
        let values = json!({ "consent": { "noneCriticalShare": 0.9 } });
        let preview = request_preview(&world.app.system(), RequestPreview { audit: audit.id, values, without: Vec::new(), remedies: false }).await.unwrap();
        world.app.work(preview.job).await;
        let op = world.app.system();
        let preview = previews_by_ids(&op, &[preview.id]).await.unwrap().pop().unwrap();
        assert_eq!(preview.state, AuditState::Completed, "{:?}", preview.failure);
        let difference = preview_difference(&op, &preview).await.unwrap().unwrap();
        // The composite score falls below its band with the severity of CON-01, and nothing else is gone.
        let gone: Vec<RuleId> = difference.disappeared.iter().map(|finding| finding.found.rule).collect();
        assert_eq!((difference.appeared.len(), gone), (0, vec![RuleId::Qlt02]));
        let (before, after) = &difference.severity_changed[0];
        assert_eq!((difference.severity_changed.len(), before.id), (1, finding.id));
        assert!(after.severity < before.found.severity, "{after:?}");
        assert_eq!(after.messages, before.found.messages);
    }
}
