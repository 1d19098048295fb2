//! The second factor: codes of an authenticator (RFC 6238), and recovery codes for whoever lost it. Each is taken once.
//!
//! It is set up by address and password, not by a sign-in: where the configuration asks staff for it, nobody of the staff has a sign-in
//! before.

use domain::{accounts::User, notifications::SecurityEvent};
use store::{
    Tx,
    second_factors::{self, SecondFactor},
};
use totp_rs::{Builder, Secret as TotpSecret, Totp};
use zeroize::Zeroizing;

use super::{AccountCode, Secret, mailed::warn, own_account, sign_in};
use crate::{OpCtx, OpError, Refusal, vault::Purpose};

/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// Who asks for codes, as authenticators show it.
const ISSUER: &str = "Sblocco";

/// What an authenticator is given, once.
pub struct NewFactor {
    /// The secret, in base 32, to be typed.
    pub secret: Zeroizing<String>,
    /// The same as an address, for a QR code.
    pub uri: Zeroizing<String>,
}

impl std::fmt::Debug for NewFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewFactor(…)")
    }
}

fn refused(code: AccountCode) -> OpError<AccountCode> {
    OpError::refused(Refusal::of(code, "code"))
}

fn authenticator(secret: &str, account: &str) -> Result<Totp, OpError<AccountCode>> {
    let failed = |error: String| OpError::internal("second factor", error);
    let secret = TotpSecret::try_from_base32(secret).map_err(|error| failed(format!("{error:?}")))?;
    // Labels have no colon; addresses may.
    let account = account.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|error| failed(format!("{error:?}")))
}

/// Begins to set up a second factor, in the place of one that was not confirmed.
///
/// # Errors
/// Refused with `BadCredentials`, or `SecondFactorExists`; `RateLimited`.
pub async fn begin(op: &OpCtx, email: &str, password: Zeroizing<String>) -> Result<NewFactor, OpError<AccountCode>> {
    let (user, _) = sign_in::prove(op, email, password).await?;
    let mut bytes = [0; 20];
    op.random().fill(&mut bytes);
    let secret = TotpSecret::from(bytes).to_base32();
    let uri = authenticator(&secret, &user.email)?.to_url();
    let uri = uri.map_err(|error| OpError::internal("second factor", format!("{error:?}")))?;
    let tx = op.entered(user.actor()).write_as_system().await?;
    tx.about(user.id);
    if second_factors::of(&tx, user.id).await?.is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(OpError::refused(Refusal::new(AccountCode::SecondFactorExists)));
    }
    let sealed = op.services().vault.seal(op.random(), Purpose::SecondFactor(user.id), &secret);
    let factor = SecondFactor {
        user: user.id,
        secret: sealed.map_err(OpError::Internal)?,
        created_at: op.now(),
        confirmed_at: None,
        last_step: 0,
    };
    second_factors::replace(&tx, &factor).await?;
    tx.commit().await?;
    Ok(NewFactor { secret: Zeroizing::new(secret), uri: Zeroizing::new(uri) })
}

/// Shows that the authenticator works: from now on its codes are asked for. Returns the recovery codes, which are shown once.
///
/// # Errors
/// Refused with `BadCredentials` or `SecondFactorInvalid`; `RateLimited`.
pub async fn confirm(
    op: &OpCtx,
    email: &str,
    password: Zeroizing<String>,
    code: &str,
) -> Result<Vec<Secret>, OpError<AccountCode>> {
    let (user, who) = sign_in::prove(op, email, password).await?;
    let own = op.entered(user.actor());
    let tx = own.write_as_system().await?;
    tx.about(user.id);
    let factor = second_factors::of(&tx, user.id).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| refused(AccountCode::SecondFactorInvalid))?;
    if !take_code(op, &tx, &user, &factor, code).await? {
        return Err(refused(AccountCode::SecondFactorInvalid));
    }
    let codes = new_recovery_codes(op, &tx, &user).await?;
    warn(&own, &tx, &user, SecurityEvent::SecondFactorEnabled).await?;
    store::login_attempts::clear(&tx, &who).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(codes)
}

/// Gives oneself new recovery codes, which are shown once; the ones before are good for nothing.
///
/// # Errors
/// Refused with `BadCredentials` or `SecondFactorInvalid`; `Unauthenticated` for whoever is no person; `RateLimited`.
pub async fn replace_recovery_codes(
    op: &OpCtx,
    password: Zeroizing<String>,
    code: &str,
) -> Result<Vec<Secret>, OpError<AccountCode>> {
    let user = own_account(op).await?;
    let (user, who) = sign_in::prove(op, &user.email, password).await?;
    let tx = op.write_as_system().await?;
    tx.about(user.id);
    if !passes(op, &tx, &user, code).await? {
        return Err(refused(AccountCode::SecondFactorInvalid));
    }
    let codes = new_recovery_codes(op, &tx, &user).await?;
    warn(op, &tx, &user, SecurityEvent::RecoveryCodesReplaced).await?;
    store::login_attempts::clear(&tx, &who).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(codes)
}

/// Recovery codes in the place of those that there are.
async fn new_recovery_codes(op: &OpCtx, tx: &Tx, user: &User) -> Result<Vec<Secret>, OpError<AccountCode>> {
    let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| Secret::recovery(op.random())).collect();
    let hashes: Vec<String> = codes.iter().map(Secret::hash).collect();
    second_factors::set_recovery_codes(tx, user.id, &hashes).await?;
    Ok(codes)
}

/// Takes one's own second factor away.
///
/// # Errors
/// Refused with `BadCredentials` or `SecondFactorInvalid`; `Unauthenticated` for whoever is no person; `RateLimited`.
pub async fn disable(op: &OpCtx, password: Zeroizing<String>, code: &str) -> Result<User, OpError<AccountCode>> {
    let user = own_account(op).await?;
    let (user, who) = sign_in::prove(op, &user.email, password).await?;
    let tx = op.write_as_system().await?;
    tx.about(user.id);
    if !passes(op, &tx, &user, code).await? {
        return Err(refused(AccountCode::SecondFactorInvalid));
    }
    second_factors::remove(&tx, user.id).await?;
    warn(op, &tx, &user, SecurityEvent::SecondFactorDisabled).await?;
    store::login_attempts::clear(&tx, &who).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(user)
}

/// Whether `code` is a code of the person's confirmed second factor, or a recovery code; it is used then, in the caller's transaction.
pub(super) async fn passes(op: &OpCtx, tx: &Tx, user: &User, code: &str) -> Result<bool, OpError<AccountCode>> {
    let factor = second_factors::of(tx, user.id).await?.filter(|factor| factor.confirmed_at.is_some());
    let Some(factor) = factor else { return Ok(false) };
    if Secret::is_recovery(code) {
        let hash = Secret::hash_of(code.trim());
        let spent = second_factors::spend_recovery_code(tx, user.id, &hash, op.now()).await?;
        if spent {
            warn(op, tx, user, SecurityEvent::RecoveryCodeUsed).await?;
        }
        return Ok(spent);
    }
    take_code(op, tx, user, &factor, code).await
}

/// Whether `code` is that of a step near now which is later than the last one taken.
async fn take_code(
    op: &OpCtx,
    tx: &Tx,
    user: &User,
    factor: &SecondFactor,
    code: &str,
) -> Result<bool, OpError<AccountCode>> {
    let seconds = u64::try_from(op.now().timestamp()).unwrap_or_default();
    let secret = op.services().vault.open(Purpose::SecondFactor(user.id), &factor.secret);
    let secret = secret.map_err(OpError::Internal)?;
    let Some(step) = authenticator(&secret, &user.email)?.check(code.trim(), seconds) else { return Ok(false) };
    Ok(second_factors::take_step(tx, user.id, i64::try_from(step).unwrap_or(i64::MAX), op.now()).await?)
}

/// What a program that plays the authenticator would show: for tests.
///
/// # Panics
/// `secret` is none of ours: the test cannot begin.
#[cfg(any(test, feature = "testing"))]
#[expect(clippy::expect_used, reason = "a test that cannot begin has failed")]
pub fn code_at(secret: &str, at: domain::Instant) -> String {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    authenticator(secret, "test").expect("the secret is one of ours").generate(seconds).to_string()
}
