//! SQL: what changes and what must be transactional, on SQLite and on PostgreSQL.
//!
//! Every transaction carries a [`domain::access::Visibility`], and every read of a client's row goes through
//! [`Tx`]'s predicate; on PostgreSQL row-level security stands behind it. Rows become things of the domain here and nowhere
//! else. Refuses to decide anything: what may be done is `app`'s to say.

pub mod activities;
pub mod api_tokens;
pub mod audits;
mod check;
pub mod clients;
mod config;
mod connect;
pub mod consents;
pub mod counters;
pub mod deliveries;
pub mod enforcement;
mod entity;
mod error;
pub mod exports;
pub mod findings;
pub mod idempotency;
pub mod imports;
pub mod jobs;
pub mod login_attempts;
pub mod merkle;
pub mod notifications;
pub mod outbox;
pub mod page;
pub mod phone_numbers;
pub mod previews;
mod rows;
pub mod schedules;
pub mod segments;
pub mod sign_ins;
pub mod sla;
pub mod submissions;
pub mod templates;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod thresholds;
pub mod ticket_links;
pub mod ticket_stream;
pub mod tickets;
mod tx;
pub mod users;
pub mod wabas;

#[cfg(test)]
mod tests;

pub use config::StoreConfig;
pub use connect::{ConnectError, Store, UnsafeRole};
pub use error::{Fault, StoreError};
pub use migrations::{Address, InvalidAddress, InvalidRole, MigrateError, RuntimeRole, Target, up as migrate};
pub use tx::Tx;
