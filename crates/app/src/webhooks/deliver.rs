//! The job that carries one event to one endpoint: one attempt, and what follows from it.

use chrono::TimeDelta;
use domain::{
    Instant, WebhookDeliveryId,
    access::{Role, Visibility},
    jobs::JobPayload,
    notifications::{Notification, NotificationKind},
    webhooks::{FAILING_FOR, WebhookDelivery, WebhookDeliveryState, WebhookEndpoint, WebhookEvent, carried_again_at},
};
use hooks::{PostError, Secret, Webhook};
use store::Tx;

use crate::{
    OpCtx,
    jobs::{self, JobError, Run},
    notifications::notify,
    vault::Purpose,
};

/// How long one attempt may last: more than the sender's patience.
const LEASE: TimeDelta = TimeDelta::minutes(1);

/// Makes the attempt of a job.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: WebhookDeliveryId) -> Result<(), JobError> {
    let now = op.services().clock.now();
    let tx = op.services().store.write(&Visibility::System).await?;
    if !store::webhook_deliveries::lease(&tx, id, now + LEASE, now).await? {
        // Settled; or a worker that fell silent has it, and what it had is taken up when its lease ends.
        if let (Some(until), Some(delivery)) =
            (store::webhook_deliveries::leased_until(&tx, id).await?, store::webhook_deliveries::by_id(&tx, id).await?)
        {
            again(op, &tx, &delivery, until).await?;
        }
        return run.finish(op, tx).await;
    }
    let Some(carried) = load(op, &tx, id, now).await? else {
        let gone = WebhookDeliveryState::Failed;
        store::webhook_deliveries::settle(&tx, id, gone, None, Some("the endpoint is turned off"), now).await?;
        return run.finish(op, tx).await;
    };
    // Nothing is held while the endpoint is spoken to.
    tx.commit().await?;
    let result = op.services().webhooks.post(&carried.webhook).await;
    let tx = op.services().store.write(&Visibility::System).await?;
    settle(op, &tx, &carried, result).await?;
    run.finish(op, tx).await
}

/// An attempt with all that it needs.
struct Carried {
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    webhook: Webhook,
}

/// `None` when the endpoint is told nothing any more.
async fn load(op: &OpCtx, tx: &Tx, id: WebhookDeliveryId, now: Instant) -> Result<Option<Carried>, JobError> {
    let Some(delivery) = store::webhook_deliveries::by_id(tx, id).await? else { return Ok(None) };
    let endpoint = store::webhook_endpoints::by_ids(tx, &[delivery.endpoint]).await?.pop();
    let Some(endpoint) = endpoint.filter(|endpoint| endpoint.disabled.is_none()) else { return Ok(None) };
    let Some(event) = store::webhook_deliveries::event(tx, delivery.event).await? else { return Ok(None) };
    let mut secrets = Vec::new();
    for kept in store::webhook_endpoints::secrets(tx, endpoint.id, now).await? {
        let opened = op.services().vault.open(Purpose::Webhook(endpoint.id), &kept);
        // Its key is missing: with it, it will be carried.
        secrets.push(opened.map_err(|error| JobError::Retry(error.detail))?);
    }
    // A row that holds none was damaged: nothing is sent that nobody could check.
    let secrets: Vec<Secret> = secrets.iter().filter_map(|secret| secret.parse().ok()).collect();
    if secrets.is_empty() {
        return Ok(None);
    }
    let webhook = webhook(&endpoint, &event, secrets, now);
    Ok(Some(Carried { delivery, endpoint, webhook }))
}

fn webhook(endpoint: &WebhookEndpoint, event: &WebhookEvent, secrets: Vec<Secret>, now: Instant) -> Webhook {
    Webhook {
        url: endpoint.url.clone(),
        id: event.id.to_string(),
        at: now,
        body: event.body().to_string().into_bytes(),
        secrets,
    }
}

async fn settle(op: &OpCtx, tx: &Tx, carried: &Carried, result: Result<(), PostError>) -> Result<(), JobError> {
    let Carried { delivery, endpoint, .. } = carried;
    let now = op.services().clock.now();
    let Err(error) = result else {
        store::webhook_deliveries::settle(tx, delivery.id, WebhookDeliveryState::Delivered, None, None, now).await?;
        store::webhook_endpoints::succeeded(tx, endpoint.id, now).await?;
        return Ok(());
    };
    tracing::warn!(delivery.id = %delivery.id, %error, "a webhook was not taken");
    // 410 Gone: the endpoint itself says that it wants nothing more. Else it is given days.
    let is_over =
        error == PostError::Status(410) || endpoint.failing_since.is_some_and(|since| now - since >= FAILING_FOR);
    let text = error.to_string();
    store::webhook_endpoints::failed(tx, endpoint.id, &text, is_over, now).await?;
    let next = if is_over { None } else { carried_again_at(now, delivery.attempts) };
    let state = if next.is_some() { WebhookDeliveryState::Pending } else { WebhookDeliveryState::Failed };
    store::webhook_deliveries::settle(tx, delivery.id, state, next, Some(&text), now).await?;
    if let Some(next) = next {
        again(op, tx, delivery, next).await?;
    }
    if is_over {
        tell(op, tx, endpoint, now).await?;
    }
    Ok(())
}

async fn again(op: &OpCtx, tx: &Tx, delivery: &WebhookDelivery, at: Instant) -> Result<(), JobError> {
    let payload = JobPayload::WebhookDeliver { delivery: delivery.id, client: delivery.client };
    jobs::enqueue_at(op, tx, payload, at, None).await?;
    Ok(())
}

/// Tells whoever runs the client's side that the endpoint was turned off.
async fn tell(op: &OpCtx, tx: &Tx, endpoint: &WebhookEndpoint, now: Instant) -> Result<(), JobError> {
    let admins = store::users::enabled(tx, Some(endpoint.client), &[Role::ClientAdmin]).await?;
    let host = endpoint.url.split('/').nth(2).unwrap_or_default().to_owned();
    let kind =
        NotificationKind::WebhookDisabled { endpoint: endpoint.id, host, since: endpoint.failing_since.unwrap_or(now) };
    let key = format!("webhook_disabled:{}:{}", endpoint.id, endpoint.version);
    let told = Notification::new(kind, key).of(endpoint.client).to_users(admins.iter().map(|user| user.id));
    notify(op, tx, told).await?;
    Ok(())
}
