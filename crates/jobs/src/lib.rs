//! The queue: the only crate that names apalis.
//!
//! The SQL ledger (`store::jobs`) is the truth about jobs; a task of apalis is a trigger that says "look at this job", and may come
//! twice, late, or never. [`Worker`] hands due jobs over from the outbox, lets apalis deliver them to [`app::jobs::Executor`], starts
//! schedules, and sweeps. Nothing is decided here: not when a job is tried again, not what it does.
//!
//! What apalis is not trusted with, and why, stands in `docs/adr/0006`: retries, backoff, orphans, uniqueness, schedules, cancellation.

mod clock;
mod config;
mod handler;
mod health;
mod queue;
mod relay;
mod retention;
mod setup;
mod upkeep;
mod worker;

#[cfg(test)]
mod tests;

pub use config::{QueueAddress, WorkerConfig};
pub use health::Unhealthy;
pub use queue::QueueError;
pub use setup::{check, setup};
pub use worker::Worker;
