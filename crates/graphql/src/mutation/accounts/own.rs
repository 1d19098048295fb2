//! What people do with their own account: invitations, lost passwords, addresses, second factors, sign-ins.

use app::{
    OpError,
    accounts::{self, AccountCode},
};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::accounts::CodeKind;
use zeroize::Zeroizing;

use super::{AccountUserError, users::UserPayload};
use crate::{context::ContextExt as _, id};

/// A first password. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct InvitationAcceptInput {
    /// The code of the invitation.
    code: String,
    /// The password: 12 characters at least, 256 bytes at most.
    password: String,
}

/// Whose password is lost.
#[derive(Debug, InputObject)]
pub(crate) struct PasswordResetRequestInput {
    /// Address.
    email: String,
}

/// A new password. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct PasswordResetInput {
    /// The code that was mailed.
    code: String,
    /// The password: 12 characters at least, 256 bytes at most.
    password: String,
}

/// Another password. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct PasswordChangeInput {
    /// Your password.
    current_password: String,
    /// The new one: 12 characters at least, 256 bytes at most.
    password: String,
}

/// What is to be changed of yourself; what is absent stays.
#[derive(Debug, InputObject)]
pub(crate) struct ViewerUpdateInput {
    /// Name, 1 to 200 characters.
    name: Option<String>,
    /// Language of texts: `it` or `en`.
    language: Option<String>,
}

/// Another address. (No `Debug`: a password is never printed.)
#[derive(InputObject)]
pub(crate) struct EmailChangeRequestInput {
    /// The new address.
    email: String,
    /// Your password.
    password: String,
}

/// The code of another address. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct EmailChangeConfirmInput {
    /// The code that was mailed.
    code: String,
}

/// Whose second factor. (No `Debug`: a password is never printed.)
#[derive(InputObject)]
pub(crate) struct SecondFactorBeginInput {
    /// Address.
    email: String,
    /// Password.
    password: String,
}

/// That an authenticator works. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct SecondFactorConfirmInput {
    /// Address.
    email: String,
    /// Password.
    password: String,
    /// What the authenticator shows.
    code: String,
}

/// No second factor any more. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct SecondFactorDisableInput {
    /// Your password.
    password: String,
    /// What the authenticator shows, or a recovery code.
    code: String,
}

/// Other recovery codes. (No `Debug`: secrets are never printed.)
#[derive(InputObject)]
pub(crate) struct RecoveryCodesReplaceInput {
    /// Your password.
    password: String,
    /// What the authenticator shows, or a recovery code.
    code: String,
}

/// Which of your sign-ins ends.
#[derive(Debug, InputObject)]
pub(crate) struct SignInRevokeInput {
    /// Which; absent, all.
    sign_in_id: Option<ID>,
}

/// Whether it was done.
#[derive(Debug, SimpleObject)]
pub(crate) struct AccountPayload {
    /// Whether it was done; of what is mailed, whether it was taken, whoever has the address.
    is_done: bool,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

impl AccountPayload {
    fn new<T>(op: &app::OpCtx, result: std::result::Result<T, OpError<AccountCode>>) -> Result<Self> {
        let (done, user_errors) = AccountUserError::split(op, result)?;
        Ok(Self { is_done: done.is_some(), user_errors })
    }
}

/// What an authenticator is given. (No `Debug`: it is never printed.)
#[derive(SimpleObject)]
pub(crate) struct SecondFactorBeginPayload {
    /// The secret, to be typed; absent when the input was refused.
    secret: Option<String>,
    /// The same as an address (`otpauth://…`), for a QR code.
    uri: Option<String>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// Codes for whoever loses the authenticator. (No `Debug`: they are never printed.)
#[derive(SimpleObject)]
pub(crate) struct SecondFactorConfirmPayload {
    /// Each signs in once in the place of the authenticator; shown here and never again. Empty when the input was refused.
    recovery_codes: Vec<String>,
    /// Why the input was refused.
    user_errors: Vec<AccountUserError>,
}

/// Mutations of one's own account.
#[derive(Debug, Default)]
pub(crate) struct OwnAccountMutation;

#[Object]
impl OwnAccountMutation {
    /// Accepts an invitation: sets the first password. Then sign in. Requires nothing.
    async fn invitation_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code and password.")] input: InvitationAcceptInput,
    ) -> Result<AccountPayload> {
        let (code, password) = (Zeroizing::new(input.code), Zeroizing::new(input.password));
        let result = accounts::set_password_by_code(ctx.op(), CodeKind::Invitation, &code, password).await;
        AccountPayload::new(ctx.op(), result)
    }

    /// Has a code mailed with which a lost password is replaced. The answer is the same for every address. Requires nothing.
    async fn password_reset_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password.")] input: PasswordResetRequestInput,
    ) -> Result<AccountPayload> {
        AccountPayload::new(ctx.op(), accounts::request_password_reset(ctx.op(), &input.email).await)
    }

    /// Sets a new password with the code that was mailed; all sign-ins end. Requires nothing.
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code and password.")] input: PasswordResetInput,
    ) -> Result<AccountPayload> {
        let (code, password) = (Zeroizing::new(input.code), Zeroizing::new(input.password));
        let result = accounts::set_password_by_code(ctx.op(), CodeKind::PasswordReset, &code, password).await;
        AccountPayload::new(ctx.op(), result)
    }

    /// Changes your password; all of your sign-ins end, this one too. Requires a person who is signed in.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: PasswordChangeInput,
    ) -> Result<AccountPayload> {
        let (current, password) = (Zeroizing::new(input.current_password), Zeroizing::new(input.password));
        AccountPayload::new(ctx.op(), accounts::change_password(ctx.op(), current, password).await)
    }

    /// Changes your name or the language of your texts. Requires a person who is signed in.
    async fn viewer_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What.")] input: ViewerUpdateInput,
    ) -> Result<UserPayload> {
        UserPayload::new(ctx.op(), accounts::update_own(ctx.op(), input.name, input.language).await)
    }

    /// Has a code mailed to your new address, which confirms it. Requires a person who is signed in.
    async fn email_change_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: EmailChangeRequestInput,
    ) -> Result<AccountPayload> {
        let password = Zeroizing::new(input.password);
        AccountPayload::new(ctx.op(), accounts::request_email_change(ctx.op(), &input.email, password).await)
    }

    /// Confirms a new address with the code that was mailed to it; the old one is told. Requires nothing.
    async fn email_change_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: EmailChangeConfirmInput,
    ) -> Result<AccountPayload> {
        let code = Zeroizing::new(input.code);
        AccountPayload::new(ctx.op(), accounts::confirm_email(ctx.op(), &code).await)
    }

    /// Begins to set up a second factor (RFC 6238): give the secret to an authenticator, then confirm. Requires nothing but the
    /// password, for staff may have to do it before they sign in.
    async fn second_factor_begin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: SecondFactorBeginInput,
    ) -> Result<SecondFactorBeginPayload> {
        let begun = accounts::begin_second_factor(ctx.op(), &input.email, Zeroizing::new(input.password)).await;
        let (factor, user_errors) = AccountUserError::split(ctx.op(), begun)?;
        let (secret, uri) = factor.map(|factor| (factor.secret.to_string(), factor.uri.to_string())).unzip();
        Ok(SecondFactorBeginPayload { secret, uri, user_errors })
    }

    /// Confirms a second factor with a code that the authenticator shows: from now on one is asked for. Requires nothing but the
    /// password.
    async fn second_factor_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: SecondFactorConfirmInput,
    ) -> Result<SecondFactorConfirmPayload> {
        let (password, code) = (Zeroizing::new(input.password), Zeroizing::new(input.code));
        let confirmed = accounts::confirm_second_factor(ctx.op(), &input.email, password, &code).await;
        let (codes, user_errors) = AccountUserError::split(ctx.op(), confirmed)?;
        let recovery_codes = codes.unwrap_or_default().iter().map(|code| code.reveal().to_owned()).collect();
        Ok(SecondFactorConfirmPayload { recovery_codes, user_errors })
    }

    /// Gives you new recovery codes; the ones before are good for nothing. Requires a person who is signed in.
    async fn recovery_codes_replace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Password and code.")] input: RecoveryCodesReplaceInput,
    ) -> Result<SecondFactorConfirmPayload> {
        let (password, code) = (Zeroizing::new(input.password), Zeroizing::new(input.code));
        let replaced = accounts::replace_recovery_codes(ctx.op(), password, &code).await;
        let (codes, user_errors) = AccountUserError::split(ctx.op(), replaced)?;
        let recovery_codes = codes.unwrap_or_default().iter().map(|code| code.reveal().to_owned()).collect();
        Ok(SecondFactorConfirmPayload { recovery_codes, user_errors })
    }

    /// Takes your second factor away, with its recovery codes. Requires a person who is signed in.
    async fn second_factor_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Password and code.")] input: SecondFactorDisableInput,
    ) -> Result<AccountPayload> {
        let (password, code) = (Zeroizing::new(input.password), Zeroizing::new(input.code));
        AccountPayload::new(ctx.op(), accounts::disable_second_factor(ctx.op(), password, &code).await)
    }

    /// Ends one of your sign-ins, or all, with their access tokens, at once. Requires a person who is signed in.
    async fn sign_in_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: SignInRevokeInput,
    ) -> Result<AccountPayload> {
        let sign_in = id::optional(input.sign_in_id.as_ref())?;
        AccountPayload::new(ctx.op(), accounts::revoke_sign_ins(ctx.op(), sign_in).await)
    }
}
