//! A person's own sign-ins: which there are, and ending them.

use domain::{SignInId, access::Visibility, accounts::SignIn};

use super::{AccountCode, own_account};
use crate::{NoCode, OpCtx, OpError};

/// One's own sign-ins that are good, the latest first.
///
/// # Errors
/// `Unauthenticated` for whoever is no person.
pub async fn own_sign_ins(op: &OpCtx) -> Result<Vec<SignIn>, OpError<NoCode>> {
    let user = own_account(op).await?;
    let tx = op.services().store.read(&Visibility::System).await?;
    Ok(store::sign_ins::of_user(&tx, user.id, op.now()).await?)
}

/// Ends one of one's own sign-ins, and its access tokens, at once; without an id, all of them. Returns how many were good.
///
/// # Errors
/// `NotFound` for another's, and for one that has ended; `Unauthenticated` for whoever is no person.
pub async fn revoke_sign_ins(op: &OpCtx, id: Option<SignInId>) -> Result<u64, OpError<AccountCode>> {
    let user = own_account(op).await?;
    let tx = op.write_as_system().await?;
    let ended = match id {
        None => store::sign_ins::revoke_all(&tx, user.id, op.now()).await?,
        Some(id) => {
            let own = store::sign_ins::by_id(&tx, id).await?;
            own.filter(|own| own.user == user.id && own.is_good(op.now())).ok_or(OpError::NotFound)?;
            store::sign_ins::revoke(&tx, id, op.now()).await?;
            1
        }
    };
    tx.commit().await?;
    Ok(ended)
}
