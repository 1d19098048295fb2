//! Queries of thresholds.

use app::OpError;
use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    page::{Connection, PageArguments, connection},
    scalars::DateTime,
    types::{ThresholdVersion, Thresholds},
};

/// Queries of thresholds.
#[derive(Debug, Default)]
pub(crate) struct ThresholdsQuery;

#[Object]
impl ThresholdsQuery {
    /// The thresholds of the rules as they hold for a client, each with what it came from; `null` when there is no such client for
    /// you. Requires `audits:read`.
    async fn thresholds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For this client; absent, as they hold for clients without thresholds of their own.")]
        client_id: Option<ID>,
        #[graphql(desc = "At this instant; absent, now.")] at: Option<DateTime>,
    ) -> Result<Option<Thresholds>> {
        let client = match client_id.as_ref().map(|id| id.parse()) {
            Some(Err(_)) => return Ok(None),
            Some(Ok(client)) => Some(client),
            None => None,
        };
        match app::thresholds::current(ctx.op(), client, at.map(|at| at.0)).await {
            Ok(current) => Ok(Some(Thresholds(current))),
            Err(OpError::NotFound) => Ok(None),
            Err(error) => Err(error.into_field_error()),
        }
    }

    /// The versions of a client's thresholds, or of the BSP's own, the latest first. Requires `audits:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn threshold_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<ThresholdVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("thresholdVersions:{client:?}"), first, after)?.descending();
        let page = app::thresholds::page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, ThresholdVersion))
    }
}
