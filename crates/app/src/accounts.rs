//! Accounts: people, what proves who they are, and programs' tokens.

mod access_token;
mod api_tokens;
mod authenticate;
mod breached;
mod changes;
mod code;
mod mailed;
mod password;
mod second_factor;
mod secret;
mod sign_in;
mod sign_ins;
mod token_uses;
mod users;

#[cfg(test)]
mod tests;

use domain::{
    ClientId,
    access::{Actor, Visibility},
    accounts::User,
};

use crate::{Code, OpCtx, OpError};

pub use access_token::{AccessClaims, TokenRejected, TokenSigner};
pub use api_tokens::{
    NewApiToken, api_tokens_by_ids, api_tokens_page, create_api_token, revoke_api_token, rotate_api_token,
};
pub use authenticate::authenticate;
pub use changes::{UserChange, change_password, enable_user, update_own, update_user};
pub use code::AccountCode;
pub use mailed::{confirm_email, request_email_change, request_password_reset, set_password_by_code};
pub use password::{PasswordHasher, PasswordPolicy};
#[cfg(any(test, feature = "testing"))]
pub use second_factor::code_at;
pub use second_factor::{
    NewFactor, begin as begin_second_factor, confirm as confirm_second_factor, disable as disable_second_factor,
    replace_recovery_codes,
};
pub use secret::Secret;
pub use sign_in::{Credentials, forget_old, refresh, sign_in, sign_out};
pub use sign_ins::{own_sign_ins, revoke_sign_ins};
pub use token_uses::{TokenUses, keep_token_uses};
pub use users::{
    NewUser, assign_user, create_user, disable_user, invite_again, revoke_sign_ins_of, set_password, users_by_ids,
    users_page,
};

/// The client for which the actor makes something: the one that it names, else its own. `None` is the BSP itself.
fn client_for(op: &OpCtx, named: Option<ClientId>) -> Option<ClientId> {
    match op.actor() {
        Actor::ClientUser { client, .. } | Actor::Token { client: Some(client), .. } => named.or(Some(*client)),
        _ => named,
    }
}

/// The account of the person who acts as itself; whoever views as a client acts as nobody's account.
async fn own_account<C: Code>(op: &OpCtx) -> Result<User, OpError<C>> {
    let (Actor::Staff { user, .. } | Actor::ClientUser { user, .. }) = op.actor() else {
        return Err(OpError::Unauthenticated);
    };
    let tx = op.services().store.read(&Visibility::System).await?;
    store::users::by_ids(&tx, &[*user]).await?.pop().ok_or(OpError::Unauthenticated)
}
