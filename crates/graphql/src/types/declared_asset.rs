//! What a client declares of itself.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::DeclaredAssetId;

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{DateTime, Json},
    types::{Client, Import},
};

/// What a client declares of itself, as it came: names and permits, a domain, a wording, a campaign, a number's first use.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredAsset(pub(crate) domain::assets::DeclaredAsset);

impl DeclaredAsset {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<DeclaredAssetId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// What a client declares of itself, as it came: names and permits, a domain, a wording, a campaign, a number's first use.
#[Object]
impl DeclaredAsset {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// What it is: `client`, `portfolio`, `number`, `wording`, `campaign` or `domain`; an open list.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// By what it is told from others of its kind: a wording's version, a campaign's or number's id, a domain; empty for the client.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// All its fields, as they came; each as it was told last.
    async fn body(&self) -> Json {
        Json(self.0.body.clone())
    }

    /// The import that last told of it.
    async fn import(&self, ctx: &Context<'_>) -> Result<Option<Import>> {
        Import::load(ctx, self.0.import).await
    }

    /// When it was first told.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}

impl Loader<DeclaredAssetId> for Reader {
    type Value = DeclaredAsset;
    type Error = FieldError;

    async fn load(&self, ids: &[DeclaredAssetId]) -> Result<HashMap<DeclaredAssetId, DeclaredAsset>, FieldError> {
        let assets = app::assets::declared_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(assets.into_iter().map(|asset| (asset.id, DeclaredAsset(asset))).collect())
    }
}
