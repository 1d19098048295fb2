//! The sign of life of an import that runs.

use std::{sync::Arc, time::Duration};

use domain::{ImportId, access::Visibility, ports::CancelFlag};
use store::StoreError;
use tokio::task::AbortHandle;

use crate::Services;

/// Time between two signs of life.
const EVERY: Duration = Duration::from_secs(30);

/// Gives signs of life until it is dropped.
#[derive(Debug)]
pub(super) struct Heartbeat(AbortHandle);

impl Heartbeat {
    /// Begins. When the import was given up meanwhile, `cancel` is raised.
    pub(super) fn begin(services: Arc<Services>, visibility: Visibility, import: ImportId, cancel: CancelFlag) -> Self {
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                match beat(&services, &visibility, import).await {
                    Ok(true) => {}
                    Ok(false) => {
                        cancel.cancel();
                        return;
                    }
                    // The next one may succeed; when none does, others give the import up.
                    Err(error) => tracing::warn!(import.id = %import, error = %error, "an import gave no sign of life"),
                }
            }
        });
        Self(task.abort_handle())
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn beat(services: &Services, visibility: &Visibility, import: ImportId) -> Result<bool, StoreError> {
    let tx = services.store.write(visibility).await?;
    let goes_on = store::imports::heartbeat(&tx, import, services.clock.now()).await?;
    tx.commit().await?;
    Ok(goes_on)
}
