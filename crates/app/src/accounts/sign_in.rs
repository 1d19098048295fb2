//! Signing in, renewing and ending a sign-in.
//!
//! A wrong address and a wrong password are answered alike and take the same time. Failures are counted for the pair of account and
//! address that they come from, so that nobody can lock somebody else out.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use domain::{
    SignInId,
    access::{Actor, Visibility},
    accounts::{SignIn, User},
};
use zeroize::Zeroizing;

use super::{AccountCode, Secret, SecretKind};
use crate::{InternalError, NoCode, OpCtx, OpError, Refusal};

/// Failures in a row that are free; each further one doubles the wait, from one second up to fifteen minutes.
const FREE_FAILURES: i32 = 5;
const LONGEST_WAIT: i64 = 900;

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

fn internal(error: InternalError) -> OpError<AccountCode> {
    OpError::Internal(error)
}

/// Signs a person in by address and password.
///
/// # Errors
/// `BadCredentials`; `RateLimited` after many failures.
pub async fn sign_in(op: &OpCtx, email: &str, password: Zeroizing<String>) -> Result<Credentials, OpError<AccountCode>> {
    let store = &op.services().store;
    let account = email.trim().to_lowercase();
    let address = op.address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_string();
    let tx = store.read(&Visibility::System).await?;
    let attempts = store::login_attempts::of(&tx, &account, &address).await?;
    if let Some(until) = attempts.blocked_until.filter(|until| *until > op.now()) {
        let seconds = (until - op.now()).num_seconds().max(0) + 1;
        return Err(OpError::RateLimited { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) });
    }
    let found = store::users::for_sign_in(&tx, &account).await?;
    drop(tx);
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let right = op.services().passwords.verify(password, hash).await.map_err(internal)?;
    let user = found.map(|(user, _)| user).filter(|user| right && user.disabled_at.is_none() && user.actor() != Actor::Anonymous);
    let tx = op.write_as_system().await?;
    let Some(user) = user else {
        let failures = attempts.failures + 1;
        let blocked_until = wait_after(failures).map(|wait| op.now() + wait);
        store::login_attempts::failed(&tx, &account, &address, failures, blocked_until, op.now()).await?;
        tx.commit().await?;
        return Err(OpError::refused(Refusal::new(AccountCode::BadCredentials)));
    };
    store::login_attempts::clear(&tx, &account, &address).await?;
    let refresh_token = Secret::new(SecretKind::Refresh, op.random());
    let sign_in = SignIn {
        id: SignInId::new(op.now(), op.random()),
        user: user.id,
        refresh_hash: refresh_token.hash(),
        previous_refresh_hash: None,
        generation: 1,
        created_at: op.now(),
        last_used_at: op.now(),
        expires_at: op.now() + TimeDelta::seconds(i64::from(op.services().settings.refresh_token_seconds)),
        revoked_at: None,
    };
    store::sign_ins::insert(&tx, &sign_in).await?;
    tx.commit().await?;
    credentials(op, &sign_in, refresh_token, user).map_err(internal)
}

fn credentials(op: &OpCtx, sign_in: &SignIn, refresh_token: Secret, user: User) -> Result<Credentials, InternalError> {
    let expires_in = op.services().settings.access_token_seconds;
    let access_token = op.services().tokens.sign(user.id, sign_in.id, op.now(), expires_in)?;
    Ok(Credentials { access_token, expires_in, refresh_token, user })
}

/// Renews a sign-in: the refresh token that was shown ends, a new one takes its place. One that was used before ends the whole
/// sign-in, for then somebody has a copy.
///
/// # Errors
/// `Unauthenticated` for a token that is not good.
pub async fn refresh(op: &OpCtx, token: &str) -> Result<Credentials, OpError<AccountCode>> {
    let hash = Secret::hash_of(token);
    let tx = op.write_as_system().await?;
    let Some(mut sign_in) = store::sign_ins::by_refresh_hash(&tx, &hash).await? else {
        return Err(OpError::Unauthenticated);
    };
    if !sign_in.is_good(op.now()) {
        return Err(OpError::Unauthenticated);
    }
    if sign_in.refresh_hash != hash {
        tracing::warn!(sign_in.id = %sign_in.id, "a refresh token was used twice: the sign-in is ended");
        sign_in.revoked_at = Some(op.now());
        store::sign_ins::update(&tx, &sign_in).await?;
        tx.commit().await?;
        return Err(OpError::Unauthenticated);
    }
    let user = store::users::by_ids(&tx, &[sign_in.user]).await?.pop().filter(|user| user.disabled_at.is_none());
    let Some(user) = user else { return Err(OpError::Unauthenticated) };
    let next = Secret::new(SecretKind::Refresh, op.random());
    sign_in.previous_refresh_hash = Some(std::mem::replace(&mut sign_in.refresh_hash, next.hash()));
    sign_in.generation += 1;
    sign_in.last_used_at = op.now();
    sign_in.expires_at = op.now() + TimeDelta::seconds(i64::from(op.services().settings.refresh_token_seconds));
    if !store::sign_ins::update(&tx, &sign_in).await? {
        return Err(OpError::Unauthenticated);
    }
    tx.commit().await?;
    credentials(op, &sign_in, next, user).map_err(internal)
}

/// Ends the sign-in of a refresh token. A token that is not good is ended already.
///
/// # Errors
/// The store failed.
pub async fn sign_out(op: &OpCtx, token: &str) -> Result<(), OpError<NoCode>> {
    let tx = op.write_as_system().await?;
    if let Some(mut sign_in) = store::sign_ins::by_refresh_hash(&tx, &Secret::hash_of(token)).await? {
        sign_in.revoked_at = sign_in.revoked_at.or(Some(op.now()));
        store::sign_ins::update(&tx, &sign_in).await?;
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_after_five_failures_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<Option<i64>> = [1, 4, 5, 6, 7, 14, 15, 100].map(|n| wait_after(n).map(|wait| wait.num_seconds())).to_vec();
        assert_eq!(seconds, [None, None, Some(1), Some(2), Some(4), Some(512), Some(900), Some(900)]);
    }
}
