//! Timelines of many tickets: whole, or as much as the SLA engine reads of them.

use std::collections::HashMap;

use domain::{
    ClientId, Instant, TicketId,
    tickets::{TicketEvent, TimedTicketEvent},
};
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::event_from_row;
use crate::{
    StoreError, Tx,
    entity::{
        ticket_events,
        tickets::{Column, Entity},
    },
    rows::{Place, one_of},
};

/// What the SLA engine needs to know of a ticket.
#[derive(Debug, Clone)]
pub struct SlaTimeline {
    /// Whose.
    pub client: ClientId,
    /// When it was opened.
    pub opened_at: Instant,
    /// The timeline, oldest first.
    pub events: Vec<TimedTicketEvent>,
}

/// What the SLA engine needs of many tickets, in two statements.
///
/// # Errors
/// The database is unavailable.
pub async fn sla_timelines(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, SlaTimeline>, StoreError> {
    let select = Entity::find().filter(one_of(tx, Column::Id, tickets.iter().map(|id| id.uuid())));
    let rows = tx.scoped(select, Column::ClientId).all(tx.connection()).await?;
    let mut events = timed_events(tx, tickets).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let id = TicketId::from_uuid(row.id);
            let timeline = SlaTimeline {
                client: ClientId::from_uuid(row.client_id),
                opened_at: row.opened_at,
                events: events.remove(&id).unwrap_or_default(),
            };
            (id, timeline)
        })
        .collect())
}

/// Where the timelines of many tickets end: whose each ticket is, and the place of its last entry.
///
/// # Errors
/// The database is unavailable.
pub async fn timeline_ends(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, (ClientId, i64)>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ClientId, Column::LastEventSequence])
        .filter(one_of(tx, Column::Id, tickets.iter().map(|id| id.uuid())));
    let rows: Vec<(Uuid, Uuid, i64)> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let end = |(id, client, last)| (TicketId::from_uuid(id), (ClientId::from_uuid(client), last));
    Ok(rows.into_iter().map(end).collect())
}

/// What happened when on many tickets, each oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn timed_events(
    tx: &Tx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<TimedTicketEvent>>, StoreError> {
    use ticket_events::{Column, Entity};
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::TicketId, Column::At, Column::Kind])
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::Sequence);
    let rows: Vec<(Uuid, Uuid, Instant, serde_json::Value)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let mut answer: HashMap<TicketId, Vec<TimedTicketEvent>> = HashMap::new();
    for (id, ticket, at, kind) in rows {
        let kind = Place { table: "ticket_events", id }.json("kind", kind)?;
        answer.entry(TicketId::from_uuid(ticket)).or_default().push(TimedTicketEvent { at, kind });
    }
    Ok(answer)
}

/// The whole timelines of many tickets, each oldest first.
///
/// # Errors
/// The database is unavailable.
pub async fn timelines(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<TicketEvent>>, StoreError> {
    use ticket_events::{Column, Entity};
    let select = Entity::find()
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .order_by_asc(Column::TicketId)
        .order_by_asc(Column::Sequence);
    let mut answer: HashMap<TicketId, Vec<TicketEvent>> = HashMap::new();
    for row in tx.scoped(select, Column::ClientId).all(tx.connection()).await? {
        let event = event_from_row(row)?;
        answer.entry(event.ticket).or_default().push(event);
    }
    Ok(answer)
}
