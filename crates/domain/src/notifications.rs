//! Notifications: what people are told by mail. A use case says what happened and whom it concerns; texts, addresses and the
//! sending are somebody else's, later.

mod delivery;
mod kind;
mod preference;

pub use delivery::{Delivery, DeliveryState, MAX_OFFERS, offered_again_at};
pub use kind::{DigestEntry, FindingLine, NotificationKind, OneTimeCode, SecurityEvent, SlaLine, TicketLabel, Topic};
pub use preference::{Preference, Preferences};

use crate::{ClientId, Instant, NotificationId, UserId};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "to", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Recipient {
    /// One person, at the address and in the language that the account has when the mail is written.
    User {
        /// Who.
        user: UserId,
    },
    /// Somebody without an account, or at an address that is no account's (yet, or any more).
    Address {
        /// Where, in the form of [`User::normal_email`](crate::accounts::User::normal_email).
        email: String,
        /// Name, for people; may be empty.
        name: String,
        /// `it` or `en`.
        language: String,
    },
    /// Everybody of the client whose matter it is.
    ClientUsers,
    /// Those of the staff who work on tickets.
    Agents,
    /// Those of the staff who administer the deployment.
    Administrators,
}

/// Something that people are to be told, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Whose matter it is; absent, the BSP's own.
    pub client: Option<ClientId>,
    /// What happened.
    pub kind: NotificationKind,
    /// Who is told; nobody twice.
    pub recipients: Vec<Recipient>,
    /// Who is not told: whoever did it knows already.
    pub except: Option<UserId>,
    /// Says that two notifications are the same one: the second is not written. Names what happened, such as
    /// `sla_breach:tkt_01J…:resolution:1`; never holds personal data or secrets.
    pub key: String,
}

impl Notification {
    /// That `kind` happened; nobody is told yet.
    pub fn new(kind: NotificationKind, key: impl Into<String>) -> Self {
        Self { client: None, kind, recipients: Vec::new(), except: None, key: key.into() }
    }

    /// Makes it a client's matter.
    #[must_use]
    pub fn of(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }

    /// Tells `recipient` too.
    #[must_use]
    pub fn to(mut self, recipient: Recipient) -> Self {
        self.recipients.push(recipient);
        self
    }

    /// Tells one person too.
    #[must_use]
    pub fn to_user(self, user: UserId) -> Self {
        self.to(Recipient::User { user })
    }

    /// Tells many people too.
    #[must_use]
    pub fn to_users(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.recipients.extend(users.into_iter().map(|user| Recipient::User { user }));
        self
    }

    /// Does not tell `user`, if it is somebody.
    #[must_use]
    pub fn except(mut self, user: Option<UserId>) -> Self {
        self.except = user;
        self
    }
}

/// A notification, as it is kept until everybody was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNotification {
    /// Id.
    pub id: NotificationId,
    /// What is told, and to whom.
    pub notification: Notification,
    /// When it happened.
    pub created_at: Instant,
}
