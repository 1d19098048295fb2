//! Lists of holidays that calendars share, in their versions.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::HolidayListId;

use super::{
    Client, User,
    sla::{author, owner},
};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{DateTime, Json},
};

/// A version of a list of holidays that calendars share. A version is never changed.
#[derive(Debug, Clone)]
pub(crate) struct SlaHolidayListVersion(pub(crate) app::sla::HolidayList);

impl SlaHolidayListVersion {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<HolidayListId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A version of a list of holidays that calendars share. A version is never changed.
#[Object]
impl SlaHolidayListVersion {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose; `null` for the BSP's own, which every calendar may name.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        owner(ctx, self.0.client).await
    }

    /// The key by which calendars name it.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// Counts the versions of the same owner and key, from 1; for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The name of each date, such as `{"2026-12-25": "Natale"}`.
    async fn holidays(&self) -> Json {
        Json(self.0.holidays.clone())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.origin.created_at.into()
    }

    /// Who made it; `null` for programs, and for those who may not see users.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        author(ctx, &self.0.origin).await
    }

    /// Why, in the author's words.
    async fn reason(&self) -> Option<&str> {
        self.0.origin.reason.as_deref()
    }
}

impl Loader<HolidayListId> for Reader {
    type Value = SlaHolidayListVersion;
    type Error = FieldError;

    async fn load(&self, ids: &[HolidayListId]) -> Result<HashMap<HolidayListId, SlaHolidayListVersion>, FieldError> {
        let versions = app::sla::holiday_lists_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(versions.into_iter().map(|version| (version.id, SlaHolidayListVersion(version))).collect())
    }
}
