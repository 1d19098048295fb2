//! What is told of messages, on its way into the lake: what became of those that were sent, and those that people wrote.
//!
//! A status becomes a row that tells an outcome alone: number, template and category of the message come from the send log, whose row
//! may come before or after. Merged by message, duplicates and any order end alike, and delivered wins over failed.

use std::{collections::BTreeMap, sync::Arc};

use audit::StopWords;
use domain::{
    ClientId, Instant,
    imports::{Compression, FileFormat, ImportKind, RowFormat},
    ports::{CancelFlag, ImportRequest, StagedImport},
    traffic::Outcome,
};
use meta::webhook::{Change, Event, IdentityChange, Inbound, Messages, Status};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use store::{Delivery, Tx, webhook_unplaced::Unplaced, webhooks::Unclaimed};

use super::{
    accounts::{Accounts, unclaimed},
    aside,
    clocks::happened,
    failures::Failures,
    oddities::Oddities,
    opt_outs::{self, Decision},
    rows::Rows,
    unplaced,
    words::Words,
};
use crate::{OpCtx, OpError, audits, jobs};

/// What a batch becomes; nothing of it counts before [`publish`].
#[derive(Debug)]
pub(super) struct Staged {
    segments: Vec<(ClientId, ImportKind, StagedImport)>,
    unclaimed: Vec<Unclaimed>,
    unplaced: Vec<Unplaced>,
    oddities: Oddities,
    failures: Failures,
}

/// A batch that was read.
#[derive(Debug)]
struct Batch {
    bodies: Vec<Delivery>,
    /// What is told of messages; each with its body's place in the batch, and its own in the body.
    told: Vec<(usize, usize, Change)>,
    oddities: Oddities,
}

/// A batch in rows, whose each is.
#[derive(Debug, Default)]
struct Sorted {
    clients: BTreeMap<ClientId, OfClient>,
    unclaimed: Vec<Unclaimed>,
    unplaced: Vec<Unplaced>,
    oddities: Oddities,
    failures: Failures,
}

/// The rows of one client.
#[derive(Debug, Default)]
struct OfClient {
    messages: Option<Rows>,
    inbound: Option<Rows>,
    decisions: Vec<Decision>,
}

/// Reads a batch, writes its segments, and enters the decisions that it holds.
pub(super) async fn stage(op: &OpCtx, bodies: Vec<Delivery>) -> Result<Staged, OpError> {
    let batch = aside(move || Batch::read(bodies)).await?;
    let tx = op.services().store.read(op.visibility()).await?;
    let accounts = Accounts::named_by(&tx, batch.told.iter().map(|(_, _, change)| change)).await?;
    let words = Words::of(&tx, &accounts.clients()).await?;
    tx.rollback().await?;
    let own = op.clone();
    let sorted = aside(move || batch.sort(&own, &accounts, words)).await??;
    let Sorted { clients, unclaimed, unplaced, mut oddities, failures } = sorted;
    let mut segments = Vec::new();
    for (client, rows) in clients {
        opt_outs::enter(op, client, &rows.decisions).await?;
        for (kind, rows) in [(ImportKind::Messages, rows.messages), (ImportKind::Inbound, rows.inbound)] {
            if let Some(rows) = rows {
                segments.push((client, kind, write(op, client, kind, rows, &mut oddities).await?));
            }
        }
    }
    Ok(Staged { segments, unclaimed, unplaced, oddities, failures })
}

impl Batch {
    fn read(bodies: Vec<Delivery>) -> Self {
        let mut batch = Self { bodies, told: Vec::new(), oddities: Oddities::default() };
        for (body, delivery) in batch.bodies.iter().enumerate() {
            // What was stored was read once already.
            let changes = meta::webhook::read(&delivery.body).unwrap_or_default();
            for (ordinal, change) in changes.into_iter().enumerate() {
                if matches!(change.event, Event::Messages(_)) {
                    batch.oddities.note(&change);
                    batch.told.push((body, ordinal, change));
                }
            }
        }
        batch
    }

    fn sort(self, op: &OpCtx, accounts: &Accounts, mut words: Words) -> Result<Sorted, OpError> {
        let mut sorted = Sorted { oddities: self.oddities, ..Sorted::default() };
        for (body, ordinal, change) in &self.told {
            let (delivery, Event::Messages(messages)) = (&self.bodies[*body], &change.event) else { continue };
            match accounts.client(change) {
                Some(client) => {
                    for status in &messages.statuses {
                        sorted.failures.note(client, status, delivery.received_at);
                    }
                    for code in &messages.errors {
                        sorted.failures.note_error(client, *code, delivery.received_at);
                    }
                    let rows = sorted.clients.entry(client).or_default();
                    let words = words.of_client(client);
                    rows.take(op, words, messages, delivery.received_at, &mut sorted.oddities)?;
                    sorted.unplaced.extend(unplaced::of_change(client, delivery, *ordinal, messages));
                }
                None => match unclaimed(delivery, *ordinal, change) {
                    Some(unclaimed) => sorted.unclaimed.push(unclaimed),
                    None => sorted.oddities.add("nobody_named", "entry.id", "", 1),
                },
            }
        }
        Ok(sorted)
    }
}

impl OfClient {
    fn take(
        &mut self,
        op: &OpCtx,
        words: &mut StopWords,
        messages: &Messages,
        received_at: Instant,
        oddities: &mut Oddities,
    ) -> Result<(), OpError> {
        let number = messages.phone_number_id.as_deref().unwrap_or("unknown");
        for status in &messages.statuses {
            let at = happened(status.at, received_at, "messages.statuses.timestamp", oddities);
            self.decisions.extend(opt_outs::of_status(status, at, received_at));
            let Some(outcome) = status.outcome else { continue };
            match status_row(status, outcome, number, at) {
                Some(row) => rows(&mut self.messages, op)?.add(&row)?,
                None => oddities.add("nobody_named", "messages.statuses", "", 1),
            }
        }
        for identity in &messages.identities {
            let at = happened(identity.at, received_at, "messages.identities.timestamp", oddities);
            for row in identity_rows(identity, number, at) {
                rows(&mut self.messages, op)?.add(&row)?;
            }
        }
        // What WhatsApp itself writes of a person is no word of the person's, and opens no window.
        for inbound in messages.inbound.iter().filter(|inbound| inbound.kind != "system") {
            let at = happened(inbound.at, received_at, "messages.messages.timestamp", oddities);
            self.decisions.extend(opt_outs::of_inbound(words, inbound, at, received_at));
            match inbound_row(inbound, number, at) {
                Some(row) => rows(&mut self.inbound, op)?.add(&row)?,
                None => oddities.add("nobody_named", "messages.messages", "", 1),
            }
        }
        Ok(())
    }
}

fn rows<'r>(slot: &'r mut Option<Rows>, op: &OpCtx) -> Result<&'r mut Rows, OpError> {
    match slot {
        Some(rows) => Ok(rows),
        slot => Ok(slot.insert(Rows::begin(op)?)),
    }
}

/// The person's columns; none when nobody is named.
fn person(column: &str, number: Option<&String>, user_id: Option<&String>) -> Option<Map<String, Value>> {
    let mut row = Map::new();
    row.insert(column.to_owned(), json!(number.or(user_id)?));
    if number.is_some()
        && let Some(user_id) = user_id
    {
        row.insert("user_id".to_owned(), json!(user_id));
    }
    Some(row)
}

/// What became of a message. The status of a person whom it does not name cannot be placed yet.
fn status_row(status: &Status, outcome: Outcome, number: &str, at: Instant) -> Option<Value> {
    let mut row = person("recipient", status.recipient.as_ref(), status.user_id.as_ref())?;
    let mut put = |column: &str, value: Value| row.insert(column.to_owned(), value);
    put("message_id", json!(status.id));
    put("phone_number_id", json!(number));
    put("sent_at", json!(at));
    put("type", json!("outcome"));
    put("category", json!("unknown"));
    put("status", json!(status.status));
    match outcome {
        Outcome::Sent => None,
        Outcome::Delivered => put("delivered_at", json!(at)),
        Outcome::Read => put("read_at", json!(at)),
        Outcome::Failed => put("failed_at", json!(at)),
    };
    if outcome == Outcome::Failed
        && let Some(code) = status.errors.first()
    {
        put("error_code", json!(code));
    }
    Some(Value::Object(row))
}

/// Rows that say who a person is from now on. A row that names two identities joins them, so that what the person agreed to under one
/// holds under the other; the message that it tells the outcome of was never sent, so that nothing counts it.
fn identity_rows(identity: &IdentityChange, number: &str, at: Instant) -> Vec<Value> {
    let known = identity.number.iter().chain(&identity.previous);
    let row = |known: &String| {
        let told = format!("{known} is {}", identity.current);
        json!({
            "message_id": format!("identity.{}", hex::encode(Sha256::digest(told))),
            "recipient": known,
            "user_id": identity.current,
            "phone_number_id": number,
            "sent_at": at,
            "type": "outcome",
            "category": "unknown",
            "status": "sent",
        })
    };
    known.map(row).collect()
}

fn inbound_row(inbound: &Inbound, number: &str, at: Instant) -> Option<Value> {
    let mut row = person("sender", inbound.from.as_ref(), inbound.user_id.as_ref())?;
    let mut put = |column: &str, value: Value| row.insert(column.to_owned(), value);
    put("message_id", json!(inbound.id));
    put("phone_number_id", json!(number));
    put("received_at", json!(at));
    if !inbound.kind.is_empty() {
        put("type", json!(inbound.kind));
    }
    if let Some(text) = inbound.text.as_ref().or(inbound.button.last()) {
        put("text", json!(text));
    }
    Some(Value::Object(row))
}

/// Writes segments of rows; those that the lake does not take are counted.
async fn write(
    op: &OpCtx,
    client: ClientId,
    kind: ImportKind,
    rows: Rows,
    oddities: &mut Oddities,
) -> Result<StagedImport, OpError> {
    let path = rows.end()?;
    let request = ImportRequest {
        client,
        kind,
        path: path.to_path_buf(),
        format: FileFormat { rows: RowFormat::Ndjson, compression: Compression::None },
        strict: false,
        recorded_at: None,
    };
    let staged = op.services().lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await;
    let staged = staged?;
    if staged.rejected > 0 {
        let reason = staged.row_errors.first().map_or("", |error| error.reason.as_str());
        oddities.add("not_taken", kind.as_str(), reason, i64::try_from(staged.rejected).unwrap_or(i64::MAX));
    }
    Ok(staged)
}

/// Makes a batch count, with the rest of the transaction.
pub(super) async fn publish(op: &OpCtx, tx: &Tx, staged: Staged) -> Result<(), OpError> {
    let now = op.services().clock.now();
    for (client, kind, staged) in &staged.segments {
        store::segments::publish(tx, *client, None, &staged.segments, now).await?;
        jobs::enqueue_compaction(op, tx, *client, *kind).await?;
        if *kind == ImportKind::Messages {
            audits::watch_soon(op, tx, *client).await?;
        }
    }
    store::webhooks::keep_unclaimed(tx, staged.unclaimed).await?;
    store::webhook_unplaced::keep(tx, staged.unplaced).await?;
    staged.failures.count(tx).await?;
    Ok(staged.oddities.count(tx, now).await?)
}
