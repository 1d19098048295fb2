//! Secrets that must be read again, such as those of second factors, are kept sealed: whoever has the database alone has none of them.
//!
//! What is kept is `v1.KEY.SEALED`: which key seals it, and a nonce with the text under AES-256-GCM. What it is for and whose it is is
//! bound to it, so that a row's secret opens in no other row. The first key that is given seals; all of them open, so that a key is
//! changed by putting another one before it and having everything sealed anew (`reseal`). A text that was never sealed is read as it
//! is, and sealed with the rest.

mod reseal;

#[cfg(test)]
mod tests;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::{UserId, WebhookEndpointId, ports::Random};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use reseal::{Sealing, examine, reseal};

use crate::error::InternalError;

/// Before what is sealed; nothing that is kept open begins so.
const VERSION: &str = "v1.";
/// Characters of a key's name.
const NAME: usize = 8;

/// Whose secret it is, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The second factor of a person.
    SecondFactor(UserId),
    /// What signs the webhooks of an endpoint.
    Webhook(WebhookEndpointId),
}

impl Purpose {
    fn text(self) -> String {
        match self {
            Self::SecondFactor(user) => format!("second factor {user}"),
            Self::Webhook(endpoint) => format!("webhook {endpoint}"),
        }
    }
}

/// Seals secrets and opens them.
pub struct Vault {
    /// The first one seals.
    keys: Vec<(String, LessSafeKey)>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|(name, _)| name)).finish()
    }
}

impl Vault {
    /// A vault of these keys, texts of as much randomness as the configuration asks; the first one seals.
    ///
    /// # Errors
    /// There is no key.
    pub fn new<K: AsRef<[u8]>>(keys: impl IntoIterator<Item = K>) -> Result<Self, InternalError> {
        let failed = |detail: &str| InternalError { context: "vault", detail: detail.to_owned() };
        let keys = keys.into_iter().map(|key| {
            let digest = |what: &[u8]| Sha256::new().chain_update(what).chain_update(key.as_ref()).finalize();
            let name = hex::encode(digest(b"sblocco vault name\n"));
            let key = UnboundKey::new(&AES_256_GCM, &digest(b"sblocco vault key\n"));
            Ok((name[..NAME].to_owned(), LessSafeKey::new(key.map_err(|_| failed("a key cannot be used"))?)))
        });
        let keys = keys.collect::<Result<Vec<_>, InternalError>>()?;
        if keys.is_empty() { Err(failed("there is no key")) } else { Ok(Self { keys }) }
    }

    /// A secret as it is to be kept.
    ///
    /// # Errors
    /// Sealing failed.
    pub fn seal(&self, random: &dyn Random, purpose: Purpose, secret: &str) -> Result<String, InternalError> {
        let failed = |detail: &str| InternalError { context: "vault", detail: detail.to_owned() };
        let (name, key) = self.keys.first().ok_or_else(|| failed("there is no key"))?;
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose.text()), &mut sealed)
            .map_err(|_| failed("sealing failed"))?;
        Ok(format!("{VERSION}{name}.{}", STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// A secret as it was before it was sealed.
    ///
    /// # Errors
    /// None of the keys seals it, or it was altered, or it is the secret of something else.
    pub fn open(&self, purpose: Purpose, kept: &str) -> Result<Zeroizing<String>, InternalError> {
        let failed = |detail: String| InternalError { context: "vault", detail };
        let Some((name, sealed)) = kept.strip_prefix(VERSION).and_then(|rest| rest.split_once('.')) else {
            return Ok(Zeroizing::new(kept.to_owned()));
        };
        let key = self.keys.iter().find(|(known, _)| known == name).map(|(_, key)| key);
        let key = key.ok_or_else(|| failed(format!("the key {name} is not among those of auth.secrets_key")))?;
        let altered = || failed(format!("what is kept of the {} was altered", purpose.text()));
        let mut bytes = Zeroizing::new(STANDARD_NO_PAD.decode(sealed).map_err(|_| altered())?);
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN).ok_or_else(altered)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| altered())?;
        let opened = key.open_in_place(nonce, Aad::from(purpose.text()), sealed).map_err(|_| altered())?;
        Ok(Zeroizing::new(String::from_utf8(opened.to_vec()).map_err(|_| altered())?))
    }

    /// Whether what is kept is sealed as it would be now.
    fn is_current(&self, kept: &str) -> bool {
        let name = kept.strip_prefix(VERSION).and_then(|rest| rest.split_once('.')).map(|(name, _)| name);
        name.is_some() && name == self.keys.first().map(|(name, _)| &**name)
    }
}
