//! What an audit is asked.

use crate::Instant;

/// The rules that an audit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The rules that every client should pass.
    Minimum,
    /// Every rule.
    #[default]
    Full,
}

impl Profile {
    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimum => "minimum",
            Self::Full => "full",
        }
    }
}

/// Period, rules and surroundings of an audit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditParameters {
    /// Start of the period; absent, the least sent_at.
    pub from: Option<Instant>,
    /// End of the period, itself excluded; absent, just after the greatest sent_at.
    pub to: Option<Instant>,
    /// The rules to run.
    pub profile: Profile,
    /// The portfolio's messaging limit (unique people in a moving 24 h); absent when unknown, `u64::MAX` when unlimited.
    pub messaging_limit: Option<u64>,
    /// The moment of asking: an audit is provisional while late webhooks can still arrive.
    pub as_of: Instant,
}
