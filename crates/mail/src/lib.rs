//! Mail: what a notification says to one person, in text and HTML; the message with its headers; the transports that take it; and
//! what is read from mails that come in.
//!
//! Refuses to decide who is told, and to remember what was sent: that is `app`'s. Nothing here reads a clock.

mod html;
mod incoming;
mod letter;
mod letters;
mod message;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod transport;

pub use incoming::{Bounce, Incoming, IncomingFile, Unreadable, new_words, read};
pub use letter::{Block, Letter, Site};
pub use letters::{letter, test_letter};
pub use message::{Message, Person, Thread};
#[cfg(any(test, feature = "testing"))]
pub use transport::MemoryTransport;
pub use transport::{FileTransport, SendError, Server, SmtpTransport, Tls, Transport, TransportError};
