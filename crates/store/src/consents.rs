//! The consent ledger. Events of an import wait in a place of their own, and are entered into the ledger in small steps by
//! [`settle`]; nobody reads them there before the import is completed. The same event is kept once, by the hash of what it says.

mod sealing;
mod settling;

pub use domain::ledger::Recorded;
use domain::{ClientId, ConsentEventId, ImportId, imports::ImportState, ports::LedgerEvent};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Query,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx,
    entity::{
        consent_events::{Column, Entity, Model},
        consent_staging, imports,
    },
    rows::Place,
};

pub use sealing::{Leaf, Unsealed, leaves, outside, range, sealed, unsealed, unsealed_of};
pub use settling::{Entered, Turn, begin_settling, evict_silent, finish_settling, left, settle, tidy};

const TABLE: &str = "consent_events";
/// Rows of one insert: under the bind limits of both databases.
const CHUNK: usize = 1_000;

/// An event that waits for its import to be completed.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Id that it will have in the ledger.
    pub id: ConsentEventId,
    /// Its place in the file, from 1 without gaps.
    pub ordinal: i64,
    /// What it says.
    pub event: LedgerEvent,
    /// Hash of what it says; equal for the same event.
    pub content_hash: String,
}

/// What few events say, in one column.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controller: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_shown: Option<String>,
}

impl Details {
    /// What an event says, or none when it says nothing of it.
    fn of(event: &mut LedgerEvent) -> Option<serde_json::Value> {
        let details =
            Self { ip: event.ip.take(), controller: event.controller.take(), brand_shown: event.brand_shown.take() };
        // Texts alone are always JSON.
        (details != Self::default()).then(|| serde_json::to_value(details).unwrap_or_default())
    }
}

fn from_row(row: Model) -> Result<Recorded, StoreError> {
    let place = Place { table: TABLE, id: row.id };
    let details: Details = match row.details {
        Some(details) => {
            serde_json::from_value(details).map_err(|_| StoreError::inconsistent_uuid(TABLE, "details", row.id))?
        }
        None => Details::default(),
    };
    Ok(Recorded {
        id: ConsentEventId::from_uuid(row.id),
        sequence: row.sequence,
        import: row.import_id.map(ImportId::from_uuid),
        user_id: row.user_id,
        event: LedgerEvent {
            action: place.word("action", &row.action)?,
            scope: place.word("scope", &row.scope)?,
            recipient: row.recipient,
            effective_at: row.effective_at,
            recorded_at: row.recorded_at,
            expires_at: row.expires_at,
            source: row.source,
            evidence: row.evidence,
            wording_version: row.wording_version,
            ip: details.ip,
            controller: details.controller,
            brand_shown: details.brand_shown,
        },
        content_hash: row.content_hash,
    })
}

/// Lets events wait for the end of a running import; nothing reads them before.
///
/// # Errors
/// `NotVisible`; `Conflict` when an ordinal was given twice; `Reference` when there is no such import.
pub async fn stage(tx: &Tx, client: ClientId, import: ImportId, events: Vec<Staged>) -> Result<(), StoreError> {
    tx.admit(Some(client))?;
    let mut rows = events.into_iter().map(|mut staged| consent_staging::ActiveModel {
        details: Set(Details::of(&mut staged.event)),
        import_id: Set(import.uuid()),
        ordinal: Set(staged.ordinal),
        id: Set(staged.id.uuid()),
        client_id: Set(client.uuid()),
        recipient: Set(staged.event.recipient),
        user_id: Set(None),
        action: Set(staged.event.action.as_str().to_owned()),
        scope: Set(staged.event.scope.as_str().to_owned()),
        effective_at: Set(staged.event.effective_at),
        recorded_at: Set(staged.event.recorded_at),
        expires_at: Set(staged.event.expires_at),
        source: Set(staged.event.source),
        evidence: Set(staged.event.evidence),
        wording_version: Set(staged.event.wording_version),
        content_hash: Set(staged.content_hash),
    });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        consent_staging::Entity::insert_many(chunk).exec_without_returning(tx.connection()).await?;
    }
}

/// What the ledger says of one person, in its order; `limit` events at most, the last ones.
///
/// # Errors
/// The database is unavailable.
pub async fn of_recipient(tx: &Tx, client: ClientId, recipient: &str, limit: u64) -> Result<Vec<Recorded>, StoreError> {
    // Events of an import that is being entered are there, and count for nothing yet.
    let completed = Query::select()
        .column(imports::Column::Id)
        .from(imports::Entity)
        .and_where(imports::Column::ClientId.eq(client.uuid()))
        .and_where(imports::Column::State.eq(ImportState::Completed.as_str()))
        .to_owned();
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Recipient.eq(recipient))
        .filter(Condition::any().add(Column::ImportId.is_null()).add(Column::ImportId.in_subquery(completed)))
        .order_by_desc(Column::Sequence)
        .limit(limit);
    let mut rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.reverse();
    rows.into_iter().map(from_row).collect()
}
