//! Previews: what other thresholds would find on the traffic that an audit has looked at, or what it would have said without some
//! of its messages. Asked for by people and programs, run as
//! jobs, kept apart from audits and findings.

use domain::{
    AuditId, AuditPreviewId,
    access::{Permission, Visibility},
    audits::AuditState,
    jobs::{JobPayload, JobState},
    ports::{AuditRequest, WhatIf, WhatIfRequest},
    previews::{AuditPreview, Difference, PreviewFinding, WhatWouldBe},
    thresholds::{Change, Overrides, catalogue, json_of},
    traffic::{Report, Subject, SubjectKind},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{
    jobs::Enqueued,
    page::{Keyset, Page},
};

use super::{AuditCode, run::thresholds_of};
use crate::{
    OpCtx, OpError, Refusal,
    jobs::{self, JobError, Run},
    thresholds::refusal,
};

/// Lists, templates and numbers that one preview leaves out, at most.
const MOST_REMOVED: usize = 100;
/// Findings on each side of a difference, at most; what is beyond is counted, not listed.
const LISTED: usize = 1_000;

/// A preview to be run.
#[derive(Debug, Clone)]
pub struct RequestPreview {
    /// The audit whose traffic, period and profile are looked at again.
    pub audit: AuditId,
    /// Partial values over the thresholds of the audit; null takes a value back to its default.
    pub values: Value,
    /// Lists, templates and numbers whose messages are left out.
    pub without: Vec<Subject>,
    /// Whether to search what should not have been sent.
    pub remedies: bool,
}

/// Asks for a preview. While one of the same audit and thresholds waits or runs, that one is returned.
///
/// # Errors
/// Refused with an [`AuditCode`]; `NotFound` for an unknown audit; `Forbidden` without `audits:write`.
pub async fn request_preview(op: &OpCtx, input: RequestPreview) -> Result<AuditPreview, OpError<AuditCode>> {
    op.require(Permission::AuditsWrite)?;
    let refused = |faults: Vec<domain::thresholds::ThresholdFault>| {
        OpError::Refused(faults.iter().map(|fault| refusal(fault, |_| AuditCode::ThresholdInvalid)).collect())
    };
    let change = Change::parse(&input.values).map_err(refused)?;
    let without = removable(input.without)?;
    let tx = op.write().await?;
    let audit = store::audits::by_id(&tx, input.audit).await?.ok_or(OpError::NotFound)?;
    if audit.state != AuditState::Completed {
        return Err(OpError::refused(Refusal::of(AuditCode::NotCompleted, "auditId")));
    }
    let held = Overrides::stored(&audit.thresholds.values);
    let all = held.after(&change);
    all.check_order().map_err(refused)?;
    let thresholds = all.over_defaults().map_err(|fault| OpError::internal("preview", fault))?;
    let thresholds = json_of(&thresholds);
    let now = op.services().clock.now();
    let id = AuditPreviewId::new(now, op.random());
    let payload = JobPayload::AuditPreview { preview: id, client: audit.client };
    // The text of the values is the same for the same values: their keys are sorted.
    let asked = serde_json::json!({ "thresholds": thresholds, "without": without, "remedies": input.remedies });
    let key = format!("preview:{}:{}", audit.id, hex::encode(Sha256::digest(asked.to_string())));
    let (job, enqueued) = jobs::enqueue(op, &tx, payload, Some(key)).await?;
    if let Enqueued::Already(job) = enqueued {
        return store::previews::by_job(&tx, job).await?.ok_or(OpError::NotFound);
    }
    let preview = AuditPreview {
        id,
        client: audit.client,
        audit: audit.id,
        job: Some(job),
        state: AuditState::Queued,
        overrides: changed(&held, &thresholds),
        without,
        searches_remedies: input.remedies,
        thresholds,
        requested_by: op.actor().user(),
        requested_at: now,
        started_at: None,
        finished_at: None,
        failure: None,
    };
    tx.about(preview.id);
    store::previews::insert(&tx, &preview).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(preview)
}

/// What is left out, in one order and once each.
fn removable(mut without: Vec<Subject>) -> Result<Vec<Subject>, OpError<AuditCode>> {
    let is_removable = |subject: &Subject| match subject.kind {
        SubjectKind::List => true,
        SubjectKind::Template | SubjectKind::Number => subject.id.is_some(),
        _ => false,
    };
    if without.len() > MOST_REMOVED || !without.iter().all(is_removable) {
        return Err(OpError::refused(Refusal::of(AuditCode::NotRemovable, "without")));
    }
    without.sort();
    without.dedup();
    Ok(without)
}

/// What `thresholds` set otherwise than `held`.
fn changed(held: &Overrides, thresholds: &Value) -> Overrides {
    let now = Overrides::stored(thresholds);
    let differs = |path: &str, default: &Value| now.get(path) != Some(held.get(path).unwrap_or(default));
    let paths = catalogue().iter().filter(|key| differs(&key.path, &key.default)).map(|key| key.path.as_str());
    now.only(paths)
}

/// Calls a preview off: one that waits at once, one that runs within seconds.
///
/// # Errors
/// Refused with `Ended`; `NotFound`; `Forbidden` without `audits:write`.
pub async fn cancel_preview(op: &OpCtx, id: AuditPreviewId) -> Result<AuditPreview, OpError<AuditCode>> {
    op.require(Permission::AuditsWrite)?;
    let ended = || OpError::refused(Refusal::of(AuditCode::Ended, "previewId"));
    let tx = op.write().await?;
    let preview = store::previews::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    let job = preview.job.filter(|_| !preview.state.is_final()).ok_or_else(ended)?;
    tx.concerns(preview.client);
    let now = op.services().clock.now();
    match store::jobs::request_cancel(&tx, job, now).await? {
        None => return Err(ended()),
        Some(JobState::Cancelled) => store::previews::abandon(&tx, id, None, now).await?,
        Some(_) => {}
    }
    let preview = store::previews::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.commit().await?;
    Ok(preview)
}

/// Those of `ids` that the actor may know of, in any order.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn previews_by_ids(op: &OpCtx, ids: &[AuditPreviewId]) -> Result<Vec<AuditPreview>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::previews::by_ids(&*op.reader().await?, ids).await?)
}

/// A page of the previews of an audit, by the time of asking.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn previews_page(op: &OpCtx, audit: AuditId, keyset: &Keyset) -> Result<Page<AuditPreview>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::previews::page(&*op.reader().await?, audit, keyset).await?)
}

/// How a preview differs from its audit; `None` before it has a result. Counts by rule are whole; of each list the worst 1,000.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn preview_difference(op: &OpCtx, preview: &AuditPreview) -> Result<Option<Difference>, OpError> {
    op.require(Permission::AuditsRead)?;
    let tx = op.reader().await?;
    let Some(rules) = store::previews::rules(&tx, preview.id).await? else { return Ok(None) };
    let after = store::previews::findings(&tx, preview.id).await?;
    let before = store::findings::all(&tx, preview.audit).await?;
    let report = store::audits::reports(&tx, &[preview.audit]).await?.pop();
    let rules_before = report.map(|(_, report)| report.rules).unwrap_or_default();
    let mut difference = Difference::between((before, &rules_before), (after, &rules));
    difference.appeared.truncate(LISTED);
    difference.disappeared.truncate(LISTED);
    difference.severity_changed.truncate(LISTED);
    Ok(Some(difference))
}

/// What would have been without the messages that a preview leaves out, and what should not have been sent; `None` before it has
/// a result.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn what_would_be(op: &OpCtx, preview: AuditPreviewId) -> Result<Option<WhatWouldBe>, OpError> {
    op.require(Permission::AuditsRead)?;
    Ok(store::previews::what_would_be(&*op.reader().await?, preview).await?)
}

/// Runs the preview of a job: the audit's own segments, period, profile and surroundings, with the preview's thresholds.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: AuditPreviewId) -> Result<(), JobError> {
    let services = op.services();
    let tx = services.store.read(&Visibility::System).await?;
    let preview = store::previews::by_ids(&tx, &[id]).await?.pop().filter(|preview| !preview.state.is_final());
    let request = match &preview {
        Some(preview) => repeat(&tx, preview.audit, Some(&preview.thresholds)).await?,
        None => None,
    };
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let (Some(preview), Some(request)) = (preview, request) else {
        let tx = services.store.write(&Visibility::System).await?;
        return run.finish(op, tx).await;
    };
    let (report, what_would_be) = if preview.without.is_empty() && !preview.searches_remedies {
        (services.lake.audit(request, run.progress(), run.cancel.clone()).await?, WhatWouldBe::default())
    } else {
        let request =
            WhatIfRequest { audit: request, without: preview.without.clone(), remedies: preview.searches_remedies };
        let WhatIf { report, counterfactual, remedies } =
            services.lake.what_if(request, run.progress(), run.cancel.clone()).await?;
        (report, WhatWouldBe { counterfactual, remedies })
    };
    let tx = services.store.write(&Visibility::System).await?;
    let now = services.clock.now();
    store::previews::complete(&tx, &preview, &report.rules, &found(&report), &what_would_be, now).await?;
    run.finish(op, tx).await
}

/// What makes the lake do again what an audit did, with these thresholds; without, with its own.
pub(crate) async fn repeat(
    tx: &store::Tx,
    audit: AuditId,
    thresholds: Option<&Value>,
) -> Result<Option<AuditRequest>, JobError> {
    let Some(audit) = store::audits::by_id(tx, audit).await? else { return Ok(None) };
    Ok(Some(AuditRequest {
        client: audit.client,
        snapshot: store::segments::snapshot_of(tx, audit.id).await?,
        thresholds: thresholds_of(thresholds.unwrap_or(&audit.thresholds.values))?,
        surroundings: super::surroundings::kept(tx, &audit).await?,
        parameters: audit.parameters,
    }))
}

fn found(report: &Report) -> Vec<PreviewFinding> {
    let finding = |found: &domain::traffic::Finding| PreviewFinding {
        rule: found.rule,
        fingerprint: found.fingerprint.clone(),
        severity: found.severity,
        subject: found.subject.clone(),
        messages: found.messages,
        recipients: found.recipients,
        figures: found.figures.clone(),
    };
    report.findings.iter().map(finding).collect()
}
