//! Endpoints: made, changed, tried, given another secret, deleted.

use chrono::TimeDelta;
use domain::{
    ClientId, WebhookEndpointId,
    access::Permission,
    webhooks::{WebhookDelivery, WebhookDisabled, WebhookEndpoint, WebhookEventType},
};
use hooks::{InvalidUrl, Secret, check_url};
use serde_json::json;
use store::page::{Keyset, Page};

use super::{WebhookCode, publish};
use crate::{NoCode, OpCtx, OpError, Refusal, vault::Purpose};

/// Endpoints of one client.
const MOST: usize = 20;
/// Longest description in characters.
const LONGEST: usize = 200;
/// How long the secret before the present one signs too.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// An endpoint to be made.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// Whose.
    pub client: ClientId,
    /// Where.
    pub url: String,
    /// What it is for, for people; may be empty.
    pub description: String,
    /// What it is told of.
    pub events: Vec<WebhookEventType>,
}

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    /// Where.
    pub url: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it is told of.
    pub events: Option<Vec<WebhookEventType>>,
    /// Whether it is told anything.
    pub is_enabled: Option<bool>,
    /// The version that the actor saw; absent, whatever stands.
    pub expected_version: Option<i32>,
}

fn refuse<T>(code: WebhookCode, field: &str) -> Result<T, OpError<WebhookCode>> {
    Err(OpError::refused(Refusal::of(code, field)))
}

fn checked_url(op: &OpCtx, url: &str) -> Result<String, OpError<WebhookCode>> {
    match check_url(url.trim(), op.services().webhooks.allowed()) {
        Ok(url) => Ok(url.to_string()),
        Err(InvalidUrl::Malformed) => refuse(WebhookCode::UrlMalformed, "url"),
        Err(InvalidUrl::Insecure) => refuse(WebhookCode::UrlInsecure, "url"),
        Err(InvalidUrl::Private) => refuse(WebhookCode::UrlPrivate, "url"),
    }
}

fn checked_description(text: &str) -> Result<String, OpError<WebhookCode>> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return refuse(WebhookCode::DescriptionInvalid, "description");
    }
    Ok(text.to_owned())
}

fn checked_events(mut events: Vec<WebhookEventType>) -> Result<Vec<WebhookEventType>, OpError<WebhookCode>> {
    events.sort_unstable();
    events.dedup();
    if events.is_empty() || events.contains(&WebhookEventType::EndpointTested) {
        return refuse(WebhookCode::EventsInvalid, "events");
    }
    Ok(events)
}

/// Makes an endpoint; its secret is in the answer, and never again.
///
/// # Errors
/// Refused with a [`WebhookCode`]; `Forbidden` without `webhooks:write`.
pub async fn create(op: &OpCtx, new: NewEndpoint) -> Result<(WebhookEndpoint, Secret), OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    if !op.visibility().includes(new.client) {
        return refuse(WebhookCode::ClientNotFound, "clientId");
    }
    let endpoint = WebhookEndpoint {
        id: WebhookEndpointId::new(op.now(), op.random()),
        client: new.client,
        url: checked_url(op, &new.url)?,
        description: checked_description(&new.description)?,
        events: checked_events(new.events)?,
        disabled: None,
        failing_since: None,
        last_success_at: None,
        last_failure_at: None,
        last_error: None,
        previous_secret_until: None,
        created_by: op.actor().user(),
        created_at: op.now(),
        version: 1,
    };
    let secret = Secret::new(op.random());
    let tx = op.write().await?;
    if store::clients::by_id(&tx, new.client).await?.is_none() {
        return refuse(WebhookCode::ClientNotFound, "clientId");
    }
    if store::webhook_endpoints::count(&tx, new.client).await? >= MOST {
        return Err(OpError::refused(Refusal::new(WebhookCode::TooMany).with("maximum", MOST)));
    }
    store::webhook_endpoints::insert(&tx, &endpoint, &sealed(op, endpoint.id, &secret)?).await?;
    tx.about(endpoint.id);
    tx.commit().await?;
    Ok((endpoint, secret))
}

/// A secret as it is kept.
fn sealed(op: &OpCtx, id: WebhookEndpointId, secret: &Secret) -> Result<String, OpError<WebhookCode>> {
    let sealed = op.services().vault.seal(op.random(), Purpose::Webhook(id), &secret.reveal());
    sealed.map_err(OpError::Internal)
}

/// Changes an endpoint. One that was turned off because it failed begins anew when it is turned on.
///
/// # Errors
/// Refused with a [`WebhookCode`]; `NotFound`; `Conflict` when somebody else changed it first.
pub async fn update(
    op: &OpCtx,
    id: WebhookEndpointId,
    change: EndpointChange,
) -> Result<WebhookEndpoint, OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    let mut endpoint = store::webhook_endpoints::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if change.expected_version.is_some_and(|seen| seen != endpoint.version) {
        return Err(OpError::Conflict { current: endpoint.version });
    }
    if let Some(url) = &change.url {
        endpoint.url = checked_url(op, url)?;
    }
    if let Some(description) = &change.description {
        endpoint.description = checked_description(description)?;
    }
    if let Some(events) = change.events {
        endpoint.events = checked_events(events)?;
    }
    match change.is_enabled {
        Some(true) => (endpoint.disabled, endpoint.failing_since) = (None, None),
        Some(false) => endpoint.disabled = endpoint.disabled.or(Some(WebhookDisabled::ByHand)),
        None => {}
    }
    if !store::webhook_endpoints::update(&tx, &endpoint).await? {
        return Err(OpError::Conflict { current: endpoint.version + 1 });
    }
    endpoint.version += 1;
    tx.concerns(endpoint.client);
    tx.commit().await?;
    Ok(endpoint)
}

/// Gives an endpoint another secret, which is in the answer and never again. The one before it signs too for a day.
///
/// # Errors
/// `NotFound`; `Forbidden` without `webhooks:write`.
pub async fn rotate_secret(
    op: &OpCtx,
    id: WebhookEndpointId,
    expected_version: Option<i32>,
) -> Result<(WebhookEndpoint, Secret), OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    let secret = Secret::new(op.random());
    let found = store::webhook_endpoints::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    let version = expected_version.unwrap_or(found.version);
    let sealed = sealed(op, id, &secret)?;
    if !store::webhook_endpoints::rotate(&tx, id, version, &sealed, op.now() + OVERLAP).await? {
        return Err(OpError::Conflict { current: found.version });
    }
    let endpoint = store::webhook_endpoints::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.concerns(endpoint.client);
    tx.commit().await?;
    Ok((endpoint, secret))
}

/// Deletes an endpoint that is as the actor saw it, and what was on its way there.
///
/// # Errors
/// `NotFound`; `Conflict` when somebody changed it meanwhile; `Forbidden` without `webhooks:write`.
pub async fn delete(op: &OpCtx, id: WebhookEndpointId, seen_version: i32) -> Result<(), OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    let endpoint = store::webhook_endpoints::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if endpoint.version != seen_version {
        return Err(OpError::Conflict { current: endpoint.version });
    }
    store::webhook_endpoints::delete(&tx, id).await?;
    tx.concerns(endpoint.client);
    tx.commit().await?;
    Ok(())
}

/// Sends an endpoint an event that only tries it.
///
/// # Errors
/// `Disabled`; `NotFound`; `Forbidden` without `webhooks:write`.
pub async fn test(op: &OpCtx, id: WebhookEndpointId) -> Result<WebhookDelivery, OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    let endpoint = store::webhook_endpoints::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if endpoint.disabled.is_some() {
        return refuse(WebhookCode::Disabled, "webhookEndpointId");
    }
    let data = json!({ "webhookEndpointId": endpoint.id });
    let event = publish::event(op, endpoint.client, WebhookEventType::EndpointTested, data);
    store::webhook_deliveries::insert_event(&tx, &event).await?;
    let delivery = publish::send(op, &tx, &endpoint, &event).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(delivery)
}

/// A page of the endpoints that the actor may know of, by the time of their making.
///
/// # Errors
/// `Forbidden` without `webhooks:read`.
pub async fn page(
    op: &OpCtx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<WebhookEndpoint>, OpError<NoCode>> {
    op.require(Permission::WebhooksRead)?;
    Ok(store::webhook_endpoints::page(&*op.reader().await?, client, keyset).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `webhooks:read`.
pub async fn by_ids(op: &OpCtx, ids: &[WebhookEndpointId]) -> Result<Vec<WebhookEndpoint>, OpError<NoCode>> {
    op.require(Permission::WebhooksRead)?;
    Ok(store::webhook_endpoints::by_ids(&*op.reader().await?, ids).await?)
}

/// A page of what an endpoint was told.
///
/// # Errors
/// `Forbidden` without `webhooks:read`.
pub async fn deliveries_page(
    op: &OpCtx,
    endpoint: WebhookEndpointId,
    keyset: &Keyset,
) -> Result<Page<WebhookDelivery>, OpError<NoCode>> {
    op.require(Permission::WebhooksRead)?;
    Ok(store::webhook_deliveries::page(&*op.reader().await?, endpoint, keyset).await?)
}
