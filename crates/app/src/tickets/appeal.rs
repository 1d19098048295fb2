//! Whether and until when Meta takes an appeal: learned by people, for Meta's pages no longer say.

use domain::{
    Instant,
    access::Permission::TicketsWrite,
    tickets::{Appealable, Ticket, TicketEventKind},
};

use super::{
    TicketCode,
    change::{Target, change, refuse},
};
use crate::{OpCtx, OpError};

/// What is known of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appeal {
    /// Whether Meta takes one.
    pub appealable: Appealable,
    /// Until when; `None` when nobody knows.
    pub deadline: Option<Instant>,
}

/// Records what is known of the appeal.
///
/// # Errors
/// `TicketClosed`; `InstantOutOfOrder` for a deadline before the ticket was opened.
pub async fn set_appeal(op: &OpCtx, target: Target, appeal: Appeal) -> Result<Ticket, OpError<TicketCode>> {
    let Appeal { appealable, deadline } = appeal;
    change(op, TicketsWrite, target, |ticket| {
        if !ticket.status.is_open() {
            return refuse(TicketCode::TicketClosed, "ticketId");
        }
        if deadline.is_some_and(|deadline| deadline < ticket.opened_at && Some(deadline) != ticket.appeal_deadline) {
            return refuse(TicketCode::InstantOutOfOrder, "deadlineAt");
        }
        if (ticket.appealable, ticket.appeal_deadline) == (appealable, deadline) {
            return Ok((ticket, Vec::new()));
        }
        let ticket = Ticket { appealable, appeal_deadline: deadline, ..ticket };
        Ok((ticket, vec![TicketEventKind::AppealChanged { appealable, deadline }]))
    })
    .await
}
