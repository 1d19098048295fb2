//! What reports count: promises from the cache of timers, the backlog from the tickets.

use domain::{ClientId, Instant, TicketId};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{CaseStatement, Expr, ExprTrait as _, Func, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    StoreError, Tx,
    entity::{
        sla_timers::{Column, Entity},
        tickets,
    },
};

/// How many promises of one kind were kept and broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseCount {
    /// Whose tickets.
    pub client: ClientId,
    /// Stable name of the metric.
    pub metric: String,
    /// Stable name of the priority.
    pub priority: String,
    /// Fulfilled in time.
    pub met: u64,
    /// Broken, whether fulfilled since or not.
    pub breached: u64,
    /// Fell away in time.
    pub cancelled: u64,
    /// Neither yet.
    pub open: u64,
}

#[derive(Debug, FromQueryResult)]
struct PromiseRow {
    client_id: Uuid,
    metric: String,
    priority: String,
    met: i64,
    breached: i64,
    cancelled: i64,
    total: i64,
}

/// How many rows fulfil a condition.
fn count_of(condition: SimpleExpr) -> SimpleExpr {
    let one = CaseStatement::new().case(condition, 1).finally(0);
    Func::sum(Expr::expr(one)).into()
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// Promises whose cycle began in `[from, to)`, as they stand at `now`, by client, metric and priority.
///
/// # Errors
/// The database is unavailable.
pub async fn promises(
    tx: &Tx,
    client: Option<ClientId>,
    from: Instant,
    to: Instant,
    now: Instant,
) -> Result<Vec<PromiseCount>, StoreError> {
    let broken = || Column::BreachAt.lte(now);
    let whole = || Column::BreachAt.is_null().or(Column::BreachAt.gt(now));
    let kept = |state: &str| Column::State.eq(state).and(whole());
    let mut select = Entity::find()
        .select_only()
        .columns([Column::ClientId, Column::Metric, Column::Priority])
        .column_as(count_of(kept("met")), "met")
        .column_as(count_of(broken()), "breached")
        .column_as(count_of(kept("cancelled")), "cancelled")
        .column_as(Column::TicketId.count(), "total")
        .filter(Column::StartedAt.gte(from))
        .filter(Column::StartedAt.lt(to))
        .group_by(Column::ClientId)
        .group_by(Column::Metric)
        .group_by(Column::Priority)
        .order_by_asc(Column::ClientId)
        .order_by_asc(Column::Metric)
        .order_by_asc(Column::Priority);
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let rows = tx.scoped(select, Column::ClientId).into_model::<PromiseRow>().all(tx.connection()).await?;
    let count = |row: PromiseRow| PromiseCount {
        client: ClientId::from_uuid(row.client_id),
        metric: row.metric,
        priority: row.priority,
        met: unsigned(row.met),
        breached: unsigned(row.breached),
        cancelled: unsigned(row.cancelled),
        open: unsigned(row.total - row.met - row.breached - row.cancelled),
    };
    Ok(rows.into_iter().map(count).collect())
}

/// Open tickets that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacklogCount {
    /// Whose.
    pub client: ClientId,
    /// Stable name of the priority.
    pub priority: String,
    /// Stable name of the status.
    pub status: String,
    /// Stable name of who has the ball.
    pub waiting_on: String,
    /// How many.
    pub tickets: u64,
    /// When the oldest was opened.
    pub oldest: Instant,
}

#[derive(Debug, FromQueryResult)]
struct BacklogRow {
    client_id: Uuid,
    priority: String,
    status: String,
    waiting_on: String,
    tickets: i64,
    oldest: Instant,
}

/// The open tickets, by client, priority, status and who has the ball.
///
/// # Errors
/// The database is unavailable.
pub async fn backlog(tx: &Tx, client: Option<ClientId>) -> Result<Vec<BacklogCount>, StoreError> {
    use tickets::{Column, Entity};
    let groups = [Column::ClientId, Column::Priority, Column::Status, Column::WaitingOn];
    let mut select = Entity::find()
        .select_only()
        .columns(groups)
        .column_as(Column::Id.count(), "tickets")
        .column_as(Column::OpenedAt.min(), "oldest")
        .filter(Column::ClosedAt.is_null());
    for column in groups {
        select = select.group_by(column).order_by_asc(column);
    }
    if let Some(client) = client {
        select = select.filter(Column::ClientId.eq(client.uuid()));
    }
    let rows = tx.scoped(select, Column::ClientId).into_model::<BacklogRow>().all(tx.connection()).await?;
    let count = |row: BacklogRow| BacklogCount {
        client: ClientId::from_uuid(row.client_id),
        priority: row.priority,
        status: row.status,
        waiting_on: row.waiting_on,
        tickets: unsigned(row.tickets),
        oldest: row.oldest,
    };
    Ok(rows.into_iter().map(count).collect())
}

/// Tickets of a client, or of all, that were opened in `[from, to)`, by their id, after one; at most `most`.
///
/// # Errors
/// The database is unavailable.
pub async fn opened_between(
    tx: &Tx,
    client: Option<ClientId>,
    (from, to): (Instant, Instant),
    after: Option<TicketId>,
    most: u64,
) -> Result<Vec<TicketId>, StoreError> {
    use tickets::{Column, Entity};
    let mut select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OpenedAt.gte(from))
        .filter(Column::OpenedAt.lt(to));
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
