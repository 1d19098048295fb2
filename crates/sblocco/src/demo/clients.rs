//! The clients of the demo: recorded, imported, audited.

use std::{path::Path, time::Duration};

use app::{
    OpCtx,
    assets::{NewPhoneNumber, NewWaba, create_phone_number, create_waba},
    audits::{self, FindingFilter, RequestAudit},
    clients::NewClient,
    imports::{self, NewImport},
    page::Keyset,
};
use domain::{
    AuditId, ClientId, WabaId,
    assets::Waba,
    audits::{AuditState, Finding},
    imports::{FileFormat, ImportKind},
    ports::CancelFlag,
    traffic::Profile,
};
use meta::asset::{Asset, MessagingLimit};

use super::{DemoError, during};

/// The folders that the generator writes, the client with the block first and the clean one last.
pub(super) const FOLDERS: [&str; 3] = ["nordic-shoes", "farmacia-aurora", "libreria-fenice"];

/// A client of the demo.
#[derive(Debug)]
pub struct DemoClient {
    /// Id.
    pub id: ClientId,
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Its account.
    pub waba: WabaId,
    /// Its audit.
    pub audit: Option<AuditId>,
    /// What the audit found, worst first.
    pub findings: Vec<Finding>,
    /// Rows that were imported, by kind.
    pub rows: Vec<(ImportKind, u64)>,
}

/// What assets.ndjson tells of a client.
#[derive(Debug, Default)]
struct Assets {
    name: Option<String>,
    portfolio: Option<String>,
    waba: Option<String>,
    limit: Option<i64>,
    numbers: Vec<(String, String)>,
}

fn limit(limit: MessagingLimit) -> i64 {
    limit.recipients().map_or(Waba::UNLIMITED, |recipients| i64::try_from(recipients).unwrap_or(Waba::UNLIMITED))
}

async fn assets(folder: &Path) -> Result<Assets, DemoError> {
    let text = during("reading assets", tokio::fs::read_to_string(folder.join("assets.ndjson")).await)?;
    let mut assets = Assets::default();
    for line in text.lines() {
        match during("reading assets", Asset::from_json(line))? {
            Asset::Client(client) => assets.name = client.name,
            Asset::Portfolio(portfolio) => {
                assets.limit = portfolio.messaging_limit.map(limit);
                assets.portfolio = Some(portfolio.id);
            }
            Asset::Number(number) => {
                assets.waba = number.waba_id.or(assets.waba);
                assets.numbers.push((number.id, number.display_phone_number.unwrap_or_default()));
            }
            _ => {}
        }
    }
    Ok(assets)
}

/// Records a client with its account and numbers, and imports its traffic.
pub(super) async fn import(op: &OpCtx, folder: &Path) -> Result<DemoClient, DemoError> {
    let slug = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let assets = assets(folder).await?;
    let new = NewClient {
        name: assets.name.unwrap_or_else(|| slug.clone()),
        slug: slug.clone(),
        time_zone: "Europe/Rome".to_owned(),
        language: "it".to_owned(),
    };
    let client = during("creating a client", app::clients::create(op, new).await)?;
    let waba = NewWaba {
        client: client.id,
        // The generator's numbers may name no account: the portfolio's id serves as well for a demo.
        meta_id: assets.waba.or_else(|| assets.portfolio.clone()).unwrap_or_else(|| "1".to_owned()),
        name: client.name.clone(),
        portfolio_meta_id: assets.portfolio,
        messaging_limit: assets.limit,
    };
    let waba = during("recording an account", create_waba(op, waba).await)?;
    for (meta_id, display_number) in assets.numbers {
        let number =
            NewPhoneNumber { waba: waba.id, meta_id, display_number, verified_name: Some(client.name.clone()) };
        during("recording a number", create_phone_number(op, number).await)?;
    }
    let mut rows = Vec::new();
    for (kind, file) in [
        (ImportKind::Templates, "templates.ndjson"),
        (ImportKind::Consents, "consents.parquet"),
        (ImportKind::Inbound, "inbound.parquet"),
        (ImportKind::Messages, "messages.parquet"),
    ] {
        rows.push((kind, import_file(op, client.id, kind, &folder.join(file)).await?));
    }
    Ok(DemoClient { id: client.id, slug, name: client.name, waba: waba.id, audit: None, findings: Vec::new(), rows })
}

async fn import_file(op: &OpCtx, client: ClientId, kind: ImportKind, path: &Path) -> Result<u64, DemoError> {
    let new = NewImport {
        client,
        kind,
        path: path.to_owned(),
        format: during("importing", FileFormat::of(path))?,
        file_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        strict: true,
        history: true,
    };
    let import = during("importing", imports::run(op, new, std::sync::Arc::new(|_| ()), CancelFlag::default()).await)?;
    Ok(import.import.accepted)
}

/// Audits a client as the API would: by a job that a worker runs.
pub(super) async fn audit(op: &OpCtx, client: &mut DemoClient, patience: Duration) -> Result<(), DemoError> {
    let request = RequestAudit { client: client.id, from: None, to: None, profile: Profile::Full };
    let audit = during("requesting an audit", audits::request(op, request).await)?.id;
    let finished = tokio::time::timeout(patience, wait(op, audit)).await;
    during("waiting for an audit", finished)??;
    client.audit = Some(audit);
    let op = OpCtx::system(std::sync::Arc::clone(op.services()));
    let found = audits::findings(&op, audit, &FindingFilter::default(), &Keyset::first(100)).await;
    client.findings = during("reading findings", found)?.items;
    Ok(())
}

async fn wait(op: &OpCtx, audit: AuditId) -> Result<(), DemoError> {
    loop {
        // An operation of its own each time: one reads everything at one moment.
        let op = OpCtx::system(std::sync::Arc::clone(op.services()));
        let state = during("reading an audit", audits::by_ids(&op, &[audit]).await)?.pop().map(|audit| audit.state);
        match state {
            Some(AuditState::Completed) => return Ok(()),
            Some(state) if !state.is_final() => tokio::time::sleep(Duration::from_millis(100)).await,
            other => during("running an audit", Err(format!("it ended as {other:?}")))?,
        }
    }
}
