//! `ticketAppealSet`.

use app::tickets::Appeal;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{context::ContextExt as _, scalars::DateTime, types::ticket_words::Appealable};

/// What is known of the appeal.
#[derive(Debug, InputObject)]
pub(crate) struct TicketAppealSetInput {
    /// The ticket.
    ticket_id: ID,
    /// Whether Meta takes an appeal.
    appealable: Appealable,
    /// Until when; absent, nobody knows.
    deadline_at: Option<DateTime>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// What is known of appeals.
#[derive(Debug, Default)]
pub(crate) struct AppealMutation;

#[Object]
impl AppealMutation {
    /// Records whether and until when Meta takes an appeal. Requires `tickets:write`.
    async fn ticket_appeal_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is known.")] input: TicketAppealSetInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let appeal =
            Appeal { appealable: input.appealable.into(), deadline: input.deadline_at.map(|instant| instant.0) };
        TicketPayload::of(ctx.op(), target, app::tickets::set_appeal(ctx.op(), target, appeal).await).await
    }
}
