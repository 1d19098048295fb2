//! Imports whose process is gone.

use chrono::TimeDelta;
use domain::{
    access::Visibility,
    imports::{ImportFailure, ImportFailureKind},
};

use super::{assets, ledger};
use crate::{NoCode, OpCtx, OpError};

/// Silence after which nobody reads the file any more: many heartbeats.
const SILENCE: TimeDelta = TimeDelta::minutes(5);
/// Imports that are given up at a time.
const BATCH: u64 = 50;

/// Gives up imports that run and fell silent, throws away what waited for them, and returns how many there were. Their segments
/// are orphans of the lake and are swept.
///
/// For operations of the product itself: at the start of a process, and with the sweep of the lake.
///
/// # Errors
/// The database is unavailable; what was given up so far stays so.
pub async fn fail_abandoned(op: &OpCtx) -> Result<u64, OpError<NoCode>> {
    let services = op.services();
    let mut given_up = 0;
    loop {
        let now = services.clock.now();
        let look = services.store.read(op.visibility()).await?;
        let silent = store::imports::silent(&look, now - SILENCE, BATCH).await?;
        look.rollback().await?;
        let count = silent.len() as u64;
        for import in silent {
            let tx = op.write_as_system().await?;
            let failure = ImportFailure::of(ImportFailureKind::Abandoned);
            if store::imports::fail(&tx, import.id, &failure, now).await? {
                tx.commit().await?;
                given_up += 1;
                tracing::warn!(import.id = %import.id, "an import fell silent and was given up");
            } else {
                tx.rollback().await?;
            }
        }
        if count < BATCH {
            // Also what others left, whose processes were killed while they tidied up.
            ledger::tidy(services, &Visibility::System).await?;
            assets::tidy(services, &Visibility::System).await?;
            return Ok(given_up);
        }
    }
}
