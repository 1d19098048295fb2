//! Words of the traffic: messages, inbound messages, consents, and what an audit says of them.
//!
//! Meanings are those of the exchange formats, version 1. Nothing here computes.

mod parameters;
mod vocabulary;

pub use parameters::{AuditParameters, Profile};
pub use vocabulary::{Category, ConsentAction, ConsentScope, MessageType, Outcome, Verdict};
