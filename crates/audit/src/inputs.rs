//! What is known around a tally: which sources were given, and facts that no message carries.

use domain::traffic::{Rejected, Surroundings};

/// The surroundings of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Which sources were given.
    pub fed: Fed,
    /// Rows that were rejected while reading.
    pub rejected: Rejected,
    /// Facts that no message carries.
    pub surroundings: Surroundings,
    /// The moment of the audit (microseconds since 1970-01-01 UTC). A result is provisional until 7 days after the period,
    /// and while this is unknown.
    pub as_of: Option<i64>,
}

/// Which tables of traffic were given. A table that was given and is empty counts as given; a rule that needs one that was not is
/// NOT_FED.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fed {
    /// Messages.
    pub messages: bool,
    /// Inbound messages.
    pub inbound: bool,
    /// The consent ledger.
    pub consents: bool,
}
