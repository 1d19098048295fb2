//! Audits that late webhooks could still change are made again, once nothing can come late any more. The first result stays as it
//! was: what has come of it is told by how the findings of the second compare.

use chrono::TimeDelta;
use domain::{
    AuditId,
    access::Visibility,
    audits::{Audit, AuditState},
    jobs::JobPayload,
    traffic::AuditParameters,
};
use store::{Tx, jobs::Enqueued, page::Span};

use crate::{OpCtx, OpError, jobs};

/// So long after a message Meta may still tell of it.
const LATE: TimeDelta = TimeDelta::days(7);
/// What nobody was there to make again for so long is history.
const HISTORY: TimeDelta = TimeDelta::days(30);
/// Audits of one look; the next look takes more.
const MOST: u64 = 50;

/// Asks again for the audits that were provisional and would not be any more, each once: of the same period, with the same rules and
/// thresholds, for whoever asked for the first. Returns how many were asked for.
///
/// # Errors
/// The database is unavailable.
pub async fn ask_again(op: &OpCtx) -> Result<u32, OpError> {
    let settled = op.now() - LATE;
    let look = op.services().store.read(&Visibility::System).await?;
    let ended = Span { from: settled - HISTORY, to: settled };
    let audits = store::audits::to_be_made_again(&look, ended, MOST).await?;
    look.rollback().await?;
    let mut asked = 0;
    for audit in audits {
        let tx = op.write_as_system().await?;
        asked += u32::from(again(op, &tx, &audit).await?);
        tx.commit().await?;
    }
    if asked > 0 {
        op.services().job_signal.raise();
    }
    Ok(asked)
}

/// Whether this call asked for it; another process may have.
async fn again(op: &OpCtx, tx: &Tx, before: &Audit) -> Result<bool, OpError> {
    let now = op.services().clock.now();
    let id = AuditId::new(now, op.random());
    let payload = JobPayload::AuditRun { audit: id, client: before.client };
    let (job, enqueued) = jobs::enqueue(op, tx, payload, Some(format!("audit-again:{}", before.id))).await?;
    if let Enqueued::Already(_) = enqueued {
        return Ok(false);
    }
    let (from, to) = (before.period.from, before.period.to);
    let audit = Audit {
        id,
        job: Some(job),
        state: AuditState::Queued,
        parameters: AuditParameters { from, to, as_of: now, ..before.parameters.clone() },
        is_provisional: false,
        requested_at: now,
        started_at: None,
        finished_at: None,
        previous: None,
        failure: None,
        ..before.clone()
    };
    tx.about(audit.id);
    store::audits::insert(tx, &audit).await?;
    Ok(true)
}
