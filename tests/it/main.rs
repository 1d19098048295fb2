//! What is true of the whole: the architecture, and flows through more than one crate. One binary, one link.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod architecture;
mod exports;
mod imports;
mod texts;
