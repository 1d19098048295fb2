//! Running an audit: a snapshot, a replay by the lake, and one transaction that holds its figures, its findings, how they stand to the
//! audit before, and the end of the job.

use std::cmp::Reverse;

use domain::{
    AuditId, FindingId,
    access::Visibility,
    audits::{Audit, AuditFailure, Comparison, Finding, History},
    notifications::{FindingLine, Notification, NotificationKind, Recipient},
    ports::{AuditRequest, Snapshot},
    traffic::{self, Report, Severity, Surroundings, Thresholds},
    webhooks::WebhookEventType,
};
use serde_json::Value;
use store::{Tx, audits::Completion};

use super::{reuse, surroundings};
use crate::{
    OpCtx,
    jobs::{JobError, Run},
    notifications::notify,
    webhooks::publish,
};

/// Audits among which the one to compare with is looked for.
const CANDIDATES: u64 = 50;

/// Runs the audit of a job.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: AuditId) -> Result<(), JobError> {
    let services = op.services();
    let tx = services.store.read(&Visibility::System).await?;
    let audit = store::audits::by_id(&tx, id).await?.filter(|audit| !audit.state.is_final());
    let Some(audit) = audit else {
        tx.rollback().await?;
        let tx = services.store.write(&Visibility::System).await?;
        return run.finish(op, tx).await;
    };
    let request = AuditRequest {
        client: audit.client,
        snapshot: store::segments::snapshot(&tx, audit.client).await?,
        parameters: audit.parameters.clone(),
        thresholds: thresholds_of(&audit.thresholds.values)?,
        surroundings: surroundings::gather(&tx, &audit).await?,
    };
    let read = Read { snapshot: request.snapshot.clone(), surroundings: request.surroundings.clone().without_people() };
    let made_before = reuse::made_before(&tx, &audit, &request, &read.surroundings).await?;
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let report = match made_before {
        Some(report) => report,
        None => services.lake.audit(request, run.progress(), run.cancel.clone()).await?,
    };
    let tx = services.store.write(&Visibility::System).await?;
    keep(op, &tx, &audit, &read, &report).await?;
    run.finish(op, tx).await
}

/// What the lake was given to read.
struct Read {
    snapshot: Snapshot,
    surroundings: Surroundings,
}

/// The thresholds that an audit keeps; one that keeps none ran with the defaults.
pub(super) fn thresholds_of(kept: &Value) -> Result<Thresholds, JobError> {
    domain::thresholds::Overrides::stored(kept)
        .over_defaults()
        .map_err(|fault| JobError::Fail { failure: AuditFailure::Internal, detail: fault.to_string() })
}

async fn keep(op: &OpCtx, tx: &Tx, audit: &Audit, read: &Read, report: &Report) -> Result<(), JobError> {
    let now = op.services().clock.now();
    let previous = previous(tx, audit, report).await?;
    let fingerprints: Vec<&str> = report.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let history = History {
        previous: match previous {
            Some(previous) => store::findings::seen(tx, previous).await?,
            None => std::collections::BTreeMap::new(),
        },
        ever: store::findings::ever_seen(tx, audit.client, &fingerprints).await?,
    };
    let segments: Vec<_> = read.snapshot.segments.iter().map(|segment| segment.id).collect();
    let is_provisional = report.rules.iter().any(|result| result.provisional);
    let completion =
        Completion { report, is_provisional, previous, segments: &segments, surroundings: &read.surroundings };
    store::audits::complete(tx, audit, completion, now).await?;
    let findings = findings(op, audit, report, &history);
    store::findings::insert_all(tx, &findings, now).await?;
    let facts = serde_json::json!({ "auditId": audit.id, "findings": findings.len(), "isProvisional": is_provisional });
    publish(op, tx, audit.client, WebhookEventType::AuditCompleted, facts).await?;
    crate::tickets::judge(op, tx, audit, report).await?;
    tell(op, tx, audit, &findings).await
}

fn findings(op: &OpCtx, audit: &Audit, report: &Report, history: &History) -> Vec<Finding> {
    let now = op.services().clock.now();
    let provisional = |rule| report.rules.iter().any(|result| result.rule == rule && result.provisional);
    let finding = |(ordinal, found): (u32, &domain::traffic::Finding)| {
        let (comparison, first_seen_at) = history.compare(&found.fingerprint, audit.requested_at);
        Finding {
            id: FindingId::new(now, op.random()),
            client: audit.client,
            audit: audit.id,
            ordinal,
            comparison,
            is_provisional: provisional(found.rule),
            first_seen_at,
            found: found.clone(),
        }
    };
    (0..).zip(&report.findings).map(finding).collect()
}

/// The audit to compare with: of the same rules, asked for before, with a period that does not end later; the nearest. An audit
/// that saw no message at all is compared with none: it would call everything resolved.
async fn previous(tx: &Tx, audit: &Audit, report: &Report) -> Result<Option<AuditId>, JobError> {
    let Some(to) = report.period.to else { return Ok(None) };
    let candidates = store::audits::completed_before(tx, audit, to, CANDIDATES).await?;
    let same = |candidate: &&Audit| candidate.parameters.profile == audit.parameters.profile;
    Ok(candidates.iter().find(same).map(|candidate| candidate.id))
}

/// Tells of findings that were not there before: whoever asked for the audit, or, of a scheduled one, the client's people.
async fn tell(op: &OpCtx, tx: &Tx, audit: &Audit, findings: &[Finding]) -> Result<(), JobError> {
    let is_news = |finding: &&Finding| finding.comparison == Comparison::New && finding.found.severity > Severity::Info;
    let mut news: Vec<_> = findings.iter().filter(is_news).map(|finding| &finding.found).collect();
    if news.is_empty() {
        return Ok(());
    }
    // The worst first, and of those the one that counts most.
    news.sort_by_key(|found| Reverse((found.severity, found.messages)));
    let line =
        |found: &traffic::Finding| FindingLine { rule: found.rule, severity: found.severity, messages: found.messages };
    let findings = news.into_iter().map(line).collect();
    let kind = NotificationKind::AuditFindings { audit: audit.id, findings };
    let told = Notification::new(kind, format!("audit_findings:{}", audit.id)).of(audit.client);
    let told = match audit.requested_by {
        Some(user) => told.to_user(user),
        None => told.to(Recipient::ClientUsers),
    };
    notify(op, tx, told).await?;
    Ok(())
}
