//! Moving tickets: `ticketMove`, `ticketRecover`, `ticketClose`, `ticketHandOver`, `ticketPrioritize`, `ticketAssign`.

use app::tickets::Closing;
use async_graphql::{Context, ID, InputObject, Object, Result};

use super::{TicketPayload, target};
use crate::{
    context::ContextExt as _,
    id::optional,
    types::ticket_words::{Lift, TicketOutcome, TicketPriority, TicketStatus, WaitingOn},
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

/// A recovery out of turn.
#[derive(Debug, InputObject)]
pub(crate) struct TicketRecoverInput {
    /// The ticket.
    ticket_id: ID,
    /// Why what Meta took away came back.
    lift: Lift,
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
    /// The ticket that goes on, when this one is its duplicate.
    duplicate_of_id: Option<ID>,
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
        TicketPayload::of(ctx.op(), target, app::tickets::move_to(ctx.op(), target, input.status.into()).await).await
    }

    /// Moves a ticket to recovery from any open status, for what Meta took away came back; closing confirms how it ended.
    /// Requires `tickets:write`.
    async fn ticket_recover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recovery.")] input: TicketRecoverInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::of(ctx.op(), target, app::tickets::recover(ctx.op(), target, input.lift.into()).await).await
    }

    /// Closes a ticket. Requires `tickets:write`.
    async fn ticket_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The closing.")] input: TicketCloseInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let closing =
            Closing { outcome: input.outcome.into(), duplicate_of: optional(input.duplicate_of_id.as_ref())? };
        TicketPayload::of(ctx.op(), target, app::tickets::close(ctx.op(), target, closing).await).await
    }

    /// Hands the ball to somebody. Requires `tickets:write`.
    async fn ticket_hand_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: TicketHandOverInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::of(ctx.op(), target, app::tickets::hand_to(ctx.op(), target, input.waiting_on.into()).await)
            .await
    }

    /// Changes the priority; promises already judged stay as they are. Requires `tickets:write`.
    async fn ticket_prioritize(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: TicketPrioritizeInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        TicketPayload::of(
            ctx.op(),
            target,
            app::tickets::change_priority(ctx.op(), target, input.priority.into()).await,
        )
        .await
    }

    /// Gives a ticket to a member of staff, or to nobody. Requires `tickets:write`.
    async fn ticket_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment.")] input: TicketAssignInput,
    ) -> Result<TicketPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let assignee = optional(input.assignee_id.as_ref())?;
        TicketPayload::of(ctx.op(), target, app::tickets::assign(ctx.op(), target, assignee).await).await
    }
}
