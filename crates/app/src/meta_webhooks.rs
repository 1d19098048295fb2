//! Webhooks of Meta: stored as they come, understood later. Duplicates and any order lead to the same end.
//!
//! A body is stored in the inbox before it is acknowledged ([`receive`]). Two consumers deal with what lies there: one with notices of
//! accounts, numbers, templates and preferences, at once; one with what is told of messages, in batches that become segments of the
//! lake. Each writes how far it has come in the transaction of the effects, so that a crash repeats nothing that counted and
//! loses nothing.

mod accounts;
mod clocks;
mod consume;
mod failures;
mod notices;
mod oddities;
mod opt_outs;
mod receive;
mod rows;
mod traffic;
mod unplaced;
mod upkeep;
mod words;

#[cfg(test)]
mod tests;

pub use consume::{Consumed, Consumer, Kind};
pub use receive::{ReceiveError, receive};
pub use unplaced::place;
pub use upkeep::{Insight, claim, insight, prune};

use crate::OpError;

/// Work for a thread of its own: reading thousands of bodies would hold up the requests that share the runtime's threads.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, OpError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| OpError::internal("reading webhooks", error))
}
