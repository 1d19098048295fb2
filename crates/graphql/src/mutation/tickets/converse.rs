//! `ticketReply` and `ticketNoteAdd`.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::context::ContextExt as _;

/// A public reply.
#[derive(Debug, InputObject)]
pub(crate) struct TicketReplyInput {
    /// The ticket.
    ticket_id: ID,
    /// The text, plain, at most 20,000 characters; the client sees it.
    text: String,
}

/// A note among staff.
#[derive(Debug, InputObject)]
pub(crate) struct TicketNoteAddInput {
    /// The ticket.
    ticket_id: ID,
    /// The text, plain, at most 20,000 characters; the client never sees it.
    text: String,
}

/// Writing on tickets.
#[derive(Debug, Default)]
pub(crate) struct ConverseMutation;

#[Object]
impl ConverseMutation {
    /// Writes a public reply; a client's reply hands the ball from the client to us. Requires `tickets:open`.
    async fn ticket_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reply.")] input: TicketReplyInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, None)?;
        TicketPayload::of(ctx.op(), target, app::tickets::reply(ctx.op(), target, &input.text).await).await
    }

    /// Writes a note among staff. Requires `tickets:write`.
    async fn ticket_note_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: TicketNoteAddInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, None)?;
        TicketPayload::of(ctx.op(), target, app::tickets::note(ctx.op(), target, &input.text).await).await
    }
}
