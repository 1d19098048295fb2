//! People: creating them and reading them.

use domain::{
    ClientId, UserId,
    access::{Actor, Permission, Role},
    accounts::User,
};
use store::page::{Keyset, Page};
use zeroize::Zeroizing;

use super::{AccountCode, PasswordPolicy, client_for, is_name};
use crate::{NoCode, OpCtx, OpError, Refusal};

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
    /// First password.
    pub password: Zeroizing<String>,
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
        (PasswordPolicy::accepts(&input.password), AccountCode::PasswordInvalid, "password"),
        (role_ok, AccountCode::RoleInvalid, "role"),
        (matches!(input.language.as_str(), "it" | "en"), AccountCode::LanguageUnknown, "language"),
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
    let services = op.services();
    let hash = services.passwords.hash(input.password, op.random()).await.map_err(OpError::Internal)?;
    let user = User {
        id: UserId::new(op.now(), op.random()),
        client,
        email,
        name: input.name.trim().to_owned(),
        role: input.role,
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
    Ok(user)
}

/// Sets a person's password and ends all its sign-ins. For the command line: people reset their own by mail.
///
/// # Errors
/// `NotFound`; `PasswordInvalid`.
pub async fn set_password(op: &OpCtx, email: &str, password: Zeroizing<String>) -> Result<User, OpError<AccountCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::Forbidden(Permission::UsersWrite));
    }
    if !PasswordPolicy::accepts(&password) {
        return Err(OpError::refused(Refusal::of(AccountCode::PasswordInvalid, "password")));
    }
    let hash = op.services().passwords.hash(password, op.random()).await.map_err(OpError::Internal)?;
    let tx = op.write().await?;
    let email = User::normal_email(email).ok_or(OpError::NotFound)?;
    let (user, _) = store::users::for_sign_in(&tx, &email).await?.ok_or(OpError::NotFound)?;
    store::users::set_password(&tx, user.id, &hash).await?;
    store::sign_ins::revoke_all(&tx, user.id, op.now()).await?;
    tx.commit().await?;
    Ok(user)
}

/// Shuts a person out: its sign-ins end at once, and it cannot sign in again. One that is out stays as it is.
///
/// # Errors
/// `NotFound`; `RoleInvalid` for oneself, and for whoever may more than the actor; `Forbidden` without `users:write`.
pub async fn disable_user(op: &OpCtx, id: UserId) -> Result<User, OpError<AccountCode>> {
    op.require(Permission::UsersWrite)?;
    // Sign-ins are the system's own; the person is looked for as the actor.
    let user = store::users::by_ids(&*op.reader().await?, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if op.actor().user() == Some(id) || !op.actor().permissions().contains_all(user.role.permissions()) {
        return Err(OpError::refused(Refusal::of(AccountCode::RoleInvalid, "userId")));
    }
    if user.disabled_at.is_some() {
        return Ok(user);
    }
    let tx = op.write_as_system().await?;
    if let Some(client) = user.client {
        tx.concerns(client);
    }
    store::users::set_disabled(&tx, id, Some(op.now())).await?;
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
    Ok(store::users::by_ids(&*op.reader().await?, &wanted).await?)
}
