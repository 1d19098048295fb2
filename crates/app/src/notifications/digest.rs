//! The job that tells a person in one mail what was held back: once a day for those who want it so, and when there was too much.

use domain::{
    UserId,
    access::Visibility,
    notifications::{DigestEntry, Notification, NotificationKind, Preference},
};

use super::{deliver::may_be_told, notify};
use crate::{
    OpCtx,
    jobs::{JobError, Run},
};

/// What one digest can hold; what is beyond comes with the next.
const MOST: u64 = 500;

/// Puts together what is held for a person, in one transaction with the end of the job.
pub(crate) async fn run(op: &OpCtx, run: &Run, user: UserId) -> Result<(), JobError> {
    let now = op.services().clock.now();
    let tx = op.services().store.write(&Visibility::System).await?;
    let held = store::deliveries::held(&tx, user, now, MOST).await?;
    let person = store::users::by_ids(&tx, &[user]).await?.pop();
    let said = store::notification_preferences::of_users(&tx, &[user]).await?.remove(&user).unwrap_or_default();
    let ids: Vec<_> = held.iter().map(|(delivery, _)| *delivery).collect();
    store::deliveries::digested(&tx, &ids, now).await?;
    if let Some(person) = person {
        let entries: Vec<DigestEntry> = held
            .into_iter()
            .map(|(_, kept)| kept)
            // What the person wants and may know of now, not when it was held.
            .filter(|kept| may_be_told(&kept.notification, &person))
            .filter(|kept| kept.notification.kind.topic().is_none_or(|topic| said.about(topic) != Preference::Off))
            .map(|kept| DigestEntry { at: kept.created_at, what: kept.notification.kind })
            .collect();
        if !entries.is_empty() {
            let key = format!("digest:{user}:{}", run.claim.job.id);
            let digest = Notification::new(NotificationKind::Digest { entries }, key).to_user(user);
            let digest = match person.client {
                Some(client) => digest.of(client),
                None => digest,
            };
            notify(op, &tx, digest).await?;
        }
    }
    run.finish(op, tx).await?;
    op.services().job_signal.raise();
    Ok(())
}
