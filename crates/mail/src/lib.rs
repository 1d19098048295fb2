//! Mail: what a notification says to one person, in text and HTML; the message with its headers; and the transports that take it.
//!
//! Refuses to decide who is told, and to remember what was sent: that is `app`'s. Nothing here reads a clock.

mod html;
mod letter;
mod letters;
mod message;
mod transport;

pub use letter::{Block, Letter, Site};
pub use letters::{letter, test_letter};
pub use message::{Message, Person, Thread};
#[cfg(any(test, feature = "testing"))]
pub use transport::MemoryTransport;
pub use transport::{FileTransport, SendError, Server, SmtpTransport, Tls, Transport, TransportError};
