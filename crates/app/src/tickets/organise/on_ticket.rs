//! A ticket's team, tags and watchers: all internal to the BSP.

use std::collections::{BTreeSet, HashMap};

use domain::{
    TeamId, TicketId, UserId,
    access::Permission::{TicketsInternal, TicketsRead, TicketsWrite},
    tickets::{Ticket, TicketEventKind, kept_tag},
};

use super::super::{
    TicketCode,
    change::{Target, begin, finish, refuse},
};
use crate::{NoCode, OpCtx, OpError};

/// Tags of one ticket at most.
const MOST_TAGS: usize = 20;

/// Gives a ticket to a team, or to none. Who works on it stays.
///
/// # Errors
/// `TeamNotFound`.
pub async fn give_to_team(op: &OpCtx, target: Target, team: Option<TeamId>) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    if let Some(team) = team
        && !store::teams::all(&tx).await?.iter().any(|found| found.id == team)
    {
        return refuse(TicketCode::TeamNotFound, "teamId");
    }
    let events = if ticket.team == team { Vec::new() } else { vec![TicketEventKind::TeamAssigned { team }] };
    finish(op, tx, &ticket, Ok((Ticket { team, ..ticket.clone() }, events))).await
}

/// Gives a ticket tags, and takes others away.
///
/// # Errors
/// `TagInvalid`; `TooManyTags`.
pub async fn tag(
    op: &OpCtx,
    target: Target,
    added: &[String],
    removed: &[String],
) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let kept = |tags: &[String], field| -> Result<BTreeSet<String>, OpError<TicketCode>> {
        tags.iter().map(|tag| kept_tag(tag).map_or_else(|| refuse(TicketCode::TagInvalid, field), Ok)).collect()
    };
    let (added, removed) = (kept(added, "add")?, kept(removed, "remove")?);
    let there: BTreeSet<String> =
        store::ticket_tags::of_tickets(&tx, &[ticket.id]).await?.into_iter().map(|(_, tag)| tag).collect();
    let removed: Vec<String> = removed.difference(&added).filter(|tag| there.contains(*tag)).cloned().collect();
    let added: Vec<String> = added.difference(&there).cloned().collect();
    if there.len() + added.len() - removed.len() > MOST_TAGS {
        return refuse(TicketCode::TooManyTags, "add");
    }
    if added.is_empty() && removed.is_empty() {
        return Ok(ticket);
    }
    store::ticket_tags::change(&tx, &ticket, &added, &removed).await?;
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![TicketEventKind::Tagged { added, removed }]))).await
}

/// Has a member of staff told of what the client does on a ticket; absent, the actor.
///
/// # Errors
/// `AssigneeNotFound`.
pub async fn watch(op: &OpCtx, target: Target, user: Option<UserId>) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let Some(user) = user.or(op.actor().user()) else { return refuse(TicketCode::AssigneeNotFound, "userId") };
    let found = store::users::by_ids(&tx, &[user]).await?.pop();
    if !found.is_some_and(|user| user.role.is_staff() && user.disabled_at.is_none()) {
        return refuse(TicketCode::AssigneeNotFound, "userId");
    }
    let watched = store::ticket_watchers::of_tickets(&tx, &[ticket.id]).await?;
    if watched.iter().any(|(_, watcher)| *watcher == user) {
        return Ok(ticket);
    }
    store::ticket_watchers::insert(&tx, &ticket, user).await?;
    let event = TicketEventKind::WatcherChanged { user, watches: true };
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![event]))).await
}

/// Has somebody told no more; absent, the actor.
///
/// # Errors
/// `AssigneeNotFound` when nobody such watches.
pub async fn unwatch(op: &OpCtx, target: Target, user: Option<UserId>) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let watched = store::ticket_watchers::of_tickets(&tx, &[ticket.id]).await?;
    let user = user.or(op.actor().user());
    let Some((_, user)) = watched.into_iter().find(|(_, watcher)| Some(*watcher) == user) else {
        return refuse(TicketCode::AssigneeNotFound, "userId");
    };
    store::ticket_watchers::delete(&tx, ticket.id, user).await?;
    let event = TicketEventKind::WatcherChanged { user, watches: false };
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![event]))).await
}

/// The tags of many tickets, by ticket; none for who may not see what is internal.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn tags_of(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<String>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    let mut answer: HashMap<TicketId, Vec<String>> = HashMap::new();
    if op.actor().may(TicketsInternal) {
        for (ticket, tag) in store::ticket_tags::of_tickets(&*op.reader().await?, tickets).await? {
            answer.entry(ticket).or_default().push(tag);
        }
    }
    Ok(answer)
}

/// The watchers of many tickets, by ticket; none for who may not see what is internal.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn watchers_of(op: &OpCtx, tickets: &[TicketId]) -> Result<HashMap<TicketId, Vec<UserId>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    let mut answer: HashMap<TicketId, Vec<UserId>> = HashMap::new();
    if op.actor().may(TicketsInternal) {
        for (ticket, user) in store::ticket_watchers::of_tickets(&*op.reader().await?, tickets).await? {
            answer.entry(ticket).or_default().push(user);
        }
    }
    Ok(answer)
}
