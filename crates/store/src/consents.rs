//! The consent ledger. Events of an import wait in a place of their own, and move to the ledger by [`settle`] in the transaction
//! that completes the import. The same event is kept once, by the hash of what it says.

use domain::{ClientId, ConsentEventId, ImportId, imports::Import, ports::LedgerEvent};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx,
    counters::{self, ClientCounter},
    entity::{
        consent_events::{Column, Entity, Model},
        consent_staging,
    },
    rows::Place,
};

const TABLE: &str = "consent_events";
/// Rows of one insert: under the bind limits of both databases.
const CHUNK: usize = 1_000;

/// An event that waits for its import to be completed.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Id that it will have in the ledger.
    pub id: ConsentEventId,
    /// Its place in the file, from 1.
    pub ordinal: i64,
    /// What it says.
    pub event: LedgerEvent,
    /// Hash of what it says; equal for the same event.
    pub content_hash: String,
}

/// An event of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Id.
    pub id: ConsentEventId,
    /// Position in the client's ledger, from 1 without gaps.
    pub sequence: i64,
    /// The import that brought it, if one did.
    pub import: Option<ImportId>,
    /// What it says.
    pub event: LedgerEvent,
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

/// Throws away what waits for an import.
///
/// # Errors
/// The database is unavailable.
pub async fn unstage(tx: &Tx, import: ImportId) -> Result<(), StoreError> {
    let delete = consent_staging::Entity::delete_many().filter(consent_staging::Column::ImportId.eq(import.uuid()));
    tx.scoped(delete, consent_staging::Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}

/// Moves what waits for an import to the ledger, in the order of the file, and returns how many events are new to it. Called
/// after [`crate::segments::publish`], whose lock lets the client's imports come one after another.
///
/// # Errors
/// `NotVisible`; `Conflict` when another writer of the ledger came in between.
pub async fn settle(tx: &Tx, import: &Import) -> Result<u64, StoreError> {
    const SETTLE: &str = "INSERT INTO consent_events (id, client_id, sequence, import_id, recipient, user_id, action, scope,
            effective_at, recorded_at, expires_at, source, evidence, wording_version, details, content_hash)
        SELECT s.id, s.client_id, $3 + row_number() OVER (ORDER BY s.ordinal), s.import_id, s.recipient, s.user_id, s.action,
            s.scope, s.effective_at, s.recorded_at, s.expires_at, s.source, s.evidence, s.wording_version, s.details,
            s.content_hash
        FROM (SELECT consent_staging.*, row_number() OVER (PARTITION BY content_hash ORDER BY ordinal) AS occurrence
            FROM consent_staging WHERE client_id = $1 AND import_id = $2) AS s
        WHERE s.occurrence = 1 AND NOT EXISTS
            (SELECT 1 FROM consent_events e WHERE e.client_id = $1 AND e.content_hash = s.content_hash)";
    tx.admit(Some(import.client))?;
    let last = counters::last(tx, import.client, ClientCounter::ConsentEvent).await?;
    let connection = tx.connection();
    let values = [import.client.uuid().into(), import.id.uuid().into(), last.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), SETTLE, values);
    let moved = connection.execute_raw(statement).await?.rows_affected();
    if moved > 0 {
        let count = u32::try_from(moved).unwrap_or(u32::MAX);
        if counters::take(tx, import.client, ClientCounter::ConsentEvent, count).await? != last + 1 {
            return Err(StoreError::Conflict { constraint: "consent_events_client_id_sequence_key".to_owned() });
        }
    }
    unstage(tx, import.id).await?;
    Ok(moved)
}

/// What the ledger says of one person, in its order; `limit` events at most, the last ones.
///
/// # Errors
/// The database is unavailable.
pub async fn of_recipient(tx: &Tx, client: ClientId, recipient: &str, limit: u64) -> Result<Vec<Recorded>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Recipient.eq(recipient))
        .order_by_desc(Column::Sequence)
        .limit(limit);
    let mut rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.reverse();
    rows.into_iter().map(from_row).collect()
}
