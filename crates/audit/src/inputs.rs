//! What is known around a tally: which sources were given, and facts that no message carries.

use domain::traffic::Rejected;

/// The surroundings of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Which sources were given.
    pub fed: Fed,
    /// Rows that were rejected while reading.
    pub rejected: Rejected,
    /// The portfolio's messaging limit (unique people in a moving 24 h); `None` when unknown, `u64::MAX` when unlimited.
    pub messaging_limit: Option<u64>,
    /// Campaigns that were declared beforehand; `None` when the client does not declare any.
    pub campaigns: Option<Vec<DeclaredCampaign>>,
    /// The moment of the audit (microseconds since 1970-01-01 UTC). A result is provisional until 7 days after the period,
    /// and while this is unknown.
    pub as_of: Option<i64>,
}

/// Which sources were given. A source that was given and is empty counts as given; a rule that needs one that was not is
/// NOT_FED.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fed {
    /// Messages.
    pub messages: bool,
    /// Inbound messages.
    pub inbound: bool,
    /// The consent ledger.
    pub consents: bool,
    /// Templates with their contents.
    pub templates: bool,
    /// Assets.
    pub assets: bool,
}

/// A campaign that was declared beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredCampaign {
    /// Meta's id of the sending number; `None` for any.
    pub number: Option<String>,
    /// When it starts (microseconds since 1970-01-01 UTC).
    pub start: i64,
}
