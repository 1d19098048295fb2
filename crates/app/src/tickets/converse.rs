//! Replies that the client sees, and notes among staff.

use domain::{
    access::Permission,
    tickets::{Ticket, TicketEventKind, WaitingOn},
};

use super::{
    TicketCode,
    change::{Decision, Target, change, refuse, text},
};
use crate::{OpCtx, OpError};

/// Longest text in characters.
pub(super) const LONGEST_TEXT: usize = 20_000;

/// Writes a public reply. A client's reply hands the ball from the client to us.
///
/// # Errors
/// `TextInvalid`, `TicketClosed`.
pub async fn reply(op: &OpCtx, target: Target, words: &str) -> Result<Ticket, OpError<TicketCode>> {
    let words = text(words, LONGEST_TEXT, TicketCode::TextInvalid, "text")?;
    change(op, Permission::TicketsOpen, target, |ticket| said(op, ticket, words)).await
}

/// What a public reply makes of a ticket.
pub(super) fn said(op: &OpCtx, ticket: Ticket, words: String) -> Decision {
    let by_staff = op.actor().may(Permission::TicketsInternal);
    if !ticket.status.is_open() {
        return refuse(TicketCode::TicketClosed, "ticketId");
    }
    let mut events = vec![TicketEventKind::Replied { text: words, by_staff }];
    if by_staff || ticket.waiting_on != WaitingOn::Client {
        return Ok((ticket, events));
    }
    let (ticket, turn) = ticket.handed_to(WaitingOn::Us, op.now());
    events.extend(turn);
    Ok((ticket, events))
}

/// Writes a note among staff.
///
/// # Errors
/// `TextInvalid`.
pub async fn note(op: &OpCtx, target: Target, words: &str) -> Result<Ticket, OpError<TicketCode>> {
    let text = text(words, LONGEST_TEXT, TicketCode::TextInvalid, "text")?;
    change(op, Permission::TicketsWrite, target, |ticket| Ok((ticket, vec![TicketEventKind::Noted { text }]))).await
}
