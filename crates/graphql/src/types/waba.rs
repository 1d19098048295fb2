//! A WhatsApp Business Account.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::WabaId;

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::DateTime,
    types::{Client, GraphAccount, Standing},
};

/// A WhatsApp Business Account.
#[derive(Debug, Clone)]
pub(crate) struct Waba(pub(crate) domain::assets::Waba);

impl Waba {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<WabaId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: WabaId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A WhatsApp Business Account.
#[Object]
impl Waba {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// Meta's id.
    async fn meta_id(&self) -> &str {
        &self.0.meta_id
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Meta's id of the business portfolio.
    async fn portfolio_meta_id(&self) -> Option<&str> {
        self.0.portfolio_meta_id.as_deref()
    }

    /// The portfolio's messaging limit, in unique people in a moving 24 h; absent when unknown or without limit.
    async fn messaging_limit(&self) -> Option<i32> {
        self.0.messaging_limit.and_then(|limit| i32::try_from(limit).ok())
    }

    /// Whether the portfolio is known to have no messaging limit.
    async fn is_unlimited(&self) -> bool {
        self.0.messaging_limit == Some(domain::assets::Waba::UNLIMITED)
    }

    /// How it stands with Meta, as far as is known. Requires `enforcement:read`.
    #[graphql(complexity = "5 + child_complexity")]
    async fn standing(&self, ctx: &Context<'_>) -> Result<Option<Standing>> {
        Standing::load(ctx, self.0.id).await
    }

    /// How asking Meta about it goes; `null` when it never was asked about.
    #[graphql(complexity = "5 + child_complexity")]
    async fn graph_account(&self, ctx: &Context<'_>) -> Result<Option<GraphAccount>> {
        GraphAccount::load(ctx, self.0.id).await
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Loader<WabaId> for Reader {
    type Value = Waba;
    type Error = FieldError;

    async fn load(&self, ids: &[WabaId]) -> Result<HashMap<WabaId, Waba>, FieldError> {
        let assets = app::assets::wabas_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(assets.into_iter().map(|asset| (asset.id, Waba(asset))).collect())
    }
}
