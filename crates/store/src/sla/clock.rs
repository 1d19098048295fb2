//! When to ask the engine about a ticket again, and what it last said: caches, which can be dropped and rebuilt.
//!
//! **Order of locks.** Whoever changes a ticket holds its row before it touches the ticket's wake-up, and so does whoever wakes it:
//! [`due`] takes the tickets' rows, and passes over those that somebody else has.

use std::collections::{BTreeSet, HashMap};

use domain::{ClientId, Instant, TicketId};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DbBackend, EntityTrait as _, IdenStatic, Iterable as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    StoreError, Tx, bulk,
    entity::{
        sla_timers,
        sla_wakeups::{Column, Entity, Model},
        tickets,
    },
    rows::one_of,
};

/// What the engine last said of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedTimer {
    /// Stable name of the metric.
    pub metric: &'static str,
    /// Which cycle.
    pub cycle: u32,
    /// Stable name of the priority it is judged by.
    pub priority: &'static str,
    /// Stable name of its state.
    pub state: &'static str,
    /// When the cycle began.
    pub started_at: Instant,
    /// When it is due, if that is certain.
    pub due_at: Option<Instant>,
    /// When it was broken, or will be if nothing happens.
    pub breach_at: Option<Instant>,
    /// When the clock was stopped.
    pub stopped_at: Option<Instant>,
}

/// What the engine said of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Whose.
    pub client: ClientId,
    /// Which.
    pub ticket: TicketId,
    /// Its promises, in place of what was said before; absent, that stands.
    pub timers: Option<Vec<CachedTimer>>,
    /// When to ask about it again; absent, not until something happens.
    pub wakeup_at: Option<Instant>,
}

/// Tickets of one statement at most.
const CHUNK: usize = 1_000;

/// Has the engine asked about a ticket at `now`, because something happened to it. The caller holds the ticket's row.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn wake(tx: &Tx, client: ClientId, ticket: TicketId, now: Instant) -> Result<(), StoreError> {
    upsert(tx, std::iter::once((client, ticket, Some(now))), &[Column::WakeupAt]).await
}

/// Writes `columns` of the wake-ups of tickets, or all of them where there is none.
async fn upsert(
    tx: &Tx,
    wakeups: impl Iterator<Item = (ClientId, TicketId, Option<Instant>)>,
    columns: &[Column],
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for (client, ticket, at) in wakeups {
        tx.admit(Some(client))?;
        rows.push(Model {
            ticket_id: ticket.uuid(),
            client_id: client.uuid(),
            wakeup_at: at,
            stale_since: None,
            is_quiet: false,
        });
    }
    let all: Vec<Column> = Column::iter().collect();
    let then = format!("ON CONFLICT (ticket_id) DO UPDATE SET {}", excluded(columns));
    bulk::insert::<Entity>(tx, &all, &rows, &then).await?;
    Ok(())
}

/// The columns as they were to be inserted.
fn excluded(columns: &[impl IdenStatic]) -> String {
    let set = columns.iter().map(|column| format!("{0} = excluded.{0}", column.as_str()));
    set.collect::<Vec<_>>().join(", ")
}

/// Has the engine asked anew about all tickets of a client, or about all, when nothing urgent is left: for what changes for many at
/// once. Returns how many.
///
/// # Errors
/// The database is unavailable.
pub async fn mark_stale(tx: &Tx, client: Option<ClientId>, now: Instant) -> Result<u64, StoreError> {
    let mut update = Entity::update_many().col_expr(Column::StaleSince, Expr::value(now));
    if let Some(client) = client {
        update = update.filter(Column::ClientId.eq(client.uuid()));
    }
    let open =
        tickets::Entity::find().select_only().column(tickets::Column::Id).filter(tickets::Column::ClosedAt.is_null());
    let update = update.filter(Column::TicketId.in_subquery(sea_orm::QueryTrait::into_query(open)));
    Ok(tx.scoped(update, Column::ClientId).exec(tx.connection()).await?.rows_affected)
}

/// A ticket that is to be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueTicket {
    /// Which.
    pub ticket: TicketId,
    /// Whether the look is quiet: what has been reached is noted, and nobody is told.
    pub is_quiet: bool,
}

/// Whether a ticket is to be asked about by `now`.
///
/// # Errors
/// The database is unavailable.
pub async fn has_due(tx: &Tx, now: Instant) -> Result<bool, StoreError> {
    let one = async |select: Select<Entity>| {
        let select = tx.scoped(select.select_only().column(Column::TicketId).limit(1), Column::ClientId);
        let row: Option<Uuid> = select.into_tuple().one(tx.connection()).await?;
        Ok::<_, StoreError>(row.is_some())
    };
    Ok(one(waiting(now)).await? || one(stale()).await?)
}

fn waiting(now: Instant) -> Select<Entity> {
    Entity::find().filter(Column::WakeupAt.lte(now)).order_by_asc(Column::WakeupAt).order_by_asc(Column::TicketId)
}

fn stale() -> Select<Entity> {
    let stale = Entity::find().filter(Column::StaleSince.is_not_null());
    stale.order_by_asc(Column::StaleSince).order_by_asc(Column::TicketId)
}

/// The tickets that are to be asked about by `now`, at most `most`: first those whose instant has come, then those that are stale.
/// Nobody else changes them before the transaction ends; those that somebody else has are left out.
///
/// # Errors
/// The database is unavailable.
pub async fn due(tx: &Tx, now: Instant, most: u64) -> Result<Vec<DueTicket>, StoreError> {
    // SQLite lets one transaction write, and it is this one.
    let is_alone = tx.connection().get_database_backend() == DbBackend::Sqlite;
    let ask = async |select: Select<Entity>| {
        // Twice as many: others may hold the first ones.
        let select = select.limit(if is_alone { most } else { 2 * most });
        due_of(tx, select).await
    };
    let mut found = ask(waiting(now)).await?;
    if found.is_empty() {
        found = ask(stale()).await?;
    }
    if is_alone || found.is_empty() {
        return Ok(found);
    }
    let held = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .filter(one_of(tx, tickets::Column::Id, found.iter().map(|due| due.ticket.uuid())))
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let held: Vec<Uuid> = tx.scoped(held, tickets::Column::ClientId).into_tuple().all(tx.connection()).await?;
    // Between the look and the lock another worker may have done it.
    let still = Entity::find()
        .filter(one_of(tx, Column::TicketId, held))
        .filter(Condition::any().add(Column::WakeupAt.lte(now)).add(Column::StaleSince.is_not_null()));
    due_of(tx, still).await
}

async fn due_of(tx: &Tx, select: Select<Entity>) -> Result<Vec<DueTicket>, StoreError> {
    let select = select.select_only().columns([Column::TicketId, Column::IsQuiet]);
    let rows: Vec<(Uuid, bool)> = tx.scoped(select, Column::ClientId).into_tuple().all(tx.connection()).await?;
    Ok(rows.into_iter().map(|(id, is_quiet)| DueTicket { ticket: TicketId::from_uuid(id), is_quiet }).collect())
}

/// Open tickets of a client, or of all, by their id, after one; at most `most`.
///
/// # Errors
/// The database is unavailable.
pub async fn open_tickets(
    tx: &Tx,
    client: Option<ClientId>,
    after: Option<TicketId>,
    most: u64,
) -> Result<Vec<TicketId>, StoreError> {
    use tickets::{Column, Entity};
    let mut select = Entity::find().select_only().column(Column::Id).filter(Column::ClosedAt.is_null());
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    if let Some(after) = after {
        select = select.filter(Column::Id.gt(after.uuid()));
    }
    let select = tx.scoped(select.order_by_asc(Column::Id).limit(most), Column::ClientId);
    let ids: Vec<Uuid> = select.into_tuple().all(tx.connection()).await?;
    Ok(ids.into_iter().map(TicketId::from_uuid).collect())
}

/// Keeps what the engine said of tickets, with the instants that lists are sorted by, and when to ask again; the looks that come are
/// not quiet. What stands already is not written again.
///
/// # Errors
/// The transaction may not know of a client, or the database is unavailable.
pub async fn keep(tx: &Tx, looks: &[Look]) -> Result<(), StoreError> {
    use sla_timers::{Column as Of, Entity as Timers};
    let asked = looks.iter().filter(|look| look.timers.is_some()).map(|look| look.ticket.uuid());
    let select = Timers::find().filter(one_of(tx, Of::TicketId, asked));
    let known = tx.scoped(select, Of::ClientId).all(tx.connection()).await?;
    let mut known: HashMap<(Uuid, String, i32), sla_timers::Model> =
        known.into_iter().map(|row| ((row.ticket_id, row.metric.clone(), row.cycle), row)).collect();
    let mut changed = Vec::new();
    for look in looks {
        tx.admit(Some(look.client))?;
        for row in look.timers.iter().flatten().map(|timer| row(look, timer)) {
            let key = (row.ticket_id, row.metric.clone(), row.cycle);
            if known.remove(&key).as_ref() != Some(&row) {
                changed.push(row);
            }
        }
    }
    let mut tickets: BTreeSet<Uuid> = changed.iter().map(|row| row.ticket_id).collect();
    for (ticket, metric, cycle) in known.into_keys() {
        // Seldom: a policy that promises less than the one before.
        let delete = Timers::delete_many().filter(Of::TicketId.eq(ticket)).filter(Of::Metric.eq(metric));
        tx.scoped(delete.filter(Of::Cycle.eq(cycle)), Of::ClientId).exec(tx.connection()).await?;
        tickets.insert(ticket);
    }
    let written = [Of::Priority, Of::State, Of::StartedAt, Of::DueAt, Of::BreachAt, Of::StoppedAt];
    let all: Vec<Of> = Of::iter().collect();
    let then = format!("ON CONFLICT (ticket_id, metric, cycle) DO UPDATE SET {}", excluded(&written));
    bulk::insert::<Timers>(tx, &all, &changed, &then).await?;
    sort_by(tx, &tickets).await?;
    let wakeups = looks.iter().map(|look| (look.client, look.ticket, look.wakeup_at));
    upsert(tx, wakeups, &[Column::WakeupAt, Column::StaleSince, Column::IsQuiet]).await
}

fn row(look: &Look, timer: &CachedTimer) -> sla_timers::Model {
    sla_timers::Model {
        ticket_id: look.ticket.uuid(),
        metric: timer.metric.to_owned(),
        cycle: i32::try_from(timer.cycle).unwrap_or(i32::MAX),
        client_id: look.client.uuid(),
        priority: timer.priority.to_owned(),
        state: timer.state.to_owned(),
        started_at: timer.started_at,
        due_at: timer.due_at,
        breach_at: timer.breach_at,
        stopped_at: timer.stopped_at,
    }
}

/// When the first of what is still to be done is due, and when the first of it is broken, on the tickets themselves.
async fn sort_by(tx: &Tx, tickets: &BTreeSet<Uuid>) -> Result<(), StoreError> {
    let first = |column: &str| {
        let timers = "FROM sla_timers WHERE sla_timers.ticket_id = tickets.id AND sla_timers.stopped_at IS NULL";
        Expr::cust(format!("(SELECT min({column}) {timers})"))
    };
    for chunk in tickets.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
        let update = tickets::Entity::update_many()
            .col_expr(tickets::Column::DueAt, first("due_at"))
            .col_expr(tickets::Column::BreachAt, first("breach_at"))
            .filter(one_of(tx, tickets::Column::Id, chunk.iter().copied()));
        tx.scoped(update, tickets::Column::ClientId).exec(tx.connection()).await?;
    }
    Ok(())
}
