//! What is changed of people: name, language, role, password, and whether they are let in.

use domain::{
    UserId,
    access::{Permission, Role},
    accounts::User,
    notifications::SecurityEvent,
};
use zeroize::Zeroizing;

use super::{AccountCode, mailed::warn, own_account, sign_in, users::new_hash};
use crate::{
    OpCtx, OpError, Refusal,
    words::{is_language, is_name},
};

/// What is to be changed of a person; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Name.
    pub name: Option<String>,
    /// Language of texts.
    pub language: Option<String>,
    /// What the person may do.
    pub role: Option<Role>,
    /// The version that the change was made for.
    pub expected_version: Option<i32>,
}

fn refused(code: AccountCode, field: &str) -> OpError<AccountCode> {
    OpError::refused(Refusal::of(code, field))
}

/// Changes a person's name, language or role. A role is changed by whoever may as much as it does, before and after, and by nobody
/// for itself. It holds from the person's next request on.
///
/// # Errors
/// `NotFound`; refused with `NameInvalid`, `LanguageUnknown` or `RoleInvalid`; `Conflict` when somebody else changed the person
/// meanwhile; `Forbidden` without `users:write`.
pub async fn update_user(op: &OpCtx, id: UserId, change: UserChange) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    let tx = op.write().await?;
    let mut user = store::users::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.about(user.id);
    if change.expected_version.is_some_and(|seen| seen != user.version) {
        return Err(OpError::Conflict { current: user.version });
    }
    let may = op.actor().permissions();
    if !may.contains_all(user.role.permissions()) {
        return Err(refused(AccountCode::RoleInvalid, "userId"));
    }
    if let Some(role) = change.role.filter(|role| *role != user.role) {
        let is_own = op.actor().user() == Some(id);
        if is_own || role.is_staff() != user.client.is_none() || !may.contains_all(role.permissions()) {
            return Err(refused(AccountCode::RoleInvalid, "role"));
        }
        user.role = role;
        // Administrators work for all clients.
        user.assigned = user.assigned.filter(|_| role != Role::BspAdmin);
    }
    rename(&mut user, change.name, change.language)?;
    if !store::users::update(&tx, &user).await? {
        return Err(OpError::Conflict { current: user.version + 1 });
    }
    tx.commit().await?;
    Ok(User { version: user.version + 1, ..user })
}

fn rename(user: &mut User, name: Option<String>, language: Option<String>) -> Result<(), OpError<AccountCode>> {
    if let Some(name) = name {
        if !is_name(&name) {
            return Err(refused(AccountCode::NameInvalid, "name"));
        }
        name.trim().clone_into(&mut user.name);
    }
    if let Some(language) = language {
        if !is_language(&language) {
            return Err(refused(AccountCode::LanguageUnknown, "language"));
        }
        user.language = language;
    }
    Ok(())
}

/// Changes one's own name or language.
///
/// # Errors
/// Refused with `NameInvalid` or `LanguageUnknown`; `Conflict` when it was changed meanwhile; `Unauthenticated` for whoever is no
/// person.
pub async fn update_own(
    op: &OpCtx,
    name: Option<String>,
    language: Option<String>,
) -> Result<User, OpError<AccountCode>> {
    let mut user = own_account(op).await?;
    rename(&mut user, name, language)?;
    let tx = op.write_as_system().await?;
    tx.about(user.id);
    if !store::users::update(&tx, &user).await? {
        return Err(OpError::Conflict { current: user.version + 1 });
    }
    tx.commit().await?;
    Ok(User { version: user.version + 1, ..user })
}

/// Changes one's own password. All of one's sign-ins end, that of the caller too, and all codes that were mailed.
///
/// # Errors
/// Refused with `BadCredentials`, `PasswordInvalid` or `PasswordBreached`; `Unauthenticated` for whoever is no person; `RateLimited`.
pub async fn change_password(
    op: &OpCtx,
    current: Zeroizing<String>,
    password: Zeroizing<String>,
) -> Result<User, OpError<AccountCode>> {
    let user = own_account(op).await?;
    let (user, who) = sign_in::prove(op, &user.email, current).await?;
    let hash = new_hash(op, password).await?;
    let tx = op.write_as_system().await?;
    tx.about(user.id);
    store::users::set_password(&tx, user.id, &hash).await?;
    store::sign_ins::revoke_all(&tx, user.id, op.now()).await?;
    store::account_codes::end_all(&tx, user.id).await?;
    warn(op, &tx, &user, SecurityEvent::PasswordChanged).await?;
    store::login_attempts::clear(&tx, &who).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(User { version: user.version + 1, ..user })
}

/// Lets a person in again who was shut out. One that is in stays as it is.
///
/// # Errors
/// `NotFound`; `RoleInvalid` for whoever may more than the actor; `Forbidden` without `users:write`.
pub async fn enable_user(op: &OpCtx, id: UserId) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    let tx = op.write().await?;
    let user = store::users::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.about(user.id);
    if !op.actor().permissions().contains_all(user.role.permissions()) {
        return Err(refused(AccountCode::RoleInvalid, "userId"));
    }
    if user.disabled_at.is_none() {
        return Ok(user);
    }
    store::users::set_disabled(&tx, id, user.version, None).await?;
    tx.commit().await?;
    Ok(User { disabled_at: None, version: user.version + 1, ..user })
}
