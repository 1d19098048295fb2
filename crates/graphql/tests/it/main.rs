//! The GraphQL API, in process, over real stores.
// As deep as the merged roots of the schema.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod accounts;
mod activity;
mod compatible;
mod coverage;
mod exports;
mod lint;
mod lists;
mod nodes;
mod permissions;
mod platform;
mod schema;
mod sdl;
mod sla;
mod subscriptions;
mod telling;
mod thresholds;
mod ticket_page;
mod tickets;
mod world;
