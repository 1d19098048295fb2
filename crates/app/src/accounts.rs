//! Accounts: people, what proves who they are, and programs' tokens.

mod access_token;
mod api_tokens;
mod authenticate;
mod code;
mod password;
mod secret;
mod sign_in;
mod users;

#[cfg(test)]
mod tests;

use domain::{ClientId, access::Actor};

use crate::OpCtx;

pub use access_token::{AccessClaims, TokenRejected, TokenSigner};
pub use api_tokens::{NewApiToken, api_tokens_by_ids, api_tokens_page, create_api_token, revoke_api_token};
pub use authenticate::authenticate;
pub use code::AccountCode;
pub use password::{PasswordHasher, PasswordPolicy};
pub use secret::Secret;
pub use sign_in::{Credentials, forget_old, refresh, sign_in, sign_out};
pub use users::{NewUser, create_user, disable_user, set_password, users_by_ids, users_page};

/// Whether `name` may be a name: 1 to 200 characters, and no control characters, which PostgreSQL would not keep.
fn is_name(name: &str) -> bool {
    (1..=200).contains(&name.trim().chars().count()) && !name.chars().any(char::is_control)
}

/// The client for which the actor makes something: the one that it names, else its own. `None` is the BSP itself.
fn client_for(op: &OpCtx, named: Option<ClientId>) -> Option<ClientId> {
    match op.actor() {
        Actor::ClientUser { client, .. } | Actor::Token { client: Some(client), .. } => named.or(Some(*client)),
        _ => named,
    }
}
