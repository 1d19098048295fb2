//! Queries of lists of holidays.

use async_graphql::{Context, ID, Object, Result};

use super::sla::SlaPreviewPayload;
use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    mutation::{SlaHolidayListSetInput, SlaUserError},
    page::{Connection, PageArguments, connection},
    types::SlaHolidayListVersion,
};

/// Queries of lists of holidays.
#[derive(Debug, Default)]
pub(crate) struct SlaHolidaysQuery;

#[Object]
impl SlaHolidaysQuery {
    /// The versions of a client's lists of holidays, or of the BSP's own, the latest first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn sla_holiday_list_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "Of this key; absent, of all.")] key: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<SlaHolidayListVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let list = format!("slaHolidayListVersions:{client:?}:{key:?}");
        let arguments = PageArguments::parse(&list, first, after)?.descending();
        let page = app::sla::holiday_list_page(ctx.op(), client, key.as_deref(), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, SlaHolidayListVersion))
    }

    /// What `slaHolidayListSet` would do to the tickets that are open. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_holiday_list_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As for `slaHolidayListSet`.")] input: SlaHolidayListSetInput,
    ) -> Result<SlaPreviewPayload> {
        let (release, draft) = input.parts()?;
        let result = app::sla::preview_holiday_list(ctx.op(), release, draft).await;
        let (preview, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPreviewPayload { preview: preview.map(Into::into), user_errors })
    }
}
