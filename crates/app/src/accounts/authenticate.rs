//! From a credential to an actor.

use std::sync::Arc;

use domain::access::Actor;
use i18n::Lang;

use super::Secret;
use crate::{NoCode, OpCtx, OpError, Services};

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
    services.token_uses.note(token.id, now);
    Ok(OpCtx::new(Arc::clone(services), token.actor(), fallback))
}
