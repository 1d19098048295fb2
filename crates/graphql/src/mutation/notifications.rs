//! `notificationPreferenceSet`.

use app::notifications::{PreferenceCode, set_preference};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    types::{NotificationDelivery, NotificationPreference, NotificationTopic},
    user_error::user_errors,
};

user_errors! {
    /// Why a wish was refused.
    NotificationUserError, NotificationErrorCode from PreferenceCode {
        /// Mails about the own account cannot be turned off or put off.
        TopicFixed,
        /// A program is sent no mails.
        NoPerson,
    }
}

/// How you want to be told of a topic.
#[derive(Debug, InputObject)]
pub(crate) struct NotificationPreferenceSetInput {
    /// The topic.
    topic: NotificationTopic,
    /// How.
    delivery: NotificationDelivery,
}

/// What holds now.
#[derive(Debug, SimpleObject)]
pub(crate) struct NotificationPreferenceSetPayload {
    /// How you are told of each topic now; absent when the input was refused.
    preferences: Option<Vec<NotificationPreference>>,
    /// Why the input was refused.
    user_errors: Vec<NotificationUserError>,
}

/// Mutations of notifications.
#[derive(Debug, Default)]
pub(crate) struct NotificationsMutation;

#[Object]
impl NotificationsMutation {
    /// Sets how you want to be told of a topic. Requires being signed in as a person.
    async fn notification_preference_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The wish.")] input: NotificationPreferenceSetInput,
    ) -> Result<NotificationPreferenceSetPayload> {
        let result = set_preference(ctx.op(), input.topic.into(), input.delivery.into()).await;
        let (preferences, user_errors) = NotificationUserError::split(ctx.op(), result)?;
        let preferences = preferences.as_ref().map(NotificationPreference::all);
        Ok(NotificationPreferenceSetPayload { preferences, user_errors })
    }
}
