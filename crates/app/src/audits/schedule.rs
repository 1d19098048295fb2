//! The nightly audit of a client.

use domain::{
    ClientId, ScheduleId,
    access::Permission,
    clients::Client,
    jobs::{LocalTime, Schedule, ScheduleKind},
};
use store::Tx;

use super::AuditCode;
use crate::{Code, OpCtx, OpError, Refusal, jobs::civil};

/// When audits shall run.
#[derive(Debug, Clone)]
pub struct ScheduleAudits {
    /// Whose.
    pub client: ClientId,
    /// Time of the day in the client's zone, `HH:MM`; absent, as it was.
    pub local_time: Option<String>,
    /// Whether they run; absent, as it was.
    pub enabled: Option<bool>,
    /// The version that the actor saw; absent, whatever stands.
    pub expected_version: Option<i32>,
}

fn nightly<C: Code>(op: &OpCtx, client: &Client) -> Result<Schedule, OpError<C>> {
    let now = op.now();
    let next_run_at = civil::next_run(&client.time_zone, LocalTime::NIGHT, now)
        .map_err(|error| OpError::internal("nightly audit", error))?;
    Ok(Schedule {
        id: ScheduleId::new(now, op.random()),
        client: Some(client.id),
        kind: ScheduleKind::NightlyAudit,
        time_zone: client.time_zone.clone(),
        local_time: LocalTime::NIGHT,
        is_enabled: true,
        next_run_at,
        last_run_at: None,
        created_at: now,
        version: 1,
    })
}

/// Gives a new client its nightly audit, with the transaction that creates it.
///
/// # Errors
/// The client's zone is unknown, or the database is unavailable.
pub async fn schedule_default<C: Code>(op: &OpCtx, tx: &Tx, client: &Client) -> Result<(), OpError<C>> {
    store::schedules::insert_if_absent(tx, &nightly(op, client)?).await?;
    Ok(())
}

/// Moves the nightly audit of a client to the zone that it has now, with the transaction that changes it.
///
/// # Errors
/// `Conflict` when somebody else set the schedule meanwhile; the zone is unknown, or the database is unavailable.
pub(crate) async fn follow_zone<C: Code>(op: &OpCtx, tx: &Tx, client: &Client) -> Result<(), OpError<C>> {
    let schedules = store::schedules::by_clients(tx, ScheduleKind::NightlyAudit, &[client.id]).await?;
    let Some(mut schedule) = schedules.into_iter().next() else { return Ok(()) };
    set(op, tx, &mut schedule, &client.time_zone).await
}

/// Writes a schedule, in this zone.
async fn set<C: Code>(op: &OpCtx, tx: &Tx, schedule: &mut Schedule, time_zone: &str) -> Result<(), OpError<C>> {
    time_zone.clone_into(&mut schedule.time_zone);
    schedule.next_run_at = civil::next_run(time_zone, schedule.local_time, op.now())
        .map_err(|error| OpError::internal("nightly audit", error))?;
    schedule.version = match store::schedules::update(tx, schedule).await {
        Err(store::StoreError::Stale { current }) => return Err(OpError::Conflict { current }),
        result => result?,
    };
    Ok(())
}

/// Sets when a client's audits run, in the zone that the client has now.
///
/// # Errors
/// Refused with `LocalTimeInvalid`; `NotFound`; `Forbidden` without `audits:write`; `Conflict` when somebody else set it meanwhile.
pub async fn set_schedule(op: &OpCtx, input: ScheduleAudits) -> Result<Schedule, OpError<AuditCode>> {
    op.require_on(Permission::AuditsWrite, input.client)?;
    let local_time = input
        .local_time
        .map(|text| text.parse::<LocalTime>())
        .transpose()
        .map_err(|_| OpError::refused(Refusal::of(AuditCode::LocalTimeInvalid, "localTime")))?;
    let tx = op.write().await?;
    let client = store::clients::by_id(&tx, input.client).await?.ok_or(OpError::NotFound)?;
    tx.concerns(client.id);
    store::schedules::insert_if_absent(&tx, &nightly(op, &client)?).await?;
    let schedules = store::schedules::by_clients(&tx, ScheduleKind::NightlyAudit, &[client.id]).await?;
    let mut schedule = schedules.into_iter().next().ok_or(OpError::NotFound)?;
    if input.expected_version.is_some_and(|expected| expected != schedule.version) {
        return Err(OpError::Conflict { current: schedule.version });
    }
    schedule.local_time = local_time.unwrap_or(schedule.local_time);
    schedule.is_enabled = input.enabled.unwrap_or(schedule.is_enabled);
    set(op, &tx, &mut schedule, &client.time_zone).await?;
    tx.commit().await?;
    Ok(schedule)
}
