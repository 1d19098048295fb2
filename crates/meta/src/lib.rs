//! What Meta's WhatsApp Business Platform says, read tolerantly: its documents hold contradictory shapes, its payloads
//! older and newer ones side by side, and a value that we do not know today is one that Meta added yesterday.
//!
//! So: unknown fields and values are kept, never refused; ids are strings although Meta writes some as integers beyond
//! 2^53; only the absence of what identifies a thing is an error, and that error names the field. Nothing here decides:
//! the meaning of a state is the domain's.

mod error;
mod value;

pub mod asset;
pub mod graph;
pub mod ndjson;
pub mod template;
pub mod webhook;

pub use error::ReadError;
