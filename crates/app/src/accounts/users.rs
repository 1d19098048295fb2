//! People: creating them and reading them.

use domain::{
    ClientId, UserId,
    access::{Actor, Permission, Role, Visibility},
    accounts::User,
};
use store::page::{Keyset, Page};
use zeroize::Zeroizing;

use super::{AccountCode, PasswordPolicy, client_for, mailed};
use crate::{
    NoCode, OpCtx, OpError, Refusal,
    words::{is_language, is_name},
};

/// A person to be created.
#[derive(Debug)]
pub struct NewUser {
    /// The client that the person belongs to; absent for the creator's own side.
    pub client: Option<ClientId>,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Language of texts.
    pub language: String,
    /// First password; without one the person is invited by mail, and chooses it.
    pub password: Option<Zeroizing<String>>,
}

fn refusals(
    op: &OpCtx,
    client: Option<ClientId>,
    input: &NewUser,
    email: Option<&String>,
) -> Vec<Refusal<AccountCode>> {
    // Nobody gives more than they have: else a token that may only create users could make itself an admin.
    let role_ok =
        input.role.is_staff() == client.is_none() && op.actor().permissions().contains_all(input.role.permissions());
    let checks = [
        (email.is_some(), AccountCode::EmailInvalid, "email"),
        (is_name(&input.name), AccountCode::NameInvalid, "name"),
        (
            input.password.as_deref().is_none_or(|password| PasswordPolicy::accepts(password)),
            AccountCode::PasswordInvalid,
            "password",
        ),
        (role_ok, AccountCode::RoleInvalid, "role"),
        (is_language(&input.language), AccountCode::LanguageUnknown, "language"),
    ];
    checks.into_iter().filter(|(ok, ..)| !ok).map(|(_, code, field)| Refusal::of(code, field)).collect()
}

/// Creates a person. A client's admin creates people of its own client alone; nobody gives a role that may more than they may.
///
/// # Errors
/// Refused with an [`AccountCode`]; `Forbidden` without `users:write`.
pub async fn create_user(op: &OpCtx, input: NewUser) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    let client = client_for(op, input.client);
    if client.is_some_and(|client| !op.visibility().includes(client)) {
        return Err(OpError::refused(Refusal::of(AccountCode::ClientNotFound, "clientId")));
    }
    let email = User::normal_email(&input.email);
    let refused = refusals(op, client, &input, email.as_ref());
    let (Some(email), true) = (email, refused.is_empty()) else { return Err(OpError::Refused(refused)) };
    let is_invited = input.password.is_none();
    // Nothing is the hash of any password.
    let hash = match input.password {
        Some(password) => new_hash(op, password).await?,
        None => String::new(),
    };
    let user = User {
        id: UserId::new(op.now(), op.random()),
        client,
        email,
        name: input.name.trim().to_owned(),
        role: input.role,
        assigned: None,
        language: input.language,
        disabled_at: None,
        created_at: op.now(),
        version: 1,
    };
    let tx = op.write().await?;
    tx.about(user.id);
    if let Some(client) = user.client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::refused(Refusal::of(AccountCode::ClientNotFound, "clientId")));
    }
    match store::users::insert(&tx, &user, &hash).await {
        Err(error) if error.is_conflict_on("users_email_key") => {
            return Err(OpError::refused(Refusal::of(AccountCode::EmailTaken, "email")));
        }
        result => result?,
    }
    tx.commit().await?;
    if is_invited {
        Box::pin(send_invitation(op, &user)).await?;
    }
    Ok(user)
}

/// In a transaction of its own: codes are nobody's rows but the system's. An account whose invitation was not sent is invited again.
async fn send_invitation(op: &OpCtx, user: &User) -> Result<(), OpError<AccountCode>> {
    let tx = op.write_as_system().await?;
    mailed::invite(op, &tx, user).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(())
}

/// Invites somebody again who has not accepted yet; the code of before ends.
///
/// # Errors
/// `NotFound`, also for whoever has a password; `Forbidden` without `users:write`.
pub async fn invite_again(op: &OpCtx, id: UserId) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    let user = store::users::by_ids(&*op.reader().await?, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    let look = op.services().store.read(&Visibility::System).await?;
    let found = store::users::for_sign_in(&look, &user.email).await?;
    drop(look);
    found.filter(|(user, hash)| hash.is_empty() && user.disabled_at.is_none()).ok_or(OpError::NotFound)?;
    send_invitation(op, &user).await?;
    Ok(user)
}

/// The hash of a password that is to be set.
///
/// # Errors
/// Refused with `PasswordInvalid` or `PasswordBreached`.
pub(super) async fn new_hash(op: &OpCtx, password: Zeroizing<String>) -> Result<String, OpError<AccountCode>> {
    let refused = |code| Err(OpError::refused(Refusal::of(code, "password")));
    if !PasswordPolicy::accepts(&password) {
        return refused(AccountCode::PasswordInvalid);
    }
    let passwords = &op.services().passwords;
    if passwords.is_breached(password.clone()).await.map_err(OpError::Internal)? {
        return refused(AccountCode::PasswordBreached);
    }
    passwords.hash(password, op.random()).await.map_err(OpError::Internal)
}

/// Most clients that somebody is limited to.
const MOST_ASSIGNED: usize = 500;

/// Limits a member of staff to some clients, or to none; without any list, to nothing less than all.
///
/// # Errors
/// `NotFound`; refused with `AssignmentInvalid` or `ClientNotFound`; `Forbidden` without `users:write`.
pub async fn assign_user(
    op: &OpCtx,
    id: UserId,
    expected_version: Option<i32>,
    clients: Option<Vec<ClientId>>,
) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    let tx = op.write().await?;
    let user = store::users::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    as_seen(&user, expected_version)?;
    let limited = clients.as_ref();
    let refused = |code, field| Err(OpError::refused(Refusal::of(code, field)));
    if !user.role.is_staff() || user.role == Role::BspAdmin || limited.is_some_and(|ids| ids.len() > MOST_ASSIGNED) {
        return refused(AccountCode::AssignmentInvalid, "clientIds");
    }
    if let Some(ids) = limited {
        let known = store::clients::by_ids(&tx, ids).await?;
        if ids.iter().any(|id| !known.iter().any(|client| client.id == *id)) {
            return refused(AccountCode::ClientNotFound, "clientIds");
        }
    }
    store::users::set_assigned(&tx, id, user.version, clients.as_deref()).await?;
    tx.commit().await?;
    Ok(User { assigned: clients, version: user.version + 1, ..user })
}

/// Sets a person's password and ends all its sign-ins. For the command line: people reset their own by mail.
///
/// # Errors
/// `NotFound`; `PasswordInvalid`.
pub async fn set_password(op: &OpCtx, email: &str, password: Zeroizing<String>) -> Result<User, OpError<AccountCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::Forbidden(Permission::UsersWrite));
    }
    let hash = new_hash(op, password).await?;
    let tx = op.write().await?;
    let email = User::normal_email(email).ok_or(OpError::NotFound)?;
    let (user, _) = store::users::for_sign_in(&tx, &email).await?.ok_or(OpError::NotFound)?;
    store::users::set_password(&tx, user.id, &hash).await?;
    store::sign_ins::revoke_all(&tx, user.id, op.now()).await?;
    tx.commit().await?;
    Ok(user)
}

/// Somebody else, who may no more than the actor.
async fn other_user(op: &OpCtx, id: UserId) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    // Sign-ins are the system's own; the person is looked for as the actor.
    let user = store::users::by_ids(&*op.reader().await?, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if op.actor().user() == Some(id) || !op.actor().permissions().contains_all(user.role.permissions()) {
        return Err(OpError::refused(Refusal::of(AccountCode::RoleInvalid, "userId")));
    }
    Ok(user)
}

/// Refuses to change somebody who is not as the actor saw it.
const fn as_seen(user: &User, expected_version: Option<i32>) -> Result<(), OpError<AccountCode>> {
    match expected_version {
        Some(expected) if expected != user.version => Err(OpError::Conflict { current: user.version }),
        _ => Ok(()),
    }
}

/// Ends all sign-ins of somebody else, with their access tokens, at once. Returns how many were good.
///
/// # Errors
/// As [`disable_user`].
pub async fn revoke_sign_ins_of(op: &OpCtx, id: UserId) -> Result<(User, u64), OpError<AccountCode>> {
    let user = other_user(op, id).await?;
    let tx = op.write_as_system().await?;
    if let Some(client) = user.client {
        tx.concerns(client);
    }
    let ended = store::sign_ins::revoke_all(&tx, id, op.now()).await?;
    tx.commit().await?;
    Ok((user, ended))
}

/// Shuts a person out: its sign-ins end at once, and it cannot sign in again. One that is out stays as it is.
///
/// # Errors
/// `NotFound`; `RoleInvalid` for oneself, and for whoever may more than the actor; `Forbidden` without `users:write`.
pub async fn disable_user(op: &OpCtx, id: UserId, expected_version: Option<i32>) -> Result<User, OpError<AccountCode>> {
    let user = other_user(op, id).await?;
    as_seen(&user, expected_version)?;
    if user.disabled_at.is_some() {
        return Ok(user);
    }
    let tx = op.write_as_system().await?;
    if let Some(client) = user.client {
        tx.concerns(client);
    }
    store::users::set_disabled(&tx, id, user.version, Some(op.now())).await?;
    store::sign_ins::revoke_all(&tx, id, op.now()).await?;
    tx.commit().await?;
    Ok(User { disabled_at: Some(op.now()), version: user.version + 1, ..user })
}

/// A page of people, by address: staff see all, a client its own.
///
/// # Errors
/// `Forbidden` without `users:read`.
pub async fn users_page(op: &OpCtx, client: Option<ClientId>, keyset: &Keyset) -> Result<Page<User>, OpError<NoCode>> {
    op.require(Permission::UsersRead)?;
    Ok(store::users::page(&*op.reader().await?, client, keyset).await?)
}

/// Those of `ids` that the actor may know of; everybody may know of itself.
///
/// # Errors
/// `Unauthenticated` for nobody.
pub async fn users_by_ids(op: &OpCtx, ids: &[UserId]) -> Result<Vec<User>, OpError<NoCode>> {
    if *op.actor() == Actor::Anonymous {
        return Err(OpError::Unauthenticated);
    }
    let own = op.actor().user();
    let all = op.actor().may(Permission::UsersRead);
    let wanted: Vec<UserId> = ids.iter().copied().filter(|id| all || Some(*id) == own).collect();
    let mut found = store::users::by_ids(&*op.reader().await?, &wanted).await?;
    // Staff who work for some clients alone do not know of the BSP's own people; everybody knows of itself.
    if let Some(own) = own.filter(|own| wanted.contains(own) && !found.iter().any(|user| user.id == *own)) {
        let tx = op.services().store.read(&Visibility::System).await?;
        found.extend(store::users::by_ids(&tx, &[own]).await?);
    }
    Ok(found)
}
