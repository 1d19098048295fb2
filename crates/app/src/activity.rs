//! The activity log: entries of what is being done, reading them, sealing them, and telling whether anybody changed one.
//!
//! Nobody who writes a use case has to think of it: the edge says what is being done
//! ([`OpCtx::begin`](crate::OpCtx::begin)), every transaction that the operation then writes in enters it when it commits, and the
//! edge has what did not come to a commit entered with its outcome ([`OpCtx::end`](crate::OpCtx::end)).

mod doing;
mod read;
mod seal;
mod verify;

#[cfg(test)]
mod tests;

pub(crate) use doing::Doing;
pub use doing::Ended;
pub use read::{ActivityProof, Head, by_ids, heads, page, proof, shows_origin};
pub use seal::{log_of, seal};
pub use store::activities::Filter;
pub(crate) use verify::verify_logs;
pub use verify::{Expected, Fault, Verified, verify};
