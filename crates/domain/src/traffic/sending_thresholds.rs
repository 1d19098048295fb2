//! Thresholds of the rules about how and when a client sends: templates in use, windows, hours, warm-up, limits, enforcement.

use serde::{Deserialize, Serialize};

/// Of TPL-02, TPL-03, TPL-04, TPL-06 and QLT-01: what Meta told of templates and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PlatformThresholds {
    /// TPL-02: hours of a template's first pause, when no later event ends it (Meta: 3).
    pub first_pause_hours: u32,
    /// TPL-02: hours of any later pause, when no later event ends it (Meta: 6).
    pub later_pause_hours: u32,
    /// TPL-03: pauses of one template from which the finding is HIGH (Meta disables at the third).
    pub high_pauses: u32,
    /// TPL-04: days of quality YELLOW above which the finding is HIGH.
    pub yellow_days: u32,
    /// TPL-06: templates that Meta moved from utility to marketing…
    pub flips: u32,
    /// … within this many days, from which each is CRITICAL.
    pub flip_days: u32,
}

impl Default for PlatformThresholds {
    fn default() -> Self {
        Self { first_pause_hours: 3, later_pause_hours: 6, high_pauses: 2, yellow_days: 7, flips: 2, flip_days: 30 }
    }
}

/// Of TPL-09: failures with 132000 or 132012.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ParameterThresholds {
    /// So many of one template…
    pub errors: u32,
    /// … within so many minutes are a finding…
    pub minutes: u32,
    /// … and so is this share of its sends…
    pub share: f64,
    /// … when there were at least so many.
    pub min_messages: u64,
}

impl Default for ParameterThresholds {
    fn default() -> Self {
        Self { errors: 3, minutes: 60, share: 0.01, min_messages: 50 }
    }
}

/// Of WIN-02: free-form messages on which our clock and Meta's disagree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ClockThresholds {
    /// Share, of the free-form messages that Meta delivered or refused for the window, from which it is a finding.
    pub share: f64,
    /// Hours after the person's last message in which a delivery is no disagreement. Meta's window has 24; where Meta also
    /// takes free text in the 72 hours after a click on an advertisement, as one provider's documentation says, 72.
    pub accepted_hours: u32,
}

impl Default for ClockThresholds {
    fn default() -> Self {
        Self { share: 0.002, accepted_hours: 24 }
    }
}

/// Of VOL-03: a burst of one template that no declared campaign covers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CampaignThresholds {
    /// Sends of one template from which it is a finding…
    pub messages: u64,
    /// … within so many consecutive minutes.
    pub minutes: u32,
    /// Hours from its start in which a declared campaign covers sends.
    pub declared_hours: u32,
}

impl Default for CampaignThresholds {
    fn default() -> Self {
        Self { messages: 500, minutes: 60, declared_hours: 48 }
    }
}

/// Of VOL-07: marketing is welcome from the first of these to the second, in minutes after midnight where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct QuietHoursThresholds {
    /// From this minute, included.
    pub first_minute: u32,
    /// To this minute, excluded.
    pub last_minute: u32,
}

impl Default for QuietHoursThresholds {
    fn default() -> Self {
        Self { first_minute: 8 * 60, last_minute: 21 * 60 }
    }
}

/// Of WRM-01, WRM-02, WRM-03 and WRM-06. Volumes are of counted messages on one day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct WarmUpThresholds {
    /// WRM-01: days from a number's first use in which its volume is watched.
    pub ramp_days: u32,
    /// WRM-01: a day is too steep above this many times the highest of…
    pub ramp_factor: f64,
    /// … so many days before…
    pub ramp_look_back: u32,
    /// … and above this many messages.
    pub ramp_messages: u64,
    /// WRM-02: days from a number's first use in which its audience is watched.
    pub cold_days: u32,
    /// WRM-02: days without a message from the person and without a transaction, after which the person is cold.
    pub cold_after_days: u32,
    /// WRM-02: share of cold people above which it is a finding…
    pub cold_share: f64,
    /// … of at least so many.
    pub cold_min_people: u64,
    /// WRM-03: days from a number's first use in which marketing of unrated templates is watched.
    pub unrated_days: u32,
    /// WRM-03: share of the number's counted messages above which it is a finding…
    pub unrated_share: f64,
    /// … and messages above which it is one.
    pub unrated_messages: u64,
    /// WRM-06: days after a block ended in which the volume is watched.
    pub recovery_days: u32,
    /// WRM-06: share of the median day before the block above which a day is too much.
    pub recovery_share: f64,
    /// WRM-06: most days before the block that make the median…
    pub recovery_base_days: u32,
    /// … and fewest.
    pub recovery_min_days: u32,
}

impl Default for WarmUpThresholds {
    fn default() -> Self {
        Self {
            ramp_days: 30,
            ramp_factor: 2.0,
            ramp_look_back: 3,
            ramp_messages: 100,
            cold_days: 14,
            cold_after_days: 90,
            cold_share: 0.30,
            cold_min_people: 10,
            unrated_days: 7,
            unrated_share: 0.50,
            unrated_messages: 100,
            recovery_days: 7,
            recovery_share: 0.25,
            recovery_base_days: 28,
            recovery_min_days: 7,
        }
    }
}

/// Of LIM-05: failures with 130429.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ThroughputThresholds {
    /// Share of a number's sends from which it is a finding…
    pub share: f64,
    /// … or so many…
    pub errors: u32,
    /// … within so many minutes.
    pub minutes: u32,
}

impl Default for ThroughputThresholds {
    fn default() -> Self {
        Self { share: 0.001, errors: 50, minutes: 5 }
    }
}

/// Of ENF-03 and ENF-05.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EnforcementThresholds {
    /// ENF-03: seconds after Meta told of a restriction in which sends may still be on their way.
    pub grace_seconds: u32,
    /// ENF-05: days after a violation was over in which the same violation is a repetition.
    pub repeat_days: u32,
    /// ENF-05: hours in which several notices of one violation are one.
    pub same_notice_hours: u32,
}

impl Default for EnforcementThresholds {
    fn default() -> Self {
        Self { grace_seconds: 300, repeat_days: 90, same_notice_hours: 24 }
    }
}

/// Of OPS-01: sends of one number that nothing was heard of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SilenceThresholds {
    /// Minutes from the first to the last of them from which it is a finding…
    pub minutes: u32,
    /// … and sends above which it is one.
    pub messages: u64,
    /// Times the 99th percentile of the number's own gaps between statuses above which a gap is one, however short…
    pub gap_factor: f64,
    /// … of a number with so many gaps…
    pub gap_min_gaps: u64,
    /// … when so many sends fell into it.
    pub gap_messages: u64,
    /// Minutes before the audit whose sends may still be answered.
    pub settle_minutes: u32,
}

impl Default for SilenceThresholds {
    fn default() -> Self {
        Self { minutes: 30, messages: 20, gap_factor: 3.0, gap_min_gaps: 100, gap_messages: 5, settle_minutes: 60 }
    }
}

/// Of QLT-02: how much each component weighs, how much of it a finding counts, and where the bands begin. Ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskThresholds {
    /// Weight of consent: CON rules but those of opt-outs, WIN-03, LST-06.
    pub consent: f64,
    /// Weight of templates: TPL and PRO rules.
    pub template: f64,
    /// Weight of opt-outs: CON-02, CON-11, ENG-02.
    pub opt_out: f64,
    /// Weight of quality and enforcement: QLT-01, ENF rules, the other ENG rules.
    pub quality: f64,
    /// Weight of volume: VOL, WRM, LIM and the other WIN rules.
    pub volume: f64,
    /// Weight of hygiene: the other LST rules, OPS rules.
    pub hygiene: f64,
    /// How much of its component's weight a finding that is LOW counts; INFO counts nothing, CRITICAL all.
    pub low: f64,
    /// The same of MEDIUM.
    pub medium: f64,
    /// The same of HIGH.
    pub high: f64,
    /// A score from here is MEDIUM.
    pub medium_band: f64,
    /// A score from here is HIGH.
    pub high_band: f64,
    /// A score from here is CRITICAL.
    pub critical_band: f64,
}

impl Default for RiskThresholds {
    fn default() -> Self {
        Self {
            consent: 30.0,
            template: 20.0,
            opt_out: 15.0,
            quality: 15.0,
            volume: 10.0,
            hygiene: 10.0,
            low: 0.2,
            medium: 0.5,
            high: 0.8,
            medium_band: 25.0,
            high_band: 50.0,
            critical_band: 75.0,
        }
    }
}
