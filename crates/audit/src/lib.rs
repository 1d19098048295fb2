//! Rules over traffic: one recipient's history is replayed, verdicts are tallied, tallies merge, rules turn the merged
//! tally into findings. Pure: no I/O, no clock, no text for people.

mod history;
mod names;

pub use history::{Consent, History, Inbound, NO_NAME, NameId, Send};
pub use names::{Names, TemplateName};
