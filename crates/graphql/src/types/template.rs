//! A message template.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::TemplateId;

use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime, types::Client};

/// A message template, as Meta last told of it.
#[derive(Debug, Clone)]
pub(crate) struct Template(pub(crate) domain::assets::Template);

impl Template {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<TemplateId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: TemplateId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A message template, as Meta last told of it.
#[Object]
impl Template {
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

    /// Language code.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// Meta's `category`; an open list.
    async fn category(&self) -> &str {
        &self.0.category
    }

    /// Meta's `status`; an open list.
    async fn status(&self) -> &str {
        &self.0.status
    }

    /// Meta's `quality_score`; an open list.
    async fn quality(&self) -> Option<&str> {
        self.0.quality.as_deref()
    }

    /// The body text, when the template has one.
    async fn body(&self) -> Option<&str> {
        let components = self.0.components.as_array()?;
        let body = components
            .iter()
            .find(|component| component["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("body")))?;
        body["text"].as_str()
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

impl Loader<TemplateId> for Reader {
    type Value = Template;
    type Error = FieldError;

    async fn load(&self, ids: &[TemplateId]) -> Result<HashMap<TemplateId, Template>, FieldError> {
        let assets = app::assets::templates_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(assets.into_iter().map(|asset| (asset.id, Template(asset))).collect())
    }
}
