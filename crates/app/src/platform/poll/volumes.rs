//! What Meta counted of a client's accounts, beside what the send log holds: messages that only Meta knows were sent through somebody
//! else's gateway, about whose consents and templates nobody here knows anything.

use std::collections::BTreeMap;

use chrono::{DurationRound as _, TimeDelta};
use domain::{
    ClientId, Instant,
    access::Visibility,
    graph::{AccountVolume, VolumeCheck},
    jobs::JobPayload,
    notifications::{Notification, NotificationKind, Recipient},
    ports::AuditRequest,
    traffic::{AuditParameters, Profile, Surroundings, Thresholds},
};
use store::{Tx, page::Span};

use crate::{
    OpCtx, OpError,
    jobs::{self, JobError, Run},
    notifications::notify,
};

/// Days that are asked for when an account is asked about for the first time, and again each day: Meta counts late.
const FIRST_DAYS: i64 = 30;
const AGAIN_DAYS: i64 = 3;
/// So long after a day its counts and the send log are taken to be whole.
const SETTLED: TimeDelta = TimeDelta::days(1);
/// How long a comparison waits for the other accounts of the client.
const COLLECT: TimeDelta = TimeDelta::minutes(10);

/// The days to ask for: whole ones (UTC), once a day.
pub(super) fn to_ask(asked: Option<Instant>, now: Instant) -> Option<(Instant, Instant)> {
    let midnight = now.duration_trunc(TimeDelta::days(1)).ok()?;
    match asked {
        None => Some((midnight - TimeDelta::days(FIRST_DAYS), midnight)),
        Some(asked) if asked < midnight => Some((midnight - TimeDelta::days(AGAIN_DAYS), midnight)),
        Some(_) => None,
    }
}

/// Has the client's days compared when its other accounts were asked about too.
pub(super) async fn compare_soon(
    op: &OpCtx,
    tx: &Tx,
    client: ClientId,
    volumes: &[AccountVolume],
) -> Result<(), OpError> {
    if volumes.iter().all(|volume| volume.sent == 0) {
        return Ok(());
    }
    let due = op.services().clock.now() + COLLECT;
    let payload = JobPayload::VolumesCompare { client };
    jobs::enqueue_at(op, tx, payload, due, Some(format!("volumes:{client}"))).await?;
    Ok(())
}

/// Compares the last days of a client: the job.
pub(crate) async fn compare(op: &OpCtx, run: &Run, client: ClientId) -> Result<(), JobError> {
    let services = op.services();
    let now = services.clock.now();
    let tx = services.store.read(&Visibility::System).await?;
    let span = Span { from: now - TimeDelta::days(AGAIN_DAYS + 2), to: now };
    let volumes = store::graph_accounts::volumes_of_client(&tx, client, span).await?;
    let snapshot = store::segments::snapshot(&tx, client).await?;
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let mut days: BTreeMap<(Instant, Instant), u64> = BTreeMap::new();
    for volume in volumes {
        *days.entry((volume.from, volume.to)).or_default() += volume.sent;
    }
    let mut checks = Vec::new();
    for ((from, to), counted_by_meta) in days {
        let request = AuditRequest {
            client,
            snapshot: snapshot.clone(),
            parameters: AuditParameters {
                from: Some(from),
                to: Some(to),
                profile: Profile::Minimum,
                messaging_limit: None,
                as_of: now,
            },
            thresholds: Thresholds::default(),
            surroundings: Surroundings::default(),
        };
        let report = services.lake.audit(request, run.progress(), run.cancel.clone()).await?;
        let in_send_log = report.totals.messages;
        checks.push(VolumeCheck { client, from, to, counted_by_meta, in_send_log, checked_at: now });
    }
    let tx = services.store.write(&Visibility::System).await?;
    for check in checks {
        store::graph_accounts::keep_check(&tx, &check).await?;
        if check.is_suspicious() && check.to + SETTLED <= now {
            tell(op, &tx, &check).await?;
        }
    }
    run.finish(op, tx).await
}

/// Tells those who look after the client, once of each day.
async fn tell(op: &OpCtx, tx: &Tx, check: &VolumeCheck) -> Result<(), JobError> {
    let kind = NotificationKind::UnknownTraffic {
        from: check.from,
        counted_by_meta: check.counted_by_meta,
        in_send_log: check.in_send_log,
    };
    let key = format!("unknown_traffic:{}:{}", check.client, check.from.format("%Y-%m-%d"));
    notify(op, tx, Notification::new(kind, key).of(check.client).to(Recipient::Agents)).await?;
    Ok(())
}
