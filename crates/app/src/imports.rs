//! Imports of exchange files: read once, visible at once or never.
//!
//! An import that runs is a row with a heartbeat; what it writes meanwhile (segments, staged consents, events entered into the
//! ledger) counts for nothing. One small transaction publishes all of it and completes the import. Refuses to read the same content
//! twice.

mod assets;
mod code;
mod content;
mod heartbeat;
mod ledger;
mod lines;
mod read;
mod run;
mod stop;
mod templates;
mod upkeep;

pub use code::ImportCode;
pub use read::{by_ids, page, row_errors};
pub use run::{Imported, NewImport, run};
pub use upkeep::fail_abandoned;
