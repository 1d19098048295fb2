//! A client.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::ClientId;

use super::MessagingHeadroom;
use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime};

/// A company whose WhatsApp the BSP runs.
#[derive(Debug, Clone)]
pub(crate) struct Client(pub(crate) domain::clients::Client);

impl Client {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<ClientId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: ClientId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A company whose WhatsApp the BSP runs.
#[Object]
impl Client {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Short name, unique, for command lines and addresses.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// IANA zone of its nights and working hours.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// Language of what it is sent: `it` or `en`.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// The tier by which SLA policies choose goals for it, when it has one. Requires `tickets:read`.
    async fn sla_tier(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        ctx.loader().load_one(super::sla::TierOf(self.0.id)).await.map_err(FieldError::show)
    }

    /// How much of its messaging limit is used; `null` before anything was counted. Requires `assets:read`.
    #[graphql(complexity = "5 + child_complexity")]
    async fn messaging_headroom(&self, ctx: &Context<'_>) -> Result<Option<MessagingHeadroom>> {
        MessagingHeadroom::load(ctx, self.0.id).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Loader<ClientId> for Reader {
    type Value = Client;
    type Error = FieldError;

    async fn load(&self, ids: &[ClientId]) -> Result<HashMap<ClientId, Client>, FieldError> {
        let clients = app::clients::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(clients.into_iter().map(|client| (client.id, Client(client))).collect())
    }
}
