//! Entries of all timelines, in the order in which they became visible: whoever reads on from a place misses nothing.
//!
//! On PostgreSQL a transaction that took its number earlier may commit later. Entries are therefore ordered by the number of their
//! transaction, and read only up to the oldest transaction that still runs: none can appear before that any more.

use domain::{
    ClientId, TicketId,
    tickets::{TicketEvent, TicketEventVisibility},
};
use sea_orm::{
    ColumnTrait as _, DbBackend, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx,
    entity::ticket_events::{Column, Entity},
    tickets::event_from_row,
};

/// A place in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct StreamPlace {
    /// Number of the transaction; 0 on SQLite, where they take turns.
    transaction: i64,
    /// Number of the entry.
    position: i64,
}

/// Which entries; conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamFilter {
    /// Of this client.
    pub client: Option<ClientId>,
    /// Of this ticket.
    pub ticket: Option<TicketId>,
    /// Also what is internal.
    pub internal: bool,
}

/// No transaction with a number below this one runs any more.
const SETTLED: &str = "stream_transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

fn settled(tx: &Tx) -> Select<Entity> {
    use sea_orm::ConnectionTrait as _;
    let select = Entity::find();
    match tx.connection().get_database_backend() {
        DbBackend::Postgres => select.filter(Expr::cust(SETTLED)),
        _ => select,
    }
}

/// The last place that is settled, in what the transaction may know of.
///
/// # Errors
/// The database is unavailable.
pub async fn end(tx: &Tx) -> Result<StreamPlace, StoreError> {
    let select = settled(tx)
        .select_only()
        .columns([Column::StreamTransaction, Column::StreamPosition])
        .order_by_desc(Column::StreamTransaction)
        .order_by_desc(Column::StreamPosition)
        .limit(1);
    let found: Option<(i64, i64)> = tx.scoped(select, Column::ClientId).into_tuple().one(tx.connection()).await?;
    Ok(found.map_or_else(StreamPlace::default, |(transaction, position)| StreamPlace { transaction, position }))
}

/// At most `limit` entries after `place`, each with its own.
///
/// # Errors
/// The database is unavailable.
pub async fn after(
    tx: &Tx,
    place: StreamPlace,
    filter: &StreamFilter,
    limit: u64,
) -> Result<Vec<(StreamPlace, TicketEvent)>, StoreError> {
    let own =
        Expr::tuple([Expr::col((Entity, Column::StreamTransaction)), Expr::col((Entity, Column::StreamPosition))]);
    let bound = Expr::tuple([Expr::val(place.transaction), Expr::val(place.position)]);
    let mut select = settled(tx)
        .filter(own.gt(bound))
        .order_by_asc(Column::StreamTransaction)
        .order_by_asc(Column::StreamPosition)
        .limit(limit);
    if let Some(client) = filter.client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    if let Some(ticket) = filter.ticket {
        select = select.filter(Column::TicketId.eq(ticket.uuid()));
    }
    if !filter.internal {
        select = select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    rows.into_iter()
        .map(|row| {
            let place = StreamPlace { transaction: row.stream_transaction, position: row.stream_position };
            Ok((place, event_from_row(row)?))
        })
        .collect()
}
