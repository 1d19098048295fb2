//! Secrets that are shown once and kept as a hash: refresh tokens and API tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ports::Random;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What a secret opens; its prefix makes a leaked one recognisable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Renews a sign-in.
    Refresh,
    /// A program's credential.
    ApiToken,
}

impl SecretKind {
    /// What the secret begins with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "sbr_",
            Self::ApiToken => "sbt_",
        }
    }
}

/// A secret of 256 random bits; leaves memory when dropped and never shows in logs.
pub struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new secret.
    pub fn new(kind: SecretKind, random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(&mut *bytes);
        Self(Zeroizing::new(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(*bytes))))
    }

    /// The text that its owner gets, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept instead. A plain hash is enough: the secret is as random as the hash is long.
    pub fn hash(&self) -> String {
        Self::hash_of(&self.0)
    }

    /// The hash under which a presented secret would be kept.
    pub fn hash_of(presented: &str) -> String {
        hex::encode(Sha256::digest(presented.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ports::SeededRandom;

    #[test]
    fn a_secret_tells_its_kind_hides_itself_and_is_found_by_its_hash() {
        let secret = Secret::new(SecretKind::ApiToken, &SeededRandom::new(7));
        assert!(secret.reveal().starts_with("sbt_"));
        assert_eq!(secret.reveal().len(), 4 + 43);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::hash_of(secret.reveal()), secret.hash());
        assert_ne!(secret.hash(), Secret::new(SecretKind::ApiToken, &SeededRandom::new(8)).hash());
    }
}
