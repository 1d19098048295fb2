//! Thresholds of the rules. Values are policy: versioned and overridable per client, so they are data, never constants of
//! a rule. Their sources stand in [`RULES`](super::RULES).

use serde::{Deserialize, Serialize};

use super::{
    CampaignThresholds, ClockThresholds, EnforcementThresholds, ParameterThresholds, PlatformThresholds,
    QuietHoursThresholds, RiskThresholds, SilenceThresholds, ThroughputThresholds, WarmUpThresholds,
};

/// Thresholds of all rules. Absent keys of a policy take the default; unknown keys are refused.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Thresholds {
    /// CON-01, 02, 03, 04, 06, 07, 08.
    pub consent: ConsentThresholds,
    /// CON-10.
    pub coverage: CoverageThresholds,
    /// TPL-01.
    pub template: TemplateThresholds,
    /// WIN-01.
    pub window: WindowThresholds,
    /// VOL-01.
    pub spike: SpikeThresholds,
    /// VOL-04 and VOL-05.
    pub pressure: PressureThresholds,
    /// LIM-01.
    pub limit: LimitThresholds,
    /// ENG-02.
    pub opt_out: OptOutThresholds,
    /// ENG-01 and ENG-03.
    pub engagement: EngagementThresholds,
    /// LST-02, 03, 04, 05.
    pub list: ListThresholds,
    /// TPL-05, 07, 08 and 12.
    pub lint: LintThresholds,
    /// TPL-02, 03, 04, 06 and QLT-01.
    pub platform: PlatformThresholds,
    /// TPL-09.
    pub parameters: ParameterThresholds,
    /// WIN-02.
    pub clock: ClockThresholds,
    /// VOL-03.
    pub campaign: CampaignThresholds,
    /// VOL-07.
    pub quiet_hours: QuietHoursThresholds,
    /// WRM-01, 02, 03 and 06.
    pub warm_up: WarmUpThresholds,
    /// LIM-05.
    pub throughput: ThroughputThresholds,
    /// ENF-03 and 05.
    pub enforcement: EnforcementThresholds,
    /// OPS-01.
    pub silence: SilenceThresholds,
    /// QLT-02.
    pub risk: RiskThresholds,
}

/// Of the consent rules. Shares are of the client's due (CON-04: valid) messages.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentThresholds {
    /// CON-01: share of verdict `none` from which it is CRITICAL; below, any message is HIGH.
    pub none_critical_share: f64,
    /// CON-02: seconds in which an opt-out given on WhatsApp may still be disregarded.
    pub native_grace_seconds: u32,
    /// CON-02: seconds in which an opt-out given elsewhere may still be disregarded.
    pub off_channel_grace_seconds: u32,
    /// CON-04: share of valid messages whose opt-in lacks proof, from which it is a finding.
    pub incomplete_share: f64,
    /// CON-06: days after the opt-in, or after the person's last message if that is later, from which marketing rests on a stale
    /// consent. 730 (ours; the ICO says to refresh when in doubt).
    pub stale_days: u32,
    /// CON-07: share of verdict `retroactive` above which it is a finding.
    pub retroactive_share: f64,
    /// CON-08: opt-ins of one moment, or from one address within ten minutes, from which they were made in bulk. 50 (ours).
    pub bulk_opt_ins: u64,
}

impl Default for ConsentThresholds {
    fn default() -> Self {
        Self {
            none_critical_share: 0.01,
            native_grace_seconds: 0,
            off_channel_grace_seconds: 86_400,
            incomplete_share: 0.05,
            stale_days: 730,
            retroactive_share: 0.005,
            bulk_opt_ins: 50,
        }
    }
}

/// Of CON-10: coverage is the share of due messages with a valid consent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CoverageThresholds {
    /// Consecutive days (UTC) that are looked at together. 7 (ours).
    pub days: u32,
    /// Days before them that they are compared with. 28 (ours).
    pub base_days: u32,
    /// Fewest due messages in the days, and in those that they are compared with. 200 (ours).
    pub min_messages: u64,
    /// A finding below this coverage. 99 % (ours).
    pub least_share: f64,
    /// A finding when coverage fell by at least this much, and the bounds of both are apart. 2 points (ours).
    pub fall: f64,
}

impl Default for CoverageThresholds {
    fn default() -> Self {
        Self { days: 7, base_days: 28, min_messages: 200, least_share: 0.99, fall: 0.02 }
    }
}

/// Of TPL-01.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateThresholds {
    /// Fewest sends of a template that are judged.
    pub min_messages: u64,
    /// Days (UTC, ending with the period's last) of the other templates that make the base rate.
    pub base_days: u32,
    /// Base rate when the client has no other template.
    pub fallback_base: f64,
    /// HIGH needs the lower bound above this many times the base rate…
    pub high_factor: f64,
    /// … and at least this rate.
    pub high_rate: f64,
    /// CRITICAL from this rate.
    pub critical_rate: f64,
    /// When more templates than this are judged, some exceed the others by chance, and findings must also pass
    /// Benjamini and Hochberg's procedure.
    pub many_templates: usize,
    /// Share of false findings that the procedure accepts.
    pub false_discovery_rate: f64,
}

impl Default for TemplateThresholds {
    fn default() -> Self {
        Self {
            min_messages: 100,
            base_days: 28,
            fallback_base: 0.05,
            high_factor: 1.5,
            high_rate: 0.05,
            critical_rate: 0.10,
            many_templates: 10,
            false_discovery_rate: 0.05,
        }
    }
}

/// Of WIN-01.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct WindowThresholds {
    /// HIGH from this share of the free-form messages of some `days` days; below, any message is LOW.
    pub high_share: f64,
    /// Consecutive days (UTC) that are looked at together.
    pub days: u32,
    /// Fewest free-form messages in those days.
    pub min_messages: u64,
}

impl Default for WindowThresholds {
    fn default() -> Self {
        Self { high_share: 0.01, days: 7, min_messages: 100 }
    }
}

/// Of VOL-01.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SpikeThresholds {
    /// Robust score above which a day is shown (INFO).
    pub display_score: f64,
    /// Robust score above which a day is a finding (MEDIUM).
    pub finding_score: f64,
    /// A spike is at least this many times the expected count.
    pub factor: f64,
    /// HIGH from this many times the expected count.
    pub high_factor: f64,
    /// A spike has at least this many messages more than expected.
    pub excess: f64,
    /// Fewest days of history.
    pub min_days: u32,
    /// Most days of history.
    pub max_days: u32,
    /// When more numbers than this are judged, some spike by chance, and what is more than information must also pass Benjamini
    /// and Hochberg's procedure over all numbers and days. 10 (ours, by simulation).
    pub many_numbers: usize,
    /// Share of false findings that the procedure accepts. 5 % (custom).
    pub false_discovery_rate: f64,
}

impl Default for SpikeThresholds {
    fn default() -> Self {
        Self {
            display_score: 3.5,
            finding_score: 5.0,
            factor: 2.0,
            high_factor: 3.0,
            excess: 50.0,
            min_days: 28,
            max_days: 56,
            many_numbers: 10,
            false_discovery_rate: 0.05,
        }
    }
}

/// Of VOL-04 and VOL-05. How many messages make a flood is a definition of the exchange formats, not a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PressureThresholds {
    /// VOL-04: failures with 131056 from one number to one person within an hour.
    pub pair_limit_errors: u32,
    /// VOL-05: retries of one template to one person within 24 hours.
    pub retries: u32,
}

impl Default for PressureThresholds {
    fn default() -> Self {
        Self { pair_limit_errors: 5, retries: 2 }
    }
}

/// Of LIM-01: shares of the portfolio's messaging limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LimitThresholds {
    /// MEDIUM from this share.
    pub medium_share: f64,
    /// HIGH from this share.
    pub high_share: f64,
}

impl Default for LimitThresholds {
    fn default() -> Self {
        Self { medium_share: 0.80, high_share: 0.95 }
    }
}

/// Of ENG-02: rates of people who said stop, of those that a campaign reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct OptOutThresholds {
    /// MEDIUM from this rate.
    pub medium_rate: f64,
    /// HIGH from this rate.
    pub high_rate: f64,
    /// CRITICAL from this rate.
    pub critical_rate: f64,
    /// From this many people the rate itself decides; below, its lower bound.
    pub enough_recipients: u64,
    /// Hours after a message in which a stop is laid to its campaign.
    pub attribution_hours: u32,
}

impl Default for OptOutThresholds {
    fn default() -> Self {
        Self { medium_rate: 0.01, high_rate: 0.02, critical_rate: 0.03, enough_recipients: 500, attribution_hours: 72 }
    }
}

/// Of ENG-01 and ENG-03.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EngagementThresholds {
    /// ENG-01: a template is read too rarely when the upper bound of its read rate is below this part of the rate of the client's
    /// other messages of the category. 0.6 (ours).
    pub read_part: f64,
    /// ENG-01: fewest delivered messages of the template, and of the others. 200 (ours).
    pub read_min_messages: u64,
    /// ENG-01: days (UTC, ending with the period's last) of the other messages. 28 (ours).
    pub read_base_days: u32,
    /// ENG-03: share of marketing that Meta chose not to deliver, above which its lower bound is a finding. 5 % (ours).
    pub choice_share: f64,
    /// ENG-03: a finding too from this many times the share of the days before, when the bounds of both are apart. 2 (ours).
    pub choice_factor: f64,
    /// ENG-03: … and at least this share. 2 % (ours).
    pub choice_least_share: f64,
    /// ENG-03: consecutive days (UTC) that are looked at together. 7 (ours).
    pub choice_days: u32,
    /// ENG-03: days before them that they are compared with. 28 (ours).
    pub choice_base_days: u32,
    /// ENG-03: fewest marketing messages in the days, and in those that they are compared with. 200 (ours).
    pub choice_min_messages: u64,
}

impl Default for EngagementThresholds {
    fn default() -> Self {
        Self {
            read_part: 0.6,
            read_min_messages: 200,
            read_base_days: 28,
            choice_share: 0.05,
            choice_factor: 2.0,
            choice_least_share: 0.02,
            choice_days: 7,
            choice_base_days: 28,
            choice_min_messages: 200,
        }
    }
}

/// Of LST-02, 03, 04 and 05.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ListThresholds {
    /// LST-02: MEDIUM when the lower bound of the undeliverable share is above this.
    pub undeliverable_medium: f64,
    /// LST-02: HIGH when it is above this.
    pub undeliverable_high: f64,
    /// LST-02: fewest messages of a list.
    pub min_messages: u64,
    /// LST-03: a list is bad from this many times the rate of all others. 2 (ours).
    pub bad_lift: f64,
    /// LST-03, and what explains bad outcomes: fewest messages of a list, or of another part. 100 (ours).
    pub bad_min_messages: u64,
    /// LST-03, and what explains bad outcomes: share of false findings that is accepted over all lists, or all parts (Benjamini
    /// and Hochberg). 5 % (custom).
    pub false_discovery_rate: f64,
    /// LST-04: share of a list's messages above which unsuitable numbers, or duplicates, are a finding. 1 % (ours).
    pub unclean_share: f64,
    /// LST-04: fewest messages of a list. 100 (ours).
    pub unclean_min_messages: u64,
    /// LST-04: minutes within which the same marketing template of the same campaign and list to the same person is a
    /// duplicate; of a campaign that was declared it is one at any time. 720 (ours).
    pub duplicate_minutes: u32,
    /// LST-05: share of dead recipients above which it is a finding.
    pub dead_share: f64,
}

impl Default for ListThresholds {
    fn default() -> Self {
        Self {
            undeliverable_medium: 0.05,
            undeliverable_high: 0.10,
            min_messages: 200,
            bad_lift: 2.0,
            bad_min_messages: 100,
            false_discovery_rate: 0.05,
            unclean_share: 0.01,
            unclean_min_messages: 100,
            duplicate_minutes: 720,
            dead_share: 0.20,
        }
    }
}

/// Of the lint of templates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LintThresholds {
    /// CON-11: whether the client always offers another way to opt out, whatever its templates say (a link in every profile, a
    /// menu); its administrator or the BSP says so (ours).
    pub standing_opt_out: bool,
    /// TPL-05: so many of the five signals of marketing in a utility template are a finding (ours).
    pub marketing_signals: u32,
    /// TPL-07: most characters of a header (Meta, template components).
    pub header_characters: u32,
    /// TPL-07: most characters of a body (Meta, template components).
    pub body_characters: u32,
    /// TPL-07: most characters of a footer (Meta, template components).
    pub footer_characters: u32,
    /// TPL-07: most characters on a button (Meta, template components; some pages say 20).
    pub button_characters: u32,
    /// TPL-07: most characters of a button's address (Meta, template components).
    pub url_characters: u32,
    /// TPL-07: most characters of a template's name (Meta, template components).
    pub name_characters: u32,
    /// TPL-07: most emojis of a body (guidance of providers).
    pub emojis: u32,
    /// TPL-07: most buttons (Meta, template components).
    pub buttons: u32,
    /// TPL-07: most buttons that lead to addresses (Meta, template components).
    pub url_buttons: u32,
    /// TPL-07: most buttons that call a number (Meta, template components).
    pub phone_buttons: u32,
    /// TPL-08: fewest words for each variable of a body (ours; Meta has such a ratio and does not publish it).
    pub words_per_variable: f64,
    /// TPL-08: most characters of a sample value of several words (ours).
    pub sample_characters: u32,
    /// TPL-12: Jaccard index of two texts from which they are almost the same (ours).
    pub likeness: f64,
    /// TPL-12: days for which a rejection, pause or disabling counts (ours).
    pub resubmission_days: u32,
}

impl Default for LintThresholds {
    fn default() -> Self {
        Self {
            standing_opt_out: false,
            marketing_signals: 2,
            header_characters: 60,
            body_characters: 1024,
            footer_characters: 60,
            button_characters: 25,
            url_characters: 2000,
            name_characters: 512,
            emojis: 10,
            buttons: 10,
            url_buttons: 2,
            phone_buttons: 1,
            words_per_variable: 3.0,
            sample_characters: 40,
            likeness: 0.8,
            resubmission_days: 90,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_only_what_it_changes_and_nothing_unknown() {
        let policy: Thresholds = serde_json::from_str(r#"{"consent": {"incompleteShare": 0.1}}"#).unwrap();
        assert!((policy.consent.incomplete_share - 0.1).abs() < f64::EPSILON);
        assert_eq!(policy.template, TemplateThresholds::default());
        assert!(serde_json::from_str::<Thresholds>(r#"{"consent": {"incomplete": 0.1}}"#).is_err());
    }
}
