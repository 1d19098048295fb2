//! Incidents of the platform.

use async_graphql::{ID, Object};
use domain::incidents;

use crate::scalars::{BigInt, DateTime};

/// One error that was far more frequent than usual at many clients at once: a matter of Meta's, not of theirs.
#[derive(Debug, Clone)]
pub(crate) struct PlatformIncident(pub(crate) incidents::PlatformIncident);

/// One error that was far more frequent than usual at many clients at once: a matter of Meta's, not of theirs.
#[Object]
impl PlatformIncident {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Meta's code.
    async fn code(&self) -> u32 {
        self.0.code
    }

    /// The quarter of an hour in which it was seen first.
    async fn began_at(&self) -> DateTime {
        self.0.began_at.into()
    }

    /// The quarter of an hour in which it was seen last.
    async fn last_at(&self) -> DateTime {
        self.0.last_at.into()
    }

    /// When it was over; `null` while it lasts.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(Into::into)
    }

    /// Clients at which the error was up at once, at most.
    async fn clients(&self) -> BigInt {
        BigInt(self.0.clients)
    }

    /// Messages that failed with it.
    async fn messages(&self) -> BigInt {
        BigInt(self.0.messages)
    }
}
