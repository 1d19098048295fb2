//! Webhooks to the systems of clients: their signature (Standard Webhooks), the addresses that they may go to, and the HTTP that
//! carries them. Knows of no event and remembers nothing.

mod address;
mod sender;
mod signature;

pub use address::{Allowed, InvalidUrl, check_url};
#[cfg(any(test, feature = "testing"))]
pub use sender::MemorySender;
pub use sender::{HttpSender, PostError, Sender, SenderError, Webhook};
pub use signature::{InvalidSecret, Secret, sign};
