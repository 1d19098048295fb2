//! One thing of each type that has an id, all of Alfa.

use std::collections::HashMap;

use app::{OpCtx, assets, audits, exports, sla, thresholds, tickets, webhooks};
use domain::{
    AttachmentId, AuditId, AuditPreviewId, CorrectiveActionId, DeclaredAssetId, EnforcementNoticeId, ImportId,
    PhoneNumberId, TemplateId, TicketId, WabaId, WebhookEndpointId,
    access::Visibility,
    assets::{DeclaredAsset, Template},
    enforcement::NoticeSource,
    evidence::EvidenceFormat,
    imports::{Import, ImportKind, ImportState},
    tickets::{ActionOwner, Attachment, TicketEventVisibility, TicketKind},
    webhooks::WebhookEventType,
};
use serde_json::json;

use crate::world::{Who, World};

/// The id of Alfa's thing, by the prefix of its type.
pub(super) async fn all(world: &World) -> HashMap<&'static str, String> {
    let op = world.app.op(world.actor(Who::BspAdmin));
    let finding = world.app.finding(world.alfa, 5).await;
    let (waba, number) = account(world, &op).await;
    let preview = preview(&op, finding.audit).await;
    let export = exports::RequestExport { finding: finding.id, format: EvidenceFormat::Csv, unmask: None };
    let export = exports::request(&op, export).await.unwrap();
    let version = thresholds::SetThresholds {
        client: Some(world.alfa),
        values: json!({ "consent": { "incompleteShare": 0.2 } }),
        reason: "a test".to_owned(),
        effective_at: None,
        expected_version: None,
    };
    let version = thresholds::set(&op, version).await.unwrap();
    let (notice, ticket) = case(world, &op, waba).await;
    let (action, file) = on_ticket(world, &op, ticket).await;
    let (template, import, declared) = stored(world).await;
    let (policy, calendar, holidays) = sla_terms(world, &op).await;
    let endpoint = endpoint(world, &op).await;
    let entry =
        app::activity::page(&op, &app::activity::Filter::default(), &app::page::Keyset::first(1)).await.unwrap();
    HashMap::from([
        ("act", entry.items[0].id.to_string()),
        ("aud", finding.audit.to_string()),
        ("att", file.to_string()),
        ("cal", calendar),
        ("cli", world.alfa.to_string()),
        ("cor", action.to_string()),
        ("dcl", declared.to_string()),
        ("enf", notice.to_string()),
        ("exp", export.id.to_string()),
        ("fnd", finding.id.to_string()),
        ("hol", holidays),
        ("imp", import.to_string()),
        ("num", number.to_string()),
        ("pol", policy),
        ("prv", preview.to_string()),
        ("thv", version.id.to_string()),
        ("tkt", ticket.to_string()),
        ("tok", world.program.id.to_string()),
        ("tpl", template.to_string()),
        ("usr", world.client_admin.id.to_string()),
        ("wba", waba.to_string()),
        ("whk", endpoint.to_string()),
    ])
}

/// An account of Alfa's, and its number.
async fn account(world: &World, op: &OpCtx) -> (WabaId, PhoneNumberId) {
    let waba = assets::NewWaba {
        client: world.alfa,
        meta_id: "100".to_owned(),
        name: "Alfa".to_owned(),
        portfolio_meta_id: None,
        messaging_limit: None,
    };
    let waba = assets::create_waba(op, waba).await.unwrap().id;
    let number = assets::NewPhoneNumber {
        waba,
        meta_id: "200".to_owned(),
        display_number: "+39 02 1234567".to_owned(),
        verified_name: None,
    };
    (waba, assets::create_phone_number(op, number).await.unwrap().id)
}

async fn preview(op: &OpCtx, audit: AuditId) -> AuditPreviewId {
    let preview = audits::RequestPreview {
        audit,
        values: json!({ "consent": { "incompleteShare": 0.1 } }),
        without: Vec::new(),
        remedies: false,
    };
    audits::request_preview(op, preview).await.unwrap().id
}

/// An endpoint of another version than the one that everybody pretends to have seen: it is not deleted.
async fn endpoint(world: &World, op: &OpCtx) -> WebhookEndpointId {
    let endpoint = webhooks::NewEndpoint {
        client: world.alfa,
        url: "https://hooks.alfa.example/".to_owned(),
        description: String::new(),
        events: vec![WebhookEventType::TicketOpened],
    };
    let (endpoint, _) = webhooks::create(op, endpoint).await.unwrap();
    webhooks::update(op, endpoint.id, webhooks::EndpointChange::default()).await.unwrap().id
}

/// Terms of Alfa's own.
async fn sla_terms(world: &World, op: &OpCtx) -> (String, String, String) {
    let release = sla::Release {
        client: Some(world.alfa),
        scope: sla::Scope::NewTickets,
        effective_from: None,
        reason: "a test".to_owned(),
        expected_version: None,
    };
    let policy = sla::set_policy(op, release.clone(), json!({ "metrics": [] })).await.unwrap();
    let day = json!([{ "from": "09:00", "to": "18:00" }]);
    let definition = json!({ "zone": "Europe/Rome", "weekly": { "monday": day } });
    let draft = sla::CalendarDraft { key: "mondays".to_owned(), definition, holidays: None };
    let calendar = sla::set_calendar(op, release.clone(), draft).await.unwrap();
    let holidays = Some(json!({ "2026-12-25": "Natale" }));
    let draft = sla::HolidayListDraft { key: "it".to_owned(), holidays, icalendar: None };
    let (holidays, _) = sla::set_holiday_list(op, release, draft).await.unwrap();
    (policy.id.to_string(), calendar.id.to_string(), holidays.id.to_string())
}

/// A notice of enforcement, and a ticket.
async fn case(world: &World, op: &OpCtx, waba: WabaId) -> (EnforcementNoticeId, TicketId) {
    let notice = tickets::NewEnforcementNotice {
        client: world.alfa,
        waba: Some(waba),
        phone_number: None,
        violation_type: None,
        source: NoticeSource::ALL[0],
        noticed_at: op.now(),
        restrictions: Vec::new(),
        note: None,
        opens_ticket: false,
    };
    let notice = tickets::record_notice(op, notice).await.unwrap();
    let ticket = tickets::NewTicket {
        client: world.alfa,
        kind: TicketKind::ALL[0],
        priority: None,
        title: None,
        text: None,
        waba: None,
        phone_number: None,
        template: None,
        findings: Vec::new(),
        notice: None,
    };
    let ticket = tickets::open(op, ticket).await.unwrap();
    (notice.id, ticket.id)
}

/// A corrective action of a ticket, and a file.
async fn on_ticket(world: &World, op: &OpCtx, ticket: TicketId) -> (CorrectiveActionId, AttachmentId) {
    let action = tickets::NewAction {
        title: Some("Remove the list".to_owned()),
        description: None,
        owner: ActionOwner::Client,
        due_at: None,
        findings: Vec::new(),
        preview: None,
        rule: None,
    };
    let target = tickets::Target { ticket, expected_version: None };
    let action = tickets::add_action(op, target, action).await.unwrap();
    let file = Attachment {
        id: AttachmentId::new(op.now(), op.random()),
        client: world.alfa,
        ticket,
        visibility: TicketEventVisibility::Public,
        file_name: "proof.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: 1,
        sha256: "0".repeat(64),
        path: "alfa/attachments/proof".to_owned(),
        action: None,
        submission: None,
        added_by: None,
        added_at: op.now(),
    };
    let tx = world.app.write(&Visibility::System).await.unwrap();
    store::attachments::insert(&tx, &file).await.unwrap();
    tx.commit().await.unwrap();
    (action.id, file.id)
}

/// What only files and Meta make.
async fn stored(world: &World) -> (TemplateId, ImportId, DeclaredAssetId) {
    let (now, random) = (world.app.services().clock.now(), &*world.app.services().random);
    let template = Template {
        id: TemplateId::new(now, random),
        client: world.alfa,
        waba: None,
        meta_id: "300".to_owned(),
        name: "welcome".to_owned(),
        language: "it".to_owned(),
        category: "MARKETING".to_owned(),
        status: "APPROVED".to_owned(),
        quality: None,
        components: json!([]),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let import = Import {
        id: ImportId::new(now, random),
        client: world.alfa,
        kind: ImportKind::Messages,
        state: ImportState::Running,
        file_name: "m.csv".to_owned(),
        content_sha256: "0".repeat(64),
        accepted: 0,
        rejected: 0,
        unknown_columns: Vec::new(),
        failure: None,
        created_by: None,
        created_at: now,
        finished_at: None,
    };
    let declared = DeclaredAsset {
        id: DeclaredAssetId::new(now, random),
        client: world.alfa,
        kind: "wording".to_owned(),
        name: "v1".to_owned(),
        body: json!({ "kind": "wording", "version": "v1", "text": "Accetto" }),
        import: import.id,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let tx = world.app.write(&Visibility::System).await.unwrap();
    store::templates::insert(&tx, &template).await.unwrap();
    store::imports::insert(&tx, &import).await.unwrap();
    store::declared_assets::insert(&tx, &declared).await.unwrap();
    tx.commit().await.unwrap();
    (template.id, import.id, declared.id)
}
