//! Tokens of programs.

use chrono::TimeDelta;
use domain::{
    ApiTokenId, ClientId, Instant,
    access::{Permission, PermissionSet, Role},
    accounts::ApiToken,
    notifications::SecurityEvent,
};
use store::page::{Keyset, Page};

use super::{AccountCode, Secret, client_for, mailed::warn};
use crate::{NoCode, OpCtx, OpError, Refusal, words::is_name};

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// The client that it is bound to; absent for the maker's own side.
    pub client: Option<ClientId>,
    /// What it is for.
    pub name: String,
    /// What it may do: nothing that its maker may not, and for a client nothing that its admin may not.
    pub permissions: PermissionSet,
    /// When it ends.
    pub expires_at: Option<Instant>,
}

/// Makes a token. The secret is shown here and never again.
///
/// # Errors
/// Refused with an [`AccountCode`]; `Forbidden` without `tokens:write`.
pub async fn create_api_token(op: &OpCtx, input: NewApiToken) -> Result<(ApiToken, Secret), OpError<AccountCode>> {
    op.require(Permission::TokensWrite)?;
    let client = client_for(op, input.client);
    // A token of the BSP's own knows of every client, so its maker must.
    if client.map_or(!op.sees_all(), |client| !op.visibility().includes(client)) {
        return Err(OpError::refused(Refusal::of(AccountCode::ClientNotFound, "clientId")));
    }
    let checks = [
        (is_name(&input.name), AccountCode::NameInvalid, "name"),
        (may_be_given(op, client, input.permissions), AccountCode::PermissionsInvalid, "permissions"),
        (input.expires_at.is_none_or(|end| end > op.now()), AccountCode::ExpiryInPast, "expiresAt"),
    ];
    let refused: Vec<_> =
        checks.into_iter().filter(|(ok, ..)| !ok).map(|(_, code, field)| Refusal::of(code, field)).collect();
    if !refused.is_empty() {
        return Err(OpError::Refused(refused));
    }
    let secret = Secret::api_token(op.random());
    let token = ApiToken {
        id: ApiTokenId::new(op.now(), op.random()),
        client,
        name: input.name.trim().to_owned(),
        permissions: input.permissions,
        created_by: op.actor().user(),
        created_at: op.now(),
        expires_at: input.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    // Written as the system, for whoever made it is told in the same transaction.
    let tx = op.write_as_system().await?;
    tx.about(token.id);
    let maker = match op.actor().user() {
        Some(user) => store::users::by_ids(&tx, &[user]).await?.pop(),
        None => None,
    };
    if let Some(client) = token.client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::refused(Refusal::of(AccountCode::ClientNotFound, "clientId")));
    }
    store::api_tokens::insert(&tx, &token, &secret.hash()).await?;
    if let Some(maker) = maker {
        warn(op, &tx, &maker, SecurityEvent::ApiTokenCreated).await?;
    }
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok((token, secret))
}

fn may_be_given(op: &OpCtx, client: Option<ClientId>, permissions: PermissionSet) -> bool {
    permissions != PermissionSet::EMPTY
        && op.actor().permissions().contains_all(permissions)
        && (client.is_none() || Role::ClientAdmin.permissions().contains_all(permissions))
}

/// Longest time for which the secret before is still good.
const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(30);

/// Gives a token another secret, which is shown here and never again; the one before stays good for `overlap`, so that the program can
/// be given the new one meanwhile. One that was still good from an earlier time ends.
///
/// # Errors
/// `NotFound`, also for a token that has ended; refused with `OverlapInvalid`; `Forbidden` without `tokens:write`.
pub async fn rotate_api_token(
    op: &OpCtx,
    id: ApiTokenId,
    overlap: TimeDelta,
) -> Result<(ApiToken, Secret), OpError<AccountCode>> {
    op.require(Permission::TokensWrite)?;
    if !(TimeDelta::zero()..=LONGEST_OVERLAP).contains(&overlap) {
        return Err(OpError::refused(Refusal::of(AccountCode::OverlapInvalid, "overlapHours")));
    }
    let tx = op.write().await?;
    let token = store::api_tokens::by_ids(&tx, &[id]).await?.pop();
    let token = token.filter(|token| token.is_good(op.now())).ok_or(OpError::NotFound)?;
    if !may_be_given(op, token.client, token.permissions) {
        // Whoever may less than the token would have its secret.
        return Err(OpError::refused(Refusal::of(AccountCode::PermissionsInvalid, "apiTokenId")));
    }
    if let Some(client) = token.client {
        tx.concerns(client);
    }
    let secret = Secret::api_token(op.random());
    store::api_tokens::rotate(&tx, id, &secret.hash(), op.now() + overlap).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Ends a token at once. One that has ended stays as it is.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tokens:write`.
pub async fn revoke_api_token(op: &OpCtx, id: ApiTokenId) -> Result<ApiToken, OpError<AccountCode>> {
    op.require(Permission::TokensWrite)?;
    let tx = op.write().await?;
    let mut token = store::api_tokens::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    if token.revoked_at.is_none() {
        token.revoked_at = Some(op.now());
        if let Some(client) = token.client {
            tx.concerns(client);
        }
        store::api_tokens::revoke(&tx, id, op.now()).await?;
        tx.commit().await?;
    }
    Ok(token)
}

/// A page of tokens, newest first.
///
/// # Errors
/// `Forbidden` without `tokens:write`.
pub async fn api_tokens_page(
    op: &OpCtx,
    client: Option<ClientId>,
    keyset: &Keyset,
) -> Result<Page<ApiToken>, OpError<NoCode>> {
    op.require(Permission::TokensWrite)?;
    Ok(store::api_tokens::page(&*op.reader().await?, client, keyset).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `tokens:write`.
pub async fn api_tokens_by_ids(op: &OpCtx, ids: &[ApiTokenId]) -> Result<Vec<ApiToken>, OpError<NoCode>> {
    op.require(Permission::TokensWrite)?;
    Ok(store::api_tokens::by_ids(&*op.reader().await?, ids).await?)
}
