//! A sending number.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::PhoneNumberId;

use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::DateTime,
    types::{Client, Waba},
};

/// A sending number.
#[derive(Debug, Clone)]
pub(crate) struct PhoneNumber(pub(crate) domain::assets::PhoneNumber);

impl PhoneNumber {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<PhoneNumberId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: PhoneNumberId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A sending number.
#[Object]
impl PhoneNumber {
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

    /// Of which account.
    async fn waba(&self, ctx: &Context<'_>) -> Result<Option<Waba>> {
        Waba::load(ctx, self.0.waba).await
    }

    /// The number, as people write it.
    async fn display_number(&self) -> &str {
        &self.0.display_number
    }

    /// The name that people see.
    async fn verified_name(&self) -> Option<&str> {
        self.0.verified_name.as_deref()
    }

    /// Meta's `quality_rating`; an open list.
    async fn quality_rating(&self) -> Option<&str> {
        self.0.quality_rating.as_deref()
    }

    /// Meta's `status`; an open list.
    async fn status(&self) -> Option<&str> {
        self.0.status.as_deref()
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

impl Loader<PhoneNumberId> for Reader {
    type Value = PhoneNumber;
    type Error = FieldError;

    async fn load(&self, ids: &[PhoneNumberId]) -> Result<HashMap<PhoneNumberId, PhoneNumber>, FieldError> {
        let assets = app::assets::phone_numbers_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(assets.into_iter().map(|asset| (asset.id, PhoneNumber(asset))).collect())
    }
}
