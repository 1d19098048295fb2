//! `ticketFindingsLink`.

use app::tickets::MOST_FINDINGS;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{context::ContextExt as _, error::bad_input, id::parse_all};

/// Findings that belong to a ticket.
#[derive(Debug, InputObject)]
pub(crate) struct TicketFindingsLinkInput {
    /// The ticket.
    ticket_id: ID,
    /// The findings, of audits of the same client: 1 to 100.
    finding_ids: Vec<ID>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Evidence on tickets.
#[derive(Debug, Default)]
pub(crate) struct EvidenceMutation;

#[Object]
impl EvidenceMutation {
    /// Ties findings of audits to a ticket as evidence; those that are tied already stay so. Requires `tickets:write`.
    async fn ticket_findings_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The findings.")] input: TicketFindingsLinkInput,
    ) -> Result<TicketPayload> {
        if input.finding_ids.len() > MOST_FINDINGS {
            return Err(bad_input(format!("give at most {MOST_FINDINGS} findings")));
        }
        let target = target(&input.ticket_id, input.expected_version)?;
        let linked = app::tickets::link_findings(ctx.op(), target, parse_all(&input.finding_ids)?).await;
        TicketPayload::of(ctx.op(), target, linked).await
    }
}
