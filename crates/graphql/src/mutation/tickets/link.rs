//! `ticketLink` and `ticketUnlink`.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{context::ContextExt as _, id::parse, types::ticket_words::TicketLinkKind};

/// Two tickets that belong together, or no longer.
#[derive(Debug, InputObject)]
pub(crate) struct TicketLinkInput {
    /// The ticket.
    ticket_id: ID,
    /// How it belongs to the other one.
    kind: TicketLinkKind,
    /// The other one, of the same client.
    other_ticket_id: ID,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Tying tickets together.
#[derive(Debug, Default)]
pub(crate) struct LinkMutation;

#[Object]
impl LinkMutation {
    /// Ties a ticket to another one of the same client. Requires `tickets:write`.
    async fn ticket_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link.")] input: TicketLinkInput,
    ) -> Result<TicketPayload> {
        let (target, other) = (target(&input.ticket_id, input.expected_version)?, parse(&input.other_ticket_id)?);
        let linked = app::tickets::link(ctx.op(), target, input.kind.into(), other).await;
        TicketPayload::of(ctx.op(), target, linked).await
    }

    /// Unties a ticket from another one. Requires `tickets:write`.
    async fn ticket_unlink(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link.")] input: TicketLinkInput,
    ) -> Result<TicketPayload> {
        let (target, other) = (target(&input.ticket_id, input.expected_version)?, parse(&input.other_ticket_id)?);
        let unlinked = app::tickets::unlink(ctx.op(), target, input.kind.into(), other).await;
        TicketPayload::of(ctx.op(), target, unlinked).await
    }
}
