//! People, their sign-ins, and the tokens of programs.

use crate::{
    ApiTokenId, ClientId, Instant, SignInId, UserId,
    access::{Actor, PermissionSet, Role},
    words::words,
};

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// The client that the person belongs to; absent for staff.
    pub client: Option<ClientId>,
    /// Address, trimmed and in lower case; unique.
    pub email: String,
    /// Name, for people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The clients that a member of staff works for; absent, all.
    pub assigned: Option<Vec<ClientId>>,
    /// Language of texts: `it` or `en`.
    pub language: String,
    /// When the person was shut out, if so.
    pub disabled_at: Option<Instant>,
    /// When the account was made.
    pub created_at: Instant,
    /// Counts changes.
    pub version: i32,
}

impl User {
    /// The address in the form in which it is kept and compared, if it can be one: one `@` with something on both sides, no white
    /// space, at most 254 characters (RFC 5321). Whether mail arrives, only a mail can tell.
    pub fn normal_email(email: &str) -> Option<String> {
        let email = email.trim().to_lowercase();
        let (local, host) = email.split_once('@')?;
        let plausible = !local.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && email.chars().count() <= 254
            && !email.chars().any(|character| character.is_whitespace() || character.is_control());
        plausible.then_some(email)
    }

    /// The person as an actor.
    ///
    /// A person of a client with a role of staff, or the reverse, is nobody: such a row is damaged.
    pub fn actor(&self) -> Actor {
        match (self.client, self.role.is_staff()) {
            (None, true) => Actor::Staff { user: self.id, role: self.role, clients: self.assigned.clone() },
            (Some(client), false) => Actor::ClientUser { user: self.id, role: self.role, client },
            _ => Actor::Anonymous,
        }
    }
}

/// One chain of refresh tokens, from a sign-in to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Id.
    pub id: SignInId,
    /// Who signed in.
    pub user: UserId,
    /// Hash of the refresh token that is good now.
    pub refresh_hash: String,
    /// Hash of the one before it: if that is shown again, somebody copied it.
    pub previous_refresh_hash: Option<String>,
    /// Counts renewals.
    pub generation: i32,
    /// When the person signed in.
    pub created_at: Instant,
    /// When the chain was last renewed.
    pub last_used_at: Instant,
    /// When it ends unless renewed.
    pub expires_at: Instant,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
    /// The network from which the person signed in, when it is known: an address, or the first half of one of IPv6.
    pub address: Option<String>,
}

impl SignIn {
    /// Whether it is good at `now`.
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

words! {
    /// What a code that was mailed opens.
    CodeKind {
        /// A first password.
        Invitation = "invitation",
        /// A new password.
        PasswordReset = "password_reset",
        /// Another address.
        EmailChange = "email_change",
    }
}

/// A program's credential. The secret itself is shown once and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Id.
    pub id: ApiTokenId,
    /// The client that it is bound to; absent for the BSP's own.
    pub client: Option<ClientId>,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub permissions: PermissionSet,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Option<Instant>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Instant>,
    /// When it was ended.
    pub revoked_at: Option<Instant>,
}

impl ApiToken {
    /// Whether it is good at `now`.
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// The program as an actor.
    pub const fn actor(&self) -> Actor {
        Actor::Token { token: self.id, client: self.client, permissions: self.permissions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_one_form() {
        assert_eq!(User::normal_email("  Ana@Example.COM ").as_deref(), Some("ana@example.com"));
        for bad in ["", "ana", "@x", "ana@", "a b@x", "a@b@c", "a@\0b"] {
            assert_eq!(User::normal_email(bad), None, "{bad:?}");
        }
    }
}
