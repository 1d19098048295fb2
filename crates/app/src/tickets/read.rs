//! Reading tickets. Who lacks `tickets:internal` sees the public part of the timeline alone.

use std::collections::HashMap;

use domain::{
    TicketId,
    access::Permission,
    audits::Finding,
    tickets::{Submission, Ticket, TicketEvent},
};
use store::page::{Keyset, Page};
pub use store::tickets::TicketFilter;

use crate::{NoCode, OpCtx, OpError};

/// A page of tickets, the last changed first.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn page(op: &OpCtx, filter: &TicketFilter, keyset: &Keyset) -> Result<Page<Ticket>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    Ok(store::tickets::page(&*op.reader().await?, filter, keyset).await?)
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
