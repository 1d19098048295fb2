//! What is true of the whole: the architecture, and flows through more than one crate. One binary, one link.

// As deep as the merged roots of the schema.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod architecture;
mod attachments;
mod exports;
mod imports;
mod live;
mod texts;
mod volumes;
mod webhooks;
