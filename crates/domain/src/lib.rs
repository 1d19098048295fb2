//! What Sblocco speaks of: ids, identities, entities, state machines, permissions, enforcement, findings, and the ports
//! through which the rest reaches the outside. No I/O, no clock, no randomness of its own.

pub mod access;
pub mod accounts;
pub mod activity;
pub mod assets;
pub mod audits;
pub mod clients;
pub mod enforcement;
pub mod evidence;
pub mod graph;
mod id;
pub mod imports;
pub mod incidents;
pub mod jobs;
pub mod ledger;
pub mod merkle;
pub mod notifications;
pub mod ports;
pub mod previews;
pub mod sla;
pub mod thresholds;
pub mod tickets;
pub mod traffic;
pub mod webhooks;

mod words;

pub use id::*;
pub use words::UnknownWord;

/// An instant: UTC, with microseconds.
pub type Instant = chrono::DateTime<chrono::Utc>;
