//! Moving tickets: `ticketMove`, `ticketClose`, `ticketHandOver`, `ticketPrioritize`, `ticketAssign`.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{
    context::ContextExt as _,
    id::optional,
    types::ticket_words::{TicketOutcome, TicketPriority, TicketStatus, WaitingOn},
};

/// A move to another open status.
#[derive(Debug, InputObject)]
pub(crate) struct TicketMoveInput {
    /// The ticket.
    ticket_id: ID,
    /// Where it is to go.
    status: TicketStatus,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A closing.
#[derive(Debug, InputObject)]
pub(crate) struct TicketCloseInput {
    /// The ticket.
    ticket_id: ID,
    /// How it ended.
    outcome: TicketOutcome,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A change of whose turn it is.
#[derive(Debug, InputObject)]
pub(crate) struct TicketHandOverInput {
    /// The ticket.
    ticket_id: ID,
    /// Who has the ball from now on.
    waiting_on: WaitingOn,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// A change of priority.
#[derive(Debug, InputObject)]
pub(crate) struct TicketPrioritizeInput {
    /// The ticket.
    ticket_id: ID,
    /// The priority from now on.
    priority: TicketPriority,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// An assignment.
#[derive(Debug, InputObject)]
pub(crate) struct TicketAssignInput {
    /// The ticket.
    ticket_id: ID,
    /// The member of staff; absent, nobody.
    assignee_id: Option<ID>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// Moving tickets.
#[derive(Debug, Default)]
pub(crate) struct ProgressMutation;

#[Object]
impl ProgressMutation {
    /// Moves a ticket to another open status; from closed that is a reopening. Requires `tickets:write`.
    async fn ticket_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The move.")] input: TicketMoveInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::new(ctx.op(), app::tickets::move_to(ctx.op(), target, input.status.into()).await)
    }

    /// Closes a ticket. Requires `tickets:write`.
    async fn ticket_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The closing.")] input: TicketCloseInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::new(ctx.op(), app::tickets::close(ctx.op(), target, input.outcome.into()).await)
    }

    /// Hands the ball to somebody. Requires `tickets:write`.
    async fn ticket_hand_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: TicketHandOverInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::new(ctx.op(), app::tickets::hand_to(ctx.op(), target, input.waiting_on.into()).await)
    }

    /// Changes the priority; promises already judged stay as they are. Requires `tickets:write`.
    async fn ticket_prioritize(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: TicketPrioritizeInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::new(ctx.op(), app::tickets::change_priority(ctx.op(), target, input.priority.into()).await)
    }

    /// Gives a ticket to a member of staff, or to nobody. Requires `tickets:write`.
    async fn ticket_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment.")] input: TicketAssignInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let assignee = optional(input.assignee_id.as_ref())?;
        TicketPayload::new(ctx.op(), app::tickets::assign(ctx.op(), target, assignee).await)
    }
}
