//! Numbers that are given out in order.
//!
//! The counter's row stays locked until the transaction ends. So numbers have no gaps, and become visible in their order: who
//! has seen one has seen all that are less. Take them late in a transaction.

use domain::ClientId;
use sea_orm::{ConnectionTrait as _, Statement};

use crate::{StoreError, Tx};

/// What is counted within a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCounter {
    /// Positions of the consent ledger.
    ConsentEvent,
    /// Publications of segments of the lake.
    Segment,
}

impl ClientCounter {
    const fn name(self) -> &'static str {
        match self {
            Self::ConsentEvent => "consent_event",
            Self::Segment => "segment",
        }
    }
}

/// Takes `count` numbers (at least one) of a client, and returns the first; the others follow it without gaps. The first ever
/// is 1.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn take(tx: &Tx, client: ClientId, counter: ClientCounter, count: u32) -> Result<i64, StoreError> {
    const TAKE: &str = "INSERT INTO client_counters (client_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (client_id, name) DO UPDATE SET value = client_counters.value + excluded.value RETURNING value";
    tx.admit(Some(client))?;
    let count = i64::from(count.max(1));
    let last = value(tx, TAKE, [client.uuid().into(), counter.name().into(), count.into()]).await?;
    Ok(last - count + 1)
}

/// The last number that was taken of a client; 0 when none was. All that are not greater are visible to this transaction.
///
/// # Errors
/// The database is unavailable.
pub async fn last(tx: &Tx, client: ClientId, counter: ClientCounter) -> Result<i64, StoreError> {
    use crate::entity::client_counters::{Column, Entity};
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let select = Entity::find().filter(Column::ClientId.eq(client.uuid())).filter(Column::Name.eq(counter.name()));
    let row = tx.scoped(select, Column::ClientId).one(tx.connection()).await?;
    Ok(row.map_or(0, |row| row.value))
}

/// Takes the next number of a ticket, over the whole deployment.
///
/// # Errors
/// The database is unavailable.
pub async fn next_ticket(tx: &Tx) -> Result<i64, StoreError> {
    value(tx, "UPDATE counters SET value = value + 1 WHERE name = 'ticket' RETURNING value", []).await
}

/// The number of the SLA terms: another one than before when they were changed.
///
/// # Errors
/// The database is unavailable.
pub async fn sla_terms(tx: &Tx) -> Result<i64, StoreError> {
    if let Some(number) = tx.sla_terms {
        return Ok(number);
    }
    value(tx, "SELECT value FROM counters WHERE name = 'sla_terms'", []).await
}

/// Says that the SLA terms are changed. Whoever changes them waits for others who do, until their transactions end.
///
/// # Errors
/// The database is unavailable.
pub(crate) async fn change_sla_terms(tx: &Tx) -> Result<(), StoreError> {
    value(tx, "UPDATE counters SET value = value + 1 WHERE name = 'sla_terms' RETURNING value", []).await?;
    Ok(())
}

async fn value<const N: usize>(tx: &Tx, sql: &str, values: [sea_orm::Value; N]) -> Result<i64, StoreError> {
    let connection = tx.connection();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?.ok_or(StoreError::NotFound { table: "counters" })?;
    Ok(row.try_get("", "value")?)
}
