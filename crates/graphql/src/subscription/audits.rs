//! Subscriptions to audits.

use async_graphql::{Context, ID, Result, Subscription};
use futures::{StreamExt as _, stream::BoxStream};

use crate::{context::ContextExt as _, error::IntoFieldError, id::parse, types::Audit};

/// Subscriptions to audits.
#[derive(Debug, Default)]
pub(crate) struct AuditsSubscription;

#[Subscription]
impl AuditsSubscription {
    /// An audit as it stands, and again whenever its `state` or `progress` changes, to its end. Requires `audits:read`.
    async fn audit_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the audit.")] id: ID,
    ) -> Result<BoxStream<'static, Result<Audit>>> {
        let audits = app::audits::follow(ctx.op().clone(), parse(&id)?);
        let audits = audits.await.map_err(IntoFieldError::into_field_error)?;
        Ok(audits.map(|audit| audit.map(Audit).map_err(IntoFieldError::into_field_error)).boxed())
    }
}
