//! Queries of SLA terms.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    mutation::{SlaCalendarSetInput, SlaPolicySetInput, SlaUserError},
    page::{Connection, PageArguments, connection},
    types::{QuietHours, SlaCalendarVersion, SlaPolicyVersion, SlaPreview},
};

/// What a version would do, or why it would be refused.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaPreviewPayload {
    /// What it would do; absent when the input would be refused.
    pub(super) preview: Option<SlaPreview>,
    /// Why the input would be refused.
    pub(super) user_errors: Vec<SlaUserError>,
}

/// Queries of SLA terms.
#[derive(Debug, Default)]
pub(crate) struct SlaQuery;

#[Object]
impl SlaQuery {
    /// Your own quiet hours, if you are a person and have some.
    async fn viewer_quiet_hours(&self, ctx: &Context<'_>) -> Result<Option<QuietHours>> {
        let hours = app::sla::quiet_hours(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(hours.map(Into::into))
    }

    /// The versions of a client's SLA policy, or of the BSP's own, the latest first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn sla_policy_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<SlaPolicyVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("slaPolicyVersions:{client:?}"), first, after)?.descending();
        let page = app::sla::policy_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, SlaPolicyVersion))
    }

    /// The versions of a client's calendars of working hours, or of the BSP's own, the latest first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn sla_calendar_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "Of this key; absent, of all.")] key: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<SlaCalendarVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let list = format!("slaCalendarVersions:{client:?}:{key:?}");
        let arguments = PageArguments::parse(&list, first, after)?.descending();
        let page = app::sla::calendar_page(ctx.op(), client, key.as_deref(), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, SlaCalendarVersion))
    }

    /// What `slaPolicySet` would do to the tickets that are open. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_policy_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As for `slaPolicySet`.")] input: SlaPolicySetInput,
    ) -> Result<SlaPreviewPayload> {
        let (release, definition) = input.parts()?;
        let result = app::sla::preview_policy(ctx.op(), release, definition).await;
        let (preview, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPreviewPayload { preview: preview.map(Into::into), user_errors })
    }

    /// What `slaCalendarSet` would do to the tickets that are open. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_calendar_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As for `slaCalendarSet`.")] input: SlaCalendarSetInput,
    ) -> Result<SlaPreviewPayload> {
        let (release, draft) = input.parts()?;
        let result = app::sla::preview_calendar(ctx.op(), release, draft).await;
        let (preview, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPreviewPayload { preview: preview.map(Into::into), user_errors })
    }
}
