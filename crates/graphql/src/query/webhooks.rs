//! Queries of webhooks.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    page::{Connection, PageArguments, connection},
    types::WebhookEndpoint,
};

/// Queries of webhooks.
#[derive(Debug, Default)]
pub(crate) struct WebhooksQuery;

#[Object]
impl WebhooksQuery {
    /// An endpoint, by its id; `null` when there is none for you. Requires `webhooks:read`.
    async fn webhook_endpoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the endpoint.")] id: ID,
    ) -> Result<Option<WebhookEndpoint>> {
        WebhookEndpoint::fetch(ctx, &id).await
    }

    /// The endpoints of clients' systems, the first made first. Requires `webhooks:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this client.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<WebhookEndpoint>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("webhookEndpoints:{client:?}"), first, after)?;
        let page = app::webhooks::page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, WebhookEndpoint))
    }
}
