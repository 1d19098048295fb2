//! Which tickets belong together: related ones, duplicates, parts of a larger matter. Both timelines tell of it.

use std::collections::HashMap;

use domain::{
    TicketId,
    access::Permission::{TicketsRead, TicketsWrite},
    tickets::{Ticket, TicketEventKind, TicketLink, TicketLinkKind},
};
use store::Tx;

use super::{
    TicketCode,
    change::{Target, begin, finish, refuse, save},
};
use crate::{NoCode, OpCtx, OpError};

/// The other end of a link to be made, and the field of the input that names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) kind: TicketLinkKind,
    pub(super) other: TicketId,
    pub(super) field: &'static str,
}

/// A link, seen from one of its tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkSeen {
    /// How.
    pub kind: TicketLinkKind,
    /// The other one.
    pub other: TicketId,
    /// Whether it is told from this ticket.
    pub outgoing: bool,
}

/// Ties a ticket to another one of its client.
///
/// # Errors
/// `TicketNotFound`, `LinkRefused`.
pub async fn link(
    op: &OpCtx,
    target: Target,
    kind: TicketLinkKind,
    other: TicketId,
) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let event = tie(op, &tx, &ticket, Pair { kind, other, field: "otherId" }).await?;
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![event]))).await
}

/// Unties a ticket from another one.
///
/// # Errors
/// `LinkRefused` when they are not tied so.
pub async fn unlink(
    op: &OpCtx,
    target: Target,
    kind: TicketLinkKind,
    other: TicketId,
) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let ends = |link: &&TicketLink| {
        (link.ticket, link.other) == (ticket.id, other)
            || (kind == TicketLinkKind::Related && (link.ticket, link.other) == (other, ticket.id))
    };
    let links = store::ticket_links::of_tickets(&tx, &[ticket.id]).await?;
    let Some(link) = links.iter().find(|link| link.kind == kind && ends(link)) else {
        return refuse(TicketCode::LinkRefused, "otherId");
    };
    let event = untie(op, &tx, &ticket, link).await?;
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![event]))).await
}

/// The links of many tickets, by ticket, seen from it.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn links_of(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<LinkSeen>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    let mut answer: HashMap<TicketId, Vec<LinkSeen>> = HashMap::new();
    for link in store::ticket_links::of_tickets(&*op.reader().await?, tickets).await? {
        for (ticket, other, outgoing) in [(link.ticket, link.other, true), (link.other, link.ticket, false)] {
            if tickets.contains(&ticket) {
                answer.entry(ticket).or_default().push(LinkSeen { kind: link.kind, other, outgoing });
            }
        }
    }
    Ok(answer)
}

/// Ties `ticket` to another one and tells the other timeline; the event is for this one's.
pub(super) async fn tie(
    op: &OpCtx,
    tx: &Tx,
    ticket: &Ticket,
    pair: Pair,
) -> Result<TicketEventKind, OpError<TicketCode>> {
    let Pair { kind, other, field } = pair;
    if other == ticket.id {
        return refuse(TicketCode::LinkRefused, field);
    }
    let found = store::tickets::for_change(tx, other).await?.filter(|found| found.client == ticket.client);
    let Some(other) = found else { return refuse(TicketCode::TicketNotFound, field) };
    let links = store::ticket_links::of_tickets(tx, &[ticket.id, other.id]).await?;
    if !fits(&links, kind, ticket.id, other.id) {
        return refuse(TicketCode::LinkRefused, field);
    }
    let link = TicketLink { ticket: ticket.id, kind, other: other.id, client: ticket.client, linked_at: op.now() };
    match store::ticket_links::insert(tx, &link, op.actor().user()).await {
        Err(error) if error.is_conflict() => return refuse(TicketCode::LinkRefused, field),
        result => result?,
    }
    let told = TicketEventKind::TicketLinked { kind, other: ticket.id, outgoing: false };
    save(op, tx, &other, Ok((other.clone(), vec![told]))).await?;
    Ok(TicketEventKind::TicketLinked { kind, other: other.id, outgoing: true })
}

/// Whether the link may stand beside those that there are: no two of the same pair and kind, whichever way; what a duplicate or a
/// part points at is itself neither, so nothing goes in circles.
fn fits(links: &[TicketLink], kind: TicketLinkKind, ticket: TicketId, other: TicketId) -> bool {
    let of_kind = || links.iter().filter(|link| link.kind == kind);
    match kind {
        TicketLinkKind::Related => !of_kind()
            .any(|link| (link.ticket, link.other) == (ticket, other) || (link.ticket, link.other) == (other, ticket)),
        TicketLinkKind::DuplicateOf | TicketLinkKind::ChildOf => {
            !of_kind().any(|link| link.ticket == ticket || link.ticket == other)
        }
    }
}

async fn untie(
    op: &OpCtx,
    tx: &Tx,
    ticket: &Ticket,
    link: &TicketLink,
) -> Result<TicketEventKind, OpError<TicketCode>> {
    store::ticket_links::delete(tx, link.ticket, link.kind, link.other).await?;
    let outgoing = link.ticket == ticket.id;
    let other = if outgoing { link.other } else { link.ticket };
    if let Some(other) = store::tickets::for_change(tx, other).await? {
        let told = TicketEventKind::TicketUnlinked { kind: link.kind, other: ticket.id, outgoing: !outgoing };
        save(op, tx, &other, Ok((other.clone(), vec![told]))).await?;
    }
    Ok(TicketEventKind::TicketUnlinked { kind: link.kind, other, outgoing })
}

/// Unties a ticket from the one whose duplicate it was.
pub(super) async fn forget_original(
    op: &OpCtx,
    tx: &Tx,
    ticket: &Ticket,
) -> Result<Option<TicketEventKind>, OpError<TicketCode>> {
    let links = store::ticket_links::of_tickets(tx, &[ticket.id]).await?;
    let is_original = |link: &&TicketLink| link.ticket == ticket.id && link.kind == TicketLinkKind::DuplicateOf;
    match links.iter().find(is_original) {
        Some(link) => Ok(Some(untie(op, tx, ticket, link).await?)),
        None => Ok(None),
    }
}
