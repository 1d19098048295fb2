//! Telling people by mail. A use case says what happened, in its own transaction; a job finds out who is told and where, and hands
//! the mails over, each once.
//!
//! **Who is told, and how.** People choose for each topic: at once, in a digest each morning, or not at all; about the own account
//! always at once. In somebody's quiet hours mails wait until they end, and whoever is sent too much in an hour gets the rest in a digest
//! at the next full one; what is about a P1 ticket, for whose client nothing can be sent, does neither. Nothing goes to addresses from
//! which mail came back, or to people who were shut out or may not know of it any more.
//!
//! **What is guaranteed.** A notification that was committed is mailed, and one that was rolled back is not. A key is told once,
//! however often it is notified and however often the job runs. Between the mail server's "taken" and the commit that notes it lies
//! a moment: a process that dies there leaves a mail that is sent again, under the same `Message-ID`, by which mailboxes know that
//! they have it. Losing it instead was decided against: a second mail annoys, a lost invitation stops somebody.

mod deliver;
mod digest;
mod key;
mod mailer;
mod of_ticket;
mod preferences;

#[cfg(test)]
mod tests;

use domain::{
    NotificationId,
    jobs::JobPayload,
    notifications::{KeptNotification, Notification},
};
use store::{StoreError, Tx};

pub(crate) use deliver::run;
pub(crate) use digest::run as run_digest;
pub use key::MailKey;
pub use mailer::Mailer;
pub use of_ticket::{TicketMail, of_ticket};
pub use preferences::{
    PreferenceCode, Unsubscription, lift_suppression, own_preferences, set_preference, unsubscribe, unsubscription,
};

use crate::{OpCtx, jobs};

/// Tells people, if `tx` is committed: says whether this is new, for what has the same key is told once. Raise
/// [`Services::job_signal`](crate::Services::job_signal) after the commit, or the mail waits for the relay's next look.
///
/// # Errors
/// The transaction may not know of the client, or the database is unavailable.
pub async fn notify(op: &OpCtx, tx: &Tx, notification: Notification) -> Result<bool, StoreError> {
    let now = op.services().clock.now();
    let client = notification.client;
    let kept = KeptNotification { id: NotificationId::new(now, op.random()), notification, created_at: now };
    if !store::notifications::insert(tx, &kept).await? {
        return Ok(false);
    }
    jobs::enqueue(op, tx, JobPayload::MailDeliver { notification: kept.id, client }, None).await?;
    Ok(true)
}
