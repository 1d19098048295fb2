//! Webhooks to the systems of clients.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::WebhookEndpointId;

use crate::{
    context::ContextExt as _,
    error::{FieldError, IntoFieldError},
    loaders::Reader,
    page::{Connection, PageArguments, connection},
    scalars::DateTime,
    types::Client,
    words::graphql_words,
};

graphql_words! {
    /// What an endpoint can be told of. Values may be added.
    WebhookEventType = domain::webhooks::WebhookEventType {
        /// `ticket.opened`
        TicketOpened,
        /// `ticket.replied`: somebody wrote a public reply.
        TicketReplied,
        /// `ticket.status_changed`: it moved, or was closed.
        TicketStatusChanged,
        /// `ticket.turn_changed`: somebody else has the ball.
        TicketTurnChanged,
        /// `ticket.submitted`: something was handed to Meta.
        TicketSubmitted,
        /// `ticket.answered`: Meta answered, or did not.
        TicketAnswered,
        /// `audit.completed`
        AuditCompleted,
        /// `enforcement.noticed`
        EnforcementNoticed,
        /// `endpoint.tested`: by `webhookEndpointTest`; cannot be chosen.
        EndpointTested,
    }
}

graphql_words! {
    /// Where a delivery stands. Values may be added.
    WebhookDeliveryState = domain::webhooks::WebhookDeliveryState {
        /// Waits for its first attempt, or the next one.
        Pending,
        /// Is being carried.
        Sending,
        /// The endpoint took it.
        Delivered,
        /// Given up.
        Failed,
    }
}

graphql_words! {
    /// Why an endpoint is told nothing. Values may be added.
    WebhookDisabled = domain::webhooks::WebhookDisabled {
        /// Somebody turned it off.
        ByHand,
        /// It took nothing for five days, or answered 410.
        Failing,
    }
}

/// A place in a client's systems that is told what happens, by POST, signed as Standard Webhooks has it.
#[derive(Debug, Clone)]
pub(crate) struct WebhookEndpoint(pub(crate) domain::webhooks::WebhookEndpoint);

impl WebhookEndpoint {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<WebhookEndpointId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A place in a client's systems that is told what happens, by POST, signed as Standard Webhooks has it.
#[Object]
impl WebhookEndpoint {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// Where.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it is for.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// What it is told of.
    async fn events(&self) -> Vec<WebhookEventType> {
        self.0.events.iter().map(|event| (*event).into()).collect()
    }

    /// Why it is told nothing; absent while it is.
    async fn disabled(&self) -> Option<WebhookDisabled> {
        self.0.disabled.map(Into::into)
    }

    /// Since when it has taken nothing, while it does not.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(Into::into)
    }

    /// When it last took something.
    async fn last_success_at(&self) -> Option<DateTime> {
        self.0.last_success_at.map(Into::into)
    }

    /// When it last did not.
    async fn last_failure_at(&self) -> Option<DateTime> {
        self.0.last_failure_at.map(Into::into)
    }

    /// Why it last did not, since it last did.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// Until when the secret before the present one signs too.
    async fn previous_secret_until(&self) -> Option<DateTime> {
        self.0.previous_secret_until.map(Into::into)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Counts changes; give it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What it was told, the latest first.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<WebhookDelivery>> {
        let arguments = PageArguments::parse(&format!("webhookDeliveries:{}", self.0.id), first, after)?.descending();
        let page = app::webhooks::deliveries_page(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, WebhookDelivery))
    }
}

/// An event on its way to an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct WebhookDelivery(pub(crate) domain::webhooks::WebhookDelivery);

/// An event on its way to an endpoint.
#[Object]
impl WebhookDelivery {
    /// Id of the delivery.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the event, as in the header `webhook-id`: the same at every attempt.
    async fn event_id(&self) -> ID {
        self.0.event.into()
    }

    /// What happened.
    async fn event_type(&self) -> WebhookEventType {
        self.0.event_type.into()
    }

    /// Where it stands.
    async fn state(&self) -> WebhookDeliveryState {
        self.0.state.into()
    }

    /// How often it was begun since it was last asked for.
    async fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// When it is tried next, while it waits.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.settled_at.is_none().then(|| self.0.next_attempt_at.into())
    }

    /// Why it did not succeed last.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// When it happened.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it came to its end.
    async fn settled_at(&self) -> Option<DateTime> {
        self.0.settled_at.map(Into::into)
    }
}

impl Loader<WebhookEndpointId> for Reader {
    type Value = WebhookEndpoint;
    type Error = FieldError;

    async fn load(&self, ids: &[WebhookEndpointId]) -> Result<HashMap<WebhookEndpointId, WebhookEndpoint>, FieldError> {
        let endpoints = app::webhooks::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(endpoints.into_iter().map(|endpoint| (endpoint.id, WebhookEndpoint(endpoint))).collect())
    }
}
