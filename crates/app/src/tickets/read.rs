//! Reading tickets. Who lacks `tickets:internal` sees the public part of the timeline alone.

use std::collections::HashMap;

use domain::{
    TicketId,
    access::Permission,
    audits::Finding,
    tickets::{Submission, Ticket, TicketEvent},
};
use store::page::{Keyset, Page};
pub use store::tickets::{COUNTED, TicketCondition, TicketFilter, TicketInstant, TicketOrder};

use crate::{NoCode, OpCtx, OpError};

fn admit(op: &OpCtx, filter: &TicketFilter) -> Result<(), OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    if filter.is_internal() { op.require(Permission::TicketsInternal) } else { Ok(()) }
}

/// A page of tickets.
///
/// # Errors
/// `Forbidden` without `tickets:read`, and without `tickets:internal` for a filter by what is internal.
pub async fn page(
    op: &OpCtx,
    filter: &TicketFilter,
    order: TicketOrder,
    keyset: &Keyset,
) -> Result<Page<Ticket>, OpError<NoCode>> {
    admit(op, filter)?;
    Ok(store::tickets::page(&*op.reader().await?, filter, order, keyset).await?)
}

/// How many tickets there are, counted up to [`COUNTED`]; with one more, there are more.
///
/// # Errors
/// As [`page`].
pub async fn count(op: &OpCtx, filter: &TicketFilter) -> Result<u64, OpError<NoCode>> {
    admit(op, filter)?;
    Ok(store::tickets::count(&*op.reader().await?, filter).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn by_ids(op: &OpCtx, ids: &[TicketId]) -> Result<Vec<Ticket>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    Ok(store::tickets::by_ids(&*op.reader().await?, ids).await?)
}

/// By the reference that people use, such as `T-00001234`.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn by_reference(op: &OpCtx, reference: &str) -> Result<Option<Ticket>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    match Ticket::number_of(reference) {
        Some(number) => Ok(store::tickets::by_number(&*op.reader().await?, number).await?),
        None => Ok(None),
    }
}

/// A page of a ticket's timeline, oldest first.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn timeline_page(
    op: &OpCtx,
    ticket: TicketId,
    keyset: &Keyset,
) -> Result<Page<TicketEvent>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let internal = op.actor().may(Permission::TicketsInternal);
    Ok(store::tickets::timeline_page(&*op.reader().await?, ticket, internal, keyset).await?)
}

/// Most events that a conflict shows.
const MOST_CHANGES: u64 = 20;

/// What others did to a ticket since the version that an actor saw, oldest first, at most 20 events: what a conflict shows.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn changes_since(op: &OpCtx, ticket: TicketId, version: i32) -> Result<Vec<TicketEvent>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let internal = op.actor().may(Permission::TicketsInternal);
    let tx = op.reader().await?;
    Ok(store::tickets::events_after_version(&tx, ticket, version, internal, MOST_CHANGES).await?)
}

/// The submissions of many tickets, by ticket, first attempt first.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn submissions_of(
    op: &OpCtx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<Submission>>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let mut answer: HashMap<TicketId, Vec<Submission>> = HashMap::new();
    for submission in store::submissions::of_tickets(&*op.reader().await?, tickets).await? {
        answer.entry(submission.ticket).or_default().push(submission);
    }
    Ok(answer)
}

/// The findings that were tied to many tickets, by ticket.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn findings_of(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<Finding>>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let tx = op.reader().await?;
    let links = store::tickets::findings_of(&tx, tickets).await?;
    let ids: Vec<_> = links.iter().map(|(_, finding)| *finding).collect();
    let findings: HashMap<_, _> =
        store::findings::by_ids(&tx, &ids).await?.into_iter().map(|finding| (finding.id, finding)).collect();
    let mut answer: HashMap<TicketId, Vec<Finding>> = HashMap::new();
    for (ticket, finding) in links {
        answer.entry(ticket).or_default().extend(findings.get(&finding).cloned());
    }
    Ok(answer)
}
