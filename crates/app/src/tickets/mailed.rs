//! A reply that came by mail: the same as any other, and written once however often the mail comes in.

use domain::{TicketId, access::Permission, tickets::Ticket};
use store::incoming_mails::IncomingMail;

use super::{
    TicketCode,
    change::{Target, begin, finish, text},
    converse::{LONGEST_TEXT, said},
};
use crate::{OpCtx, OpError};

/// Writes a public reply of a person; `None` when that mail was one already.
///
/// # Errors
/// `TextInvalid`, `TicketClosed`; `NotFound` when the person may not know of the ticket.
pub(crate) async fn reply_by_mail(
    op: &OpCtx,
    ticket: TicketId,
    mail: &str,
    words: &str,
) -> Result<Option<Ticket>, OpError<TicketCode>> {
    let words = text(words, LONGEST_TEXT, TicketCode::TextInvalid, "text")?;
    let user = op.actor().user().ok_or(OpError::Unauthenticated)?;
    let (tx, ticket) = begin(op, Permission::TicketsOpen, Target { ticket, expected_version: None }).await?;
    let mail =
        IncomingMail { client: ticket.client, ticket: ticket.id, mail: mail.to_owned(), user, received_at: op.now() };
    if !store::incoming_mails::insert(&tx, &mail).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let decision = said(op, ticket.clone(), words);
    finish(op, tx, &ticket, decision).await.map(Some)
}
