//! Mutations of webhooks: endpoints, their secrets, and telling them again.

use app::webhooks::{self, EndpointChange, NewEndpoint, WebhookCode};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    error::bad_input,
    id,
    scalars::DateTime,
    types::{WebhookDelivery, WebhookEndpoint, WebhookEventType},
    user_error::user_errors,
};

/// Events of one input.
const MOST_EVENTS: usize = 100;

user_errors! {
    /// Why something about webhooks was refused.
    WebhookUserError, WebhookErrorCode from WebhookCode {
        /// There is no such client for you.
        ClientNotFound,
        /// The address is none, holds a name or password, or is too long.
        UrlMalformed,
        /// The address is not `https`.
        UrlInsecure,
        /// The address is not on the public internet.
        UrlPrivate,
        /// The description is longer than 200 characters.
        DescriptionInvalid,
        /// No event was chosen, or one that cannot be.
        EventsInvalid,
        /// The client has as many endpoints as a client may have.
        TooMany,
        /// The delivery has not ended yet.
        NotEnded,
        /// The endpoint is turned off.
        Disabled,
    }
}

/// An endpoint to be made.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointCreateInput {
    /// Whose.
    client_id: ID,
    /// Where: `https`, on the public internet.
    url: String,
    /// What it is for, at most 200 characters.
    description: Option<String>,
    /// What it is told of, at least one.
    events: Vec<WebhookEventType>,
}

/// The endpoint with a new secret. (No `Debug`: the secret is never printed.)
#[derive(SimpleObject)]
pub(crate) struct WebhookEndpointSecretPayload {
    /// The endpoint; absent when the input was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// The secret with which events are signed: `whsec_…`. It is shown here and never again.
    secret: Option<String>,
    /// Why the input was refused.
    user_errors: Vec<WebhookUserError>,
}

/// What is to change; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointUpdateInput {
    /// Which.
    webhook_endpoint_id: ID,
    /// Where.
    url: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// What it is told of.
    events: Option<Vec<WebhookEventType>>,
    /// Whether it is told anything. Turned on, one that failed begins anew.
    is_enabled: Option<bool>,
    /// The version that you saw; absent, whatever stands.
    expected_version: Option<i32>,
}

/// The endpoint as it is now.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookEndpointUpdatePayload {
    /// The endpoint; absent when the input was refused.
    webhook_endpoint: Option<WebhookEndpoint>,
    /// Why the input was refused.
    user_errors: Vec<WebhookUserError>,
}

/// An endpoint.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointInput {
    /// Which.
    webhook_endpoint_id: ID,
}

/// An endpoint that gets another secret.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointRotateSecretInput {
    /// Which.
    webhook_endpoint_id: ID,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// An endpoint to be deleted.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointDeleteInput {
    /// Which.
    webhook_endpoint_id: ID,
    /// The version that you saw: what somebody changed meanwhile is not deleted.
    expected_version: i32,
}

/// Whether the endpoint is gone.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookEndpointDeletePayload {
    /// Id of the endpoint that was deleted; absent when the input was refused.
    deleted_id: Option<ID>,
    /// Why the input was refused.
    user_errors: Vec<WebhookUserError>,
}

/// A delivery that was begun.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookDeliveryPayload {
    /// The delivery; absent when the input was refused.
    webhook_delivery: Option<WebhookDelivery>,
    /// Why the input was refused.
    user_errors: Vec<WebhookUserError>,
}

/// A delivery to be repeated.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookDeliveryReplayInput {
    /// Which.
    webhook_delivery_id: ID,
}

/// Deliveries to be repeated.
#[derive(Debug, InputObject)]
pub(crate) struct WebhookEndpointReplayInput {
    /// Of which endpoint.
    webhook_endpoint_id: ID,
    /// What was given up of events since then.
    since: DateTime,
}

/// How many were begun anew.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookEndpointReplayPayload {
    /// How many, at most 500: ask again while it is 500. Absent when the input was refused.
    replayed: Option<u32>,
    /// Why the input was refused.
    user_errors: Vec<WebhookUserError>,
}

fn events(words: Vec<WebhookEventType>) -> Result<Vec<domain::webhooks::WebhookEventType>> {
    if words.len() > MOST_EVENTS {
        return Err(bad_input(format!("give at most {MOST_EVENTS} events")));
    }
    Ok(words.into_iter().map(Into::into).collect())
}

/// Mutations of webhooks.
#[derive(Debug, Default)]
pub(crate) struct WebhooksMutation;

#[Object]
impl WebhooksMutation {
    /// Makes an endpoint. Its secret is in the answer, once. Requires `webhooks:write`.
    async fn webhook_endpoint_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint.")] input: WebhookEndpointCreateInput,
    ) -> Result<WebhookEndpointSecretPayload> {
        let new = NewEndpoint {
            client: id::parse(&input.client_id)?,
            url: input.url,
            description: input.description.unwrap_or_default(),
            events: events(input.events)?,
        };
        let (made, user_errors) = WebhookUserError::split(ctx.op(), webhooks::create(ctx.op(), new).await)?;
        Ok(with_secret(made, user_errors))
    }

    /// Changes an endpoint, or turns it on or off. Requires `webhooks:write`.
    async fn webhook_endpoint_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The change.")] input: WebhookEndpointUpdateInput,
    ) -> Result<WebhookEndpointUpdatePayload> {
        let id = id::parse(&input.webhook_endpoint_id)?;
        let change = EndpointChange {
            url: input.url,
            description: input.description,
            events: input.events.map(events).transpose()?,
            is_enabled: input.is_enabled,
            expected_version: input.expected_version,
        };
        let (endpoint, user_errors) = WebhookUserError::split(ctx.op(), webhooks::update(ctx.op(), id, change).await)?;
        Ok(WebhookEndpointUpdatePayload { webhook_endpoint: endpoint.map(WebhookEndpoint), user_errors })
    }

    /// Gives an endpoint another secret. The one before it signs too for 24 hours, so that your system can change over.
    /// Requires `webhooks:write`.
    async fn webhook_endpoint_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookEndpointRotateSecretInput,
    ) -> Result<WebhookEndpointSecretPayload> {
        let id = id::parse(&input.webhook_endpoint_id)?;
        let rotated = webhooks::rotate_secret(ctx.op(), id, input.expected_version).await;
        let (made, user_errors) = WebhookUserError::split(ctx.op(), rotated)?;
        Ok(with_secret(made, user_errors))
    }

    /// Deletes an endpoint, with what was on its way there. Requires `webhooks:write`.
    async fn webhook_endpoint_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookEndpointDeleteInput,
    ) -> Result<WebhookEndpointDeletePayload> {
        let id = id::parse(&input.webhook_endpoint_id)?;
        let result = webhooks::delete(ctx.op(), id, input.expected_version).await;
        let (deleted, user_errors) = WebhookUserError::split(ctx.op(), result)?;
        Ok(WebhookEndpointDeletePayload { deleted_id: deleted.map(|()| input.webhook_endpoint_id), user_errors })
    }

    /// Sends an endpoint the event `endpoint.tested`. Requires `webhooks:write`.
    async fn webhook_endpoint_test(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: WebhookEndpointInput,
    ) -> Result<WebhookDeliveryPayload> {
        let id = id::parse(&input.webhook_endpoint_id)?;
        let (delivery, user_errors) = WebhookUserError::split(ctx.op(), webhooks::test(ctx.op(), id).await)?;
        Ok(WebhookDeliveryPayload { webhook_delivery: delivery.map(WebhookDelivery), user_errors })
    }

    /// Tells an endpoint again what it was told, or was not. The event keeps its id. Requires `webhooks:write`.
    async fn webhook_delivery_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which delivery.")] input: WebhookDeliveryReplayInput,
    ) -> Result<WebhookDeliveryPayload> {
        let id = id::parse(&input.webhook_delivery_id)?;
        let (delivery, user_errors) = WebhookUserError::split(ctx.op(), webhooks::replay(ctx.op(), id).await)?;
        Ok(WebhookDeliveryPayload { webhook_delivery: delivery.map(WebhookDelivery), user_errors })
    }

    /// Tells an endpoint what was given up while it was away. Requires `webhooks:write`.
    async fn webhook_endpoint_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which endpoint, since when.")] input: WebhookEndpointReplayInput,
    ) -> Result<WebhookEndpointReplayPayload> {
        let id = id::parse(&input.webhook_endpoint_id)?;
        let result = webhooks::replay_since(ctx.op(), id, input.since.0).await;
        let (replayed, user_errors) = WebhookUserError::split(ctx.op(), result)?;
        Ok(WebhookEndpointReplayPayload { replayed, user_errors })
    }
}

fn with_secret(
    made: Option<(domain::webhooks::WebhookEndpoint, app::webhooks::Secret)>,
    user_errors: Vec<WebhookUserError>,
) -> WebhookEndpointSecretPayload {
    let (endpoint, secret) = made.unzip();
    let secret = secret.map(|secret| secret.reveal().to_string());
    WebhookEndpointSecretPayload { webhook_endpoint: endpoint.map(WebhookEndpoint), secret, user_errors }
}
