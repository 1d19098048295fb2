//! Statuses that do not say to whom the message went: of people who are known by a username alone Meta leaves the number out, and of
//! failures the contacts as well. They are kept as they came until the lake tells, by the send log or another status of the same message.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use domain::{
    ClientId, Instant,
    imports::ImportKind,
    ports::{CancelFlag, SegmentMeta, Snapshot},
    traffic::is_user_id,
};
use meta::webhook::{Messages, Status};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{
    Delivery, NewDelivery,
    webhook_unplaced::{self, Unplaced},
};

use crate::{OpCtx, OpError};

/// Statuses that are looked for at a time.
const MOST: u64 = 1_000;
/// How long nothing is looked for again; a send log may come meanwhile.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// How long before its status a message was sent at most: Meta keeps it for 30 days.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// Those of what a change tells, each as a body of its own.
pub(super) fn of_change(client: ClientId, delivery: &Delivery, ordinal: usize, messages: &Messages) -> Vec<Unplaced> {
    let is_nobodys =
        |status: &&Status| status.outcome.is_some() && status.recipient.is_none() && status.user_id.is_none();
    let nobodys: HashMap<&str, &Status> =
        messages.statuses.iter().filter(is_nobodys).map(|status| (status.id.as_str(), status)).collect();
    if nobodys.is_empty() {
        return Vec::new();
    }
    let kept = |(id, body): (String, Vec<u8>)| Unplaced {
        id: 0,
        client,
        at: nobodys[id.as_str()].at.filter(|at| *at <= delivery.received_at).unwrap_or(delivery.received_at),
        message_id: id,
        received_at: delivery.received_at,
        // Due at once.
        tried_at: delivery.received_at - AGAIN,
        content_hash: hex::encode(Sha256::digest(&body)),
        body,
    };
    let apart = apart(delivery, ordinal, |id| nobodys.contains_key(id)).unwrap_or_default();
    apart.into_iter().map(kept).collect()
}

/// Of the statuses of a change those whose message is `wanted`, each as a body of its own; the change is read once.
fn apart(delivery: &Delivery, ordinal: usize, wanted: impl Fn(&str) -> bool) -> Option<Vec<(String, Vec<u8>)>> {
    let mut body: Value = serde_json::from_slice(&meta::webhook::isolate(&delivery.body, ordinal)?).ok()?;
    let told = std::mem::take(statuses(&mut body)?);
    // What else the change tells is of others.
    let value = body.pointer_mut("/entry/0/changes/0/value")?.as_object_mut()?;
    value.retain(|name, _| matches!(name.as_str(), "messaging_product" | "metadata" | "statuses"));
    let own = |status: Value| {
        let id = status.get("id")?.as_str().filter(|id| wanted(id))?.to_owned();
        let mut body = body.clone();
        statuses(&mut body)?.push(status);
        Some((id, serde_json::to_vec(&body).ok()?))
    };
    Some(told.into_iter().filter_map(own).collect())
}

/// The statuses of a body of one change.
fn statuses(body: &mut Value) -> Option<&mut Vec<Value>> {
    body.pointer_mut("/entry/0/changes/0/value/statuses")?.as_array_mut()
}

/// The body again, saying to whom the message went.
fn named(body: &[u8], person: &str) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    let field = if is_user_id(person) { "recipient_user_id" } else { "recipient_id" };
    for status in statuses(&mut body)? {
        status.as_object_mut()?.insert(field.to_owned(), person.into());
    }
    serde_json::to_vec(&body).ok()
}

/// The segments in which a message may stand of which something is told at `at` or later.
fn may_hold(snapshot: Snapshot, at: Instant) -> Vec<SegmentMeta> {
    let is_late = |segment: &SegmentMeta| segment.greatest_time >= at - LONGEST;
    let messages = snapshot.segments.into_iter().filter(|segment| segment.kind == ImportKind::Messages);
    messages.filter(is_late).collect()
}

/// Puts statuses into the inbox again of which the lake tells by now to whom the message went. Returns how many. A crash in between puts
/// some in twice, which changes nothing.
///
/// # Errors
/// The store or the lake is unavailable, or the inbox full; what is left waits.
pub async fn place(op: &OpCtx) -> Result<usize, OpError> {
    let services = op.services();
    let now = services.clock.now();
    let look = services.store.read(op.visibility()).await?;
    let mut waiting: BTreeMap<ClientId, Vec<Unplaced>> = BTreeMap::new();
    for status in webhook_unplaced::due(&look, now - AGAIN + TimeDelta::microseconds(1), MOST).await? {
        waiting.entry(status.client).or_default().push(status);
    }
    let mut snapshots = HashMap::new();
    for client in waiting.keys() {
        snapshots.insert(*client, store::segments::snapshot(&look, *client).await?);
    }
    // Nothing is held while the lake works.
    look.rollback().await?;
    let (mut placed, mut left) = (Vec::new(), Vec::new());
    for (client, statuses) in waiting {
        let earliest = statuses.iter().map(|status| status.at).min().unwrap_or(now);
        let segments = may_hold(snapshots.remove(&client).unwrap_or_default(), earliest);
        let ids = statuses.iter().map(|status| status.message_id.clone()).collect();
        let people = services.lake.recipients(segments, ids, CancelFlag::default()).await?;
        for status in statuses {
            let person = people.get(&status.message_id);
            match person.and_then(|person| named(&status.body, person)) {
                Some(body) => {
                    let received_at = status.received_at;
                    let delivery = NewDelivery { received_at, has_traffic: true, has_notices: false, body };
                    let inbox = services.store.inbox().await?;
                    inbox.append(delivery).await.map_err(|error| OpError::internal("placed statuses", error))?;
                    placed.push(status.id);
                }
                None => left.push(status.id),
            }
        }
    }
    if placed.is_empty() && left.is_empty() {
        return Ok(0);
    }
    let count = placed.len();
    let tx = services.store.write(op.visibility()).await?;
    webhook_unplaced::delete(&tx, placed).await?;
    webhook_unplaced::tried(&tx, left, now).await?;
    tx.commit().await?;
    Ok(count)
}
