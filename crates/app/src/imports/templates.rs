//! Templates, as the Graph API returns them, one a line. They are no traffic: they go to the database and not to the lake.

use std::collections::HashMap;

use domain::{Instant, TemplateId, assets::Template, ports::CancelFlag};
use meta::ReadError;
use serde_json::Value;
use store::{StoreError, Tx};

use super::{lines::Batches, run::NewImport, stop::Stop};
use crate::{OpCtx, platform::recorded};

/// What Meta says of one template.
pub(super) struct Line {
    read: meta::template::Template,
    /// As they came, if they were asked for.
    components: Option<Value>,
}

/// Reads one template.
pub(super) fn read(value: Value) -> Result<Line, ReadError> {
    let components = value.get("components").cloned();
    Ok(Line { read: meta::template::Template::from_value(value)?, components })
}

/// Writes the templates of a file that was judged.
pub(super) async fn upsert(
    op: &OpCtx,
    tx: &Tx,
    input: &NewImport,
    now: Instant,
    cancel: CancelFlag,
) -> Result<(), Stop> {
    let mut batches = Batches::of(input, cancel, read);
    while let Some(batch) = batches.next().await? {
        write(op, tx, input, batch, now).await?;
    }
    Ok(())
}

async fn write(op: &OpCtx, tx: &Tx, input: &NewImport, batch: Vec<Line>, now: Instant) -> Result<(), Stop> {
    // Of lines about the same template the last one stands.
    let lines: HashMap<String, Line> = batch.into_iter().map(|line| (line.read.id.clone(), line)).collect();
    let ids: Vec<String> = lines.keys().cloned().collect();
    let known = store::templates::by_meta_ids(tx, input.client, &ids).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|template| (template.meta_id.clone(), template)).collect();
    for (id, line) in lines {
        let before = known.remove(&id);
        let rated_at = line.read.quality.as_ref().and_then(|quality| quality.since);
        let after = told(op, input, before.as_ref(), line, now);
        match &before {
            None => store::templates::insert(tx, &after).await?,
            Some(before) if *before == (Template { updated_at: before.updated_at, ..after.clone() }) => continue,
            Some(_) => store::templates::update(tx, &after).await?,
        }
        record(op, tx, before.as_ref(), &after, rated_at).await?;
    }
    Ok(())
}

/// Keeps since when the template is what it is: rules ask for how long. Meta says since when a rating stands, and of a status nothing: that
/// is so since it was seen.
async fn record(
    op: &OpCtx,
    tx: &Tx,
    before: Option<&Template>,
    after: &Template,
    rated_at: Option<Instant>,
) -> Result<(), StoreError> {
    if before.is_none_or(|before| before.status != after.status) && after.status != UNKNOWN {
        recorded(op, tx, after, ("status", &after.status), after.updated_at).await?;
    }
    let is_rated_anew = before.is_none_or(|before| before.quality != after.quality);
    if let Some(quality) = after.quality.as_ref().filter(|_| is_rated_anew) {
        recorded(op, tx, after, ("quality", quality), rated_at.unwrap_or(after.updated_at)).await?;
    }
    Ok(())
}

/// What stands for a word that nobody told.
const UNKNOWN: &str = "UNKNOWN";

/// The template as a line tells it; what the line does not tell stays as it was.
fn told(op: &OpCtx, input: &NewImport, before: Option<&Template>, line: Line, now: Instant) -> Template {
    let Line { read, components } = line;
    let kept = |word: Option<String>, old: Option<&String>| {
        word.or_else(|| old.cloned()).unwrap_or_else(|| UNKNOWN.to_owned())
    };
    Template {
        id: before.map_or_else(|| TemplateId::new(now, op.random()), |before| before.id),
        client: input.client,
        waba: before.and_then(|before| before.waba),
        meta_id: read.id,
        name: read.name,
        language: read.language,
        category: kept(read.category.map(|word| word.to_string()), before.map(|before| &before.category)),
        status: kept(read.status.map(|word| word.to_string()), before.map(|before| &before.status)),
        quality: read
            .quality
            .map(|quality| quality.score.to_string())
            .or_else(|| before.and_then(|before| before.quality.clone())),
        components: components
            .or_else(|| before.map(|before| before.components.clone()))
            .unwrap_or_else(|| Value::Array(Vec::new())),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
        version: before.map_or(1, |before| before.version),
    }
}
