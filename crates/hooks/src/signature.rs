//! Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Instant, ports::Random};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";
/// 256 bits: the specification wants 192 to 512.
const LENGTH: usize = 32;
/// The block of SHA-256, up to which HMAC fills a key with zeros.
const BLOCK: usize = 64;

/// A secret that an endpoint shares with us.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; LENGTH]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A text that is no secret of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no secret of a webhook")]
pub struct InvalidSecret;

impl Secret {
    /// A new one.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        random.fill(&mut *bytes);
        Self(bytes)
    }

    /// As its owner gets it, and as it is kept: `whsec_…`.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(*self.0)))
    }
}

impl FromStr for Secret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidSecret)?;
        let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| InvalidSecret)?);
        let bytes: [u8; LENGTH] = bytes.as_slice().try_into().map_err(|_| InvalidSecret)?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

/// The header `webhook-signature`: one signature for each secret, so that a receiver that knows one of them can check while secrets
/// are changed.
pub fn sign(secrets: &[Secret], id: &str, at: Instant, body: &[u8]) -> String {
    let signed = |secret: &Secret| {
        let mut block = Zeroizing::new([0; BLOCK]);
        block[..LENGTH].copy_from_slice(&*secret.0);
        let mut signer = Hmac::<Sha256>::new(&(*block).into());
        signer.update(format!("{id}.{}.", at.timestamp()).as_bytes());
        signer.update(body);
        format!("v1,{}", STANDARD.encode(signer.finalize().into_bytes()))
    };
    secrets.iter().map(signed).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use domain::ports::SeededRandom;

    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // Computed apart, with Python's hmac over `msg_1.1614265330.{"test":2432232314}`.
        let secret: Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".parse().unwrap();
        let at = Instant::from_timestamp(1_614_265_330, 0).unwrap();
        let signature = sign(std::slice::from_ref(&secret), "msg_1", at, br#"{"test":2432232314}"#);
        assert_eq!(signature, "v1,vXDmOokJdKNroS5ozKDD7Ex26CvU20J1YJuGMD2PhF8=");
        let both = sign(&[secret.clone(), Secret::new(&SeededRandom::new(1))], "msg_1", at, b"x");
        assert_eq!(both.split(' ').count(), 2);
    }

    #[test]
    fn a_secret_reads_back_and_is_not_shown() {
        let secret = Secret::new(&SeededRandom::new(7));
        assert_eq!(secret.reveal().parse(), Ok(secret.clone()));
        assert!(!format!("{secret:?}").contains("whsec"));
        for bad in ["", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] {
            assert_eq!(bad.parse::<Secret>(), Err(InvalidSecret), "{bad}");
        }
    }
}
