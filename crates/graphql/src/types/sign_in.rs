//! A person's sign-in.

use async_graphql::{ID, SimpleObject};

use crate::scalars::DateTime;

/// One of your sign-ins: from `signIn` until it ends.
#[derive(Debug, SimpleObject)]
pub(crate) struct SignIn {
    /// Id, for `signInRevoke`.
    id: ID,
    /// When you signed in.
    created_at: DateTime,
    /// When it was last renewed.
    last_used_at: DateTime,
    /// When it ends unless renewed.
    expires_at: DateTime,
    /// The network from which you signed in, when it is known.
    address: Option<String>,
}

impl From<domain::accounts::SignIn> for SignIn {
    fn from(sign_in: domain::accounts::SignIn) -> Self {
        Self {
            id: sign_in.id.into(),
            created_at: sign_in.created_at.into(),
            last_used_at: sign_in.last_used_at.into(),
            expires_at: sign_in.expires_at.into(),
            address: sign_in.address,
        }
    }
}
