//! How every change of a ticket is made: read, decide, write ticket and timeline in one transaction, under the expected version.

use domain::{
    TicketId,
    access::Permission,
    tickets::{Ticket, TicketEventKind},
};
use store::Tx;

use super::{TicketCode, telling::tell};
use crate::{OpCtx, OpError, Refusal};

/// A ticket to be changed, and the version that the actor saw.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Which.
    pub ticket: TicketId,
    /// The version that the actor saw; absent, whatever stands.
    pub expected_version: Option<i32>,
}

/// What a decision makes of a ticket.
pub(super) type Decision = Result<(Ticket, Vec<TicketEventKind>), OpError<TicketCode>>;

/// Reads the ticket for a change.
pub(super) async fn begin(
    op: &OpCtx,
    permission: Permission,
    target: Target,
) -> Result<(Tx, Ticket), OpError<TicketCode>> {
    op.require(permission)?;
    let tx = op.write().await?;
    let ticket = store::tickets::for_change(&tx, target.ticket).await?.ok_or(OpError::NotFound)?;
    match target.expected_version {
        Some(expected) if expected != ticket.version => Err(OpError::Conflict { current: ticket.version }),
        _ => Ok((tx, ticket)),
    }
}

/// Writes what was decided. The version is checked again by the statement itself, so a lost race is a conflict.
pub(super) async fn save(
    op: &OpCtx,
    tx: &Tx,
    before: &Ticket,
    decision: Decision,
) -> Result<Ticket, OpError<TicketCode>> {
    let (mut ticket, events) = decision?;
    if events.is_empty() && ticket == *before {
        return Ok(ticket);
    }
    ticket.updated_at = op.now();
    if !store::tickets::update(tx, &ticket).await? {
        return Err(OpError::Conflict { current: before.version + 1 });
    }
    ticket.version += 1;
    store::tickets::append_events(tx, &ticket, op.actor(), op.now(), op.random(), &events).await?;
    tell(op, tx, &ticket, &events).await?;
    Ok(ticket)
}

/// Writes what was decided, for good.
pub(super) async fn finish(
    op: &OpCtx,
    tx: Tx,
    before: &Ticket,
    decision: Decision,
) -> Result<Ticket, OpError<TicketCode>> {
    let ticket = save(op, &tx, before, decision).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    op.services().ticket_feed.nudge();
    Ok(ticket)
}

/// Reads, decides and writes.
pub(super) async fn change(
    op: &OpCtx,
    permission: Permission,
    target: Target,
    decide: impl FnOnce(Ticket) -> Decision + Send,
) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, permission, target).await?;
    let decision = decide(ticket.clone());
    finish(op, tx, &ticket, decision).await
}

/// A refusal of one field.
pub(super) fn refuse<T>(code: TicketCode, field: &str) -> Result<T, OpError<TicketCode>> {
    Err(OpError::refused(Refusal::of(code, field)))
}

/// The text, trimmed and without control characters but for those that lay it out (PostgreSQL keeps no NUL), if it may be stored.
pub(super) fn text(text: &str, most: usize, code: TicketCode, field: &str) -> Result<String, OpError<TicketCode>> {
    let shown = text.chars().filter(|sign| matches!(sign, '\n' | '\r' | '\t') || !sign.is_control());
    let text = shown.collect::<String>().trim().to_owned();
    if (1..=most).contains(&text.chars().count()) { Ok(text) } else { refuse(code, field) }
}
