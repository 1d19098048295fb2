//! Schedules: each tick is taken by one process, in the transaction that starts the work. After a downtime a schedule runs once, not
//! once for each tick that was missed.

use domain::{
    Instant, ScheduleId,
    access::Visibility,
    jobs::{JobPayload, LocalTime, Schedule, ScheduleKind},
};
use store::{StoreError, Tx};

use super::{civil, enqueue};
use crate::{OpCtx, OpError, audits};

/// Ticks of one look; the next look takes more.
const TICKS: u64 = 200;
/// The BSP's own nights are those of UTC.
const OWN_ZONE: &str = "UTC";

/// Makes the schedules that belong to no client, where they are missing.
///
/// # Errors
/// The database is unavailable.
pub async fn ensure_own_schedules(op: &OpCtx) -> Result<(), OpError> {
    let now = op.now();
    let next =
        civil::next_run(OWN_ZONE, LocalTime::NIGHT, now).map_err(|error| OpError::internal("schedules", error))?;
    let schedule = Schedule {
        id: ScheduleId::new(now, op.random()),
        client: None,
        kind: ScheduleKind::LakeSweep,
        time_zone: OWN_ZONE.to_owned(),
        local_time: LocalTime::NIGHT,
        is_enabled: true,
        next_run_at: next,
        last_run_at: None,
        created_at: now,
        version: 1,
    };
    let tx = op.write_as_system().await?;
    store::schedules::insert_if_absent(&tx, &schedule).await?;
    tx.commit().await?;
    Ok(())
}

/// Starts what is due, and returns how many ticks this call took. A schedule that cannot be started does not keep the others.
///
/// # Errors
/// What is due could not be read.
pub async fn run_due(op: &OpCtx) -> Result<u32, OpError> {
    let store = &op.services().store;
    let look = store.read(&Visibility::System).await?;
    let due = store::schedules::due(&look, op.now(), TICKS).await?;
    look.rollback().await?;
    let mut taken = 0;
    for schedule in due {
        match run_one(op, &schedule).await {
            Ok(true) => taken += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(schedule.id = %schedule.id, schedule.kind = %schedule.kind, %error, "a schedule was not started");
            }
        }
    }
    if taken > 0 {
        op.services().job_signal.raise();
    }
    Ok(taken)
}

async fn run_one(op: &OpCtx, schedule: &Schedule) -> Result<bool, OpError> {
    let next = civil::next_run(&schedule.time_zone, schedule.local_time, op.now())
        .map_err(|error| OpError::internal("schedules", error))?;
    let tx = op.write_as_system().await?;
    if !store::schedules::take_tick(&tx, schedule, next).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    start(op, &tx, schedule, schedule.next_run_at).await?;
    tx.commit().await?;
    Ok(true)
}

async fn start(op: &OpCtx, tx: &Tx, schedule: &Schedule, tick: Instant) -> Result<(), OpError> {
    let key = format!("schedule:{}:{}", schedule.id, tick.timestamp_micros());
    match (schedule.kind, schedule.client) {
        (ScheduleKind::NightlyAudit, Some(client)) => audits::start_nightly(op, tx, schedule, client, key).await,
        (ScheduleKind::LakeSweep, None) => {
            enqueue(op, tx, JobPayload::LakeSweep {}, Some(key)).await.map(drop).map_err(OpError::from)
        }
        (ScheduleKind::NightlyAudit, None) | (ScheduleKind::LakeSweep, Some(_)) => {
            Err(OpError::internal("schedules", StoreError::NotFound { table: "schedules" }))
        }
    }
}
