//! Mail that comes in: answers to tickets, and reports that a mail of ours did not arrive.
//!
//! A mail becomes a reply when a person wrote it, who answers at an address that was made for that person and that ticket, and who
//! may still write there. Whatever else comes is a defined result, never an error: a mail server that is told to try again, or
//! that answers by mail itself, is how loops begin. Of programs nothing is answered.

use chrono::TimeDelta;
use domain::{
    DeliveryId, TicketId,
    access::{Permission, Visibility},
    accounts::User,
    notifications::{Notification, NotificationKind, TicketLabel},
    tickets::Ticket,
};
use mail::{Bounce, Incoming};
use sha2::{Digest as _, Sha256};

use crate::{
    Code, OpCtx, OpError, Refusal,
    activity::Ended,
    notifications::{MailKey, notify},
    tickets::{MailedReply, TicketCode, reply_by_mail},
};

#[cfg(test)]
mod tests;

/// Replies by mail that one person may write in an hour; what is beyond is somebody's machine.
const MOST_AN_HOUR: u64 = 30;

/// What is wrong with what was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailCode {
    /// It is no mail.
    Unreadable,
}

impl Code for MailCode {
    fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "error-mail-unreadable",
        }
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is a reply on this ticket now.
    Replied(TicketId),
    /// It was a reply on this ticket already.
    Already(TicketId),
    /// It says that an address takes no mail: nothing more is sent there.
    Suppressed,
    /// Nothing.
    Ignored(Ignored),
}

/// Why a mail became nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// A program wrote it, or we did.
    Automatic,
    /// It went to no address of a ticket.
    NoTicket,
    /// The sender is nobody here, or not who the address was made for, or may not write there any more.
    Stranger,
    /// The ticket is closed; the person is told.
    Closed,
    /// There is no new text in it.
    Empty,
    /// The person has written too much in an hour.
    TooMany,
}

impl Received {
    /// Stable name, for programs and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Replied(_) => "replied",
            Self::Already(_) => "already",
            Self::Suppressed => "suppressed",
            Self::Ignored(why) => match why {
                Ignored::Automatic => "automatic",
                Ignored::NoTicket => "no_ticket",
                Ignored::Stranger => "stranger",
                Ignored::Closed => "closed",
                Ignored::Empty => "empty",
                Ignored::TooMany => "too_many",
            },
        }
    }

    /// The ticket that it became a reply on.
    pub const fn ticket(self) -> Option<TicketId> {
        match self {
            Self::Replied(ticket) | Self::Already(ticket) => Some(ticket),
            Self::Suppressed | Self::Ignored(_) => None,
        }
    }
}

/// Takes a mail in, as a mail server hands it over.
///
/// # Errors
/// `Unreadable` when it is none; `Forbidden` without `mail:receive`; what a store can fail with.
pub async fn receive(op: &OpCtx, bytes: &[u8]) -> Result<Received, OpError<MailCode>> {
    op.require(Permission::MailReceive)?;
    let incoming = mail::read(bytes).map_err(|_| OpError::refused(Refusal::new(MailCode::Unreadable)))?;
    let files = incoming.files.len();
    let received = match &incoming.bounce {
        Some(bounce) => came_back(op, bounce).await?,
        None if incoming.is_automatic || is_own(op, &incoming) => Received::Ignored(Ignored::Automatic),
        None => {
            let mail = identity(&incoming, bytes);
            answered(op, incoming, &mail).await?
        }
    };
    tracing::info!(mail.outcome = received.as_str(), mail.files = files, "a mail came in");
    Ok(received)
}

/// What makes a mail one: its id, or, where it has none, all of it.
fn identity(incoming: &Incoming, bytes: &[u8]) -> String {
    hex::encode(match &incoming.id {
        Some(id) => Sha256::digest(id.as_bytes()),
        None => Sha256::digest(bytes),
    })
}

/// Whether we wrote it: it came back by some redirection.
fn is_own(op: &OpCtx, incoming: &Incoming) -> bool {
    let mailer = &op.services().mailer;
    incoming.id.as_deref().is_some_and(|id| mailer.delivery_of(id).is_some())
        || incoming.from.as_deref() == Some(mailer.from.as_str())
        || incoming
            .from
            .as_deref()
            .zip(mailer.reply.as_deref())
            .is_some_and(|(from, own)| from == own || MailKey::ticket_of(own, from).is_some())
}

async fn came_back(op: &OpCtx, bounce: &Bounce) -> Result<Received, OpError<MailCode>> {
    let ours: Option<DeliveryId> = bounce.original.as_deref().and_then(|id| op.services().mailer.delivery_of(id));
    let (Some(ours), true) = (ours, bounce.is_permanent) else { return Ok(Received::Ignored(Ignored::Automatic)) };
    let tx = op.write_as_system().await?;
    let Some(delivery) = store::deliveries::by_id(&tx, ours).await? else {
        return Ok(Received::Ignored(Ignored::Automatic));
    };
    // A report about another address than ours went to (a redirection of theirs) says nothing of ours.
    if bounce.recipient.as_ref().is_some_and(|recipient| *recipient != delivery.email) {
        return Ok(Received::Ignored(Ignored::Automatic));
    }
    store::mail_suppressions::add(&tx, &delivery.email, "a mail server reported that it did not arrive", op.now())
        .await?;
    tx.commit().await?;
    Ok(Received::Suppressed)
}

async fn answered(op: &OpCtx, incoming: Incoming, mail: &str) -> Result<Received, OpError<MailCode>> {
    let mailer = &op.services().mailer;
    let to = |address: &String| {
        let (ticket, signature) = MailKey::ticket_of(mailer.reply.as_deref()?, address)?;
        Some((ticket, signature.to_owned()))
    };
    let Some((ticket, signature)) = incoming.to.iter().find_map(to) else {
        return Ok(Received::Ignored(Ignored::NoTicket));
    };
    let Some(person) = sender(op, &incoming).await? else { return Ok(Received::Ignored(Ignored::Stranger)) };
    if !mailer.key.may_reply(ticket, person.id, &signature) {
        return Ok(Received::Ignored(Ignored::Stranger));
    }
    let tx = op.services().store.read(&Visibility::System).await?;
    let lately = store::incoming_mails::count_since(&tx, person.id, op.now() - TimeDelta::hours(1)).await?;
    tx.rollback().await?;
    if lately >= MOST_AN_HOUR {
        return Ok(Received::Ignored(Ignored::TooMany));
    }
    let lang = person.language.parse().unwrap_or_default();
    // From here on the person acts, and may what the person may.
    let own = OpCtx::new(op.services().clone(), person.actor(), lang);
    own.begin("ticketReplyByMail", vec![ticket.to_string()]);
    let Incoming { text, files, more_files, .. } = incoming;
    let reply = MailedReply { mail, text, files, more_files };
    let replied = reply_by_mail(&own, ticket, reply).await;
    own.end(Ended::of(&replied), None).await.map_err(|error| OpError::internal("the activity log", error))?;
    match replied {
        Ok(Some(_)) => Ok(Received::Replied(ticket)),
        Ok(None) => Ok(Received::Already(ticket)),
        Err(OpError::NotFound | OpError::Forbidden(_) | OpError::Unauthenticated) => {
            Ok(Received::Ignored(Ignored::Stranger))
        }
        Err(OpError::Refused(refusals)) if refusals.iter().any(|refusal| refusal.code == TicketCode::TicketClosed) => {
            refused(op, ticket, &person, mail).await?;
            Ok(Received::Ignored(Ignored::Closed))
        }
        Err(OpError::Refused(_)) => Ok(Received::Ignored(Ignored::Empty)),
        Err(OpError::Conflict { current }) => Err(OpError::Conflict { current }),
        Err(OpError::Unavailable(error)) => Err(OpError::Unavailable(error)),
        Err(error) => Err(OpError::internal("a reply by mail", error)),
    }
}

/// The person of the sender's address, unless shut out.
async fn sender(op: &OpCtx, incoming: &Incoming) -> Result<Option<User>, OpError<MailCode>> {
    let Some(from) = &incoming.from else { return Ok(None) };
    let tx = op.services().store.read(&Visibility::System).await?;
    let found = store::users::for_sign_in(&tx, from).await?;
    tx.rollback().await?;
    Ok(found.map(|(user, _)| user).filter(|user| user.disabled_at.is_none()))
}

/// Tells the person that the answer came too late.
async fn refused(op: &OpCtx, ticket: TicketId, person: &User, mail: &str) -> Result<(), OpError<MailCode>> {
    let tx = op.write_as_system().await?;
    let Some(ticket): Option<Ticket> = store::tickets::by_ids(&tx, &[ticket]).await?.pop() else { return Ok(()) };
    let kind = NotificationKind::ReplyRefused { ticket: TicketLabel::from(&ticket) };
    let key = format!("reply_refused:{}:{mail}", ticket.id);
    notify(op, &tx, Notification::new(kind, key).of(ticket.client).to_user(person.id)).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(())
}
