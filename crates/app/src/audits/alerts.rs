//! What rules find that cannot wait for the nightly audit: told at once, each finding once a week.
//!
//! It is the same rules that judge, with the client's thresholds; what is told here the next audit finds too.

use std::time::Duration;

use audit::{Inputs, Names, Replay, Settings};
use chrono::TimeDelta;
use domain::{
    ClientId, Instant,
    access::Visibility,
    graph::Headroom,
    jobs::JobPayload,
    notifications::{Notification, NotificationKind, Recipient},
    ports::AuditRequest,
    traffic::{AuditParameters, Finding, Profile, RuleId, Severity, Surroundings, Thresholds},
};
use store::{StoreError, Tx};

use super::surroundings;
use crate::{
    OpCtx, OpError,
    jobs::{self, JobError, Run},
    notifications::notify,
};

/// Rules that judge what Meta told, and are told at once from high on. What ENF-01, 02 and 04 find is told as a notice already.
const OF_EVENTS: [RuleId; 6] =
    [RuleId::Enf05, RuleId::Lim03, RuleId::Qlt01, RuleId::Tpl03, RuleId::Tpl04, RuleId::Tpl06];
/// What Meta told in this time is judged.
const NEWS: TimeDelta = TimeDelta::days(1);
/// The time that the messaging limit is about.
const MOVING: TimeDelta = TimeDelta::hours(24);
/// How long what comes is collected before it is counted.
const COLLECT: TimeDelta = TimeDelta::minutes(2);

/// Judges what Meta told of a client in the last day, and tells what weighs.
pub(crate) async fn judge_events(op: &OpCtx, tx: &Tx, client: ClientId, account: Option<&str>) -> Result<(), OpError> {
    let now = op.services().clock.now();
    let events = surroundings::told_of(tx, client).await?;
    let settings = Settings {
        from: Some((now - NEWS).timestamp_micros()),
        to: Some(now.timestamp_micros() + 1),
        only: Some(OF_EVENTS.to_vec()),
        thresholds: thresholds(tx, client, now).await?,
        ..Settings::default()
    };
    let inputs = Inputs {
        surroundings: Surroundings { events: Some(events), ..Surroundings::default() },
        as_of: Some(now.timestamp_micros()),
        ..Inputs::default()
    };
    let report = audit::report(&Replay::new(&settings).finish(), &Names::default(), &inputs, &settings);
    for found in report.findings.iter().filter(|found| found.severity >= Severity::High) {
        tell(op, tx, client, account, found).await?;
    }
    Ok(())
}

/// The thresholds that hold for a client now.
async fn thresholds(tx: &Tx, client: ClientId, now: Instant) -> Result<Thresholds, OpError> {
    let in_force = store::thresholds::in_force(tx, Some(client), now).await?;
    in_force.effective().map_err(|fault| OpError::internal("thresholds", fault))
}

/// Tells the client and those who look after it, once a week of the same finding with the same severity.
async fn tell(op: &OpCtx, tx: &Tx, client: ClientId, account: Option<&str>, found: &Finding) -> Result<(), StoreError> {
    let kind = NotificationKind::PlatformAlert {
        rule: found.rule,
        severity: found.severity,
        account: account.map(str::to_owned),
        subject: found.subject.clone(),
    };
    let week = op.services().clock.now().format("%G-W%V");
    let key = format!("platform_alert:{client}:{}:{}:{week}", found.severity, found.fingerprint);
    let told = Notification::new(kind, key).of(client).to(Recipient::ClientUsers).to(Recipient::Agents);
    notify(op, tx, told).await?;
    Ok(())
}

/// Has a client's last day looked at soon, because something came; a large client less often than a small one.
pub(crate) async fn watch_soon(op: &OpCtx, tx: &Tx, client: ClientId) -> Result<(), StoreError> {
    let now = op.services().clock.now();
    let before = store::traffic_watches::of_clients(tx, &[client]).await?.pop();
    let again = before.map_or(now, |before| before.counted_again_at());
    let payload = JobPayload::TrafficWatch { client };
    let due = again.max(now + COLLECT);
    jobs::enqueue_at(op, tx, payload, due, Some(format!("watch:{client}"))).await?;
    Ok(())
}

/// Looks at a client's last day: how much of the messaging limit is used, and what is critical. The job.
pub(crate) async fn watch(op: &OpCtx, run: &Run, client: ClientId) -> Result<(), JobError> {
    let services = op.services();
    let now = services.clock.now();
    let tx = services.store.read(&Visibility::System).await?;
    let limit = store::segments::messaging_limit(&tx, client).await?;
    let request = AuditRequest {
        client,
        snapshot: store::segments::snapshot(&tx, client).await?,
        parameters: AuditParameters {
            from: Some(now - MOVING),
            to: Some(now),
            profile: Profile::Minimum,
            messaging_limit: limit,
            as_of: now,
        },
        thresholds: thresholds(&tx, client, now).await?,
        surroundings: surroundings::of_client(&tx, client, limit).await?,
    };
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let report = services.lake.audit(request, run.progress(), run.cancel.clone()).await?;
    let took = (services.clock.now() - now).to_std().unwrap_or(Duration::ZERO);
    let tx = services.store.write(&Visibility::System).await?;
    let headroom = Headroom {
        client,
        limit,
        used: report.peak24h.recipients,
        counted_at: now,
        took_milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    };
    store::traffic_watches::keep(&tx, &headroom).await?;
    let is_near_limit = |found: &Finding| found.rule == RuleId::Lim01 && found.severity >= Severity::High;
    let judged_already = |rule: RuleId| OF_EVENTS.contains(&rule);
    for found in &report.findings {
        if (found.severity == Severity::Critical && !judged_already(found.rule)) || is_near_limit(found) {
            tell(op, &tx, client, None, found).await?;
        }
    }
    // What was used is given back by time alone.
    if headroom.used > 0 {
        let due = now + TimeDelta::hours(1);
        let key = format!("watch:{client}:{}", due.timestamp() / 3_600);
        jobs::enqueue_at(op, &tx, JobPayload::TrafficWatch { client }, due, Some(key)).await?;
    }
    run.finish(op, tx).await
}

#[cfg(test)]
mod tests;
