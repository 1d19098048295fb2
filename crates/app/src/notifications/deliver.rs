//! The job that mails a notification: finds out who is told when it runs first, and offers each mail until it is taken, refused for
//! good, or offered too often.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    DeliveryId, NotificationId, UserId,
    access::{Permission, Role, Visibility},
    accounts::User,
    jobs::JobPayload,
    notifications::{
        Delivery, DeliveryState, KeptNotification, MAX_OFFERS, Notification, Recipient, Topic, offered_again_at,
    },
};
use jiff::tz::TimeZone;
use store::{Tx, deliveries::Settled};

use crate::{
    OpCtx,
    jobs::{self, JobError, Run},
};

/// How long one attempt may last: more than the mail server's patience for a whole message.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Mails the notification of a job.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: NotificationId) -> Result<(), JobError> {
    let Some(mailing) = prepare(op, id).await? else {
        let tx = op.services().store.write(&Visibility::System).await?;
        return run.finish(op, tx).await;
    };
    for delivery in mailing.deliveries.iter().filter(|delivery| !delivery.state.is_final()) {
        if run.cancel.is_cancelled() {
            return Err(JobError::Stopped);
        }
        offer(op, &mailing, delivery).await?;
    }
    let tx = op.services().store.write(&Visibility::System).await?;
    match store::deliveries::next_due(&tx, id).await? {
        Some(due) => {
            let payload = JobPayload::MailDeliver { notification: id, client: mailing.kept.notification.client };
            jobs::enqueue_at(op, &tx, payload, due, None).await?;
        }
        None if mailing.kept.notification.kind.code().is_some() => {
            store::notifications::forget_code(&tx, id, mailing.kept.notification.kind).await?;
        }
        None => {}
    }
    run.finish(op, tx).await
}

/// A notification with all that its mails need.
struct Mailing {
    kept: KeptNotification,
    deliveries: Vec<Delivery>,
    users: HashMap<UserId, User>,
    zone: TimeZone,
}

async fn prepare(op: &OpCtx, id: NotificationId) -> Result<Option<Mailing>, JobError> {
    let tx = op.services().store.write(&Visibility::System).await?;
    let Some(kept) = store::notifications::by_id(&tx, id).await? else { return Ok(None) };
    let mut deliveries = store::deliveries::of_notification(&tx, id).await?;
    if deliveries.is_empty() {
        deliveries = addressed(op, &tx, &kept).await?;
        crate::sla::defer(&tx, &kept.notification, &mut deliveries).await?;
        store::deliveries::insert_all(&tx, &deliveries).await?;
    }
    let ids: Vec<_> = deliveries.iter().filter_map(|delivery| delivery.user).collect();
    let users = store::users::by_ids(&tx, &ids).await?.into_iter().map(|user| (user.id, user)).collect();
    let client = match kept.notification.client {
        Some(client) => store::clients::by_id(&tx, client).await?,
        None => None,
    };
    tx.commit().await?;
    let zone = client.and_then(|client| TimeZone::get(&client.time_zone).ok());
    let zone = zone.unwrap_or_else(|| op.services().mailer.zone.clone());
    Ok(Some(Mailing { kept, deliveries, users, zone }))
}

/// One delivery for each address that is told.
async fn addressed(op: &OpCtx, tx: &Tx, kept: &KeptNotification) -> Result<Vec<Delivery>, JobError> {
    let now = op.services().clock.now();
    let mut deliveries: Vec<Delivery> = Vec::new();
    let mut add = |user: Option<UserId>, email: String, name: String, language: String| {
        if deliveries.iter().any(|delivery| delivery.email == email) {
            return;
        }
        deliveries.push(Delivery {
            id: DeliveryId::new(now, op.random()),
            notification: kept.id,
            user,
            email,
            name,
            language,
            state: DeliveryState::Pending,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            settled_at: None,
        });
    };
    for recipient in &kept.notification.recipients {
        if let Recipient::Address { email, name, language } = recipient {
            add(None, email.clone(), name.clone(), language.clone());
            continue;
        }
        for user in people(tx, &kept.notification, recipient).await? {
            if kept.notification.except != Some(user.id) && may_be_told(&kept.notification, &user) {
                add(Some(user.id), user.email, user.name, user.language);
            }
        }
    }
    Ok(deliveries)
}

async fn people(tx: &Tx, notification: &Notification, recipient: &Recipient) -> Result<Vec<User>, JobError> {
    Ok(match (recipient, notification.client) {
        (Recipient::User { user }, _) => store::users::by_ids(tx, &[*user]).await?,
        (Recipient::ClientUsers, Some(client)) => {
            let roles: Vec<_> = Role::ALL.iter().copied().filter(|role| !role.is_staff()).collect();
            store::users::enabled(tx, Some(client), &roles).await?
        }
        (Recipient::Agents, _) => {
            // A small BSP has nobody but its administrators.
            let agents = store::users::enabled(tx, None, &[Role::SupportAgent]).await?;
            if agents.is_empty() { store::users::enabled(tx, None, &[Role::BspAdmin]).await? } else { agents }
        }
        (Recipient::ClientUsers, None) | (Recipient::Address { .. }, _) => Vec::new(),
    })
}

/// Whether the person may know of what is told, now.
fn may_be_told(notification: &Notification, user: &User) -> bool {
    let needed = match notification.kind.topic() {
        Topic::Security => None,
        Topic::Tickets | Topic::Sla => Some(Permission::TicketsRead),
        Topic::Audits => Some(Permission::AuditsRead),
        Topic::Enforcement => Some(Permission::EnforcementRead),
    };
    let on_side = notification.client.is_none_or(|client| user.actor().visibility().includes(client));
    user.disabled_at.is_none()
        && on_side
        && needed.is_none_or(|permission| user.role.permissions().contains(permission))
}

/// Offers one mail, unless another worker does.
async fn offer(op: &OpCtx, mailing: &Mailing, delivery: &Delivery) -> Result<(), JobError> {
    let services = op.services();
    let now = services.clock.now();
    let tx = services.store.write(&Visibility::System).await?;
    if !store::deliveries::lease(&tx, delivery.id, now + LEASE, now).await? {
        tx.rollback().await?;
        return Ok(());
    }
    tx.commit().await?;
    let notification = &mailing.kept.notification;
    let wanted = match delivery.user {
        Some(user) => mailing.users.get(&user).is_some_and(|user| may_be_told(notification, user)),
        None => true,
    };
    let (settled, error) = if wanted {
        let message = services.mailer.message(&notification.kind, mailing.kept.created_at, delivery, &mailing.zone);
        match services.mailer.transport.send(&message).await {
            Ok(()) => (Settled::Finally(DeliveryState::Sent), None),
            Err(error) => (after(error, delivery.attempts + 1, services.clock.now()), Some(error.to_string())),
        }
    } else {
        (Settled::Finally(DeliveryState::Unwanted), None)
    };
    if let Some(error) = &error {
        tracing::warn!(delivery.id = %delivery.id, error, "a mail was not taken");
    }
    let tx = services.store.write(&Visibility::System).await?;
    store::deliveries::settle(&tx, delivery.id, settled, error.as_deref(), services.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What becomes of a mail that was not taken at the `attempts`-th time.
fn after(error: mail::SendError, attempts: u32, now: domain::Instant) -> Settled {
    if error.is_transient() && attempts < MAX_OFFERS {
        Settled::Again(offered_again_at(now, attempts))
    } else {
        Settled::Finally(DeliveryState::Failed)
    }
}
