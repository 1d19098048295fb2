//! Doing once what may be sent several times.
//!
//! A caller names an operation by a key. The key is written down before the operation runs; every transaction of the operation
//! leaves a mark that stands exactly when the transaction does; the answer is kept with the key. So a second request is answered as
//! the first was; one whose answer was lost is told so, if something was done, and done anew, if nothing was. No use case
//! knows of it.
//!
//! Answers hold what is shown once. They are kept sealed, and what opens them is made from the key, of which only a hash is kept.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::access::{Actor, Visibility};
use sha2::{Digest as _, Sha256};
use store::{StoreError, idempotency as rows};
use uuid::Uuid;

use crate::{NoCode, OpCtx, OpError};

/// How long an operation may run: one that has no answer after so long has none.
const RUNS: TimeDelta = TimeDelta::minutes(2);
/// How long keys are kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Bytes of an answer that is kept.
const LONGEST: usize = 1 << 20;

/// Shortest and longest key, in bytes: it is what protects the answer.
pub const KEY: std::ops::RangeInclusive<usize> = 16..=255;

/// An operation that is done now, for the first time.
#[derive(Debug)]
pub struct Once {
    id: Uuid,
    seal: Seal,
}

/// What is to be done about a request with a key.
#[derive(Debug)]
pub enum Begun {
    /// Do it, and [`finish`] it.
    Now(Once),
    /// It was done: this was the answer.
    Before(String),
}

/// Why a request with a key is not done.
#[derive(Debug, Clone)]
pub enum NotBegun {
    /// Keys belong to credentials, and there is none.
    NoCredential,
    /// The key is too short, too long, or no visible ASCII.
    BadKey,
    /// Something else was asked under this key.
    OtherRequest,
    /// The first request is still running.
    Running,
    /// It was done, wholly or in part, and the answer was lost.
    Lost,
    /// The store failed.
    Failed(OpError<NoCode>),
}

impl From<StoreError> for NotBegun {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// What opens an answer.
struct Seal(LessSafeKey);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    fn new(credential: &str, key: &str) -> Option<Self> {
        let digest = Sha256::digest(format!("sblocco answer\n{credential}\n{key}"));
        Some(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &digest).ok()?)))
    }

    fn close(&self, op: &OpCtx, answer: &str) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        op.random().fill(&mut nonce);
        let mut sealed = answer.as_bytes().to_vec();
        self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).ok()?;
        Some(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    fn open(&self, text: &str) -> Option<String> {
        let mut bytes = STANDARD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let answer = self.0.open_in_place(nonce, Aad::empty(), sealed).ok()?;
        String::from_utf8(answer.to_vec()).ok()
    }
}

/// Whose keys an operation uses.
fn credential(op: &OpCtx) -> Option<String> {
    match op.actor() {
        Actor::Staff { user, .. } | Actor::ClientUser { user, .. } => Some(user.to_string()),
        Actor::Token { token, .. } => Some(token.to_string()),
        // Who looks at what a client sees changes nothing, once or twice.
        Actor::Anonymous | Actor::Viewing { .. } | Actor::System => None,
    }
}

/// Begins an operation under a key. `request` is a hash of all that is asked. Everything that `op` writes from here on is marked.
///
/// # Errors
/// [`NotBegun`]
pub async fn begin(op: &OpCtx, key: &str, request: &str) -> Result<Begun, NotBegun> {
    let credential = credential(op).ok_or(NotBegun::NoCredential)?;
    if !KEY.contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NotBegun::BadKey);
    }
    let seal = Seal::new(&credential, key).ok_or(NotBegun::BadKey)?;
    let key_hash = hex::encode(Sha256::digest(format!("sblocco key\n{credential}\n{key}")));
    let now = op.now();
    let tx = op.services().store.write(&Visibility::System).await?;
    let id = match rows::find(&tx, &credential, &key_hash).await? {
        None => {
            let id = Uuid::from_u128(op.random().number());
            let begun =
                rows::Begun { id, credential, key_hash, request_hash: request.to_owned(), begun_at: now, answer: None };
            match rows::insert(&tx, &begun).await {
                Err(error) if error.is_conflict() => return Err(NotBegun::Running),
                inserted => inserted?,
            }
            id
        }
        Some(begun) if begun.request_hash != request => return Err(NotBegun::OtherRequest),
        Some(rows::Begun { answer: Some(sealed), .. }) => {
            return seal.open(&sealed).map(Begun::Before).ok_or(NotBegun::Lost);
        }
        Some(begun) if now - begun.begun_at < RUNS => return Err(NotBegun::Running),
        Some(begun) if rows::is_marked(&tx, begun.id).await? => return Err(NotBegun::Lost),
        Some(begun) => {
            if !rows::begin_again(&tx, &begun, now).await? {
                return Err(NotBegun::Running);
            }
            begun.id
        }
    };
    tx.commit().await?;
    op.mark_writes(id);
    Ok(Begun::Now(Once { id, seal }))
}

/// Keeps the answer of an operation that was begun; `None` when it failed. One of which nothing was done is forgotten unless it
/// `succeeded`, so that the caller may try again.
///
/// # Errors
/// The store failed.
pub async fn finish(op: &OpCtx, once: Once, answer: Option<&str>, succeeded: bool) -> Result<(), OpError<NoCode>> {
    let tx = op.services().store.write(&Visibility::System).await?;
    let keep = succeeded || rows::is_marked(&tx, once.id).await?;
    let sealed = answer.filter(|answer| keep && answer.len() <= LONGEST).and_then(|answer| once.seal.close(op, answer));
    match sealed {
        Some(sealed) => rows::answer(&tx, once.id, &sealed).await?,
        None if !keep => rows::forget(&tx, once.id).await?,
        // Done, and the answer cannot be kept: the next request is told so.
        None => {}
    }
    Ok(tx.commit().await?)
}

/// Forgets keys that are too old to matter: for a schedule. Returns how many.
///
/// # Errors
/// `NotFound` for anybody but the system.
pub async fn forget_old(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::NotFound);
    }
    let tx = op.write_as_system().await?;
    let forgotten = rows::purge(&tx, op.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests;
