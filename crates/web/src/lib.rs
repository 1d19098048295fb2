//! The edge: HTTP in front of `app` and `graphql`. Knows of requests, statuses and media types, and of no rule of the product.
// The schema's roots are merged one in the other, and the type of what executes a document is as deep.
#![recursion_limit = "256"]

mod access;
mod activity;
mod address;
mod attachments;
mod auth;
mod buckets;
mod edge;
mod exports;
mod gate;
mod graphql;
mod health;
mod imports;
mod mail;
pub mod measure;
mod refusal;
mod request_log;
mod server;
mod socket;
mod webhooks;

pub use access::Access;
pub use buckets::Budget;
pub use edge::{Edge, UnreadableSchema, Watch, router, watch_router};
pub use graphql::{Bounds, DocumentRule, ErrorBounds, Introspection, Limits, TrustedDocuments};
pub use health::Dependency;
pub use imports::upload::{Uploads, sweep_uploads};
pub use server::{Connections, Tls, TlsError, serve};
pub use socket::{SocketBounds, Sockets};
pub use webhooks::Webhooks;
