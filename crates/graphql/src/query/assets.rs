//! Queries of accounts, numbers and templates.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id::optional,
    page::{Connection, PageArguments, connection},
    types::{PhoneNumber, Template, Waba},
};

/// Queries of assets.
#[derive(Debug, Default)]
pub(crate) struct AssetsQuery;

#[Object]
impl AssetsQuery {
    /// WhatsApp Business Accounts, by name. Requires `assets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn wabas(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Waba>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("wabas:{client:?}"), first, after)?;
        let page = app::assets::wabas_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Waba))
    }

    /// Sending numbers, by number. Requires `assets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn phone_numbers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<PhoneNumber>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("phone_numbers:{client:?}"), first, after)?;
        let page = app::assets::phone_numbers_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, PhoneNumber))
    }

    /// Message templates, by name. Requires `assets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Template>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("templates:{client:?}"), first, after)?;
        let page = app::assets::templates_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Template))
    }
}
