//! What is done with a code that was mailed: accepting an invitation, setting a lost password, confirming a new address.

use chrono::TimeDelta;
use domain::{
    Instant, UserId,
    access::Visibility,
    accounts::{CodeKind, User},
    notifications::{Notification, NotificationKind, OneTimeCode, Recipient, SecurityEvent},
};
use store::{
    Tx,
    account_codes::{self, MailedCode},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{AccountCode, Secret, own_account, sign_in};
use crate::{OpCtx, OpError, Refusal, notifications::notify};

const INVITATION_LASTS: TimeDelta = TimeDelta::days(7);
const RESET_LASTS: TimeDelta = TimeDelta::hours(1);
const EMAIL_CHANGE_LASTS: TimeDelta = TimeDelta::hours(24);

fn refused<T>(code: AccountCode, field: &str) -> Result<T, OpError<AccountCode>> {
    Err(OpError::refused(Refusal::of(code, field)))
}

/// Makes a code in the caller's transaction, which sees all clients. Those of the same kind before it end.
async fn make(
    op: &OpCtx,
    tx: &Tx,
    user: UserId,
    kind: CodeKind,
    lasts: TimeDelta,
    email: Option<&str>,
) -> Result<(OneTimeCode, Instant, Uuid), OpError<AccountCode>> {
    let secret = Secret::mailed(op.random());
    let expires_at = op.now() + lasts;
    let id = Uuid::from_u128(op.random().number());
    let email = email.map(str::to_owned);
    let code = MailedCode { user, kind, hash: secret.hash(), email, created_at: op.now(), expires_at };
    account_codes::replace(tx, id, &code).await?;
    Ok((OneTimeCode::new(secret.reveal().to_owned()), expires_at, id))
}

/// Tells a person in the caller's transaction; the mail goes to `email` when it is not to go to the account's own.
async fn tell(
    op: &OpCtx,
    tx: &Tx,
    user: &User,
    email: Option<&str>,
    kind: NotificationKind,
    key: String,
) -> Result<(), OpError<AccountCode>> {
    let recipient = match email {
        None => Recipient::User { user: user.id },
        Some(email) => {
            Recipient::Address { email: email.to_owned(), name: user.name.clone(), language: user.language.clone() }
        }
    };
    let mut notification = Notification::new(kind, key).to(recipient);
    notification.client = user.client;
    notify(op, tx, notification).await?;
    Ok(())
}

/// Tells a person that its account was changed.
pub(super) async fn warn(op: &OpCtx, tx: &Tx, user: &User, event: SecurityEvent) -> Result<(), OpError<AccountCode>> {
    let key = format!("security:{:032x}", op.random().number());
    tell(op, tx, user, None, NotificationKind::SecurityNotice { event }, key).await
}

/// Invites somebody whose account was just made, in the caller's transaction, which sees all clients.
pub(super) async fn invite(op: &OpCtx, tx: &Tx, user: &User) -> Result<(), OpError<AccountCode>> {
    let (code, expires_at, id) = make(op, tx, user.id, CodeKind::Invitation, INVITATION_LASTS, None).await?;
    let invited_by = match op.actor().user() {
        Some(by) => store::users::by_ids(tx, &[by]).await?.pop().map(|by| by.name),
        None => None,
    };
    let organisation = match user.client {
        Some(client) => store::clients::by_id(tx, client).await?.map(|client| client.name),
        None => None,
    };
    let kind = NotificationKind::Invitation { code, invited_by, organisation, expires_at };
    tell(op, tx, user, Some(&user.email), kind, format!("invitation:{id}")).await
}

/// Uses a code, and returns whose it is; the transaction sees all clients.
async fn spend(
    op: &OpCtx,
    kind: CodeKind,
    code: &str,
) -> Result<(Tx, OpCtx, User, Option<String>), OpError<AccountCode>> {
    let tx = op.unrecorded_as_system().await?;
    let spent = account_codes::spend(&tx, kind, &Secret::hash_of(code), op.now()).await?;
    let Some((user, email)) = spent else { return refused(AccountCode::CodeInvalid, "code") };
    let user = store::users::by_ids(&tx, &[user]).await?.pop().filter(|user| user.disabled_at.is_none());
    let Some(user) = user else { return refused(AccountCode::CodeInvalid, "code") };
    // Whoever has the code is that person: what is written is entered in the activity log under its name.
    let own = op.entered(user.actor());
    let tx = own.recorded(tx);
    tx.about(user.id);
    Ok((tx, own, user, email))
}

/// Sets the password of whoever was invited, or asked for a new one. All its sign-ins end, and all other codes.
///
/// # Errors
/// Refused with `CodeInvalid`, `PasswordInvalid` or `PasswordBreached`.
pub async fn set_password_by_code(
    op: &OpCtx,
    kind: CodeKind,
    code: &str,
    password: Zeroizing<String>,
) -> Result<User, OpError<AccountCode>> {
    let hash = super::users::new_hash(op, password).await?;
    let (tx, own, user, _) = spend(op, kind, code).await?;
    store::users::set_password(&tx, user.id, &hash).await?;
    store::sign_ins::revoke_all(&tx, user.id, op.now()).await?;
    account_codes::end_all(&tx, user.id).await?;
    if kind == CodeKind::PasswordReset {
        warn(&own, &tx, &user, SecurityEvent::PasswordChanged).await?;
    }
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(User { version: user.version + 1, ..user })
}

/// Has a code mailed with which a lost password is replaced, if the address is somebody's. The answer, and the time that it takes, is the
/// same for every address: what is looked up is looked up afterwards.
///
/// # Errors
/// `RateLimited` after many attempts.
pub async fn request_password_reset(op: &OpCtx, email: &str) -> Result<(), OpError<AccountCode>> {
    sign_in::admit(op, &sign_in::attempter(op, &format!("reset {email}"))).await?;
    let (op, email) = (op.clone(), email.to_owned());
    tokio::spawn(async move {
        if let Err(error) = send_password_reset(&op, &email).await {
            tracing::error!(%error, "a code for a lost password could not be mailed");
        }
    });
    Ok(())
}

pub(super) async fn send_password_reset(op: &OpCtx, email: &str) -> Result<(), OpError<AccountCode>> {
    let Some(email) = User::normal_email(email) else { return Ok(()) };
    let look = op.services().store.read(&Visibility::System).await?;
    let found = store::users::for_sign_in(&look, &email).await?;
    drop(look);
    let Some((user, _)) = found.filter(|(user, _)| user.disabled_at.is_none()) else { return Ok(()) };
    let own = op.apart(user.actor(), "passwordResetSent");
    let tx = own.write_as_system().await?;
    tx.about(user.id);
    let (code, expires_at, id) = make(op, &tx, user.id, CodeKind::PasswordReset, RESET_LASTS, None).await?;
    tell(&own, &tx, &user, None, NotificationKind::PasswordReset { code, expires_at }, format!("reset:{id}")).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(())
}

/// Has a code mailed to a new address, which confirms it. An address that somebody has already is answered alike, and mailed nothing.
///
/// # Errors
/// Refused with `EmailInvalid` or `BadCredentials`; `Unauthenticated` for whoever is no person; `RateLimited`.
pub async fn request_email_change(
    op: &OpCtx,
    email: &str,
    password: Zeroizing<String>,
) -> Result<(), OpError<AccountCode>> {
    let user = own_account(op).await?;
    let Some(email) = User::normal_email(email) else { return refused(AccountCode::EmailInvalid, "email") };
    sign_in::prove(op, &user.email, password).await?;
    let tx = op.write_as_system().await?;
    tx.about(user.id);
    if store::users::for_sign_in(&tx, &email).await?.is_none() {
        let made = make(op, &tx, user.id, CodeKind::EmailChange, EMAIL_CHANGE_LASTS, Some(&email)).await?;
        let (code, expires_at, id) = made;
        let kind = NotificationKind::EmailChange { code, expires_at };
        tell(op, &tx, &user, Some(&email), kind, format!("email:{id}")).await?;
    }
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(())
}

/// Gives a person the address to which the code was mailed; the old one is told.
///
/// # Errors
/// Refused with `CodeInvalid`, also when somebody else has the address by now.
pub async fn confirm_email(op: &OpCtx, code: &str) -> Result<User, OpError<AccountCode>> {
    let (tx, own, user, email) = spend(op, CodeKind::EmailChange, code).await?;
    let Some(email) = email else { return refused(AccountCode::CodeInvalid, "code") };
    match store::users::set_email(&tx, user.id, &email).await {
        Err(error) if error.is_conflict_on("users_email_key") => return refused(AccountCode::CodeInvalid, "code"),
        result => result?,
    }
    let key = format!("email-changed:{}:{}", user.id, user.version);
    tell(&own, &tx, &user, Some(&user.email), NotificationKind::EmailChanged {}, key).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(User { email, version: user.version + 1, ..user })
}
