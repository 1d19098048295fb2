//! Moving a ticket: status, turn, priority, assignee. Staff alone.

use domain::{
    TicketId, UserId,
    access::Permission::TicketsWrite,
    tickets::{
        Lift, Move, SubmissionOutcome, Ticket, TicketEventKind, TicketLinkKind, TicketOutcome, TicketPriority,
        TicketStatus, WaitingOn,
    },
};
use store::Tx;

use super::{
    TicketCode,
    change::{Decision, Target, begin, change, finish, refuse},
    link,
};
use crate::{OpCtx, OpError, Refusal};

fn moved(ticket: Ticket, wanted: Move, op: &OpCtx) -> Decision {
    ticket.moved(wanted, op.now()).map_err(|refused| {
        OpError::refused(
            Refusal::of(TicketCode::MoveRefused, "status").with("from", refused.from).with("to", refused.to),
        )
    })
}

/// After a refusal by Meta another attempt is prepared only where one is allowed.
async fn check_next_attempt(op: &OpCtx, tx: &Tx, ticket: &Ticket) -> Result<(), OpError<TicketCode>> {
    let last = store::submissions::of_tickets(tx, &[ticket.id]).await?.pop();
    let refused = |outcome| matches!(outcome, SubmissionOutcome::Unchanged | SubmissionOutcome::NoResponse);
    if !last.and_then(|last| last.outcome).is_some_and(refused) {
        return refuse(TicketCode::AttemptUnanswered, "status");
    }
    if ticket.may_appeal(op.now()) { Ok(()) } else { refuse(TicketCode::AppealClosed, "status") }
}

/// Moves a ticket to another open status; from closed that is a reopening, from in review to remediation or ready the next attempt.
///
/// # Errors
/// `MoveRefused` when the state machine does not allow it; `AttemptUnanswered` and `AppealClosed` for a next attempt.
pub async fn move_to(op: &OpCtx, target: Target, to: TicketStatus) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let (moved, mut events) = moved(ticket.clone(), Move::To(to), op)?;
    if ticket.status == TicketStatus::InReview && to != TicketStatus::Recovery {
        check_next_attempt(op, &tx, &ticket).await?;
    }
    if ticket.outcome == Some(TicketOutcome::Duplicate) {
        // Reopened, it has a matter of its own.
        events.extend(link::forget_original(op, &tx, &ticket).await?);
    }
    finish(op, tx, &ticket, Ok((moved, events))).await
}

/// Moves a ticket to recovery out of turn: what Meta took away came back. How it will have ended is proposed with it.
///
/// # Errors
/// `MoveRefused` when it is closed or recovers already.
pub async fn recover(op: &OpCtx, target: Target, lift: Lift) -> Result<Ticket, OpError<TicketCode>> {
    change(op, TicketsWrite, target, |ticket| moved(ticket, Move::Recover(lift), op)).await
}

/// How a ticket is closed.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    /// How it ended.
    pub outcome: TicketOutcome,
    /// The ticket that goes on, when this one is its duplicate.
    pub duplicate_of: Option<TicketId>,
}

/// Closes a ticket.
///
/// # Errors
/// `MoveRefused` when it is closed already; `OriginalInvalid`, `TicketNotFound` or `LinkRefused` for a duplicate.
pub async fn close(op: &OpCtx, target: Target, closing: Closing) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    if (closing.outcome == TicketOutcome::Duplicate) != closing.duplicate_of.is_some() {
        return refuse(TicketCode::OriginalInvalid, "duplicateOfId");
    }
    let (moved, mut events) = moved(ticket.clone(), Move::Close(closing.outcome), op)?;
    if let Some(original) = closing.duplicate_of {
        let pair = link::Pair { kind: TicketLinkKind::DuplicateOf, other: original, field: "duplicateOfId" };
        events.insert(0, link::tie(op, &tx, &ticket, pair).await?);
    }
    finish(op, tx, &ticket, Ok((moved, events))).await
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
