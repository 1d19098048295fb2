//! Passwords: argon2id, away from the async runtime, a bounded number at a time (each takes 19 MiB).

use std::{path::Path, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use domain::ports::Random;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::breached;
use crate::error::InternalError;

/// What a password must be. Length is what counts (NIST SP 800-63B); composition rules are not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy;

impl PasswordPolicy {
    /// Least length in characters.
    pub const LEAST: usize = 12;
    /// Greatest length in bytes: long enough for any phrase, short enough to hash.
    pub const GREATEST: usize = 256;

    /// Whether `password` may be set.
    pub fn accepts(password: &str) -> bool {
        password.chars().count() >= Self::LEAST && password.len() <= Self::GREATEST
    }
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct PasswordHasher {
    permits: Arc<Semaphore>,
    argon2: Argon2<'static>,
    /// Checked when there is no such user, so that both cases take the same time.
    decoy: Arc<str>,
    /// A file of passwords that are known from breaches.
    breached: Option<Arc<Path>>,
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher").field("free", &self.permits.available_permits()).finish_non_exhaustive()
    }
}

impl PasswordHasher {
    /// A hasher that works on at most `concurrency` passwords at a time, with the parameters that OWASP's password storage cheat
    /// sheet names first for argon2id: 19 MiB, 2 passes, 1 lane.
    ///
    /// # Errors
    /// The parameters are refused by the library.
    pub fn new(concurrency: usize, random: &dyn Random) -> Result<Self, InternalError> {
        let params = Params::new(19_456, 2, 1, None).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, b"no such user has this password", &salt(random))?;
        Ok(Self { permits: Arc::new(Semaphore::new(concurrency.max(1))), argon2, decoy: decoy.into(), breached: None })
    }

    /// The same, which also knows the passwords of a file of SHA-1 hashes in their order.
    #[must_use]
    pub fn with_breached(mut self, file: &Path) -> Self {
        self.breached = Some(file.into());
        self
    }

    /// Whether a password is known from a breach; never without a file.
    ///
    /// # Errors
    /// The file cannot be read, or the runtime is going down.
    pub async fn is_breached(&self, password: Zeroizing<String>) -> Result<bool, InternalError> {
        let Some(file) = self.breached.clone() else { return Ok(false) };
        self.apart(move || breached::holds(&file, &password)).await?.map_err(failed)
    }

    /// The hash of `password`, as a PHC string.
    ///
    /// # Errors
    /// The library failed, or the runtime is going down.
    pub async fn hash(&self, password: Zeroizing<String>, random: &dyn Random) -> Result<String, InternalError> {
        let salt = salt(random);
        let argon2 = self.argon2.clone();
        self.apart(move || hash(&argon2, password.as_bytes(), &salt)).await?
    }

    /// Whether `password` belongs to `hash`; without a hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// The runtime is going down. A damaged hash is a no.
    pub async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> Result<bool, InternalError> {
        let argon2 = self.argon2.clone();
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        self.apart(move || {
            let parsed = PasswordHash::new(&hash);
            exists & parsed.is_ok_and(|parsed| argon2.verify_password(password.as_bytes(), &parsed).is_ok())
        })
        .await
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, InternalError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(failed)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(failed)
    }
}

fn salt(random: &dyn Random) -> [u8; 16] {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    salt
}

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String, InternalError> {
    Ok(argon2.hash_password_with_salt(password, salt).map_err(failed)?.to_string())
}

fn failed(error: impl std::fmt::Display) -> InternalError {
    InternalError { context: "password hashing", detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ports::SeededRandom;

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_alone() {
        let random = SeededRandom::new(1);
        let hasher = PasswordHasher::new(1, &random).unwrap();
        let hash = hasher.hash(secret("corretto cavallo batteria"), &random).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify(secret("corretto cavallo batteria"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(secret("corretto cavallo"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(secret("no such user has this password"), None).await.unwrap());
        assert!(!hasher.verify(secret("x"), Some("damaged".into())).await.unwrap());
    }

    #[test]
    fn length_is_what_counts() {
        assert!(!PasswordPolicy::accepts("Tr0ub4dor&3"));
        assert!(PasswordPolicy::accepts("dodici segni"));
        assert!(!PasswordPolicy::accepts(&"x".repeat(257)));
    }
}
