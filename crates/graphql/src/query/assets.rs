//! Queries of accounts, numbers and templates.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id::{optional, parse},
    page::{Connection, PageArguments, connection},
    scalars::BigInt,
    types::{DeclaredAsset, PhoneNumber, Template, Waba},
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

    /// What clients declare of themselves, by name. Requires `assets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn declared_assets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client alone.")] client_id: Option<ID>,
        #[graphql(desc = "Of this kind alone, such as `wording`.")] kind: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<DeclaredAsset>> {
        let client = optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("declared_assets:{client:?}:{kind:?}"), first, after)?;
        let page = app::assets::declared_page(ctx.op(), client, kind.as_deref(), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, DeclaredAsset))
    }

    /// How many people a client's former providers had suppressed; `null` when nobody told. Requires `assets:read`.
    async fn suppressed_recipient_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] client_id: ID,
    ) -> Result<Option<BigInt>> {
        let count = app::assets::suppressed_count(ctx.op(), parse(&client_id)?)
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(count.map(BigInt))
    }
}
