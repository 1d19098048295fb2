//! Who takes messages: a mail server, a folder, or, in tests, a list.

mod file;
#[cfg(any(test, feature = "testing"))]
mod memory;
mod smtp;

use async_trait::async_trait;

pub use file::FileTransport;
#[cfg(any(test, feature = "testing"))]
pub use memory::MemoryTransport;
pub use smtp::{Server, SmtpTransport, Tls};

use crate::Message;

/// Takes messages.
#[async_trait]
pub trait Transport: std::fmt::Debug + Send + Sync {
    /// Hands a message over. Success means that it is the other side's now.
    async fn send(&self, message: &Message) -> Result<(), SendError>;

    /// Whether messages would be taken now.
    async fn check(&self) -> Result<(), SendError>;
}

/// Why a message was not taken. Texts hold no address and no word of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not now: trying again later may help.
    #[error("the mail server does not take it now (code {0})")]
    Later(u16),
    /// Nobody can be reached: trying again later may help.
    #[error("the mail server cannot be reached, or spoke otherwise than expected")]
    Unreachable,
    /// The folder cannot be written: trying again later may help.
    #[error("the folder of mails cannot be written")]
    Folder,
    /// Refused for good; the code is SMTP's.
    #[error("the mail server refused it for good (code {0})")]
    Refused(u16),
    /// An address that mail programs do not take.
    #[error("an address is none that can be mailed to")]
    Address,
}

impl SendError {
    /// Whether the same may succeed later.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Later(_) | Self::Unreachable | Self::Folder)
    }

    /// Whether the address itself was refused: a mailbox that does not exist, is shut or moved. (Refusals of content, size or
    /// policy say nothing of the address.)
    pub const fn is_bounce(self) -> bool {
        matches!(self, Self::Refused(550 | 551 | 553) | Self::Address)
    }
}

/// A transport that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The TLS of the machine cannot be used.
    #[error("TLS cannot be set up for the mail server: {0}")]
    Tls(String),
}

#[cfg(test)]
mod tests;
