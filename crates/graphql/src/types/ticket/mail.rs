//! A mail about a ticket.

use async_graphql::{Context, Object, Result};
use domain::notifications::Delivery;

use crate::{scalars::DateTime, types::User, words::graphql_words};

graphql_words! {
    /// Where a mail to one person stands. Values may be added.
    MailState = domain::notifications::DeliveryState {
        /// Waits for its first attempt, the next one, or the end of the person's quiet hours.
        Pending,
        /// Is being handed to the mail server.
        Sending,
        /// Waits for the person's next digest.
        Held,
        /// Was told in a digest.
        Digested,
        /// The mail server took it.
        Sent,
        /// Given up: the server refused it for good, or never took it.
        Failed,
        /// Not sent: mail to that address came back before.
        Suppressed,
        /// Not sent: the person does not want it, or may not know of it any more.
        Unwanted,
    }
}

/// Something that people were told of a ticket by mail.
#[derive(Debug, Clone)]
pub(crate) struct TicketMail(pub(crate) app::notifications::TicketMail);

/// Something that people were told of a ticket by mail.
#[Object]
impl TicketMail {
    /// Stable name of what was told, such as `ticket_reply` or `sla_breach`.
    async fn kind(&self) -> &str {
        self.0.kind
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// To whom it goes, and where each mail stands; nobody until it was found out, a moment later.
    #[graphql(complexity = "3 + 3 * child_complexity")]
    async fn recipients(&self) -> Vec<TicketMailRecipient> {
        self.0.deliveries.iter().cloned().map(TicketMailRecipient).collect()
    }
}

/// A mail to one person.
#[derive(Debug, Clone)]
pub(crate) struct TicketMailRecipient(Delivery);

/// A mail to one person.
#[Object]
impl TicketMailRecipient {
    /// Who, when you may see users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.user {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Where it stands.
    async fn state(&self) -> MailState {
        self.0.state.into()
    }

    /// How often it was offered to the mail server.
    async fn attempts(&self) -> i32 {
        i32::try_from(self.0.attempts).unwrap_or(i32::MAX)
    }

    /// Why it was not taken at last, in the mail server's words.
    async fn last_error(&self) -> Option<&str> {
        self.0.last_error.as_deref()
    }

    /// When it came to its end.
    async fn settled_at(&self) -> Option<DateTime> {
        self.0.settled_at.map(Into::into)
    }
}
