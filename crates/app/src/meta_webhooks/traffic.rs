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
use meta::webhook::{Change, Event, Inbound, Messages, Status};
use serde_json::{Map, Value, json};
use store::{Delivery, Tx, webhooks::Unclaimed};

use super::{
    accounts::{Accounts, unclaimed},
    failures::Failures,
    notices::{Oddities, count_oddities},
    opt_outs::{self, Decision},
    rows::Rows,
    words::Words,
};
use crate::{OpCtx, OpError, audits, jobs};

/// What a batch becomes; nothing of it counts before [`publish`].
#[derive(Debug)]
pub(super) struct Staged {
    segments: Vec<(ClientId, ImportKind, StagedImport)>,
    unclaimed: Vec<Unclaimed>,
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
pub(super) async fn stage(op: &OpCtx, batch: &[Delivery]) -> Result<Staged, OpError> {
    let mut oddities = Oddities::default();
    let mut told: Vec<(&Delivery, usize, Change)> = Vec::new();
    for delivery in batch {
        // What was stored was read once already.
        let changes = meta::webhook::read(&delivery.body).unwrap_or_default();
        for (ordinal, change) in changes.into_iter().enumerate() {
            if matches!(change.event, Event::Messages(_)) {
                oddities.note(&change);
                told.push((delivery, ordinal, change));
            }
        }
    }
    let tx = op.services().store.read(op.visibility()).await?;
    let accounts = Accounts::named_by(&tx, &told.iter().map(|(_, _, change)| change).collect::<Vec<_>>()).await?;
    let mut words = Words::of(&tx, &accounts.clients()).await?;
    tx.rollback().await?;
    let (mut clients, mut unknown) = (BTreeMap::<ClientId, OfClient>::new(), Vec::new());
    let mut failures = Failures::default();
    for (delivery, ordinal, change) in &told {
        let Event::Messages(messages) = &change.event else { continue };
        match accounts.client(change) {
            Some(client) => {
                messages.statuses.iter().for_each(|status| failures.note(client, status, delivery.received_at));
                let rows = clients.entry(client).or_default();
                rows.take(op, words.of_client(client), messages, delivery.received_at)?;
            }
            None => unknown.extend(unclaimed(delivery, *ordinal, change)),
        }
    }
    let mut segments = Vec::new();
    for (client, rows) in clients {
        opt_outs::enter(op, client, &rows.decisions).await?;
        for (kind, rows) in [(ImportKind::Messages, rows.messages), (ImportKind::Inbound, rows.inbound)] {
            if let Some(rows) = rows {
                segments.push((client, kind, write(op, client, kind, rows).await?));
            }
        }
    }
    Ok(Staged { segments, unclaimed: unknown, oddities, failures })
}

impl OfClient {
    fn take(
        &mut self,
        op: &OpCtx,
        words: &mut StopWords,
        messages: &Messages,
        received_at: Instant,
    ) -> Result<(), OpError> {
        let number = messages.phone_number_id.as_deref().unwrap_or("unknown");
        for status in &messages.statuses {
            self.decisions.extend(opt_outs::of_status(status, received_at));
            if let Some(row) = status_row(status, number, received_at) {
                rows(&mut self.messages, op)?.add(&row)?;
            }
        }
        for inbound in &messages.inbound {
            self.decisions.extend(opt_outs::of_inbound(words, inbound, received_at));
            if let Some(row) = inbound_row(inbound, number, received_at) {
                rows(&mut self.inbound, op)?.add(&row)?;
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

/// What became of a message. The status of a person whom it does not name cannot be placed.
fn status_row(status: &Status, number: &str, received_at: Instant) -> Option<Value> {
    let outcome = status.outcome?;
    let mut row = person("recipient", status.recipient.as_ref(), status.user_id.as_ref())?;
    let at = status.at.unwrap_or(received_at);
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

fn inbound_row(inbound: &Inbound, number: &str, received_at: Instant) -> Option<Value> {
    let mut row = person("sender", inbound.from.as_ref(), inbound.user_id.as_ref())?;
    let mut put = |column: &str, value: Value| row.insert(column.to_owned(), value);
    put("message_id", json!(inbound.id));
    put("phone_number_id", json!(number));
    put("received_at", json!(inbound.at.unwrap_or(received_at)));
    if !inbound.kind.is_empty() {
        put("type", json!(inbound.kind));
    }
    if let Some(text) = inbound.text.as_ref().or(inbound.button.last()) {
        put("text", json!(text));
    }
    Some(Value::Object(row))
}

async fn write(op: &OpCtx, client: ClientId, kind: ImportKind, rows: Rows) -> Result<StagedImport, OpError> {
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
    let staged = staged.map_err(|error| OpError::internal("webhooks into the lake", error))?;
    if staged.rejected > 0 {
        let reasons: Vec<_> = staged.row_errors.iter().map(|error| error.reason.as_str()).take(3).collect();
        tracing::warn!(client = %client, lake.kind = %kind, rows = staged.rejected, ?reasons, "rows of webhooks were not taken");
    }
    Ok(staged)
}

/// Makes a batch count, with the rest of the transaction; whether a job was put in.
pub(super) async fn publish(op: &OpCtx, tx: &Tx, staged: Staged) -> Result<bool, OpError> {
    let now = op.services().clock.now();
    let mut has_job = false;
    for (client, kind, staged) in &staged.segments {
        store::segments::publish(tx, *client, None, &staged.segments, now).await?;
        has_job |= jobs::enqueue_compaction(op, tx, *client, *kind).await?;
        if *kind == ImportKind::Messages {
            audits::watch_soon(op, tx, *client).await?;
        }
    }
    store::webhooks::keep_unclaimed(tx, staged.unclaimed).await?;
    count_oddities(tx, staged.oddities, now).await?;
    staged.failures.count(tx).await?;
    Ok(has_job)
}
