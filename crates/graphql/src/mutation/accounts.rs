//! Mutations of accounts.

mod api_tokens;
mod own;
mod sign_in;
mod users;

use app::accounts::AccountCode;
use async_graphql::MergedObject;

use crate::user_error::user_errors;

/// Mutations of accounts.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct AccountsMutation(
    sign_in::SignInMutation,
    own::OwnAccountMutation,
    users::UsersMutation,
    api_tokens::ApiTokensMutation,
);

user_errors! {
    /// Why work on accounts was refused.
    AccountUserError, AccountErrorCode from AccountCode {
        /// Address or password is wrong, or the account is shut.
        BadCredentials,
        /// The address is no e-mail address.
        EmailInvalid,
        /// Another account has the address.
        EmailTaken,
        /// The name is empty or longer than 200 characters.
        NameInvalid,
        /// The password is shorter than 12 characters or longer than 256 bytes.
        PasswordInvalid,
        /// The password is known from a breach: choose another one.
        PasswordBreached,
        /// The code is none, was used, or has ended: ask for another one.
        CodeInvalid,
        /// The account asks for a code of its second factor.
        SecondFactorRequired,
        /// Staff sign in with a second factor here: set one up first, by `secondFactorBegin`.
        SecondFactorSetupRequired,
        /// The code is not that of the second factor, or was used.
        SecondFactorInvalid,
        /// The account has a second factor: take it away first.
        SecondFactorExists,
        /// The overlap is longer than 30 days.
        OverlapInvalid,
        /// Only staff who are no administrators are limited to clients, and to at most 500.
        AssignmentInvalid,
        /// Staff roles belong to no client, client roles to one, and nobody gives more than they have.
        RoleInvalid,
        /// There is no such client for you.
        ClientNotFound,
        /// No such language.
        LanguageUnknown,
        /// No such permission, or none at all, or one that you do not hold or a client's program cannot have.
        PermissionsInvalid,
        /// The end lies in the past.
        ExpiryInPast,
    }
}
