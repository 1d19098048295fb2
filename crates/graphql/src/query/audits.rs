//! Queries of audits.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    page::{Connection, PageArguments, connection},
    types::{Audit, AuditPreview, AuditSchedule},
};

/// Queries of audits.
#[derive(Debug, Default)]
pub(crate) struct AuditsQuery;

#[Object]
impl AuditsQuery {
    /// The audit of this id; `null` when there is none for you. Requires `audits:read`.
    async fn audit(&self, ctx: &Context<'_>, #[graphql(desc = "Id of the audit.")] id: ID) -> Result<Option<Audit>> {
        Audit::fetch(ctx, &id).await
    }

    /// The audits that you may know of, the latest first. Requires `audits:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn audits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this client.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Audit>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("audits:{client:?}"), first, after)?.descending();
        let page =
            app::audits::page(ctx.op(), client, arguments.keyset()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Audit))
    }

    /// A preview by its id; `null` when there is none for you. Requires `audits:read`.
    async fn audit_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the preview.")] id: ID,
    ) -> Result<Option<AuditPreview>> {
        AuditPreview::fetch(ctx, &id).await
    }

    /// When audits of a client run by themselves; `null` when there is no such client for you. Requires `audits:read`.
    async fn audit_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the client.")] client_id: ID,
    ) -> Result<Option<AuditSchedule>> {
        let Ok(client) = client_id.parse() else { return Ok(None) };
        AuditSchedule::load(ctx, client).await
    }
}
