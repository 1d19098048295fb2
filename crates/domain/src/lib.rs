//! What Sblocco speaks of: ids, identities, entities, state machines, permissions, enforcement, findings, and the ports
//! through which the rest reaches the outside. No I/O, no clock, no randomness of its own.

pub mod traffic;
