//! The edge: HTTP in front of `app` and `graphql`. Knows of requests, statuses and media types, and of no rule of the product.

#![expect(dead_code, reason = "the routes follow with the use cases that they call")]

mod code;
mod graphql;
mod health;
mod imports;
pub mod measure;
mod refusal;
mod request_log;
mod server;

pub use graphql::{Bounds, Limits};
pub use health::Dependency;
pub use imports::upload::Uploads;
pub use server::serve;
