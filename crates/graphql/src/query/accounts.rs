//! Queries of accounts.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id::optional,
    page::{Connection, PageArguments, connection},
    types::{ApiToken, SignIn, User, Viewer},
};

/// Queries of accounts.
#[derive(Debug, Default)]
pub(crate) struct AccountsQuery;

#[Object]
impl AccountsQuery {
    /// Whoever asks; `null` when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        Viewer::of(ctx).await
    }

    /// Your own sign-ins that are good, the latest first, at most a hundred. Requires a person who is signed in.
    async fn sign_ins(&self, ctx: &Context<'_>) -> Result<Vec<SignIn>> {
        let own = app::accounts::own_sign_ins(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(own.into_iter().map(SignIn::from).collect())
    }

    /// People, by address: staff see all, a client its own. Requires `users:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<User>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("users:{client:?}"), first, after)?;
        let page = app::accounts::users_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, User::new))
    }

    /// Tokens of programs, newest first: staff see all, a client its own. Requires `tokens:write`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn api_tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<ApiToken>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("apiTokens:{client:?}"), first, after)?.descending();
        let page = app::accounts::api_tokens_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, ApiToken))
    }
}
