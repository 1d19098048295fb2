//! What the policy asks for when a level is reached: raise the priority, hand the work over, tell people.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::sla::{Escalation, Policy, Recipient};
use domain::{
    Instant, UserId,
    access::Role,
    sla::{SlaEffectKey, SlaEffectOutcome},
    tickets::{Ticket, TicketEventKind, TicketPriority},
};
use store::Tx;

use super::effects::{Arrived, What};
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

/// Does what the policy asks for because of `one`; levels that it stands for count with it.
pub(super) async fn act(
    op: &OpCtx,
    tx: &Tx,
    ticket: &mut Ticket,
    policies: &[Arc<Policy>],
    arrived: &[Arrived],
    one: &Arrived,
) -> Result<Option<Escalated>, OpError> {
    let mut escalated = Escalated {
        ticket: ticket.clone(),
        key: one.key.clone(),
        what: one.what.clone(),
        reached_at: one.reached_at,
        recipients: BTreeSet::new(),
        changed_ticket: false,
    };
    match &one.what {
        What::Level { metric, cycle, policy, .. } => {
            let mut asked: Vec<&Escalation> = Vec::new();
            for other in arrived.iter().filter(|other| other.outcome != SlaEffectOutcome::Moot) {
                if let (What::Level { metric: of, cycle: in_cycle, level, .. }, Some(policy)) =
                    (&other.what, policies.get(*policy))
                    && (of, in_cycle) == (metric, cycle)
                {
                    asked.extend(policy.escalations_at(*metric, *level));
                }
            }
            escalated.recipients = asked.iter().flat_map(|escalation| &escalation.notify).copied().collect();
            escalated.changed_ticket = change(op, tx, ticket, &asked).await?;
            escalated.ticket = ticket.clone();
        }
        What::AnswerExpected { .. } => escalated.recipients = [Recipient::Owner].into(),
        What::ClientWaits { .. } => escalated.recipients = [Recipient::Client].into(),
        What::Moved { .. } => return Ok(None),
    }
    Ok(Some(escalated))
}

/// Raises the priority of an open ticket and hands it over, as asked. Says whether anything changed.
async fn change(op: &OpCtx, tx: &Tx, ticket: &mut Ticket, asked: &[&Escalation]) -> Result<bool, OpError> {
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
        let assignee = people(tx, ticket, heir).await?.into_iter().next();
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

/// Who a recipient of an escalation is, among the staff.
pub(super) async fn people(tx: &Tx, ticket: &Ticket, recipient: Recipient) -> Result<Vec<UserId>, OpError> {
    match (recipient, ticket.assignee) {
        (Recipient::Owner, Some(assignee)) => Ok(vec![assignee]),
        (Recipient::Owner | Recipient::Client, _) => Ok(Vec::new()),
        (Recipient::Lead | Recipient::Manager, _) => {
            let managers = store::users::enabled(tx, None, &[Role::BspAdmin]).await?;
            Ok(managers.into_iter().map(|user| user.id).collect())
        }
    }
}
