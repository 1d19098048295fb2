//! `signIn`, `signInRefresh`, `signOut`: the mutations that nobody may use.

use app::{
    OpError,
    accounts::{self, AccountCode, Credentials},
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use zeroize::Zeroizing;

use super::AccountUserError;
use crate::{context::ContextExt as _, types::Viewer};

/// Who signs in. (No `Debug`: a password is never printed.)
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// Address.
    email: String,
    /// Password.
    password: String,
    /// What the authenticator shows, or a recovery code, where the account has a second factor.
    code: Option<String>,
}

/// A refresh token. (No `Debug`: it is never printed.)
#[derive(InputObject)]
pub(crate) struct SignInRefreshInput {
    /// The token of the last `signIn` or `signInRefresh`; it is good once.
    refresh_token: String,
}

/// Which sign-in ends. (No `Debug`: a token is never printed.)
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// The token of the last `signIn` or `signInRefresh`.
    refresh_token: String,
}

/// What a person gets for signing in; the tokens are shown here and never again.
#[derive(SimpleObject)]
pub(crate) struct SignInPayload {
    /// For the header `Authorization: Bearer …`; absent when the input was refused.
    access_token: Option<String>,
    /// Seconds that the access token is good.
    expires_in: Option<i32>,
    /// For `signInRefresh`, once.
    refresh_token: Option<String>,
    /// Who signed in.
    viewer: Option<Viewer>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// The sign-in has ended.
#[derive(Debug, SimpleObject)]
pub(crate) struct SignOutPayload {
    /// Always true: a token that was not good has ended already.
    is_signed_out: bool,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

impl SignInPayload {
    async fn new(ctx: &Context<'_>, result: std::result::Result<Credentials, OpError<AccountCode>>) -> Result<Self> {
        let (credentials, user_errors) = AccountUserError::split(ctx.op(), result)?;
        let Some(credentials) = credentials else {
            return Ok(Self { access_token: None, expires_in: None, refresh_token: None, viewer: None, user_errors });
        };
        Ok(Self {
            access_token: Some(credentials.access_token),
            expires_in: i32::try_from(credentials.expires_in).ok(),
            refresh_token: Some(credentials.refresh_token.reveal().to_owned()),
            viewer: Some(Viewer::entered(ctx, credentials.user).await?),
            user_errors,
        })
    }
}

/// Signing in and out.
#[derive(Debug, Default)]
pub(crate) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Signs a person in by address and password; at most one in a document. After some failures from one address the account
    /// waits for that address: `RATE_LIMITED`, with `retryAfter` in seconds. Requires nothing.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let code = input.code.map(Zeroizing::new);
        let code = code.as_deref().map(String::as_str);
        let result = accounts::sign_in(ctx.op(), &input.email, Zeroizing::new(input.password), code).await;
        SignInPayload::new(ctx, result).await
    }

    /// Renews a sign-in: gives new tokens for a refresh token, which ends. One that was used before ends the whole sign-in, for
    /// then somebody has a copy. `UNAUTHENTICATED` for a token that is not good. Requires nothing.
    async fn sign_in_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: SignInRefreshInput,
    ) -> Result<SignInPayload> {
        let token = Zeroizing::new(input.refresh_token);
        SignInPayload::new(ctx, accounts::refresh(ctx.op(), &token).await).await
    }

    /// Ends a sign-in and its access tokens, at once. Requires nothing.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sign-in ends.")] input: SignOutInput,
    ) -> Result<SignOutPayload> {
        let token = Zeroizing::new(input.refresh_token);
        let (ended, user_errors) = AccountUserError::split(ctx.op(), accounts::sign_out(ctx.op(), &token).await)?;
        Ok(SignOutPayload { is_signed_out: ended.is_some(), user_errors })
    }
}
