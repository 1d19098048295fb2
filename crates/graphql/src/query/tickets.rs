//! Queries of tickets and notices of enforcement.

use app::tickets::{self, TicketFilter};
use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    context::ContextExt as _,
    error::{IntoFieldError, bad_input},
    id::optional,
    page::{Connection, PageArguments, connection},
    types::{
        EnforcementNotice, Ticket,
        ticket_words::{TicketStatus, WaitingOn},
    },
};

/// Which tickets; conditions add up.
#[derive(Debug, Default, InputObject)]
pub(crate) struct TicketFilterInput {
    /// Of this client.
    client_id: Option<ID>,
    /// In one of these statuses.
    status_in: Option<Vec<TicketStatus>>,
    /// Where one of these has the ball.
    waiting_on_in: Option<Vec<WaitingOn>>,
    /// Assigned to this member of staff.
    assignee_id: Option<ID>,
    /// Open, or closed.
    is_open: Option<bool>,
}

impl TicketFilterInput {
    fn read(self) -> Result<TicketFilter> {
        const MOST: usize = 20;
        if self.status_in.as_ref().is_some_and(|list| list.len() > MOST)
            || self.waiting_on_in.as_ref().is_some_and(|list| list.len() > MOST)
        {
            return Err(bad_input(format!("give at most {MOST} values")));
        }
        let mut statuses: Option<Vec<domain::tickets::TicketStatus>> =
            self.status_in.map(|list| list.into_iter().map(Into::into).collect());
        if let Some(is_open) = self.is_open {
            let all = || domain::tickets::TicketStatus::ALL.to_vec();
            statuses =
                Some(statuses.unwrap_or_else(all).into_iter().filter(|status| status.is_open() == is_open).collect());
        }
        Ok(TicketFilter {
            client: optional(self.client_id.as_ref())?,
            statuses,
            waiting_on: self.waiting_on_in.map(|list| list.into_iter().map(Into::into).collect()),
            assignee: optional(self.assignee_id.as_ref())?,
        })
    }
}

/// Queries of tickets.
#[derive(Debug, Default)]
pub(crate) struct TicketsQuery;

#[Object]
impl TicketsQuery {
    /// The ticket of this id; `null` when there is none for you. Requires `tickets:read`.
    async fn ticket(&self, ctx: &Context<'_>, #[graphql(desc = "Id of the ticket.")] id: ID) -> Result<Option<Ticket>> {
        Ticket::fetch(ctx, &id).await
    }

    /// The ticket of this reference, such as `T-00001234`; `null` when there is none for you. Requires `tickets:read`.
    async fn ticket_by_ref(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref", desc = "Reference of the ticket.")] reference: String,
    ) -> Result<Option<Ticket>> {
        let ticket = tickets::by_reference(ctx.op(), &reference).await.map_err(IntoFieldError::into_field_error)?;
        Ok(ticket.map(Ticket))
    }

    /// Tickets, the last changed first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tickets.")] filter: Option<TicketFilterInput>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Ticket>> {
        let filter = filter.unwrap_or_default().read()?;
        let arguments = PageArguments::parse(&format!("tickets:{filter:?}"), first, after)?.descending();
        let page =
            tickets::page(ctx.op(), &filter, arguments.keyset()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Ticket))
    }

    /// Notices of enforcement, newest first. Requires `enforcement:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn enforcement_notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<EnforcementNotice>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("enforcementNotices:{client:?}"), first, after)?.descending();
        let page = tickets::notices_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, EnforcementNotice))
    }
}
