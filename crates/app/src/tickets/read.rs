//! Reading tickets. Who lacks `tickets:internal` sees the public part of the timeline alone.

use std::{collections::HashMap, sync::Arc};

use domain::{
    TicketId,
    access::Permission,
    assets::PhoneNumber,
    audits::Finding,
    clients::Client,
    tickets::{Submission, Ticket, TicketAction, TicketEvent},
};
use store::page::{Keyset, Page};
pub use store::tickets::{
    COUNTED, MOST_FOUND, TicketCondition, TicketFilter, TicketInstant, TicketOrder, TicketSearch,
};

use crate::{
    NoCode, OpCtx, OpError,
    sla::{Standing, of_known},
};

/// The filter as the actor may ask it: texts that are internal are searched only for who may see them.
fn admitted(op: &OpCtx, filter: &TicketFilter) -> Result<TicketFilter, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    if filter.is_internal() {
        op.require(Permission::TicketsInternal)?;
    }
    let filter = filter.clone();
    Ok(if op.actor().may(Permission::TicketsInternal) { filter.with_internal_texts() } else { filter })
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
    let filter = admitted(op, filter)?;
    Ok(store::tickets::page(&*op.reader().await?, &filter, order, keyset).await?)
}

/// A ticket with what was read beside it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The ticket.
    pub ticket: Ticket,
    /// Whose account it is about.
    pub client: Option<Client>,
    /// The number that is meant; not for who may not see numbers.
    pub phone_number: Option<PhoneNumber>,
    /// How its promises stand, if that was asked for.
    pub standing: Option<Arc<Standing>>,
}

/// A page of tickets with their clients, numbers and, if asked for, how the promises stand: what a list of tickets shows, in two
/// statements, and in few more when the process has not seen them before.
///
/// # Errors
/// As [`page`].
pub async fn page_with_relations(
    op: &OpCtx,
    filter: &TicketFilter,
    order: TicketOrder,
    keyset: &Keyset,
    with_promises: bool,
) -> Result<Page<Listed>, OpError<NoCode>> {
    let filter = admitted(op, filter)?;
    let tx = op.reader().await?;
    let page = store::tickets::page_with_relations(&tx, &filter, order, keyset).await?;
    let seen = page.items.iter().map(|listed| (listed.ticket.id, (listed.ticket.client, listed.last_sequence)));
    let standings = if with_promises { of_known(op, &tx, seen.collect()).await? } else { HashMap::new() };
    let sees_numbers = op.actor().may(Permission::AssetsRead);
    Ok(page.map(|listed| Listed {
        standing: standings.get(&listed.ticket.id).cloned(),
        ticket: listed.ticket,
        client: listed.client,
        phone_number: listed.phone_number.filter(|_| sees_numbers),
    }))
}

/// How many tickets there are, counted up to [`COUNTED`]; with one more, there are more.
///
/// # Errors
/// As [`page`].
pub async fn count(op: &OpCtx, filter: &TicketFilter) -> Result<u64, OpError<NoCode>> {
    let filter = admitted(op, filter)?;
    Ok(store::tickets::count(&*op.reader().await?, &filter).await?)
}

/// What the actor may do with a ticket now.
pub fn possible(op: &OpCtx, ticket: &Ticket) -> Vec<TicketAction> {
    let may = |action: &TicketAction| op.actor().may(action.permission()) && ticket.takes(*action, op.now());
    TicketAction::ALL.iter().copied().filter(may).collect()
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
