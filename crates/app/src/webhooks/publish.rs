//! Saying that something happened.

use domain::{
    ClientId, WebhookDeliveryId, WebhookEventId,
    jobs::JobPayload,
    webhooks::{WebhookDelivery, WebhookDeliveryState, WebhookEndpoint, WebhookEvent, WebhookEventType},
};
use serde_json::Value;
use store::{StoreError, Tx};

use crate::{OpCtx, jobs};

/// Tells the client's endpoints that want to know, if `tx` is committed. Raise the job signal after the commit.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub(crate) async fn publish(
    op: &OpCtx,
    tx: &Tx,
    client: ClientId,
    event_type: WebhookEventType,
    data: Value,
) -> Result<(), StoreError> {
    let endpoints = store::webhook_endpoints::enabled(tx, client).await?;
    let wanting: Vec<_> = endpoints.iter().filter(|endpoint| endpoint.events.contains(&event_type)).collect();
    if wanting.is_empty() {
        return Ok(());
    }
    let event = event(op, client, event_type, data);
    store::webhook_deliveries::insert_event(tx, &event).await?;
    for endpoint in wanting {
        send(op, tx, endpoint, &event).await?;
    }
    Ok(())
}

/// An event that happens now.
pub(super) fn event(op: &OpCtx, client: ClientId, event_type: WebhookEventType, data: Value) -> WebhookEvent {
    let at = op.services().clock.now();
    WebhookEvent { id: WebhookEventId::new(at, op.random()), client, event_type, data, at }
}

/// Puts an event on its way to one endpoint.
pub(super) async fn send(
    op: &OpCtx,
    tx: &Tx,
    endpoint: &WebhookEndpoint,
    event: &WebhookEvent,
) -> Result<WebhookDelivery, StoreError> {
    let delivery = WebhookDelivery {
        id: WebhookDeliveryId::new(event.at, op.random()),
        client: event.client,
        endpoint: endpoint.id,
        event: event.id,
        event_type: event.event_type,
        state: WebhookDeliveryState::Pending,
        attempts: 0,
        next_attempt_at: event.at,
        last_error: None,
        created_at: event.at,
        settled_at: None,
    };
    store::webhook_deliveries::insert(tx, &delivery).await?;
    jobs::enqueue(op, tx, JobPayload::WebhookDeliver { delivery: delivery.id, client: event.client }, None).await?;
    Ok(delivery)
}
