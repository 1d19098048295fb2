//! What the sealer of the ledger needs: which events wait for it, and which events each leaf stands for. The system's alone.

use domain::{ClientId, ledger::Recorded};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Statement, Value,
};

use uuid::Uuid;

use super::{Details, TABLE, from_row};
use crate::{
    StoreError, Tx,
    entity::{
        consent_events::{Column, Entity, Model},
        ledger_leaves,
    },
};

/// Events of a client that are not sealed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsealed {
    /// Whose.
    pub client: ClientId,
    /// The first of them.
    pub first: i64,
    /// The last event of the ledger.
    pub last: i64,
}

/// A leaf, and the events that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the client's log.
    pub place: u64,
    /// Its first event.
    pub first: i64,
    /// Its last event.
    pub last: i64,
}

/// Clients whose ledgers have events that are not sealed, by their ids, those that come after `after`; at most `limit`.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn unsealed(tx: &Tx, after: Option<ClientId>, limit: u64) -> Result<Vec<Unsealed>, StoreError> {
    let after = after.map_or_else(Uuid::nil, ClientId::uuid);
    let values = [after.into(), (limit as i64).into()];
    waiting(tx, "AND client_id > $1 ORDER BY client_id LIMIT $2", values).await
}

/// The same of one client.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn unsealed_of(tx: &Tx, client: ClientId) -> Result<Option<Unsealed>, StoreError> {
    Ok(waiting(tx, "AND client_id = $1", [client.uuid().into()]).await?.pop())
}

/// The ledgers with events that are not sealed, of those that the end of the statement leaves. Positions are given out by the
/// counter, in the transaction that makes their events visible: what is up to it is there, and stays as it is.
async fn waiting<const N: usize>(tx: &Tx, end: &str, values: [Value; N]) -> Result<Vec<Unsealed>, StoreError> {
    const LEDGERS: &str = "SELECT client_id, last, sealed FROM (
            SELECT client_counters.client_id, client_counters.value AS last, coalesce((SELECT max(last_sequence)
                FROM ledger_leaves WHERE ledger_leaves.client_id = client_counters.client_id), 0) AS sealed
            FROM client_counters WHERE client_counters.name = 'consent_event'
        ) AS ledgers WHERE last > sealed";
    tx.admit(None)?;
    let connection = tx.connection();
    let sql = format!("{LEDGERS} {end}");
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = connection.query_all_raw(statement).await?;
    let unsealed = rows.iter().map(|row| {
        let sealed: i64 = row.try_get("", "sealed")?;
        let client = ClientId::from_uuid(row.try_get("", "client_id")?);
        Ok(Unsealed { client, first: sealed + 1, last: row.try_get("", "last")? })
    });
    unsealed.collect()
}

/// The events of a client's ledger from one position to another, in order. One that is not, to the last byte, what an event is kept
/// as, is an error.
///
/// # Errors
/// The database is unavailable.
pub async fn range(
    tx: &Tx,
    client: ClientId,
    first: i64,
    last: i64,
) -> Result<Vec<Result<Recorded, StoreError>>, StoreError> {
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Sequence.between(first, last))
        .order_by_asc(Column::Sequence);
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    Ok(rows.into_iter().map(exactly).collect())
}

/// The event of a row, provided that everything in the row is in it.
fn exactly(row: Model) -> Result<Recorded, StoreError> {
    let (id, details) = (row.id, row.details.clone());
    let recorded = from_row(row)?;
    if Details::of(&mut recorded.event.clone()) == details {
        Ok(recorded)
    } else {
        Err(StoreError::inconsistent_uuid(TABLE, "details", id))
    }
}

/// Events that no leaf will ever stand for, at most `limit`, by client and position: before the first position, or beyond the last that
/// was given out and of no import that is still being entered. Somebody put them beside the ledger.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn outside(tx: &Tx, limit: u64) -> Result<Vec<(ClientId, i64)>, StoreError> {
    const OUTSIDE: &str = "SELECT e.client_id, e.sequence FROM consent_events e
        LEFT JOIN client_counters c ON c.client_id = e.client_id AND c.name = 'consent_event'
        LEFT JOIN imports i ON i.client_id = e.client_id AND i.id = e.import_id
        WHERE e.sequence < 1 OR (e.sequence > coalesce(c.value, 0) AND coalesce(i.state, 'completed') = 'completed')
        ORDER BY e.client_id, e.sequence LIMIT $1";
    tx.admit(None)?;
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), OUTSIDE, [(limit as i64).into()]);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok((ClientId::from_uuid(row.try_get("", "client_id")?), row.try_get("", "sequence")?)))
        .collect()
}

/// Keeps which events a leaf stands for.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients; `Conflict` when the leaf is there already.
pub async fn sealed(tx: &Tx, client: ClientId, leaf: Leaf) -> Result<(), StoreError> {
    tx.admit(None)?;
    let row = ledger_leaves::ActiveModel {
        client_id: Set(client.uuid()),
        place: Set(leaf.place as i64),
        first_sequence: Set(leaf.first),
        last_sequence: Set(leaf.last),
    };
    ledger_leaves::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The leaves of a client's log from `first` to before `end`, in order.
///
/// # Errors
/// `NotVisible` when the transaction may not know of all clients.
pub async fn leaves(tx: &Tx, client: ClientId, first: u64, end: u64) -> Result<Vec<Leaf>, StoreError> {
    use ledger_leaves::{Column, Entity};
    tx.admit(None)?;
    let select = Entity::find()
        .filter(Column::ClientId.eq(client.uuid()))
        .filter(Column::Place.gte(first as i64))
        .filter(Column::Place.lt(end as i64))
        .order_by_asc(Column::Place);
    let leaf = |row: ledger_leaves::Model| Leaf {
        place: row.place as u64,
        first: row.first_sequence,
        last: row.last_sequence,
    };
    Ok(select.all(tx.connection()).await?.into_iter().map(leaf).collect())
}
