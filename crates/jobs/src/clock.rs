//! The SLA clock: looks twice a second whether something has come due. Every process does it; the store sees that each thing
//! happens once.

use std::{sync::Arc, time::Duration};

use app::{OpCtx, Services, sla};
use tokio_util::sync::CancellationToken;

use crate::health::Pulse;

/// Looks until `stop`.
pub(crate) async fn run(services: Arc<Services>, every: Duration, pulse: Pulse, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match sla::tick(&OpCtx::system(Arc::clone(&services))).await {
            Ok(looked_at) => {
                pulse.beat();
                // There may be more, which is not to wait.
                if looked_at > 0 {
                    continue;
                }
            }
            Err(error) => tracing::error!(%error, "the SLA clock could not look; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => {}
        }
    }
}
