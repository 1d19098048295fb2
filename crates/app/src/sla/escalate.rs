//! What the policy asks for when a level is reached: raise the priority, hand the work over, tell people.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::sla::{Escalation, Policy, Recipient, Version};
use domain::{
    Instant,
    sla::{SlaEffectKey, SlaEffectOutcome},
    tickets::{ActionOwner, Ticket, TicketEventKind, TicketPriority},
};
use store::Tx;

use super::{
    effects::{Arrived, What},
    staff::Staff,
};
use crate::{OpCtx, OpError};

/// Something that people are to be told of.
#[derive(Debug, Clone)]
pub(super) struct Escalated {
    pub(super) ticket: Ticket,
    pub(super) key: SlaEffectKey,
    pub(super) what: What,
    pub(super) reached_at: Instant,
    pub(super) recipients: BTreeSet<Recipient>,
    /// Whether the ticket itself became another.
    pub(super) changed_ticket: bool,
}

/// What the policy asks for because of `one`; levels that it stands for count with it.
pub(super) fn asked<'a>(
    policies: &'a [Version<Arc<Policy>>],
    arrived: &[Arrived],
    one: &Arrived,
) -> Vec<&'a Escalation> {
    let What::Level { metric, cycle, .. } = &one.what else { return Vec::new() };
    let mut asked = Vec::new();
    for other in arrived.iter().filter(|other| other.outcome != SlaEffectOutcome::Moot) {
        if let What::Level { metric: of, cycle: in_cycle, level, policy, .. } = &other.what
            && (of, in_cycle) == (metric, cycle)
            && let Some(policy) = policies.get(*policy)
        {
            asked.extend(policy.value.escalations_at(*metric, *level));
        }
    }
    asked
}

/// Does what is asked for because of `one`, and says whom to tell.
pub(super) async fn act(
    op: &OpCtx,
    tx: &Tx,
    staff: &Staff,
    ticket: &mut Ticket,
    (one, asked): (&Arrived, Vec<&Escalation>),
) -> Result<Option<Escalated>, OpError> {
    let recipients = match &one.what {
        What::Level { .. } => asked.iter().flat_map(|escalation| &escalation.notify).copied().collect(),
        What::AnswerExpected { .. } | What::ActionDue { owner: ActionOwner::Us, .. } => [Recipient::Owner].into(),
        What::ClientWaits { .. } | What::ActionDue { owner: ActionOwner::Client, .. } => [Recipient::Client].into(),
        What::Moved { .. } => return Ok(None),
    };
    let changed_ticket = change(op, tx, staff, ticket, &asked).await?;
    Ok(Some(Escalated {
        ticket: ticket.clone(),
        key: one.key.clone(),
        what: one.what.clone(),
        reached_at: one.reached_at,
        recipients,
        changed_ticket,
    }))
}

/// Raises the priority of an open ticket and hands it over, as asked. Says whether anything changed.
async fn change(
    op: &OpCtx,
    tx: &Tx,
    staff: &Staff,
    ticket: &mut Ticket,
    asked: &[&Escalation],
) -> Result<bool, OpError> {
    let mut events = Vec::new();
    if !ticket.status.is_open() {
        return Ok(false);
    }
    if asked.iter().any(|escalation| escalation.raise_priority)
        && let Some(to) = higher(ticket.priority)
    {
        events.push(TicketEventKind::PriorityChanged { from: ticket.priority, to });
        ticket.priority = to;
    }
    let heir = asked.iter().filter_map(|escalation| escalation.reassign_to).max();
    if let Some(heir) = heir {
        let assignee = staff.people(ticket, heir).into_iter().next();
        if assignee.is_some() && assignee != ticket.assignee {
            events.push(TicketEventKind::Assigned { assignee });
            ticket.assignee = assignee;
        }
    }
    if events.is_empty() {
        return Ok(false);
    }
    ticket.updated_at = op.now();
    if !store::tickets::update(tx, ticket).await? {
        return Err(OpError::internal("escalating a ticket", "its row is held, and its version changed"));
    }
    ticket.version += 1;
    store::tickets::append_events(tx, ticket, op.actor(), op.now(), op.random(), &events).await?;
    Ok(true)
}

const fn higher(priority: TicketPriority) -> Option<TicketPriority> {
    match priority {
        TicketPriority::P1 => None,
        TicketPriority::P2 => Some(TicketPriority::P1),
        TicketPriority::P3 => Some(TicketPriority::P2),
        TicketPriority::P4 => Some(TicketPriority::P3),
    }
}
