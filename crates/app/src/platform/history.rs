//! The history of assets, and the asset as it stands.

use domain::{
    AssetChangeId, ClientId, Instant, PlatformEventId, WabaId,
    assets::{AssetChange, AssetKind, Template},
    traffic::{PlatformEvent, PlatformEventKind},
};
use sha2::{Digest as _, Sha256};
use store::{StoreError, Tx};
use uuid::Uuid;

use super::Told;
use crate::{OpCtx, OpError};

/// An asset whose attribute changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asset {
    /// What it is.
    pub(crate) kind: AssetKind,
    /// Its id, without its type.
    pub(crate) id: Uuid,
    /// When what is known of it was recorded: older than anything that is told from then on.
    pub(crate) known_at: Instant,
}

fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// An attribute, what was recorded of it before there was a history, and what it is now.
type Attribute<'a> = (&'a str, Option<&'a str>, &'a str);

/// Writes a change down, and returns what stands of the attribute now.
pub(crate) async fn changed(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    asset: Asset,
    attribute: Attribute<'_>,
) -> Result<String, OpError> {
    write(op, tx, told, asset, attribute, false).await
}

/// The same of a change that an event tells too: a timeline shows it once, as the event.
pub(super) async fn changed_by_event(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    asset: Asset,
    attribute: Attribute<'_>,
) -> Result<String, OpError> {
    write(op, tx, told, asset, attribute, true).await
}

async fn write(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    asset: Asset,
    (attribute, known, value): Attribute<'_>,
    has_event: bool,
) -> Result<String, OpError> {
    let of = (told.client, Some(told.waba));
    if let Some(known) = known.filter(|known| !known.is_empty())
        && store::asset_changes::latest(tx, asset.id, attribute).await?.is_none()
    {
        insert(op, tx, of, asset, (attribute, known, asset.known_at, super::Source::Record), false).await?;
    }
    insert(op, tx, of, asset, (attribute, value, told.at, told.source), has_event).await?;
    let latest = store::asset_changes::latest(tx, asset.id, attribute).await?;
    Ok(latest.map_or_else(|| value.to_owned(), |latest| latest.value))
}

/// Writes down what the records say of a template, and since when.
pub(crate) async fn recorded(
    op: &OpCtx,
    tx: &Tx,
    template: &Template,
    (attribute, value): (&str, &str),
    since: Instant,
) -> Result<(), StoreError> {
    let asset = Asset { kind: AssetKind::Template, id: template.id.uuid(), known_at: since };
    let change = (attribute, value, since, super::Source::Record);
    insert(op, tx, (template.client, template.waba), asset, change, false).await
}

async fn insert(
    op: &OpCtx,
    tx: &Tx,
    (client, waba): (ClientId, Option<WabaId>),
    asset: Asset,
    (attribute, value, at, source): (&str, &str, Instant, super::Source),
    has_event: bool,
) -> Result<(), StoreError> {
    let change = AssetChange {
        id: AssetChangeId::new(op.now(), op.random()),
        client,
        waba,
        asset: asset.kind,
        asset_id: asset.id,
        attribute: attribute.to_owned(),
        value: value.to_owned(),
        at,
        source,
        recorded_at: op.services().clock.now(),
    };
    let hash = hash(&[&asset.id.to_string(), attribute, value, &at.timestamp_micros().to_string()]);
    store::asset_changes::insert(tx, &change, &hash, has_event).await?;
    Ok(())
}

/// The account itself, of whose attributes nothing was recorded before.
fn account(told: &Told) -> Asset {
    Asset { kind: AssetKind::Waba, id: told.waba.uuid(), known_at: told.at }
}

/// A change of the account itself that has no column of its own.
pub(super) async fn of_waba(op: &OpCtx, tx: &Tx, told: &Told, attribute: &str, value: &str) -> Result<(), OpError> {
    changed(op, tx, told, account(told), (attribute, None, value)).await.map(drop)
}

/// The same of a change that an event tells too.
pub(super) async fn of_waba_by_event(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    attribute: &str,
    value: &str,
) -> Result<(), OpError> {
    changed_by_event(op, tx, told, account(told), (attribute, None, value)).await.map(drop)
}

/// Writes an event down; whether it is new.
pub(super) async fn event(op: &OpCtx, tx: &Tx, told: &Told, kind: PlatformEventKind) -> Result<bool, OpError> {
    let event = PlatformEvent::new(told.at, kind);
    let text = serde_json::to_string(&event).map_err(|error| OpError::internal("platform events", error))?;
    let stored = store::platform_events::Told {
        id: PlatformEventId::new(op.now(), op.random()),
        client: told.client,
        waba: Some(told.waba),
        event,
        source: told.source.as_str().to_owned(),
        content_hash: hash(&[&told.waba.to_string(), &text]),
        recorded_at: op.services().clock.now(),
    };
    Ok(store::platform_events::insert(tx, &stored).await?)
}
