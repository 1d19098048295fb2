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
            Self::RoleInvalid => "error-role-invalid",
            Self::ClientNotFound => "error-client-not-found",
            Self::LanguageUnknown => "error-language-unknown",
            Self::PermissionsInvalid => "error-permissions-invalid",
            Self::ExpiryInPast => "error-expiry-in-past",
        }
    }
}
