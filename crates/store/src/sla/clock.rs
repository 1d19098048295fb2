//! When to ask the engine about a ticket again, and what it last said: caches, which can be dropped and rebuilt.
//!
//! **Order of locks.** Whoever changes a ticket holds its row before it touches the ticket's wake-up, and so does whoever wakes it:
//! [`due`] takes the tickets' rows, and passes over those that somebody else has.

use domain::{ClientId, Instant, TicketId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        sla_timers,
        sla_wakeups::{ActiveModel, Column, Entity},
        tickets,
    },
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
    /// Seconds counted when it was asked about.
    pub elapsed_seconds: u64,
}

/// Has the engine asked about a ticket at `now`, because something happened to it. The caller holds the ticket's row.
///
/// # Errors
/// The database is unavailable.
pub async fn wake(tx: &Tx, client: ClientId, ticket: TicketId, now: Instant) -> Result<(), StoreError> {
    upsert(tx, client, ticket, Some(now), &[Column::WakeupAt]).await
}

/// Has the engine asked about a ticket at an instant, or not again until something happens; the look that comes is not quiet.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn set_wakeup(tx: &Tx, client: ClientId, ticket: TicketId, at: Option<Instant>) -> Result<(), StoreError> {
    upsert(tx, client, ticket, at, &[Column::WakeupAt, Column::StaleSince, Column::IsQuiet]).await
}

/// Writes `columns` of a ticket's wake-up, or all of it when there is none.
async fn upsert(
    tx: &Tx,
    client: ClientId,
    ticket: TicketId,
    at: Option<Instant>,
    columns: &[Column],
) -> Result<(), StoreError> {
    tx.admit(Some(client))?;
    let row = ActiveModel {
        ticket_id: Set(ticket.uuid()),
        client_id: Set(client.uuid()),
        wakeup_at: Set(at),
        stale_since: Set(None),
        is_quiet: Set(false),
    };
    let update = OnConflict::column(Column::TicketId).update_columns(columns.iter().copied()).to_owned();
    Entity::insert(row).on_conflict(update).exec_without_returning(tx.connection()).await?;
    Ok(())
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
    let ids = async |select: Select<Entity>| {
        let select = tx.scoped(select.select_only().column(Column::TicketId).limit(most), Column::ClientId);
        Ok::<Vec<Uuid>, StoreError>(select.into_tuple().all(tx.connection()).await?)
    };
    let mut found = ids(waiting(now)).await?;
    if found.is_empty() {
        found = ids(stale()).await?;
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let held = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .filter(tickets::Column::Id.is_in(found))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let held: Vec<Uuid> = tx.scoped(held, tickets::Column::ClientId).into_tuple().all(tx.connection()).await?;
    // Between the look and the lock another worker may have done it.
    let still = Entity::find()
        .select_only()
        .columns([Column::TicketId, Column::IsQuiet])
        .filter(Column::TicketId.is_in(held))
        .filter(Condition::any().add(Column::WakeupAt.lte(now)).add(Column::StaleSince.is_not_null()));
    let rows: Vec<(Uuid, bool)> = tx.scoped(still, Column::ClientId).into_tuple().all(tx.connection()).await?;
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

/// Keeps what the engine said of a ticket, in place of what it said before, with the due times that lists are sorted by.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn cache(tx: &Tx, client: ClientId, ticket: TicketId, timers: &[CachedTimer]) -> Result<(), StoreError> {
    use sla_timers::{ActiveModel, Column, Entity};
    tx.admit(Some(client))?;
    let delete = Entity::delete_many().filter(Column::TicketId.eq(ticket.uuid()));
    tx.scoped(delete, Column::ClientId).exec(tx.connection()).await?;
    let rows = timers.iter().map(|timer| ActiveModel {
        ticket_id: Set(ticket.uuid()),
        metric: Set(timer.metric.to_owned()),
        cycle: Set(i32::try_from(timer.cycle).unwrap_or(i32::MAX)),
        client_id: Set(client.uuid()),
        priority: Set(timer.priority.to_owned()),
        state: Set(timer.state.to_owned()),
        started_at: Set(timer.started_at),
        due_at: Set(timer.due_at),
        breach_at: Set(timer.breach_at),
        stopped_at: Set(timer.stopped_at),
        elapsed_seconds: Set(i64::try_from(timer.elapsed_seconds).unwrap_or(i64::MAX)),
    });
    if !timers.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    sort_by(tx, ticket, timers).await
}

/// The due times of what is still to be done, on the ticket itself.
async fn sort_by(tx: &Tx, ticket: TicketId, timers: &[CachedTimer]) -> Result<(), StoreError> {
    let due = |metric: &str| {
        let open = timers.iter().rfind(|timer| timer.metric == metric && timer.stopped_at.is_none());
        open.and_then(|timer| timer.due_at)
    };
    let update = tickets::Entity::update_many()
        .col_expr(tickets::Column::FirstResponseDueAt, Expr::value(due("first_response")))
        .col_expr(tickets::Column::ResolutionDueAt, Expr::value(due("resolution")))
        .filter(tickets::Column::Id.eq(ticket.uuid()));
    tx.scoped(update, tickets::Column::ClientId).exec(tx.connection()).await?;
    Ok(())
}
