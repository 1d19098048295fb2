//! Signing in, renewing and ending a sign-in.
//!
//! A wrong address and a wrong password are answered alike and take the same time. Attempts are counted for the pair of account
//! and address that they come from, so that nobody can lock somebody else out; and before the password is looked at, so that
//! many at the same time are not one.

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::{
    SignInId,
    access::{Actor, Visibility},
    accounts::{SignIn, User},
    notifications::SecurityEvent,
};
use store::{
    Tx,
    login_attempts::{self, Attempter},
};
use zeroize::Zeroizing;

use super::{AccountCode, Secret, mailed::warn, second_factor};
use crate::{NoCode, OpCtx, OpError, Refusal};

/// Failures in a row that are free; each further one doubles the wait, from one second up to fifteen minutes.
const FREE_FAILURES: i32 = 5;
const LONGEST_WAIT: i64 = 900;
/// Failures are forgotten after so long.
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// Sign-ins that expired are kept for so long, for whoever looks into an incident.
const EXPIRED_KEPT: TimeDelta = TimeDelta::days(30);

/// What a person gets for signing in. Both tokens are shown here and never again.
#[derive(Debug)]
pub struct Credentials {
    /// For the `Authorization` header, for a short time.
    pub access_token: String,
    /// Seconds that it is good.
    pub expires_in: u32,
    /// Renews the sign-in, once.
    pub refresh_token: Secret,
    /// Who signed in.
    pub user: User,
}

fn wait_after(failures: i32) -> Option<TimeDelta> {
    let over = failures - FREE_FAILURES;
    (over >= 0).then(|| TimeDelta::seconds((1_i64 << over.min(20)).min(LONGEST_WAIT)))
}

/// The account is kept as a hash: what people type there may be anything, and of any length.
pub(super) fn attempter(op: &OpCtx, email: &str) -> Attempter {
    let address = match op.address {
        // A customer is given a /64 at least, and so may choose among all addresses within.
        Some(IpAddr::V6(address)) => address
            .to_ipv4_mapped()
            .map_or_else(|| format!("{:x}/64", address.to_bits() >> 64), |address| address.to_string()),
        Some(IpAddr::V4(address)) => address.to_string(),
        None => String::new(),
    };
    Attempter { account: Secret::hash_of(&email.trim().to_lowercase()), address }
}

/// Counts an attempt, unless it comes too early.
pub(super) async fn admit(op: &OpCtx, who: &Attempter) -> Result<(), OpError<AccountCode>> {
    let now = op.now();
    let tx = op.unrecorded_as_system().await?;
    let counted = login_attempts::count(&tx, who, now, now - WINDOW).await?;
    if let Some(until) = counted.blocked_until.filter(|until| *until > now) {
        // Not committed: an attempt that comes too early does not lengthen the wait.
        let seconds = (until - now).num_seconds() + 1;
        return Err(OpError::RateLimited { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) });
    }
    if let Some(wait) = wait_after(counted.failures) {
        login_attempts::block(&tx, who, now + wait).await?;
    }
    Ok(tx.commit().await?)
}

/// Whose address and password these are; also counted as an attempt, which whoever goes on clears.
///
/// # Errors
/// `BadCredentials`; `RateLimited` after many failures.
pub(super) async fn prove(
    op: &OpCtx,
    email: &str,
    password: Zeroizing<String>,
) -> Result<(User, Attempter), OpError<AccountCode>> {
    let who = attempter(op, email);
    admit(op, &who).await?;
    let found = match User::normal_email(email) {
        Some(email) => {
            let tx = op.services().store.read(&Visibility::System).await?;
            store::users::for_sign_in(&tx, &email).await?
        }
        None => None,
    };
    let (user, hash) = found.unzip();
    if let Some(user) = &user {
        op.about(user.id);
    }
    // Who was invited and has no password yet is refused like who does not exist, after the same work.
    let hash = hash.filter(|hash| !hash.is_empty());
    let right = op.services().passwords.verify(password, hash).await.map_err(OpError::Internal)?;
    let user = user.filter(|user| right && may_enter(user));
    Ok((user.ok_or_else(|| OpError::refused(Refusal::new(AccountCode::BadCredentials)))?, who))
}

/// Signs a person in by address and password and, where the account has one, a code of its second factor.
///
/// # Errors
/// `BadCredentials`, and what the second factor lacks; `RateLimited` after many failures.
pub async fn sign_in(
    op: &OpCtx,
    email: &str,
    password: Zeroizing<String>,
    code: Option<&str>,
) -> Result<Credentials, OpError<AccountCode>> {
    let (user, who) = prove(op, email, password).await?;
    let own = op.entered(user.actor());
    let tx = own.write_as_system().await?;
    // Apart, as what is rare: the future of every sign-in stays small.
    Box::pin(check_second_factor(op, &tx, &user, code)).await?;
    let id = SignInId::new(op.now(), op.random());
    let refresh_token = Secret::refresh(id, op.random());
    let sign_in = SignIn {
        id,
        user: user.id,
        refresh_hash: refresh_token.hash(),
        previous_refresh_hash: None,
        generation: 1,
        created_at: op.now(),
        last_used_at: op.now(),
        expires_at: op.now() + lasts(op),
        revoked_at: None,
        address: Some(who.address.clone()).filter(|address| !address.is_empty()),
    };
    tx.about(sign_in.id);
    login_attempts::clear(&tx, &who).await?;
    let is_new_address = match &sign_in.address {
        Some(address) => store::sign_ins::is_new_address(&tx, user.id, address).await?,
        None => false,
    };
    store::sign_ins::insert(&tx, &sign_in).await?;
    if is_new_address {
        warn(&own, &tx, &user, SecurityEvent::NewSignIn).await?;
    }
    tx.commit().await?;
    if is_new_address {
        op.services().job_signal.raise();
    }
    credentials(op, &sign_in, refresh_token, user)
}

async fn check_second_factor(op: &OpCtx, tx: &Tx, user: &User, code: Option<&str>) -> Result<(), OpError<AccountCode>> {
    let refused = |code| Err(OpError::refused(Refusal::of(code, "code")));
    let factor = store::second_factors::of(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
    match (factor, code) {
        (None, _) if user.role.is_staff() && op.services().settings.staff_second_factor => {
            refused(AccountCode::SecondFactorSetupRequired)
        }
        (None, _) => Ok(()),
        (Some(_), None) => refused(AccountCode::SecondFactorRequired),
        (Some(_), Some(code)) if second_factor::passes(op, tx, user, code).await? => Ok(()),
        (Some(_), Some(_)) => refused(AccountCode::SecondFactorInvalid),
    }
}

fn may_enter(user: &User) -> bool {
    user.disabled_at.is_none() && user.actor() != Actor::Anonymous
}

fn lasts(op: &OpCtx) -> TimeDelta {
    TimeDelta::seconds(i64::from(op.services().settings.refresh_token_seconds))
}

fn credentials(
    op: &OpCtx,
    sign_in: &SignIn,
    refresh_token: Secret,
    user: User,
) -> Result<Credentials, OpError<AccountCode>> {
    let expires_in = op.services().settings.access_token_seconds;
    let signed = op.services().tokens.sign(user.id, sign_in.id, op.now(), expires_in);
    Ok(Credentials { access_token: signed.map_err(OpError::Internal)?, expires_in, refresh_token, user })
}

/// Renews a sign-in: the refresh token that was shown ends, a new one takes its place. One that was used before, however long
/// ago, ends the whole sign-in, for then somebody has a copy.
///
/// # Errors
/// `Unauthenticated` for a token that is not good.
pub async fn refresh(op: &OpCtx, token: &str) -> Result<Credentials, OpError<AccountCode>> {
    let (sign_in, user) = good_sign_in(op, token).await?.ok_or(OpError::Unauthenticated)?;
    let op = &op.entered(user.actor());
    if !Secret::is_of(token, &sign_in.refresh_hash) {
        tracing::warn!(sign_in.id = %sign_in.id, "a refresh token was used twice: the sign-in is ended");
        op.begin("signInReused", vec![sign_in.id.to_string()]);
        let tx = op.write_as_system().await?;
        store::sign_ins::revoke(&tx, sign_in.id, op.now()).await?;
        warn(op, &tx, &user, SecurityEvent::CredentialCopied).await?;
        tx.commit().await?;
        op.services().job_signal.raise();
        return Err(OpError::Unauthenticated);
    }
    let user = Some(user).filter(may_enter).ok_or(OpError::Unauthenticated)?;
    op.about(sign_in.id);
    let tx = op.write_as_system().await?;
    let next = Secret::refresh(sign_in.id, op.random());
    let renewed = SignIn {
        refresh_hash: next.hash(),
        previous_refresh_hash: Some(sign_in.refresh_hash.clone()),
        generation: sign_in.generation + 1,
        last_used_at: op.now(),
        expires_at: op.now() + lasts(op),
        ..sign_in
    };
    // Of two that renew at the same time with the same token, one wins.
    if !store::sign_ins::renew(&tx, &renewed, sign_in.generation).await? {
        return Err(OpError::Unauthenticated);
    }
    tx.commit().await?;
    credentials(op, &renewed, next, user)
}

/// Ends the sign-in of a refresh token. A token that is not good is ended already.
///
/// # Errors
/// The store failed.
pub async fn sign_out(op: &OpCtx, token: &str) -> Result<(), OpError<AccountCode>> {
    if let Some((sign_in, user)) = good_sign_in(op, token).await? {
        op.about(sign_in.id);
        let tx = op.entered(user.actor()).write_as_system().await?;
        store::sign_ins::revoke(&tx, sign_in.id, op.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The sign-in that a refresh token names, if it is good, and whose it is. Only reads, so that made-up tokens never wait for, or
/// hold up, a writer.
async fn good_sign_in(op: &OpCtx, token: &str) -> Result<Option<(SignIn, User)>, OpError<AccountCode>> {
    let Some(id) = Secret::sign_in_of(token) else { return Ok(None) };
    let tx = op.services().store.read(&Visibility::System).await?;
    let found = store::sign_ins::by_id(&tx, id).await?.filter(|sign_in| sign_in.is_good(op.now()));
    let Some(sign_in) = found else { return Ok(None) };
    let user = store::users::by_ids(&tx, &[sign_in.user]).await?.pop();
    Ok(user.map(|user| (sign_in, user)))
}

/// Forgets failures and sign-ins that are too old to matter: for a schedule. Returns how many rows.
///
/// # Errors
/// `NotFound` for anybody but the system.
pub async fn forget_old(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::NotFound);
    }
    let tx = op.write_as_system().await?;
    let attempts = login_attempts::purge(&tx, op.now() - WINDOW).await?;
    let sign_ins = store::sign_ins::purge(&tx, op.now() - EXPIRED_KEPT).await?;
    let codes = store::account_codes::purge(&tx, op.now() - EXPIRED_KEPT).await?;
    tx.commit().await?;
    Ok(attempts + sign_ins + codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_after_five_failures_up_to_a_quarter_of_an_hour() {
        let seconds = [1, 4, 5, 6, 7, 14, 15, 100].map(|n| wait_after(n).map(|wait| wait.num_seconds()));
        assert_eq!(seconds, [None, None, Some(1), Some(2), Some(4), Some(512), Some(900), Some(900)]);
    }
}
