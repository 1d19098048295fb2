//! Use cases: one function per operation, `(&OpCtx, input) -> Result<_, OpError<_>>`. Each authorises, decides by the domain, and
//! persists, with its outbox rows, in one transaction. Resolvers, handlers and jobs call these and nothing else.

pub mod accounts;
pub mod activity;
pub mod assets;
pub mod audits;
pub mod clients;
mod csv;
mod ctx;
pub mod enforcement;
mod error;
pub mod exports;
pub mod idempotency;
pub mod imports;
pub mod incoming_mail;
pub mod jobs;
pub mod ledger;
pub mod meta_webhooks;
pub mod notifications;
pub mod page;
mod platform;
pub use platform::{incidents, poll};
pub mod sla;
pub mod stop_words;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod thresholds;
pub mod tickets;
pub mod timeline;
pub mod vault;
pub mod webhooks;
mod words;

pub use ctx::{OpCtx, Services, Settings};
pub use error::{Code, InternalError, NoCode, OpError, Refusal};
