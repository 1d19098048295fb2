//! Taking a body in.

use meta::{ReadError, webhook};
use store::{AppendError, NewDelivery, StoreError};

use crate::Services;

/// Why a body was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// It is no JSON that could hold changes.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// More come than can be stored; the same body may be sent again a little later.
    #[error("more webhooks come than can be stored: try again")]
    Full,
    /// The store could not.
    #[error(transparent)]
    Store(StoreError),
}

impl From<AppendError> for ReceiveError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Full => Self::Full,
            AppendError::Store(error) => Self::Store(error),
        }
    }
}

impl From<StoreError> for ReceiveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Stores a body whose sender is known to be Meta; returns when it is on the disk.
///
/// # Errors
/// [`ReceiveError`]; then nothing was stored.
pub async fn receive(services: &Services, body: Vec<u8>) -> Result<(), ReceiveError> {
    let survey = webhook::survey(&body)?;
    let inbox = services.store.inbox().await?;
    let delivery = NewDelivery {
        received_at: services.clock.now(),
        has_traffic: survey.has_traffic,
        has_notices: survey.has_notices,
        body,
    };
    Ok(inbox.append(delivery).await?)
}
