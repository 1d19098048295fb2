//! Lists of tickets by any filter and in any order, in bounded time.
//!
//! A list is found in one of two ways. Where one of the conditions holds of few tickets, these are *gathered* by its index, and
//! judged and sorted. Where every condition holds of many, the order's index is *walked*, for the page is soon full. Which of the two
//! is decided by counting a little beforehand: planners guess it from statistics, which know nothing of conditions together, and on
//! SQLite may not be there at all.

use domain::{access::Visibility, assets::PhoneNumber, clients::Client, tickets::Ticket};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, DbErr, EntityTrait as _, FromQueryResult as _, IdenStatic as _,
    Iterable as _, QueryFilter as _, QueryResult, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement},
};

use super::{
    filter::{Served, TicketCondition, TicketFilter, TicketInstant, candidates},
    from_row, search,
};
use crate::{
    StoreError, Tx,
    entity::{
        clients, phone_numbers,
        tickets::{Column, Entity, Model},
    },
    page::{self, By, Keyset, Page},
};

/// Tickets that are few: gathered, not walked past.
const FEW: u64 = 3_000;

/// Tickets that are so few that no other way is looked for.
const VERY_FEW: u64 = 200;

/// Ways that are counted at most.
const MOST_WAYS: usize = 12;

/// Up to this many tickets of a list are counted.
pub const COUNTED: u64 = 1_000;

/// What tickets are sorted by; among equal ones, by id. Tickets that lack it are not in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketOrder {
    /// The instant of the last change.
    #[default]
    Updated,
    /// The instant of the opening.
    Opened,
    /// The instant of the closing.
    Closed,
    /// The end of the time for an appeal.
    AppealDeadline,
    /// When the first promise that is still to be kept is due.
    Due,
    /// The priority.
    Priority,
}

impl TicketOrder {
    const fn column(self) -> Column {
        match self {
            Self::Updated => Column::UpdatedAt,
            Self::Opened => Column::OpenedAt,
            Self::Closed => Column::ClosedAt,
            Self::AppealDeadline => Column::AppealDeadline,
            Self::Due => Column::DueAt,
            Self::Priority => Column::Priority,
        }
    }

    const fn by(self) -> By<Column> {
        By { column: self.column(), id: Column::Id }
    }

    /// What must be there to be sorted by.
    const fn instant(self) -> Option<TicketInstant> {
        match self {
            Self::Closed => Some(TicketInstant::Closed),
            Self::AppealDeadline => Some(TicketInstant::AppealDeadline),
            Self::Due => Some(TicketInstant::Due),
            Self::Updated | Self::Opened | Self::Priority => None,
        }
    }
}

/// A ticket with what lists show beside it.
#[derive(Debug, Clone)]
pub struct ListedTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The place of the last entry in its timeline.
    pub last_sequence: i64,
    /// Whose account it is about.
    pub client: Option<Client>,
    /// The number that is meant.
    pub phone_number: Option<PhoneNumber>,
}

/// A page of tickets.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page(
    tx: &Tx,
    filter: &TicketFilter,
    order: TicketOrder,
    keyset: &Keyset,
) -> Result<Page<Ticket>, StoreError> {
    let Some(select) = listed(tx, filter, order).await? else { return Ok(Page::none()) };
    page::fetch(tx, select, keyset, order.by(), from_row).await
}

/// A page of tickets with their clients and numbers, in one statement.
///
/// # Errors
/// The database is unavailable, or the cursor belongs to another list.
pub async fn page_with_relations(
    tx: &Tx,
    filter: &TicketFilter,
    order: TicketOrder,
    keyset: &Keyset,
) -> Result<Page<ListedTicket>, StoreError> {
    let Some(select) = listed(tx, filter, order).await? else { return Ok(Page::none()) };
    let select = with_relations(page::cut(select, keyset, order.by())?, order.column(), keyset);
    let rows = tx.connection().query_all(&select).await?;
    let read = |row: &QueryResult| -> Result<_, DbErr> {
        let client = clients::Model::from_query_result_optional(row, CLIENT)?;
        let number = phone_numbers::Model::from_query_result_optional(row, NUMBER)?;
        Ok((Model::from_query_result(row, "")?, client, number))
    };
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    page::of_rows(
        rows,
        keyset,
        order.by(),
        |(ticket, ..)| ticket,
        |(ticket, client, number)| {
            Ok(ListedTicket {
                last_sequence: ticket.last_event_sequence,
                ticket: from_row(ticket)?,
                client: client.map(crate::clients::from_row),
                phone_number: number.map(crate::phone_numbers::from_row),
            })
        },
    )
}

/// Before the names of the columns of clients and numbers beside a ticket's.
const CLIENT: &str = "c_";
const NUMBER: &str = "p_";

/// The tickets of a page with their clients and numbers. The page is cut first: row-level security lets planners believe that nearly no
/// client is seen, and they would read all of them.
fn with_relations(page: Select<Entity>, order: Column, keyset: &Keyset) -> SelectStatement {
    let mut select = Query::select();
    select.from_subquery(page.into_query(), Entity).columns(Column::iter().map(|column| (Entity, column)));
    for column in clients::Column::iter() {
        select.expr_as(Expr::col((clients::Entity, column)), format!("{CLIENT}{}", column.as_str()));
    }
    for column in phone_numbers::Column::iter() {
        select.expr_as(Expr::col((phone_numbers::Entity, column)), format!("{NUMBER}{}", column.as_str()));
    }
    let client = Expr::col((clients::Entity, clients::Column::Id)).equals((Entity, Column::ClientId));
    let number = Expr::col((phone_numbers::Entity, phone_numbers::Column::Id)).equals((Entity, Column::PhoneNumberId));
    select
        .left_join(clients::Entity, client)
        .left_join(phone_numbers::Entity, number)
        .order_by((Entity, order), keyset.order())
        .order_by((Entity, Column::Id), keyset.order());
    select
}

/// The tickets of a list in an order.
async fn listed(tx: &Tx, filter: &TicketFilter, order: TicketOrder) -> Result<Option<Select<Entity>>, StoreError> {
    let mut parts = vec![filter.clone()];
    // What is implied wants to see it.
    parts.extend(order.instant().map(|instant| TicketCondition::Within(instant, None, None).into()));
    let select = selected(tx, &TicketFilter::All(parts)).await?;
    // Said so that an index may serve it: the order's is a partial one.
    let is_partial = order.instant().is_some();
    Ok(select.map(|select| if is_partial { select.filter(order.column().is_not_null()) } else { select }))
}

/// How many tickets there are, counted up to [`COUNTED`]; with one more, there are more.
///
/// # Errors
/// The database is unavailable.
pub async fn count(tx: &Tx, filter: &TicketFilter) -> Result<u64, StoreError> {
    let Some(select) = selected(tx, filter).await? else { return Ok(0) };
    let found = select.select_only().column(Column::Id).limit(COUNTED + 1).into_query();
    counted(tx, found).await
}

/// The tickets of which `filter` holds and the transaction may know; `None` when there can be none.
async fn selected(tx: &Tx, filter: &TicketFilter) -> Result<Option<Select<Entity>>, StoreError> {
    let filter = search::made(tx, filter).await?;
    let Some(filter) = flattened(&filter).with_implied() else { return Ok(None) };
    let is_sqlite = tx.connection().get_database_backend() == DbBackend::Sqlite;
    let served = if is_sqlite { Served::ByLooking } else { Served::ByIndex };
    let mut select = Entity::find().filter(filter.sql(served));
    if let Some(way) = few(tx, &filter).await? {
        // The limit is never reached; it keeps planners from doing it the other way round.
        select = select.filter(Column::Id.in_subquery(candidates(&way, FEW + 1)));
    }
    Ok(Some(tx.scoped(select, Column::ClientId)))
}

/// Conditions that all must hold, in one list.
fn flattened(filter: &TicketFilter) -> TicketFilter {
    fn flatten(filter: &TicketFilter, into: &mut Vec<TicketFilter>) {
        match filter {
            TicketFilter::All(parts) => parts.iter().for_each(|part| flatten(part, into)),
            other => into.push(other.clone()),
        }
    }
    let mut parts = Vec::new();
    flatten(filter, &mut parts);
    TicketFilter::All(parts)
}

/// A way that leads to few tickets, if there is one.
async fn few(tx: &Tx, filter: &TicketFilter) -> Result<Option<Vec<TicketCondition>>, StoreError> {
    let mut ways = filter.ways();
    if let Visibility::Clients(clients) = tx.visibility() {
        ways.push(vec![TicketCondition::Client(clients.clone())]);
    }
    let mut best: Option<(u64, Vec<TicketCondition>)> = None;
    for way in ways.into_iter().take(MOST_WAYS) {
        let text = format!("{way:?}");
        if tx.frequent.holds_often(&text) {
            continue;
        }
        let found = counted(tx, candidates(&way, FEW + 1)).await?;
        if found > FEW {
            tx.frequent.keep(text);
        }
        if found <= FEW && best.as_ref().is_none_or(|(least, _)| found < *least) {
            best = Some((found, way));
        }
        if best.as_ref().is_some_and(|(least, _)| *least <= VERY_FEW) {
            break;
        }
    }
    Ok(best.map(|(_, way)| way))
}

async fn counted(tx: &Tx, rows: sea_orm::sea_query::SelectStatement) -> Result<u64, StoreError> {
    let count = Query::select()
        .expr_as(Expr::cust("count(*)"), Alias::new("found"))
        .from_subquery(rows, Alias::new("rows"))
        .to_owned();
    let row = tx.connection().query_one(&count).await?.ok_or(StoreError::NotFound { table: super::TABLE })?;
    let found: i64 = row.try_get("", "found")?;
    Ok(found.unsigned_abs())
}
