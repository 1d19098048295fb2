//! From a credential to an actor.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    ApiTokenId, Instant,
    access::{Actor, Visibility},
};
use i18n::Lang;
use store::StoreError;

use super::Secret;
use crate::{NoCode, OpCtx, OpError, Services};

/// An API token's last use is kept to this precision, so that reading does not mean writing.
const LAST_USE_PRECISION: TimeDelta = TimeDelta::minutes(1);

/// The operation of whoever holds `credential`, an access token or an API token. `fallback` is the language of actors that have
/// none of their own.
///
/// # Errors
/// `Unauthenticated` when the credential is not good.
pub async fn authenticate(
    services: &Arc<Services>,
    credential: &str,
    fallback: Lang,
) -> Result<OpCtx, OpError<NoCode>> {
    if Secret::is_api_token(credential) {
        by_api_token(services, credential, fallback).await
    } else {
        by_access_token(services, credential).await
    }
}

async fn by_access_token(services: &Arc<Services>, token: &str) -> Result<OpCtx, OpError<NoCode>> {
    let now = services.clock.now();
    let claims = services.tokens.check(token, now).map_err(|_| OpError::Unauthenticated)?;
    // One statement: the sign-in must still be good, and the person's role is that of now, not of when the token was made.
    let user = store::users::of_sign_in(&services.store, claims.sid, now).await?;
    match user.filter(|user| user.id == claims.sub && user.disabled_at.is_none()) {
        Some(user) if user.actor() != Actor::Anonymous => {
            let lang = user.language.parse().unwrap_or_default();
            Ok(OpCtx::new(Arc::clone(services), user.actor(), lang))
        }
        _ => Err(OpError::Unauthenticated),
    }
}

async fn by_api_token(services: &Arc<Services>, secret: &str, fallback: Lang) -> Result<OpCtx, OpError<NoCode>> {
    let now = services.clock.now();
    let token = store::api_tokens::by_secret_hash(&services.store, &Secret::hash_of(secret), now).await?;
    let token = token.filter(|token| token.is_good(now)).ok_or(OpError::Unauthenticated)?;
    if token.last_used_at.is_none_or(|last| now - last >= LAST_USE_PRECISION)
        && let Err(error) = keep_last_use(services, token.id, now).await
    {
        // Not worth refusing the program for.
        tracing::warn!(token.id = %token.id, %error, "the last use of an API token could not be kept");
    }
    Ok(OpCtx::new(Arc::clone(services), token.actor(), fallback))
}

async fn keep_last_use(services: &Arc<Services>, token: ApiTokenId, now: Instant) -> Result<(), StoreError> {
    let tx = services.store.write(&Visibility::System).await?;
    store::api_tokens::used(&tx, token, now).await?;
    tx.commit().await
}
