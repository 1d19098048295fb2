//! Writing the file of a job: the audit is repeated on what it read, with what it was judged by, and the finding's messages are
//! written down. A file that does not hold exactly the messages that the finding counts is never handed out.

use chrono::TimeDelta;
use domain::{
    EvidenceExportId,
    access::Visibility,
    audits::{AuditFailure, Finding},
    evidence::{EvidenceExport, EvidenceFile},
    ports::EvidenceRequest,
};

use crate::{
    OpCtx,
    audits::repeat,
    jobs::{JobError, Run},
};

/// How long a file lies in the lake.
const KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// Runs the export of a job.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: EvidenceExportId) -> Result<(), JobError> {
    let services = op.services();
    let tx = services.store.read(&Visibility::System).await?;
    let export = store::exports::by_ids(&tx, &[id]).await?.pop().filter(|export| !export.state.is_final());
    let work = match &export {
        Some(export) => prepare(op, &tx, export).await?,
        None => None,
    };
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let (Some(export), Some((finding, request))) = (export, work) else {
        let tx = services.store.write(&Visibility::System).await?;
        return run.finish(op, tx).await;
    };
    let path = request.path.clone();
    let written = services.lake.evidence(request, run.progress(), run.cancel.clone()).await?;
    if written.rows != finding.found.messages {
        let detail = format!("{} rows, and the finding has {} messages", written.rows, finding.found.messages);
        return Err(JobError::Fail { failure: AuditFailure::EvidenceDiffers, detail });
    }
    let now = services.clock.now();
    let file = EvidenceFile {
        path,
        rows: written.rows,
        bytes: written.bytes,
        sha256: written.sha256,
        expires_at: now + KEPT_FOR,
    };
    let tx = services.store.write(&Visibility::System).await?;
    store::exports::complete(&tx, export.id, &file, now).await?;
    run.finish(op, tx).await
}

async fn prepare(
    op: &OpCtx,
    tx: &store::Tx,
    export: &EvidenceExport,
) -> Result<Option<(Finding, EvidenceRequest)>, JobError> {
    let Some(finding) = store::findings::by_ids(tx, &[export.finding]).await?.pop() else { return Ok(None) };
    let Some(audit) = repeat(tx, export.audit, None).await? else { return Ok(None) };
    // A run that was given up may have left its object behind: names are never used twice.
    let path =
        format!("{}/evidence/{}-{:016x}.{}", export.client, export.id, op.random().number() >> 64, export.format);
    let request = EvidenceRequest {
        audit,
        finding: finding.found.clone(),
        format: export.format,
        masked: export.is_masked,
        path,
    };
    Ok(Some((finding, request)))
}
