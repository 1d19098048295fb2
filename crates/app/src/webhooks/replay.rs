//! Telling an endpoint again: one event, or all that were given up while it was away. The id stays, so that a receiver that has it
//! already knows it.

use domain::{
    Instant, WebhookDeliveryId, WebhookEndpointId, access::Permission, jobs::JobPayload, webhooks::WebhookDelivery,
};
use store::Tx;

use super::WebhookCode;
use crate::{OpCtx, OpError, Refusal, jobs};

/// Deliveries of one call; call again for more.
const MOST: u64 = 500;

/// Begins a delivery anew that has ended, however it did.
///
/// # Errors
/// `NotEnded`, `Disabled`; `NotFound`; `Forbidden` without `webhooks:write`.
pub async fn replay(op: &OpCtx, id: WebhookDeliveryId) -> Result<WebhookDelivery, OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    let delivery = store::webhook_deliveries::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    enabled(&tx, delivery.endpoint).await?;
    if !begin(op, &tx, &delivery).await? {
        return Err(OpError::refused(Refusal::of(WebhookCode::NotEnded, "webhookDeliveryId")));
    }
    let delivery = store::webhook_deliveries::by_id(&tx, id).await?.ok_or(OpError::NotFound)?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(delivery)
}

/// Begins anew what was given up of an endpoint since an instant, at most 500 of them, the oldest first; returns how many.
///
/// # Errors
/// `Disabled`; `NotFound`; `Forbidden` without `webhooks:write`.
pub async fn replay_since(op: &OpCtx, id: WebhookEndpointId, since: Instant) -> Result<u32, OpError<WebhookCode>> {
    op.require(Permission::WebhooksWrite)?;
    let tx = op.write().await?;
    enabled(&tx, id).await?;
    let mut begun = 0;
    for delivery in store::webhook_deliveries::given_up(&tx, id, since, MOST).await? {
        begun += u32::from(begin(op, &tx, &delivery).await?);
    }
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(begun)
}

async fn enabled(tx: &Tx, id: WebhookEndpointId) -> Result<(), OpError<WebhookCode>> {
    let endpoint = store::webhook_endpoints::by_ids(tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if endpoint.disabled.is_some() {
        return Err(OpError::refused(Refusal::new(WebhookCode::Disabled)));
    }
    Ok(())
}

async fn begin(op: &OpCtx, tx: &Tx, delivery: &WebhookDelivery) -> Result<bool, OpError<WebhookCode>> {
    if !store::webhook_deliveries::begin_anew(tx, delivery.id, op.services().clock.now()).await? {
        return Ok(false);
    }
    let payload = JobPayload::WebhookDeliver { delivery: delivery.id, client: delivery.client };
    jobs::enqueue(op, tx, payload, None).await?;
    Ok(true)
}
