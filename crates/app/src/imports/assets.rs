//! What a client declares of itself, one fact a line: names, domains, permits, wordings, campaigns, numbers, and people whom a
//! former provider had suppressed.
//!
//! Facts are few, and written in the transaction that completes the import. Suppressed people may be a million: they are written
//! before, in small steps, and count once the import is completed.

use std::collections::BTreeMap;

use domain::{
    DeclaredAssetId, Instant, access::Visibility, assets::DeclaredAsset, imports::Import, ports::CancelFlag,
    traffic::canonical_recipient,
};
use meta::{ReadError, asset::Asset};
use serde_json::Value;
use store::{StoreError, Tx};

use super::{lines::Batches, run::NewImport, stop::Stop};
use crate::{OpCtx, Services};

/// People of one transaction, so that none holds the writer for long.
const STEP: usize = 5_000;
/// Longest name by which facts are told apart, in characters.
const LONGEST_NAME: usize = 512;
/// Imports that are tidied up at a time.
const LEFT: u64 = 50;

/// One line.
pub(super) enum Line {
    /// A fact, told from others by its kind and name; all its fields as they came.
    Fact { kind: String, name: String, body: Value },
    /// People who are suppressed, as the exchange formats write recipients.
    Suppressed(Vec<String>),
}

/// Reads one line.
pub(super) fn read(body: Value) -> Result<Line, ReadError> {
    let asset = Asset::from_value(body.clone())?;
    if let Asset::Suppression(suppression) = &asset {
        let people: Vec<String> =
            suppression.recipients.iter().filter_map(|recipient| canonical_recipient(recipient)).collect();
        // A person that is left out would be written to again: then rather the whole line is told as bad.
        return if people.len() == suppression.recipients.len() {
            Ok(Line::Suppressed(people))
        } else {
            Err(ReadError::InvalidValue { field: "recipients", expected: "telephone numbers, or user ids" })
        };
    }
    let (kind, name) = asset.identity().ok_or(ReadError::Missing { field: "id" })?;
    if kind.chars().count().max(name.chars().count()) > LONGEST_NAME {
        return Err(ReadError::InvalidValue { field: "id", expected: "at most 512 characters" });
    }
    Ok(Line::Fact { kind: kind.to_owned(), name: name.to_owned(), body })
}

/// Writes the suppressed people of a file that was judged, in transactions of their own.
pub(super) async fn stage(
    services: &Services,
    visibility: &Visibility,
    import: &Import,
    input: &NewImport,
    cancel: CancelFlag,
) -> Result<(), Stop> {
    let mut batches = Batches::of(input, cancel, read);
    let mut people = Vec::new();
    let mut is_last = false;
    while !is_last {
        match batches.next().await? {
            Some(batch) => people.extend(batch.into_iter().flat_map(|line| match line {
                Line::Suppressed(people) => people,
                Line::Fact { .. } => Vec::new(),
            })),
            None => is_last = true,
        }
        while people.len() >= STEP || (is_last && !people.is_empty()) {
            let step: Vec<String> = people.drain(..people.len().min(STEP)).collect();
            let tx = services.store.write(visibility).await?;
            // Of an import that was given up nothing more may be left.
            if !store::imports::heartbeat(&tx, import.id, services.clock.now()).await? {
                return Err(Stop::Abandoned);
            }
            store::suppressed_recipients::add(&tx, import.client, import.id, &step).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Throws away, in small steps, what imports left that were given up.
pub(super) async fn tidy(services: &Services, visibility: &Visibility) -> Result<(), StoreError> {
    loop {
        let look = services.store.read(visibility).await?;
        let left = store::suppressed_recipients::left(&look, LEFT).await?;
        look.rollback().await?;
        if left.is_empty() {
            return Ok(());
        }
        for (import, client) in left {
            loop {
                let tx = services.store.write(visibility).await?;
                let done = store::suppressed_recipients::tidy(&tx, client, import, STEP as u64).await?;
                tx.commit().await?;
                if done {
                    break;
                }
            }
        }
    }
}

/// Writes the facts of a file that was judged.
pub(super) async fn upsert(
    op: &OpCtx,
    tx: &Tx,
    import: &Import,
    input: &NewImport,
    (now, cancel): (Instant, CancelFlag),
) -> Result<(), Stop> {
    let mut batches = Batches::of(input, cancel, read);
    while let Some(batch) = batches.next().await? {
        let mut told: BTreeMap<(String, String), Value> = BTreeMap::new();
        for line in batch {
            if let Line::Fact { kind, name, body } = line {
                lay_over(told.entry((kind, name)).or_insert(Value::Null), body);
            }
        }
        write(op, tx, import, told, now).await?;
    }
    Ok(())
}

async fn write(
    op: &OpCtx,
    tx: &Tx,
    import: &Import,
    told: BTreeMap<(String, String), Value>,
    now: Instant,
) -> Result<(), Stop> {
    let names: Vec<String> = told.keys().map(|(_, name)| name.clone()).collect();
    let known = store::declared_assets::by_names(tx, import.client, &names).await?;
    let mut known: BTreeMap<_, _> =
        known.into_iter().map(|asset| ((asset.kind.clone(), asset.name.clone()), asset)).collect();
    for ((kind, name), body) in told {
        if let Some(before) = known.remove(&(kind.clone(), name.clone())) {
            let mut after = DeclaredAsset { import: import.id, updated_at: now, ..before.clone() };
            lay_over(&mut after.body, body);
            if after.body != before.body {
                store::declared_assets::update(tx, &after).await?;
            }
            continue;
        }
        let asset = DeclaredAsset {
            id: DeclaredAssetId::new(now, op.random()),
            client: import.client,
            kind,
            name,
            body,
            import: import.id,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        store::declared_assets::insert(tx, &asset).await?;
    }
    Ok(())
}

/// Lays what a later line tells over what is known: a field that it does not carry stays.
fn lay_over(known: &mut Value, told: Value) {
    match (known, told) {
        (Value::Object(known), Value::Object(told)) => known.extend(told),
        (known, told) => *known = told,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_is_not_told_again_stays() {
        let mut known = json!({"kind": "client", "brand_names": ["Aurora"], "permits": ["alcohol"]});
        lay_over(&mut known, json!({"kind": "client", "brand_names": ["Aurora Moda"]}));
        assert_eq!(known, json!({"kind": "client", "brand_names": ["Aurora Moda"], "permits": ["alcohol"]}));
    }

    #[test]
    fn a_line_with_somebody_who_is_nobody_is_bad() {
        assert!(read(json!({"kind": "suppression", "recipients": ["+39 333 1234567", "nobody"]})).is_err());
        let Ok(Line::Suppressed(people)) = read(json!({"kind": "suppression", "recipient": "+39 333 1234567"})) else {
            panic!("not a suppression")
        };
        assert_eq!(people, ["393331234567"]);
        assert!(read(json!({"kind": "flow"})).is_err(), "nothing tells it from others");
        let of = |length: usize| read(json!({"kind": "campaign", "id": "x".repeat(length)}));
        assert!(of(512).is_ok() && of(513).is_err());
    }
}
