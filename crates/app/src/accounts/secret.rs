//! Secrets that are shown once and kept as a hash: refresh tokens and API tokens. A prefix makes a leaked one recognisable.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{SignInId, ports::Random};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const API_TOKEN: &str = "sbt_";
const REFRESH: &str = "sbr_";
const MAILED: &str = "sbm_";
const RECOVERY: &str = "sbc_";

/// A secret of 256 random bits; leaves memory when dropped and never shows in logs.
pub struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn random_text(random: &dyn Random) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut *bytes);
    Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
}

impl Secret {
    /// A program's credential.
    pub fn api_token(random: &dyn Random) -> Self {
        Self(Zeroizing::new(format!("{API_TOKEN}{}", *random_text(random))))
    }

    /// What renews a sign-in. It names the sign-in, so that one that was replaced long ago is still known for what it is.
    pub fn refresh(sign_in: SignInId, random: &dyn Random) -> Self {
        Self(Zeroizing::new(format!("{REFRESH}{sign_in}.{}", *random_text(random))))
    }

    /// A code that is mailed.
    pub fn mailed(random: &dyn Random) -> Self {
        Self(Zeroizing::new(format!("{MAILED}{}", *random_text(random))))
    }

    /// A code in the place of a second factor: 80 random bits, which people can write down.
    pub fn recovery(random: &dyn Random) -> Self {
        let number = random.number();
        Self(Zeroizing::new(format!("{RECOVERY}{:020x}", number & ((1 << 80) - 1))))
    }

    /// Whether a text is meant to be a recovery code.
    pub fn is_recovery(presented: &str) -> bool {
        presented.trim().starts_with(RECOVERY)
    }

    /// Whether a credential is meant to be an API token.
    pub fn is_api_token(presented: &str) -> bool {
        presented.starts_with(API_TOKEN)
    }

    /// The sign-in that a refresh token names; `None` when it is none.
    pub fn sign_in_of(presented: &str) -> Option<SignInId> {
        presented.strip_prefix(REFRESH)?.split_once('.')?.0.parse().ok()
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

    /// Whether a presented secret is the one of this hash; takes the same time wherever they differ.
    pub fn is_of(presented: &str, hash: &str) -> bool {
        Self::hash_of(presented).as_bytes().ct_eq(hash.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Instant, ports::SeededRandom};

    #[test]
    fn a_secret_tells_its_kind_hides_itself_and_is_found_by_its_hash() {
        let secret = Secret::api_token(&SeededRandom::new(7));
        assert!(Secret::is_api_token(secret.reveal()));
        assert_eq!(secret.reveal().len(), 4 + 43);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::hash_of(secret.reveal()), secret.hash());
        assert!(Secret::is_of(secret.reveal(), &secret.hash()));
        assert_ne!(secret.hash(), Secret::api_token(&SeededRandom::new(8)).hash());
    }

    #[test]
    fn a_refresh_token_names_its_sign_in() {
        let random = SeededRandom::new(7);
        let sign_in = SignInId::new(Instant::default(), &random);
        let secret = Secret::refresh(sign_in, &random);
        assert_eq!(Secret::sign_in_of(secret.reveal()), Some(sign_in));
        assert!(!Secret::is_api_token(secret.reveal()));
        for bad in ["", "sbr_", "sbr_x.y", "sbt_x", "sbr_sin_01J00000000000000000000000"] {
            assert_eq!(Secret::sign_in_of(bad), None, "{bad}");
        }
    }
}
