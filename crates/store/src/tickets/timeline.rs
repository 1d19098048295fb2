//! The timelines of tickets: written by many hands, read by page, by version, and by the SLA engine.

use std::collections::{BTreeMap, HashMap};

use domain::{
    ClientId, Instant, TicketEventId, TicketId, UserId, WabaId,
    access::Actor,
    ports::Random,
    tickets::{Ticket, TicketEvent, TicketEventKind, TicketEventVisibility, TimedTicketEvent},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, ExprTrait as _, IdenStatic as _,
    Iterable as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{TABLE, search};
use crate::{
    StoreError, Tx, bulk,
    entity::{
        ticket_events,
        tickets::{Column, Entity},
    },
    page::{self, By, Keyset, Page},
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

const fn actor_kind(actor: &Actor) -> &'static str {
    match actor {
        Actor::Staff { .. } | Actor::Viewing { .. } => "staff",
        Actor::ClientUser { .. } => "client",
        Actor::Token { .. } => "token",
        Actor::System | Actor::Anonymous => "system",
    }
}

/// Appends to a ticket's timeline. Call it after [`insert`](super::insert) or [`update`](super::update), which hold the ticket's row: so sequences have no gaps.
///
/// # Errors
/// The database is unavailable.
pub async fn append_events(
    tx: &Tx,
    ticket: &Ticket,
    actor: &Actor,
    at: Instant,
    random: &dyn Random,
    kinds: &[TicketEventKind],
) -> Result<(), StoreError> {
    append_to_many(tx, actor, at, random, &[(ticket, kinds)]).await?;
    if kinds.is_empty() { Ok(()) } else { crate::sla::wake(tx, ticket.client, ticket.id, at).await }
}

/// Appends to the timelines of many tickets, whose rows the transaction holds, in a few statements; each ticket stands there once.
/// The SLA engine is not asked about them: that is for the caller to see to.
///
/// # Errors
/// The database is unavailable.
pub async fn append_to_many(
    tx: &Tx,
    actor: &Actor,
    at: Instant,
    random: &dyn Random,
    events: &[(&Ticket, &[TicketEventKind])],
) -> Result<(), StoreError> {
    let events: Vec<_> = events.iter().filter(|(_, kinds)| !kinds.is_empty()).copied().collect();
    if events.is_empty() {
        return Ok(());
    }
    let last = grow(tx, &events).await?;
    let mut rows = Vec::with_capacity(events.len());
    for (ticket, kinds) in &events {
        let last = last.get(&ticket.id.uuid()).copied().ok_or(StoreError::NotFound { table: TABLE })?;
        let first = last - i64::try_from(kinds.len()).unwrap_or(i64::MAX) + 1;
        for (sequence, kind) in (first..).zip(*kinds) {
            let id = TicketEventId::new(at, random);
            rows.push(event_row(ticket, actor, (id, at, sequence), kind)?);
        }
    }
    bulk::insert::<ticket_events::Entity>(tx, &written(), &rows, "").await?;
    for (ticket, kinds) in &events {
        for kind in *kinds {
            if let Some(text) = text_of(kind) {
                search::keep(tx, ticket.id, kind.visibility(), text).await?;
            }
        }
    }
    Ok(())
}

/// The words by which an event lets its ticket be found.
fn text_of(kind: &TicketEventKind) -> Option<&str> {
    match kind {
        TicketEventKind::Replied { text, .. } | TicketEventKind::Noted { text } => Some(text),
        TicketEventKind::Corrected { title: Some(title), .. } => Some(&title.to),
        _ => None,
    }
}

/// What is written of an entry: its place in the stream is the store's to give.
fn written() -> Vec<ticket_events::Column> {
    use ticket_events::Column;
    let given = |column: &Column| !matches!(column, Column::StreamTransaction | Column::StreamPosition);
    Column::iter().filter(given).collect()
}

/// Makes room in timelines, and returns the last sequence of each.
async fn grow(tx: &Tx, events: &[(&Ticket, &[TicketEventKind])]) -> Result<HashMap<Uuid, i64>, StoreError> {
    let mut by_count: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for (ticket, kinds) in events {
        tx.admit(Some(ticket.client))?;
        by_count.entry(i64::try_from(kinds.len()).unwrap_or(i64::MAX)).or_default().push(ticket.id.uuid());
    }
    let mut last = HashMap::new();
    for (count, tickets) in by_count {
        let expected = tickets.len() as u64;
        let grow = Entity::update_many()
            .col_expr(Column::LastEventSequence, Expr::col(Column::LastEventSequence).add(count))
            .filter(one_of(tx, Column::Id, tickets));
        let mut grow = tx.scoped(grow, Column::ClientId).into_query();
        grow.returning(Query::returning().columns([Column::Id, Column::LastEventSequence]));
        let rows = tx.connection().query_all(&grow).await?;
        let actual = rows.len() as u64;
        if actual != expected {
            return Err(StoreError::RowsAffected { table: TABLE, expected, actual });
        }
        for row in rows {
            last.insert(row.try_get("", Column::Id.as_str())?, row.try_get("", Column::LastEventSequence.as_str())?);
        }
    }
    Ok(last)
}

fn event_row(
    ticket: &Ticket,
    actor: &Actor,
    (id, at, sequence): (TicketEventId, Instant, i64),
    kind: &TicketEventKind,
) -> Result<ticket_events::Model, StoreError> {
    let json = serde_json::to_value(kind)
        .map_err(|_| StoreError::inconsistent_uuid("ticket_events", "kind", ticket.id.uuid()))?;
    Ok(ticket_events::Model {
        id: id.uuid(),
        client_id: ticket.client.uuid(),
        ticket_id: ticket.id.uuid(),
        sequence,
        visibility: kind.visibility().as_str().to_owned(),
        kind: json,
        actor_kind: actor_kind(actor).to_owned(),
        actor_id: match actor {
            Actor::Token { token, .. } => Some(token.uuid()),
            _ => actor.user().map(UserId::uuid),
        },
        at,
        ticket_version: Some(ticket.version),
        stream_transaction: 0,
        stream_position: 0,
    })
}

pub(crate) fn event_from_row(row: ticket_events::Model) -> Result<TicketEvent, StoreError> {
    let place = Place { table: "ticket_events", id: row.id };
    let is_person = matches!(row.actor_kind.as_str(), "staff" | "client");
    Ok(TicketEvent {
        id: TicketEventId::from_uuid(row.id),
        ticket: TicketId::from_uuid(row.ticket_id),
        client: ClientId::from_uuid(row.client_id),
        sequence: row.sequence,
        version: row.ticket_version,
        visibility: place.word("visibility", &row.visibility)?,
        user: row.actor_id.filter(|_| is_person).map(UserId::from_uuid),
        actor_kind: row.actor_kind,
        at: row.at,
        kind: place.json("kind", row.kind)?,
    })
}

/// A page of a timeline, by sequence; what is internal only when `internal` says so.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn timeline_page(
    tx: &Tx,
    ticket: TicketId,
    internal: bool,
    keyset: &Keyset,
) -> Result<Page<TicketEvent>, StoreError> {
    use ticket_events::{Column, Entity};
    let mut select = Entity::find().filter(Column::TicketId.eq(ticket.uuid()));
    if !internal {
        select = select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = tx.scoped(select, Column::ClientId);
    page::fetch(tx, select, keyset, By { column: Column::Sequence, id: Column::Id }, event_from_row).await
}

/// A page of what happened in a time to the tickets about an account, by when it happened; what is internal only when `internal`
/// says so.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_of_waba(
    tx: &Tx,
    waba: WabaId,
    internal: bool,
    span: page::Span,
    keyset: &Keyset,
) -> Result<Page<TicketEvent>, StoreError> {
    use ticket_events::{Column as EventColumn, Entity as EventEntity};
    let tickets = Entity::find().select_only().column(Column::Id).filter(Column::WabaId.eq(waba.uuid()));
    let mut select = EventEntity::find()
        .filter(EventColumn::TicketId.in_subquery(tx.scoped(tickets, Column::ClientId).into_query()))
        .filter(span.holds(EventColumn::At));
    if !internal {
        select = select.filter(EventColumn::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = tx.scoped(select, EventColumn::ClientId);
    page::fetch(tx, select, keyset, By { column: EventColumn::At, id: EventColumn::Id }, event_from_row).await
}

/// What a ticket's versions after `version` brought, oldest first, at most `most` events; what is internal only when `internal`
/// says so.
///
/// # Errors
/// The database is unavailable.
pub async fn events_after_version(
    tx: &Tx,
    ticket: TicketId,
    version: i32,
    internal: bool,
    most: u64,
) -> Result<Vec<TicketEvent>, StoreError> {
    use ticket_events::{Column, Entity};
    let mut select =
        Entity::find().filter(Column::TicketId.eq(ticket.uuid())).filter(Column::TicketVersion.gt(version));
    if !internal {
        select = select.filter(Column::Visibility.eq(TicketEventVisibility::Public.as_str()));
    }
    let select = select.order_by_asc(Column::Sequence).limit(most);
    tx.scoped(select, Column::ClientId).all(tx.connection()).await?.into_iter().map(event_from_row).collect()
}

/// What the SLA engine needs of many tickets, in two statements.
///
/// # Errors
/// The database is unavailable.
pub async fn sla_timelines(tx: &Tx, tickets: &[TicketId]) -> Result<HashMap<TicketId, SlaTimeline>, StoreError> {
    let select = Entity::find().select_only().columns([Column::Id, Column::ClientId, Column::OpenedAt]).filter(one_of(
        tx,
        Column::Id,
        tickets.iter().map(|id| id.uuid()),
    ));
    let rows: Vec<(Uuid, Uuid, Instant)> =
        tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let mut events = timed_events(tx, tickets).await?;
    let timeline = |(id, client, opened_at)| {
        let ticket = TicketId::from_uuid(id);
        let events = events.remove(&ticket).unwrap_or_default();
        (ticket, SlaTimeline { client: ClientId::from_uuid(client), opened_at, events })
    };
    Ok(rows.into_iter().map(timeline).collect())
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

/// What happened on many tickets and when, each oldest first: no more of the rows than the SLA engine asks for.
///
/// # Errors
/// The database is unavailable.
pub async fn timed_events(
    tx: &Tx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<TimedTicketEvent>>, StoreError> {
    use ticket_events::{Column, Entity};
    // A row for each ticket: a row for each event costs several times as much to hand over.
    let of_each = match tx.connection().get_database_backend() {
        DbBackend::Postgres => r#"json_agg(json_build_array("at", "kind") ORDER BY "sequence")::text"#,
        _ => r#"json_group_array(json_array("at", json("kind")) ORDER BY "sequence")"#,
    };
    let select = Entity::find()
        .select_only()
        .column(Column::TicketId)
        .expr_as(Expr::cust(of_each), "events")
        .filter(one_of(tx, Column::TicketId, tickets.iter().map(|id| id.uuid())))
        .group_by(Column::TicketId);
    let rows: Vec<(Uuid, String)> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    let read = |(ticket, events): (Uuid, String)| {
        let events: Vec<(Instant, TicketEventKind)> = serde_json::from_str(&events)
            .map_err(|_| StoreError::inconsistent_uuid("ticket_events", "kind", ticket))?;
        let events = events.into_iter().map(|(at, kind)| TimedTicketEvent { at, kind }).collect();
        Ok((TicketId::from_uuid(ticket), events))
    };
    rows.into_iter().map(read).collect()
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
