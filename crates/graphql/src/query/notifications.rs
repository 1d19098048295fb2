//! Queries of notifications.

use async_graphql::{Context, Object, Result};

use crate::{context::ContextExt as _, error::IntoFieldError, types::NotificationPreference};

/// Queries of notifications.
#[derive(Debug, Default)]
pub(crate) struct NotificationsQuery;

#[Object]
impl NotificationsQuery {
    /// How you want to be told of each topic; empty for a program, which is sent no mails. Requires being signed in.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<Vec<NotificationPreference>> {
        let own = app::notifications::own_preferences::<app::NoCode>(ctx.op())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(own.as_ref().map(NotificationPreference::all).unwrap_or_default())
    }
}
