//! Asking for an audit, and calling it off.

use domain::{
    AuditId, ClientId, Instant,
    access::Permission,
    audits::{Audit, AuditState},
    jobs::{JobPayload, JobState, Schedule},
    thresholds::UsedThresholds,
    traffic::{AuditParameters, Period, Profile},
};
use store::{Tx, jobs::Enqueued};

use super::AuditCode;
use crate::{NoCode, OpCtx, OpError, Refusal, jobs};

/// Days that a nightly audit looks at: those up to the midnight before it.
const NIGHTLY_DAYS: u32 = 30;

/// An audit to be run.
#[derive(Debug, Clone, Copy)]
pub struct RequestAudit {
    /// Whose traffic.
    pub client: ClientId,
    /// Start of the period; absent, the first message.
    pub from: Option<Instant>,
    /// End of the period, itself excluded; absent, just after the last message.
    pub to: Option<Instant>,
    /// The rules to run.
    pub profile: Profile,
}

impl RequestAudit {
    /// The same for every request for the same: only one of them is at work.
    fn key(&self, thresholds: &UsedThresholds) -> String {
        let micros =
            |instant: Option<Instant>| instant.map_or_else(|| "-".to_owned(), |at| at.timestamp_micros().to_string());
        let mut key =
            format!("audit:{}:{}:{}:{}", self.client, micros(self.from), micros(self.to), self.profile.as_str());
        for version in &thresholds.versions {
            key.push(':');
            key.push_str(&version.to_string());
        }
        key
    }
}

/// Asks for an audit. While one of the same client, period, profile and thresholds waits or runs, that one is
/// returned.
///
/// # Errors
/// Refused with an [`AuditCode`]; `NotFound` for an unknown client; `Forbidden` without `audits:write`.
pub async fn request(op: &OpCtx, input: RequestAudit) -> Result<Audit, OpError<AuditCode>> {
    op.require_on(Permission::AuditsWrite, input.client)?;
    if let (Some(from), Some(to)) = (input.from, input.to)
        && from >= to
    {
        return Err(OpError::refused(Refusal::of(AuditCode::PeriodEmpty, "to")));
    }
    let tx = op.write().await?;
    if store::clients::by_id(&tx, input.client).await?.is_none() {
        return Err(OpError::NotFound);
    }
    let audit = request_in(op, &tx, input).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(audit)
}

/// The same with the transaction of a use case that has checked what it asks for, and that raises the signal of jobs afterwards.
pub(crate) async fn request_in<C: crate::Code>(op: &OpCtx, tx: &Tx, input: RequestAudit) -> Result<Audit, OpError<C>> {
    let thresholds = used_thresholds(op, tx, input.client).await?;
    let key = input.key(&thresholds);
    put_in(op, tx, input, thresholds, key).await
}

/// The thresholds that hold for the client now.
async fn used_thresholds<C: crate::Code>(op: &OpCtx, tx: &Tx, client: ClientId) -> Result<UsedThresholds, OpError<C>> {
    let in_force = store::thresholds::in_force(tx, Some(client), op.services().clock.now()).await?;
    in_force.used().map_err(|fault| OpError::internal("thresholds", fault))
}

/// Writes the audit and its job, or finds the unfinished one with the same key.
async fn put_in<C: crate::Code>(
    op: &OpCtx,
    tx: &Tx,
    input: RequestAudit,
    thresholds: UsedThresholds,
    key: String,
) -> Result<Audit, OpError<C>> {
    let now = op.services().clock.now();
    let id = AuditId::new(now, op.random());
    let payload = JobPayload::AuditRun { audit: id, client: input.client };
    let (job, enqueued) = jobs::enqueue(op, tx, payload, Some(key)).await?;
    if let Enqueued::Already(job) = enqueued {
        return store::audits::by_job(tx, job).await?.ok_or(OpError::NotFound);
    }
    let audit = Audit {
        id,
        client: input.client,
        job: Some(job),
        state: AuditState::Queued,
        parameters: AuditParameters {
            from: input.from,
            to: input.to,
            profile: input.profile,
            messaging_limit: store::segments::messaging_limit(tx, input.client).await?,
            as_of: now,
        },
        thresholds,
        period: Period { from: input.from, to: input.to },
        is_provisional: false,
        requested_by: op.actor().user(),
        requested_at: now,
        started_at: None,
        finished_at: None,
        previous: None,
        failure: None,
    };
    tx.about(audit.id);
    store::audits::insert(tx, &audit).await?;
    Ok(audit)
}

/// Starts the nightly audit of a client, with the schedule's transaction.
pub(crate) async fn start_nightly(
    op: &OpCtx,
    tx: &Tx,
    schedule: &Schedule,
    client: ClientId,
    key: String,
) -> Result<(), OpError<NoCode>> {
    // After a downtime the days are those before now, not those before the tick that was missed.
    let (from, to) = jobs::civil::last_days(&schedule.time_zone, NIGHTLY_DAYS, op.now())
        .map_err(|error| OpError::internal("nightly audit", error))?;
    let input = RequestAudit { client, from: Some(from), to: Some(to), profile: Profile::Full };
    let thresholds = used_thresholds(op, tx, client).await?;
    put_in(op, tx, input, thresholds, key).await.map(drop)
}

/// Calls an audit off: one that waits at once, one that runs within seconds.
///
/// # Errors
/// Refused with `Ended`; `NotFound`; `Forbidden` without `audits:write`.
pub async fn cancel(op: &OpCtx, id: AuditId) -> Result<Audit, OpError<AuditCode>> {
    op.require(Permission::AuditsWrite)?;
    let ended = || OpError::refused(Refusal::of(AuditCode::Ended, "auditId"));
    let tx = op.write().await?;
    let audit = store::audits::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    let job = audit.job.filter(|_| !audit.state.is_final()).ok_or_else(ended)?;
    tx.concerns(audit.client);
    let now = op.services().clock.now();
    match store::jobs::request_cancel(&tx, job, now).await? {
        None => return Err(ended()),
        Some(JobState::Cancelled) => store::audits::abandon(&tx, id, None, now).await?,
        Some(_) => {}
    }
    let audit = store::audits::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    tx.commit().await?;
    Ok(audit)
}
