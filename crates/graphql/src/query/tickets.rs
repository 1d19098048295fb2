//! Queries of tickets and notices of enforcement.

mod filter;

use app::tickets::{self, TicketFilter};
use async_graphql::{
    Context, ID, Object, Result,
    connection::{Connection, DefaultConnectionName, DefaultEdgeName, EmptyFields, EnableNodesField},
};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id::optional,
    page::{self, PageArguments, connection, connection_with},
    types::{EnforcementNotice, Ticket},
};
use filter::{TicketFilterInput, TicketOrderInput};

/// A page of tickets, with how many there are.
type TicketConnection =
    Connection<String, Ticket, Total, EmptyFields, DefaultConnectionName, DefaultEdgeName, EnableNodesField>;

/// How many there are, counted when it is asked for.
struct Total(TicketFilter);

#[Object]
impl Total {
    /// How many tickets the filter finds, on all pages; 1,001 stands for more than 1,000.
    #[graphql(complexity = 10)]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = tickets::count(ctx.op(), &self.0).await.map_err(IntoFieldError::into_field_error)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
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

    /// Tickets, by any filter and in any order; the last changed first when no order is given. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tickets.")] filter: Option<TicketFilterInput>,
        #[graphql(desc = "In which order.")] order_by: Option<TicketOrderInput>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<TicketConnection> {
        let filter = filter.unwrap_or_default().read()?;
        let order = order_by.unwrap_or(TicketOrderInput::DEFAULT);
        let mut arguments = PageArguments::parse(&format!("tickets:{filter:?}:{order:?}"), first, after)?;
        if order.is_descending() {
            arguments = arguments.descending();
        }
        let page = tickets::page(ctx.op(), &filter, order.field(), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection_with(&arguments, page, Total(filter), Ticket))
    }

    /// Notices of enforcement, newest first. Requires `enforcement:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn enforcement_notices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<page::Connection<EnforcementNotice>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("enforcementNotices:{client:?}"), first, after)?.descending();
        let page = tickets::notices_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, EnforcementNotice))
    }
}
