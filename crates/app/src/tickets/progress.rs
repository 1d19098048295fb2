//! Moving a ticket: status, turn, priority, assignee. Staff alone.

use domain::{
    UserId,
    access::Permission::TicketsWrite,
    tickets::{Move, Ticket, TicketEventKind, TicketOutcome, TicketPriority, TicketStatus, WaitingOn},
};

use super::{
    TicketCode,
    change::{Decision, Target, begin, change, finish, refuse},
};
use crate::{OpCtx, OpError, Refusal};

fn moved(ticket: Ticket, wanted: Move, op: &OpCtx) -> Decision {
    ticket.moved(wanted, op.now()).map_err(|refused| {
        OpError::refused(
            Refusal::of(TicketCode::MoveRefused, "status").with("from", refused.from).with("to", refused.to),
        )
    })
}

/// Moves a ticket to another open status; from closed that is a reopening.
///
/// # Errors
/// `MoveRefused` when the state machine does not allow it.
pub async fn move_to(op: &OpCtx, target: Target, to: TicketStatus) -> Result<Ticket, OpError<TicketCode>> {
    change(op, TicketsWrite, target, |ticket| moved(ticket, Move::To(to), op)).await
}

/// Closes a ticket.
///
/// # Errors
/// `MoveRefused` when it is closed already.
pub async fn close(op: &OpCtx, target: Target, outcome: TicketOutcome) -> Result<Ticket, OpError<TicketCode>> {
    change(op, TicketsWrite, target, |ticket| moved(ticket, Move::Close(outcome), op)).await
}

/// Hands the ball to somebody.
///
/// # Errors
/// `TicketClosed`.
pub async fn hand_to(op: &OpCtx, target: Target, to: WaitingOn) -> Result<Ticket, OpError<TicketCode>> {
    change(op, TicketsWrite, target, |ticket| {
        if !ticket.status.is_open() {
            return refuse(TicketCode::TicketClosed, "waitingOn");
        }
        let (ticket, event) = ticket.handed_to(to, op.now());
        Ok((ticket, event.into_iter().collect()))
    })
    .await
}

/// Sets the priority.
///
/// # Errors
/// `TicketClosed`.
pub async fn change_priority(op: &OpCtx, target: Target, to: TicketPriority) -> Result<Ticket, OpError<TicketCode>> {
    change(op, TicketsWrite, target, |ticket| {
        if !ticket.status.is_open() {
            return refuse(TicketCode::TicketClosed, "priority");
        }
        let from = ticket.priority;
        let events = if from == to { Vec::new() } else { vec![TicketEventKind::PriorityChanged { from, to }] };
        Ok((Ticket { priority: to, ..ticket }, events))
    })
    .await
}

/// Gives a ticket to a member of staff, or to nobody.
///
/// # Errors
/// `AssigneeNotFound` when there is no such member of staff.
pub async fn assign(op: &OpCtx, target: Target, assignee: Option<UserId>) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    if let Some(assignee) = assignee {
        let user = store::users::by_ids(&tx, &[assignee]).await?.pop();
        if !user.is_some_and(|user| user.role.is_staff() && user.disabled_at.is_none()) {
            return refuse(TicketCode::AssigneeNotFound, "assigneeId");
        }
    }
    let events = if ticket.assignee == assignee { Vec::new() } else { vec![TicketEventKind::Assigned { assignee }] };
    let decision = Ok((Ticket { assignee, ..ticket.clone() }, events));
    finish(op, tx, &ticket, decision).await
}
