//! Putting right what a ticket is about: its title, its kind, where in Meta's hierarchy it stands.

use domain::{
    access::Permission::TicketsWrite,
    tickets::{Corrected, Ticket, TicketEventKind, TicketKind, TicketLevel},
};

use super::{
    TicketCode,
    change::{Target, change, refuse, text},
    open::LONGEST_TITLE,
};
use crate::{OpCtx, OpError};

/// What is right; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// One line for people.
    pub title: Option<String>,
    /// What is blocked or refused.
    pub kind: Option<TicketKind>,
    /// Where in Meta's hierarchy.
    pub level: Option<TicketLevel>,
}

/// Puts a ticket right. Promises are chosen by the priority and the client's tier, so no deadline moves; whoever finds that the
/// ticket is more or less urgent changes the priority.
///
/// # Errors
/// `TitleInvalid`, `TicketClosed`.
pub async fn correct(op: &OpCtx, target: Target, right: Correction) -> Result<Ticket, OpError<TicketCode>> {
    let title = right.title.map(|title| text(&title, LONGEST_TITLE, TicketCode::TitleInvalid, "title")).transpose()?;
    change(op, TicketsWrite, target, |ticket| {
        if !ticket.status.is_open() {
            return refuse(TicketCode::TicketClosed, "ticketId");
        }
        let after = Ticket {
            title: title.unwrap_or_else(|| ticket.title.clone()),
            kind: right.kind.unwrap_or(ticket.kind),
            level: right.level.unwrap_or(ticket.level),
            ..ticket.clone()
        };
        if after == ticket {
            return Ok((ticket, Vec::new()));
        }
        let corrected = TicketEventKind::Corrected {
            title: Corrected::of(ticket.title, after.title.clone()),
            kind: Corrected::of(ticket.kind, after.kind),
            level: Corrected::of(ticket.level, after.level),
        };
        Ok((after, vec![corrected]))
    })
    .await
}
