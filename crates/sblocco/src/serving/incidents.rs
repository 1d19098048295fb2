//! Looks for incidents of the platform, in each process that works; they find the same and write it once.

use std::{sync::Arc, time::Duration};

use app::{OpCtx, Services, incidents};

use crate::lifecycle::Lifecycle;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Starts looking.
pub(super) fn look(services: &Arc<Services>, lifecycle: &mut Lifecycle) {
    let (services, stop) = (Arc::clone(services), lifecycle.stop().soft);
    lifecycle.spawn("incidents", async move {
        while !stop.is_cancelled() {
            match incidents::look(&OpCtx::system(Arc::clone(&services))).await {
                Ok(0) => {}
                Ok(incidents) => tracing::warn!(incidents, "incidents of the platform last"),
                Err(error) => tracing::error!(error = %error, "incidents of the platform could not be looked for"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        Ok::<_, String>(())
    });
}
