//! Queries of clients.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    page::{Connection, PageArguments, connection},
    types::Client,
};

/// Queries of clients.
#[derive(Debug, Default)]
pub(crate) struct ClientsQuery;

#[Object]
impl ClientsQuery {
    /// The client of this id; `null` when there is none for you.
    async fn client(&self, ctx: &Context<'_>, #[graphql(desc = "Id of the client.")] id: ID) -> Result<Option<Client>> {
        Client::fetch(ctx, &id).await
    }

    /// The clients that you may know of, by name.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Client>> {
        let arguments = PageArguments::parse("clients", first, after)?;
        let page = app::clients::page(ctx.op(), arguments.keyset()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Client))
    }
}
