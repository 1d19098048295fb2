//! `apiTokenCreate`, `apiTokenRevoke`.

use app::accounts::{self, NewApiToken};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::access::PermissionSet;

use super::AccountUserError;
use crate::{
    context::ContextExt as _,
    error::bad_input,
    id::{optional, parse},
    scalars::DateTime,
    types::ApiToken,
};

/// Most permissions of one input.
const MOST_PERMISSIONS: usize = 100;

/// A token to be made.
#[derive(Debug, InputObject)]
pub(crate) struct ApiTokenCreateInput {
    /// The client that it is bound to; absent for your own side.
    client_id: Option<ID>,
    /// What it is for, 1 to 200 characters.
    name: String,
    /// What it may do, such as `traffic:import`: nothing that you may not, and for a client nothing that its admin may not.
    permissions: Vec<String>,
    /// When it ends; absent for never.
    expires_at: Option<DateTime>,
}

/// The token that was made. (No `Debug`: its secret is never printed.)
#[derive(SimpleObject)]
pub(crate) struct ApiTokenCreatePayload {
    /// The token; absent when the input was refused.
    api_token: Option<ApiToken>,
    /// The secret, for the header `Authorization: Bearer …`. It is shown here and never again.
    secret: Option<String>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// A token to be ended.
#[derive(Debug, InputObject)]
pub(crate) struct ApiTokenRevokeInput {
    /// Which.
    api_token_id: ID,
}

/// The token that was ended.
#[derive(Debug, SimpleObject)]
pub(crate) struct ApiTokenRevokePayload {
    /// The token; absent when the input was refused.
    api_token: Option<ApiToken>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// A token that is to have another secret.
#[derive(Debug, InputObject)]
pub(crate) struct ApiTokenRotateInput {
    /// Which.
    api_token_id: ID,
    /// Hours for which the secret before stays good, at most 720.
    #[graphql(default = 24)]
    overlap_hours: i32,
}

/// Mutations of tokens.
#[derive(Debug, Default)]
pub(crate) struct ApiTokensMutation;

#[Object]
impl ApiTokensMutation {
    /// Makes a token for a program. Its secret is in the answer, once. Requires `tokens:write`.
    async fn api_token_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: ApiTokenCreateInput,
    ) -> Result<ApiTokenCreatePayload> {
        if input.permissions.len() > MOST_PERMISSIONS {
            return Err(bad_input(format!("give at most {MOST_PERMISSIONS} permissions")));
        }
        // One that is unknown makes the whole list invalid, as an empty one is.
        let known: std::result::Result<PermissionSet, ()> = input.permissions.iter().map(|word| word.parse()).collect();
        let new = NewApiToken {
            client: optional(input.client_id.as_ref())?,
            name: input.name,
            permissions: known.unwrap_or(PermissionSet::EMPTY),
            expires_at: input.expires_at.map(|end| end.0),
        };
        let (made, user_errors) = AccountUserError::split(ctx.op(), accounts::create_api_token(ctx.op(), new).await)?;
        let (token, secret) = made.unzip();
        let secret = secret.map(|secret| secret.reveal().to_owned());
        Ok(ApiTokenCreatePayload { api_token: token.map(ApiToken), secret, user_errors })
    }

    /// Ends a token at once. Requires `tokens:write`.
    async fn api_token_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: ApiTokenRevokeInput,
    ) -> Result<ApiTokenRevokePayload> {
        let id = parse(&input.api_token_id)?;
        let (token, user_errors) = AccountUserError::split(ctx.op(), accounts::revoke_api_token(ctx.op(), id).await)?;
        Ok(ApiTokenRevokePayload { api_token: token.map(ApiToken), user_errors })
    }

    /// Gives a token another secret, in the answer, once; the one before stays good for a while, so that the program can be given the
    /// new one meanwhile. Requires `tokens:write`.
    async fn api_token_rotate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: ApiTokenRotateInput,
    ) -> Result<ApiTokenCreatePayload> {
        let id = parse(&input.api_token_id)?;
        let overlap = chrono::TimeDelta::hours(i64::from(input.overlap_hours));
        let rotated = accounts::rotate_api_token(ctx.op(), id, overlap).await;
        let (made, user_errors) = AccountUserError::split(ctx.op(), rotated)?;
        let (token, secret) = made.unzip();
        let secret = secret.map(|secret| secret.reveal().to_owned());
        Ok(ApiTokenCreatePayload { api_token: token.map(ApiToken), secret, user_errors })
    }
}
