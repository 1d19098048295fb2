//! Queries of imports.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id::optional,
    page::{Connection, PageArguments, connection},
    types::Import,
};

/// Queries of imports.
#[derive(Debug, Default)]
pub(crate) struct ImportsQuery;

#[Object]
impl ImportsQuery {
    /// The import of this id; `null` when there is none for you. Requires `imports:read`.
    async fn import(&self, ctx: &Context<'_>, #[graphql(desc = "Id of the import.")] id: ID) -> Result<Option<Import>> {
        Import::fetch(ctx, &id).await
    }

    /// Imports, the newest first. Requires `imports:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Import>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("imports:{client:?}"), first, after)?.descending();
        let page =
            app::imports::page(ctx.op(), client, arguments.keyset()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Import))
    }
}
