//! Queries of tickets and notices of enforcement.

mod filter;

use app::tickets::{self, ActionFilter, TicketFilter};
use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    filters::bounded,
    id::{optional, parse},
    page::{self, ConnectionWith, PageArguments, connection, connection_with},
    types::{CorrectiveAction, EnforcementNotice, ReplyMacro, SavedView, Team, Ticket, ticket_words::ActionState},
};
use filter::{TicketFilterInput, TicketOrderInput};

/// A page of tickets, with how many there are.
type TicketConnection = ConnectionWith<Ticket, Total>;

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
        Ok(ticket.map(Into::into))
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
        let filter = filter.unwrap_or_default();
        let order = order_by.unwrap_or(TicketOrderInput::DEFAULT);
        // By what was asked, not by what is meant now: pages follow one another while time goes by.
        let mut arguments = PageArguments::parse(&format!("tickets:{filter:?}:{order:?}"), first, after)?;
        let filter = filter.read(ctx.op().now())?;
        if order.is_descending() {
            arguments = arguments.descending();
        }
        let (op, order, keyset) = (ctx.op(), order.field(), arguments.keyset());
        let with_promises = asks(ctx, &Ticket::PROMISES);
        let page = if with_promises || asks(ctx, &Ticket::RELATIONS) {
            tickets::page_with_relations(op, &filter, order, keyset, with_promises)
                .await
                .map(|page| page.map(Ticket::from))
        } else {
            tickets::page(op, &filter, order, keyset).await.map(|page| page.map(Ticket::from))
        };
        let page = page.map_err(IntoFieldError::into_field_error)?;
        Ok(connection_with(&arguments, page, Total(filter), |ticket| ticket))
    }

    /// Every team of the staff, by name. Requires `tickets:internal`.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn teams(&self, ctx: &Context<'_>) -> Result<Vec<Team>> {
        let teams = tickets::teams(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(teams.into_iter().map(Team).collect())
    }

    /// Every reply that is written beforehand, by name. Requires `tickets:internal`.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn reply_macros(&self, ctx: &Context<'_>) -> Result<Vec<ReplyMacro>> {
        let macros = tickets::macros(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(macros.into_iter().map(ReplyMacro).collect())
    }

    /// The text of a macro for a ticket, in the language of the ticket's client. Requires `tickets:internal`.
    async fn reply_macro_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the macro.")] reply_macro_id: ID,
        #[graphql(desc = "Id of the ticket.")] ticket_id: ID,
    ) -> Result<Option<String>> {
        let (reply, ticket) = (parse(&reply_macro_id)?, parse(&ticket_id)?);
        let text = tickets::macro_text(ctx.op(), reply, ticket).await;
        text.map(Some).map_err(IntoFieldError::into_field_error)
    }

    /// The lists of tickets that you keep, by name. Requires `tickets:read`.
    #[graphql(complexity = "5 + 20 * child_complexity")]
    async fn saved_views(&self, ctx: &Context<'_>) -> Result<Vec<SavedView>> {
        let views = tickets::views(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(views.into_iter().map(SavedView).collect())
    }

    /// The corrective action of this id; `null` when there is none for you. Requires `tickets:read`.
    async fn corrective_action(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the action.")] id: ID,
    ) -> Result<Option<CorrectiveAction>> {
        CorrectiveAction::fetch(ctx, &id).await
    }

    /// Corrective actions over all tickets, last added first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn corrective_actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "In one of these states.")] states: Option<Vec<ActionState>>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<page::Connection<CorrectiveAction>> {
        let states = states.map(bounded).transpose()?.map(|list| list.into_iter().map(Into::into).collect());
        let filter = ActionFilter { client: optional(client_id.as_ref())?, states };
        let arguments = PageArguments::parse(&format!("correctiveActions:{filter:?}"), first, after)?.descending();
        let page = tickets::actions_page(ctx.op(), &filter, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, CorrectiveAction))
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

/// Whether one of these fields of the tickets of a page is asked for.
fn asks(ctx: &Context<'_>, fields: &[&str]) -> bool {
    let page = ctx.look_ahead();
    let edges = page.field("edges").field("node");
    fields.iter().any(|field| page.field("nodes").field(field).exists() || edges.field(field).exists())
}
