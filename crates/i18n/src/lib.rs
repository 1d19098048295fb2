//! Everything that Sblocco says to people, in Italian and in English: texts, numbers, dates and durations.
//!
//! Texts live in `locales/{it,en}/*.ftl` (Fluent) and are compiled in. Other crates hand over keys and facts, never
//! sentences. Nothing here decides what is said to whom, and no fact is computed here. Texts carry no isolation marks, so
//! they can stand in a file or in the subject of a mail.

mod args;
mod bundles;
mod counterfactuals;
mod format;
mod lang;
mod rules;
mod words;

#[cfg(test)]
mod tests;

pub use args::Args;
pub use bundles::{text, text_with};
pub use counterfactuals::{counterfactual, remedy_found};
pub use format::{approximate, date, date_time, date_time_exact, decimal, duration, duration_exact, number, percent};
pub use lang::{Lang, UnknownLanguage};
pub use rules::{FindingFacts, finding, objection, remedy, rule_name, subject};
pub use words::{Group, word};
