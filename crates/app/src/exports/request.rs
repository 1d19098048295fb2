//! Asking for a file with all messages of a finding.

use domain::{
    EvidenceExportId, FindingId,
    access::Permission,
    audits::AuditState,
    evidence::{EvidenceExport, EvidenceFormat, UnmaskingKind},
    jobs::JobPayload,
};
use store::jobs::Enqueued;

use super::{ExportCode, LONGEST_REASON, token_of, unmasking};
use crate::{OpCtx, OpError, Refusal, jobs};

/// A file to be written.
#[derive(Debug, Clone)]
pub struct RequestExport {
    /// The finding.
    pub finding: FindingId,
    /// How it is written.
    pub format: EvidenceFormat,
    /// Why recipients are to be shown in clear; absent, they are masked.
    pub unmask: Option<String>,
}

/// Asks for a file. While one of the same finding and format with masked recipients waits or is written, that one is returned.
///
/// # Errors
/// Refused with an [`ExportCode`]; `NotFound` for an unknown finding; `Forbidden` without `evidence:export`, and without
/// `evidence:unmask` when recipients are to be shown in clear.
pub async fn request(op: &OpCtx, input: RequestExport) -> Result<EvidenceExport, OpError<ExportCode>> {
    op.require(Permission::EvidenceExport)?;
    let reason = match input.unmask.as_deref().map(str::trim) {
        None => None,
        Some(reason) => {
            op.require(Permission::EvidenceUnmask)?;
            if !(1..=LONGEST_REASON).contains(&reason.chars().count()) {
                let refusal = Refusal::of(ExportCode::ReasonRequired, "unmaskReason");
                return Err(OpError::refused(refusal.with("maximum", LONGEST_REASON)));
            }
            Some(reason.to_owned())
        }
    };
    let tx = op.write().await?;
    let finding = store::findings::by_ids(&tx, &[input.finding]).await?.pop().ok_or(OpError::NotFound)?;
    let now = op.services().clock.now();
    let mut export = EvidenceExport {
        id: EvidenceExportId::new(now, op.random()),
        client: finding.client,
        audit: finding.audit,
        finding: finding.id,
        job: None,
        state: AuditState::Queued,
        format: input.format,
        is_masked: reason.is_none(),
        reason,
        requested_by: op.actor().user(),
        requested_by_token: token_of(op),
        requested_at: now,
        started_at: None,
        finished_at: None,
        file: None,
        failure: None,
    };
    let payload = JobPayload::EvidenceExport { export: export.id, client: export.client };
    // Whoever wants recipients in clear has asked for them alone, and is recorded alone.
    let key = match &export.reason {
        None => format!("evidence:{}:{}", export.finding, export.format),
        Some(_) => format!("evidence:{}", export.id),
    };
    let (job, enqueued) = jobs::enqueue(op, &tx, payload, Some(key)).await?;
    if let Enqueued::Already(job) = enqueued {
        return store::exports::by_job(&tx, job).await?.ok_or(OpError::NotFound);
    }
    export.job = Some(job);
    tx.about(export.id);
    store::exports::insert(&tx, &export).await?;
    if !export.is_masked {
        let record = unmasking(op, &export, UnmaskingKind::Requested, finding.found.messages, now);
        store::exports::insert_unmasking(&tx, &record).await?;
    }
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(export)
}
