//! Why work on accounts is refused.

use crate::Code;

/// Why work on accounts is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountCode {
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
    /// The password is known from a breach.
    PasswordBreached,
    /// The code is none, was used, or has ended.
    CodeInvalid,
    /// The account asks for a code of its second factor.
    SecondFactorRequired,
    /// Staff sign in with a second factor: set one up first.
    SecondFactorSetupRequired,
    /// The code is not that of the second factor, or was used.
    SecondFactorInvalid,
    /// The account has a second factor: take it away first.
    SecondFactorExists,
    /// The overlap is longer than 30 days.
    OverlapInvalid,
    /// Only staff who are no administrators are limited to clients, and to at most 500.
    AssignmentInvalid,
    /// Staff roles belong to no client, client roles to one.
    RoleInvalid,
    /// There is no such client for the actor.
    ClientNotFound,
    /// No such language.
    LanguageUnknown,
    /// No such permission, or none at all, or one that the actor does not hold.
    PermissionsInvalid,
    /// The end lies in the past.
    ExpiryInPast,
}

impl Code for AccountCode {
    fn key(self) -> &'static str {
        match self {
            Self::BadCredentials => "error-bad-credentials",
            Self::EmailInvalid => "error-email-invalid",
            Self::EmailTaken => "error-email-taken",
            Self::NameInvalid => "error-name-invalid",
            Self::PasswordInvalid => "error-password-invalid",
            Self::PasswordBreached => "error-password-breached",
            Self::CodeInvalid => "error-code-invalid",
            Self::SecondFactorRequired => "error-second-factor-required",
            Self::SecondFactorSetupRequired => "error-second-factor-setup-required",
            Self::SecondFactorInvalid => "error-second-factor-invalid",
            Self::SecondFactorExists => "error-second-factor-exists",
            Self::OverlapInvalid => "error-overlap-invalid",
            Self::AssignmentInvalid => "error-assignment-invalid",
            Self::RoleInvalid => "error-role-invalid",
            Self::ClientNotFound => "error-client-not-found",
            Self::LanguageUnknown => "error-language-unknown",
            Self::PermissionsInvalid => "error-permissions-invalid",
            Self::ExpiryInPast => "error-expiry-in-past",
        }
    }
}
