//! Queries of exports, and of who was shown recipients in clear.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    page::{Connection, PageArguments, connection},
    types::{EvidenceExport, Unmasking},
};

/// Queries of exports.
#[derive(Debug, Default)]
pub(crate) struct ExportsQuery;

#[Object]
impl ExportsQuery {
    /// A file with all messages of a finding, by its id; `null` when there is none for you. Requires `audits:read`.
    async fn evidence_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the export.")] id: ID,
    ) -> Result<Option<EvidenceExport>> {
        EvidenceExport::fetch(ctx, &id).await
    }

    /// Who was shown recipients in clear, when, in which file and why, the latest first. Requires `unmaskings:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn unmaskings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this client's recipients.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<Unmasking>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("unmaskings:{client:?}"), first, after)?.descending();
        let page = app::exports::unmaskings(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, Unmasking))
    }
}
