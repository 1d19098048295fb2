//! Sealing anew: what was never sealed, and what is sealed with a key that is to go.

use store::{
    StoreError, Tx, second_factors,
    webhook_endpoints::{self, KeptSecrets},
};

use super::{Purpose, Vault};
use crate::{NoCode, OpCtx, OpError, error::InternalError};

/// Rows that are read at a time.
const BATCH: u64 = 200;

/// How the secrets of a database are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Sealed with the key that seals now.
    pub current: u64,
    /// Not sealed, or sealed with another key that is known.
    pub old: u64,
    /// Sealed with a key that is not known: they cannot be read.
    pub unreadable: u64,
}

impl Sealing {
    fn count(&mut self, vault: &Vault, purpose: Purpose, kept: &str) {
        match vault.open(purpose, kept) {
            Ok(_) if vault.is_current(kept) => self.current += 1,
            Ok(_) => self.old += 1,
            Err(_) => self.unreadable += 1,
        }
    }
}

fn endpoint_secrets(kept: &KeptSecrets) -> impl Iterator<Item = &str> {
    std::iter::once(&*kept.secret).chain(kept.previous.as_deref())
}

/// How the secrets are kept, as `tx`, which sees all, finds them.
///
/// # Errors
/// The database is unavailable.
pub async fn examine(tx: &Tx, vault: &Vault) -> Result<Sealing, StoreError> {
    let mut sealing = Sealing::default();
    let mut after = None;
    loop {
        let factors = second_factors::secrets(tx, after, BATCH).await?;
        for (user, kept) in &factors {
            sealing.count(vault, Purpose::SecondFactor(*user), kept);
        }
        let Some((last, _)) = factors.last() else { break };
        after = Some(*last);
    }
    let mut after = None;
    loop {
        let endpoints = webhook_endpoints::kept_secrets(tx, after, BATCH).await?;
        for endpoint in &endpoints {
            endpoint_secrets(endpoint).for_each(|kept| sealing.count(vault, Purpose::Webhook(endpoint.id), kept));
        }
        let Some(last) = endpoints.last() else { break };
        after = Some(last.id);
    }
    Ok(sealing)
}

/// Seals with the key that seals now whatever is not, and returns how many secrets that were. Any number of processes may do so at
/// once. What cannot be read stays as it is, and is told.
///
/// # Errors
/// `NotFound` for anybody but the system.
pub async fn reseal(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    if *op.actor() != domain::access::Actor::System {
        return Err(OpError::NotFound);
    }
    Ok(reseal_factors(op).await? + reseal_endpoints(op).await?)
}

/// A secret sealed anew; `None` when it is as it should be, or cannot be read.
fn anew(op: &OpCtx, purpose: Purpose, kept: &str) -> Result<Option<String>, InternalError> {
    let vault = &op.services().vault;
    if vault.is_current(kept) {
        return Ok(None);
    }
    match vault.open(purpose, kept) {
        Ok(secret) => vault.seal(op.random(), purpose, &secret).map(Some),
        Err(error) => {
            tracing::error!(error.detail = error.detail, "a secret cannot be read, and stays as it is");
            Ok(None)
        }
    }
}

async fn reseal_factors(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    let (mut sealed, mut after) = (0, None);
    loop {
        let tx = op.unrecorded_as_system().await?;
        let factors = second_factors::secrets(&tx, after, BATCH).await?;
        let Some((last, _)) = factors.last() else { return Ok(sealed) };
        after = Some(*last);
        for (user, kept) in &factors {
            if let Some(anew) = anew(op, Purpose::SecondFactor(*user), kept).map_err(OpError::Internal)? {
                sealed += u64::from(second_factors::replace_secret(&tx, *user, kept, &anew).await?);
            }
        }
        tx.commit().await?;
    }
}

async fn reseal_endpoints(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    let (mut sealed, mut after) = (0, None);
    loop {
        let tx = op.unrecorded_as_system().await?;
        let endpoints = webhook_endpoints::kept_secrets(&tx, after, BATCH).await?;
        let Some(last) = endpoints.last() else { return Ok(sealed) };
        after = Some(last.id);
        for kept in &endpoints {
            let purpose = Purpose::Webhook(kept.id);
            let secret = anew(op, purpose, &kept.secret).map_err(OpError::Internal)?;
            let previous = kept.previous.as_deref().map(|previous| anew(op, purpose, previous));
            let previous = previous.transpose().map_err(OpError::Internal)?.flatten();
            let changed = u64::from(secret.is_some()) + u64::from(previous.is_some());
            if changed == 0 {
                continue;
            }
            let wanted = KeptSecrets {
                id: kept.id,
                secret: secret.unwrap_or_else(|| kept.secret.clone()),
                previous: previous.or_else(|| kept.previous.clone()),
            };
            if webhook_endpoints::replace_secrets(&tx, kept, &wanted).await? {
                sealed += changed;
            }
        }
        tx.commit().await?;
    }
}
