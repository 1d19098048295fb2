//! When programs were last seen: noted in memory with every request, and written for all of them together now and then, so that reading
//! never means writing. What a process that dies has not written yet is lost: it tells people which tokens are in use, and decides
//! nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{ApiTokenId, Instant, access::Actor};

use crate::{NoCode, OpCtx, OpError};

/// The last use of each token, since they were written last.
#[derive(Debug, Default)]
pub struct TokenUses(Mutex<HashMap<ApiTokenId, Instant>>);

impl TokenUses {
    pub(super) fn note(&self, token: ApiTokenId, now: Instant) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.entry(token).or_insert(now);
        *last = now.max(*last);
    }

    fn take(&self) -> HashMap<ApiTokenId, Instant> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, uses: HashMap<ApiTokenId, Instant>) {
        for (token, last) in uses {
            self.note(token, last);
        }
    }
}

/// Writes when programs were last seen, in one transaction: for a task of each process that answers requests. Returns how many.
///
/// # Errors
/// `NotFound` for anybody but the system; what could not be written is written the next time.
pub async fn keep_token_uses(op: &OpCtx) -> Result<usize, OpError<NoCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::NotFound);
    }
    let uses = op.services().token_uses.take();
    if uses.is_empty() {
        return Ok(0);
    }
    let written = async {
        let tx = op.unrecorded_as_system().await?;
        for (token, last) in &uses {
            store::api_tokens::used(&tx, *token, *last).await?;
        }
        tx.commit().await.map_err(OpError::from)
    };
    match written.await {
        Ok(()) => Ok(uses.len()),
        Err(error) => {
            op.services().token_uses.put_back(uses);
            Err(error)
        }
    }
}
