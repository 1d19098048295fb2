//! The edge: HTTP in front of `app` and `graphql`. Knows of requests, statuses and media types, and of no rule of the product.
// The schema's roots are merged one in the other, and the type of what executes a document is as deep.
#![recursion_limit = "256"]

mod activity;
mod auth;
mod edge;
mod exports;
mod graphql;
mod health;
mod imports;
mod mail;
pub mod measure;
mod refusal;
mod request_log;
mod server;

pub use edge::{Edge, Watch, router, watch_router};
pub use graphql::{Bounds, Limits};
pub use health::Dependency;
pub use imports::upload::{Uploads, sweep_uploads};
pub use server::serve;
