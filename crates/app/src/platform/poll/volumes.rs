//! What Meta counted of a client's accounts, beside what the send log holds: messages that only Meta knows were sent through somebody
//! else's gateway, about whose consents and templates nobody here knows anything.

use std::collections::BTreeMap;

use chrono::{DurationRound as _, TimeDelta};
use domain::{
    ClientId, Instant, WabaId,
    access::Visibility,
    assets::PhoneNumber,
    graph::{AccountVolume, VolumeCheck},
    jobs::JobPayload,
    notifications::{Notification, NotificationKind, Recipient},
    ports::{AuditRequest, WhatIfRequest},
    traffic::{AuditParameters, Profile, Subject, SubjectKind, Surroundings, Thresholds},
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
    let counted = by_day(store::graph_accounts::volumes_of_client(&tx, client, span).await?);
    let numbers = store::phone_numbers::of_client(&tx, client).await?;
    let audit = AuditRequest {
        client,
        snapshot: store::segments::snapshot(&tx, client).await?,
        parameters: AuditParameters {
            from: None,
            to: None,
            profile: Profile::Minimum,
            messaging_limit: None,
            as_of: now,
        },
        thresholds: Thresholds::default(),
        surroundings: Surroundings::default(),
    };
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let mut checks = Vec::new();
    for ((from, to), accounts) in counted {
        let audit = AuditRequest {
            parameters: AuditParameters { from: Some(from), to: Some(to), ..audit.parameters.clone() },
            ..audit.clone()
        };
        let check = |waba, counted_by_meta, in_send_log| VolumeCheck {
            client,
            waba,
            from,
            to,
            counted_by_meta,
            in_send_log,
            checked_at: now,
        };
        let all = services.lake.audit(audit.clone(), run.progress(), run.cancel.clone()).await?.totals.messages;
        let of_account = accounts_apart(&accounts, &numbers);
        let mut day = vec![check(None, accounts.values().sum(), all)];
        for (waba, without) in of_account {
            let asked = WhatIfRequest { audit: audit.clone(), without, remedies: false };
            let left = services.lake.what_if(asked, run.progress(), run.cancel.clone()).await?.report;
            day.push(check(Some(waba), accounts[&waba], left.totals.messages));
        }
        checks.push(day);
    }
    let tx = services.store.write(&Visibility::System).await?;
    for day in checks {
        keep(op, &tx, &day).await?;
    }
    run.finish(op, tx).await
}

/// What Meta counted on each day, by account.
fn by_day(volumes: Vec<AccountVolume>) -> BTreeMap<(Instant, Instant), BTreeMap<WabaId, u64>> {
    let mut days = BTreeMap::<_, BTreeMap<_, u64>>::new();
    for volume in volumes {
        *days.entry((volume.from, volume.to)).or_default().entry(volume.waba).or_default() += volume.sent;
    }
    days
}

/// The accounts that can be told apart in the send log, by their numbers, and the numbers of the others: what is left without these is the
/// account's. A number that nobody knows may be anybody's, and counts for each.
fn accounts_apart(counted: &BTreeMap<WabaId, u64>, numbers: &[PhoneNumber]) -> Vec<(WabaId, Vec<Subject>)> {
    let others = |waba: WabaId| {
        let numbers = numbers.iter().filter(|number| number.waba != waba);
        numbers.map(|number| Subject::of(SubjectKind::Number, Some(&number.meta_id))).collect::<Vec<_>>()
    };
    let have_traffic = counted.iter().filter(|(_, sent)| **sent > 0).map(|(waba, _)| *waba);
    have_traffic.map(|waba| (waba, others(waba))).filter(|(_, others)| !others.is_empty()).collect()
}

/// Keeps the comparisons of a day, the one of all accounts first, and tells those who look after the client what is suspicious: by account,
/// where one can be named.
async fn keep(op: &OpCtx, tx: &Tx, day: &[VolumeCheck]) -> Result<(), JobError> {
    let now = op.services().clock.now();
    for check in day {
        store::graph_accounts::keep_check(tx, check).await?;
    }
    let is_news = |check: &&VolumeCheck| check.is_suspicious() && check.to + SETTLED <= now;
    let mut suspicious: Vec<&VolumeCheck> = day.iter().filter(is_news).collect();
    if suspicious.iter().any(|check| check.waba.is_some()) {
        suspicious.retain(|check| check.waba.is_some());
    }
    for check in suspicious {
        tell(op, tx, check).await?;
    }
    Ok(())
}

/// Tells those who look after the client, once of each day and account.
async fn tell(op: &OpCtx, tx: &Tx, check: &VolumeCheck) -> Result<(), JobError> {
    let account = match check.waba {
        Some(waba) => store::wabas::by_ids(tx, &[waba]).await?.pop().map(|waba| waba.name),
        None => None,
    };
    let kind = NotificationKind::UnknownTraffic {
        from: check.from,
        counted_by_meta: check.counted_by_meta,
        in_send_log: check.in_send_log,
        account,
    };
    let whose = check.waba.map_or_else(|| check.client.to_string(), |waba| waba.to_string());
    let key = format!("unknown_traffic:{whose}:{}", check.from.format("%Y-%m-%d"));
    notify(op, tx, Notification::new(kind, key).of(check.client).to(Recipient::Agents)).await?;
    Ok(())
}
