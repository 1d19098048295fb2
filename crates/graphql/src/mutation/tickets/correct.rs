//! `ticketCorrect`.

use app::tickets::Correction;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{
    context::ContextExt as _,
    types::ticket_words::{TicketKind, TicketLevel},
};

/// What is right of a ticket; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct TicketCorrectInput {
    /// The ticket.
    ticket_id: ID,
    /// One line for people, at most 200 characters.
    title: Option<String>,
    /// What is blocked or refused.
    kind: Option<TicketKind>,
    /// Where in Meta's hierarchy.
    level: Option<TicketLevel>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Putting tickets right.
#[derive(Debug, Default)]
pub(crate) struct CorrectMutation;

#[Object]
impl CorrectMutation {
    /// Puts right what an open ticket is about. Its timeline keeps what stood there. No deadline moves: promises are chosen by priority
    /// and tier. Requires `tickets:write`.
    async fn ticket_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is right.")] input: TicketCorrectInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let right =
            Correction { title: input.title, kind: input.kind.map(Into::into), level: input.level.map(Into::into) };
        TicketPayload::of(ctx.op(), target, app::tickets::correct(ctx.op(), target, right).await).await
    }
}
