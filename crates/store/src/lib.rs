//! SQL: what changes and what must be transactional, on SQLite and on PostgreSQL.
//!
//! Every transaction carries a [`domain::access::Visibility`], and every read of a client's row goes through
//! [`Tx`]'s predicate; on PostgreSQL row-level security stands behind it. Rows become things of the domain here and nowhere
//! else. Refuses to decide anything: what may be done is `app`'s to say.

pub mod account_codes;
pub mod activities;
pub mod api_tokens;
pub mod asset_changes;
pub mod attachments;
pub mod audits;
mod bulk;
mod check;
pub mod clients;
mod config;
mod connect;
pub mod consents;
pub mod corrective_actions;
pub mod counters;
pub mod declared_assets;
pub mod deliveries;
pub mod enforcement;
mod entity;
pub mod episodes;
mod error;
pub mod exports;
pub mod findings;
pub mod graph_accounts;
pub mod idempotency;
pub mod imports;
mod inbox;
pub mod incidents;
pub mod incoming_mails;
pub mod jobs;
pub mod login_attempts;
pub mod mail_suppressions;
pub mod merkle;
pub mod notification_preferences;
pub mod notifications;
pub mod outbox;
pub mod page;
pub mod phone_numbers;
pub mod platform_events;
pub mod previews;
pub mod reply_macros;
mod rows;
pub mod saved_views;
pub mod schedules;
pub mod second_factors;
pub mod segments;
pub mod sign_ins;
pub mod sla;
pub mod stop_words;
pub mod submissions;
pub mod suppressed_recipients;
pub mod teams;
pub mod templates;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod thresholds;
pub mod ticket_links;
pub mod ticket_stream;
pub mod ticket_tags;
pub mod ticket_watchers;
pub mod tickets;
pub mod traffic_watches;
mod tx;
pub mod users;
pub mod wabas;
pub mod webhook_deliveries;
pub mod webhook_endpoints;
pub mod webhook_unplaced;
pub mod webhooks;

#[cfg(test)]
mod tests;

pub use config::StoreConfig;
pub use connect::{ConnectError, Store, UnsafeRole};
pub use error::{Fault, StoreError};
pub use inbox::{AppendError, Content, Delivery, Inbox, NewDelivery};
pub use migrations::{Address, InvalidAddress, InvalidRole, MigrateError, RuntimeRole, Target, up as migrate};
pub use tx::Tx;
