//! Accounts: people, what proves who they are, and programs' tokens.

mod access_token;
mod password;
mod secret;

pub use access_token::{AccessClaims, TokenRejected, TokenSigner};
pub use password::{PasswordHasher, PasswordPolicy};
pub use secret::{Secret, SecretKind};
