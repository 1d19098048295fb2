//! From where an import's events wait into the ledger: in steps of bounded size, so that nobody waits long for a transaction.
//!
//! One import of a client enters the ledger at a time. So its events take positions that follow the last one that was given out,
//! without gaps, and the position counter moves only in the transaction that completes the import and makes them visible. An import
//! that ends otherwise is marked as ended first, and then tidied up, also in steps; until that is done no other of the client
//! enters.

use domain::{
    ClientId, ImportId, Instant,
    imports::{Import, ImportFailure, ImportState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Statement, Value,
};

use crate::{
    StoreError, Tx,
    counters::{self, ClientCounter},
    entity::imports::{ActiveModel, Column, Entity},
    imports::{self, DONE, SETTLING},
};

/// The unique key that a second import of a client violates which would enter the ledger.
const SETTLING_KEY: &str = "imports_client_id_key";

/// Whether an import may enter the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is its turn.
    Now,
    /// Another import of the client is entering; the transaction must be dropped, and tried again a little later.
    Later,
    /// It runs no more: somebody gave it up.
    Never,
}

/// Asks that an import enter the ledger.
///
/// # Errors
/// The database is unavailable.
pub async fn begin_settling(tx: &Tx, import: ImportId, now: Instant) -> Result<Turn, StoreError> {
    let change = ActiveModel { ledger_stage: Set(SETTLING), heartbeat_at: Set(now), ..ActiveModel::default() };
    match imports::running(tx, import, change).exec(tx.connection()).await.map_err(StoreError::from) {
        Ok(updated) if updated.rows_affected == 1 => Ok(Turn::Now),
        Ok(_) => Ok(Turn::Never),
        Err(error) if error.is_conflict_on(SETTLING_KEY) => Ok(Turn::Later),
        Err(error) => Err(error),
    }
}

/// Gives up the import of a client that enters the ledger and gave no sign of life since `before`. Returns whether there was one.
///
/// # Errors
/// The database is unavailable.
pub async fn evict_silent(
    tx: &Tx,
    client: ClientId,
    before: Instant,
    failure: &ImportFailure,
    now: Instant,
) -> Result<bool, StoreError> {
    let select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::LedgerStage.eq(SETTLING))
        .filter(Column::State.eq(ImportState::Running.as_str()))
        .filter(Column::HeartbeatAt.lt(before));
    let silent: Option<uuid::Uuid> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    match silent {
        Some(id) => imports::fail(tx, ImportId::from_uuid(id), failure, now).await,
        None => Ok(false),
    }
}

/// What steps did: one of them, or all so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entered {
    /// Events that waited and wait no more.
    pub taken: u64,
    /// Those of them that are new to the ledger.
    pub moved: u64,
}

/// Enters the next events, at most `limit`, of an import whose turn it is, in the order of the file; the same event is kept once.
/// `before` is what earlier steps did; fewer taken than `limit` means that none is left. `None` when somebody gave the import up
/// meanwhile.
///
/// Events are found by where the last step ended, and compared with the ledger one by one through its key: whatever a planner
/// believes of tables that grow and shrink this fast, a step costs the same at the first row and at the millionth.
///
/// # Errors
/// `NotVisible`; the database is unavailable.
pub async fn settle(
    tx: &Tx,
    import: &Import,
    before: Entered,
    limit: u32,
    now: Instant,
) -> Result<Option<Entered>, StoreError> {
    const SETTLE: &str = "INSERT INTO consent_events (id, client_id, sequence, import_id, recipient, user_id, action, scope,
            effective_at, recorded_at, expires_at, source, evidence, wording_version, details, content_hash)
        SELECT s.id, s.client_id, $3 + row_number() OVER (ORDER BY s.ordinal), s.import_id, s.recipient, s.user_id, s.action,
            s.scope, s.effective_at, s.recorded_at, s.expires_at, s.source, s.evidence, s.wording_version, s.details,
            s.content_hash
        FROM (SELECT consent_staging.*, row_number() OVER (PARTITION BY content_hash ORDER BY ordinal) AS occurrence
            FROM consent_staging
            WHERE client_id = $1 AND import_id = $2 AND ordinal > $4 AND ordinal <= $5) AS s
        WHERE s.occurrence = 1 AND
            (SELECT e.id FROM consent_events e WHERE e.client_id = $1 AND e.content_hash = s.content_hash LIMIT 1) IS NULL";
    const TAKE: &str =
        "DELETE FROM consent_staging WHERE client_id = $1 AND import_id = $2 AND ordinal > $3 AND ordinal <= $4";
    tx.admit(Some(import.client))?;
    // Locks the import's row: whoever gives it up waits for this step, and tidies it up too.
    if !imports::heartbeat(tx, import.id, now).await? {
        return Ok(None);
    }
    let (client, id): (Value, Value) = (import.client.uuid().into(), import.id.uuid().into());
    let (after, last) = (before.taken as i64, (before.taken + u64::from(limit)) as i64);
    let position = counters::last(tx, import.client, ClientCounter::ConsentEvent).await?;
    let position = position.saturating_add_unsigned(before.moved);
    let values = vec![client.clone(), id.clone(), position.into(), after.into(), last.into()];
    let moved = run(tx, SETTLE, values).await?;
    let taken = run(tx, TAKE, vec![client, id, after.into(), last.into()]).await?;
    Ok(Some(Entered { taken, moved }))
}

/// Gives the positions of `moved` events, which steps have entered, to the import, in the transaction that completes it.
///
/// # Errors
/// The database is unavailable.
pub async fn finish_settling(tx: &Tx, import: &Import, moved: u64) -> Result<(), StoreError> {
    match u32::try_from(moved) {
        Ok(0) => Ok(()),
        Ok(count) => counters::take(tx, import.client, ClientCounter::ConsentEvent, count).await.map(drop),
        Err(_) => Err(StoreError::inconsistent_uuid("consent_events", "sequence", import.id.uuid())),
    }
}

/// Imports that ended without being completed and left something, at most `limit`.
///
/// # Errors
/// The database is unavailable.
pub async fn left(tx: &Tx, limit: u64) -> Result<Vec<(ImportId, ClientId)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ClientId])
        .filter(Column::LedgerStage.gt(DONE))
        .filter(Column::State.ne(ImportState::Running.as_str()))
        .limit(limit);
    let rows: Vec<(uuid::Uuid, uuid::Uuid)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(id, client)| (ImportId::from_uuid(id), ClientId::from_uuid(client))).collect())
}

/// Throws away what an import left that ended without being completed, about `limit` rows; whether nothing is left now.
///
/// # Errors
/// `NotVisible`; the database is unavailable.
pub async fn tidy(tx: &Tx, client: ClientId, import: ImportId, limit: u32) -> Result<bool, StoreError> {
    const WAITING: &str = "SELECT min(ordinal) AS least FROM consent_staging WHERE client_id = $1 AND import_id = $2";
    const DROP_WAITING: &str = "DELETE FROM consent_staging WHERE client_id = $1 AND import_id = $2 AND ordinal <= $3";
    // Positions beyond the counter's are those of the one import that enters: by them its rows are found without a scan.
    const ENTERED: &str = "SELECT min(sequence) AS least FROM consent_events WHERE client_id = $1 AND sequence > $2";
    const DROP_ENTERED: &str =
        "DELETE FROM consent_events WHERE client_id = $1 AND import_id = $2 AND sequence > $3 AND sequence <= $4";
    tx.admit(Some(client))?;
    let (client_value, id): (Value, Value) = (client.uuid().into(), import.uuid().into());
    if let Some(first) = least(tx, WAITING, vec![client_value.clone(), id.clone()]).await? {
        run(tx, DROP_WAITING, vec![client_value, id, (first + i64::from(limit) - 1).into()]).await?;
        return Ok(false);
    }
    let row = tx.scoped(Entity::find_by_id(import.uuid()), Column::ClientId).one(tx.connection()).await?;
    if row.is_some_and(|row| row.ledger_stage == SETTLING) {
        let last = counters::last(tx, client, ClientCounter::ConsentEvent).await?;
        if let Some(first) = least(tx, ENTERED, vec![client_value.clone(), last.into()]).await? {
            let to = first + i64::from(limit) - 1;
            run(tx, DROP_ENTERED, vec![client_value, id, last.into(), to.into()]).await?;
            return Ok(false);
        }
    }
    let change = ActiveModel { ledger_stage: Set(DONE), ..ActiveModel::default() };
    let update = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(import.uuid()))
        .filter(Column::State.ne(ImportState::Running.as_str()));
    tx.scoped(update, Column::ClientId).exec(tx.connection()).await?;
    Ok(true)
}

async fn run(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

async fn least(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<Option<i64>, StoreError> {
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "least")).transpose()?.flatten())
}
