//! The job that mails a notification: finds out who is told when it runs first, and offers each mail until it is taken, refused for
//! good, or offered too often.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{
    DeliveryId, Instant, NotificationId, UserId,
    access::{Permission, Role, Visibility},
    accounts::User,
    jobs::{JobPayload, LocalTime},
    notifications::{
        Delivery, DeliveryState, KeptNotification, MAX_OFFERS, Notification, Preference, Recipient, Topic,
        offered_again_at,
    },
    tickets::TicketPriority,
};
use jiff::tz::TimeZone;
use mail::SendError;
use store::{Tx, deliveries::Settled};

use crate::{
    OpCtx,
    jobs::{self, JobError, Run, civil::next_run},
};

/// How long one attempt may last: more than the mail server's patience for a whole message.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Mails to one person within an hour, from which on the rest comes in a digest.
const FLOOD: u64 = 30;
/// When digests are sent, in the zone of the person's side.
const DIGEST_AT: LocalTime = LocalTime::MORNING;

/// Mails the notification of a job.
pub(crate) async fn run(op: &OpCtx, run: &Run, id: NotificationId) -> Result<(), JobError> {
    let Some(mailing) = prepare(op, id).await? else {
        let tx = op.services().store.write(&Visibility::System).await?;
        return run.finish(op, tx).await;
    };
    for delivery in mailing.deliveries.iter().filter(|delivery| delivery.state.is_open()) {
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
    /// Whether it is about a client who can send nothing at all: neither quiet hours nor a flood keep that back.
    is_urgent: bool,
}

async fn prepare(op: &OpCtx, id: NotificationId) -> Result<Option<Mailing>, JobError> {
    let tx = op.services().store.write(&Visibility::System).await?;
    let Some(kept) = store::notifications::by_id(&tx, id).await? else { return Ok(None) };
    let is_urgent = is_urgent(&tx, &kept.notification).await?;
    let mut deliveries = store::deliveries::of_notification(&tx, id).await?;
    if deliveries.is_empty() {
        deliveries = addressed(op, &tx, &kept).await?;
        if !is_urgent {
            crate::sla::defer(&tx, &kept.notification, &mut deliveries).await?;
        }
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
    Ok(Some(Mailing { kept, deliveries, users, zone, is_urgent }))
}

/// Whether the ticket of a notification is P1 now.
async fn is_urgent(tx: &Tx, notification: &Notification) -> Result<bool, JobError> {
    let Some(label) = notification.kind.ticket() else { return Ok(false) };
    let tickets = store::tickets::by_ids(tx, &[label.id]).await?;
    Ok(tickets.iter().any(|ticket| ticket.priority == TicketPriority::P1))
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
        (Recipient::Administrators, _) => store::users::enabled(tx, None, &[Role::BspAdmin]).await?,
        (Recipient::ClientUsers, None) | (Recipient::Address { .. }, _) => Vec::new(),
    })
}

/// Whether the person may know of what is told, now.
pub(super) fn may_be_told(notification: &Notification, user: &User) -> bool {
    let needed = match notification.kind.topic() {
        None | Some(Topic::Security) => None,
        Some(Topic::Tickets | Topic::Sla) => Some(Permission::TicketsRead),
        Some(Topic::Audits) => Some(Permission::AuditsRead),
        Some(Topic::Enforcement) => Some(Permission::EnforcementRead),
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
    let wish = wish(&tx, mailing, delivery, now).await?;
    tx.commit().await?;
    let (settled, error) = match wish {
        Wish::Not(state) => (Settled::Finally(state), None),
        Wish::Later(at) => (Settled::Held(at), None),
        Wish::Now => {
            let kept = &mailing.kept;
            let message = services.mailer.message(&kept.notification.kind, kept.created_at, delivery, &mailing.zone);
            match services.mailer.transport.send(&message).await {
                Ok(()) => (Settled::Finally(DeliveryState::Sent), None),
                Err(error) => (after(error, delivery.attempts + 1, services.clock.now()), Some(error)),
            }
        }
    };
    settle(op, delivery, mailing, settled, error).await
}

/// How somebody is to be told now.
enum Wish {
    Now,
    Later(Instant),
    Not(DeliveryState),
}

async fn wish(tx: &Tx, mailing: &Mailing, delivery: &Delivery, now: Instant) -> Result<Wish, JobError> {
    if !store::mail_suppressions::among(tx, std::slice::from_ref(&delivery.email)).await?.is_empty() {
        return Ok(Wish::Not(DeliveryState::Suppressed));
    }
    let Some(id) = delivery.user else { return Ok(Wish::Now) };
    let notification = &mailing.kept.notification;
    if !mailing.users.get(&id).is_some_and(|user| may_be_told(notification, user)) {
        return Ok(Wish::Not(DeliveryState::Unwanted));
    }
    let Some(topic) = notification.kind.topic().filter(|topic| *topic != Topic::Security) else { return Ok(Wish::Now) };
    let said = store::notification_preferences::of_users(tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(match said.about(topic) {
        Preference::Off => Wish::Not(DeliveryState::Unwanted),
        Preference::Digest => Wish::Later(morning(&mailing.zone, now)),
        Preference::Immediate if mailing.is_urgent => Wish::Now,
        Preference::Immediate if store::deliveries::sent_since(tx, id, now - TimeDelta::hours(1)).await? >= FLOOD => {
            Wish::Later(next_hour(now))
        }
        Preference::Immediate => Wish::Now,
    })
}

/// The next time of the morning digest; in a day's time where the calendar ends.
fn morning(zone: &TimeZone, now: Instant) -> Instant {
    let name = zone.iana_name().unwrap_or("UTC");
    next_run(name, DIGEST_AT, now).unwrap_or(now + TimeDelta::days(1))
}

fn next_hour(now: Instant) -> Instant {
    now + TimeDelta::seconds(3_600 - now.timestamp().rem_euclid(3_600))
}

/// Writes down what became of an attempt, and what follows from it.
async fn settle(
    op: &OpCtx,
    delivery: &Delivery,
    mailing: &Mailing,
    settled: Settled,
    error: Option<SendError>,
) -> Result<(), JobError> {
    let now = op.services().clock.now();
    let tx = op.services().store.write(&Visibility::System).await?;
    if let Some(error) = error {
        tracing::warn!(delivery.id = %delivery.id, %error, "a mail was not taken");
        if error.is_bounce() {
            store::mail_suppressions::add(&tx, &delivery.email, &error.to_string(), now).await?;
        }
    }
    if let (Settled::Held(at), Some(user)) = (&settled, delivery.user) {
        let client = mailing.users.get(&user).and_then(|user| user.client);
        let key = format!("digest:{user}:{}", at.timestamp());
        jobs::enqueue_at(op, &tx, JobPayload::MailDigest { user, client }, *at, Some(key)).await?;
    }
    let error = error.map(|error| error.to_string());
    store::deliveries::settle(&tx, delivery.id, settled, error.as_deref(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// What becomes of a mail that was not taken at the `attempts`-th time.
fn after(error: SendError, attempts: u32, now: Instant) -> Settled {
    if error.is_transient() && attempts < MAX_OFFERS {
        Settled::Again(offered_again_at(now, attempts))
    } else {
        Settled::Finally(DeliveryState::Failed)
    }
}
