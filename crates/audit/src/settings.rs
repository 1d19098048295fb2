//! What an audit is asked to do, and by which thresholds.

use domain::traffic::{Category, Profile, Thresholds};

/// What [`crate::Replay`] counts and [`crate::report`] judges. All replays of one audit, and its report, get equal settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Start of the period, included: microseconds since 1970-01-01 UTC. `None`: the least sent_at.
    pub from: Option<i64>,
    /// End of the period, excluded: microseconds since 1970-01-01 UTC. `None`: the greatest sent_at + 1 µs.
    pub to: Option<i64>,
    /// Categories whose templates need an opt-in. [`Category::Unknown`] never does, even when named here.
    pub purposes: Vec<Category>,
    /// The rules to evaluate. Figures do not depend on it; what only rules of the profile `full` need is counted only for it.
    pub profile: Profile,
    /// Thresholds of the rules.
    pub thresholds: Thresholds,
    /// Most messages in the sample of one finding.
    pub sample_size: usize,
    /// When Meta first told of a violation, if it did: an opt-in that was recorded later is suspect (CON-07).
    pub violation_at: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            purposes: vec![Category::Marketing, Category::Utility],
            profile: Profile::Full,
            thresholds: Thresholds::default(),
            sample_size: 20,
            violation_at: None,
        }
    }
}
