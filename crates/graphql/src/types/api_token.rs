//! A program's credential.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{ApiTokenId, access::Permission};

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::DateTime,
    types::{Client, User},
};

/// A program's credential. Its secret is shown once, by `apiTokenCreate`, and not kept.
#[derive(Debug, Clone)]
pub(crate) struct ApiToken(pub(crate) domain::accounts::ApiToken);

impl ApiToken {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<ApiTokenId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: ApiTokenId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A program's credential. Its secret is shown once, by `apiTokenCreate`, and not kept.
#[Object]
impl ApiToken {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The client that it is bound to; absent for the BSP's own.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        match self.0.client {
            Some(id) => Client::load(ctx, id).await,
            None => Ok(None),
        }
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may do, such as `traffic:import`.
    async fn permissions(&self) -> Vec<&'static str> {
        self.0.permissions.iter().map(Permission::as_str).collect()
    }

    /// Who made it, when a person did and you may see that person.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.created_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it ends; absent when it does not.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(Into::into)
    }

    /// When it was last used, to the minute.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(Into::into)
    }

    /// When it was revoked, if so.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(Into::into)
    }

    /// Whether it is good now: neither revoked nor at its end.
    async fn is_good(&self, ctx: &Context<'_>) -> bool {
        self.0.is_good(ctx.op().now())
    }
}

impl Loader<ApiTokenId> for Reader {
    type Value = ApiToken;
    type Error = FieldError;

    async fn load(&self, ids: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, ApiToken>, FieldError> {
        let tokens = app::accounts::api_tokens_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(tokens.into_iter().map(|token| (token.id, ApiToken(token))).collect())
    }
}
