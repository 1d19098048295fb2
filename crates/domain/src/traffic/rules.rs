//! Detection rules as public vocabulary: their ids, states, severities, and where their thresholds come from.
//!
//! No text for people stands here: `RuleId::name_key` and `RuleId::remedy_key` name messages of the crate `i18n`. No rule
//! is evaluated here either: that is `audit`.

use crate::words::words;

words! {
    /// Id of a detection rule. Stable and public: it stands in the API, in exports and in letters. Ids of rules that no
    /// release evaluates yet are reserved.
    RuleId {
        /// No opt-in on file.
        Con01 = "CON-01",
        /// Messaged after opt-out.
        Con02 = "CON-02",
        /// Scope mismatch.
        Con03 = "CON-03",
        /// Evidence incomplete.
        Con04 = "CON-04",
        /// Consent text not naming the business / not saying "messages".
        Con05 = "CON-05",
        /// Expired or stale consent.
        Con06 = "CON-06",
        /// Retroactive evidence.
        Con07 = "CON-07",
        /// Bulk-identical consents.
        Con08 = "CON-08",
        /// Third-party / transferred list.
        Con09 = "CON-09",
        /// Consent coverage drop.
        Con10 = "CON-10",
        /// Opt-out not offered.
        Con11 = "CON-11",
        /// Significantly failing template.
        Tpl01 = "TPL-01",
        /// Sending with paused or disabled template.
        Tpl02 = "TPL-02",
        /// Pause ladder.
        Tpl03 = "TPL-03",
        /// Quality YELLOW/RED.
        Tpl04 = "TPL-04",
        /// Utility that reads as marketing.
        Tpl05 = "TPL-05",
        /// Category flipped by Meta.
        Tpl06 = "TPL-06",
        /// Format lint.
        Tpl07 = "TPL-07",
        /// Variable density / spam variables.
        Tpl08 = "TPL-08",
        /// Parameter mismatch.
        Tpl09 = "TPL-09",
        /// Shortened or foreign-domain link.
        Tpl10 = "TPL-10",
        /// Language mismatch.
        Tpl11 = "TPL-11",
        /// Near-duplicate re-submission after reject/pause.
        Tpl12 = "TPL-12",
        /// OTP / identity content outside AUTHENTICATION.
        Tpl13 = "TPL-13",
        /// Free-form outside window.
        Win01 = "WIN-01",
        /// Window clock disagreement.
        Win02 = "WIN-02",
        /// Marketing inside service window without consent.
        Win03 = "WIN-03",
        /// Automated reply without human path.
        Win04 = "WIN-04",
        /// Daily spike.
        Vol01 = "VOL-01",
        /// Intraday burst.
        Vol02 = "VOL-02",
        /// Undeclared campaign.
        Vol03 = "VOL-03",
        /// Pair flooding.
        Vol04 = "VOL-04",
        /// Retry storm.
        Vol05 = "VOL-05",
        /// Changepoint in level.
        Vol06 = "VOL-06",
        /// Send outside quiet hours.
        Vol07 = "VOL-07",
        /// Ramp too steep.
        Wrm01 = "WRM-01",
        /// First sends to cold people.
        Wrm02 = "WRM-02",
        /// Marketing before quality known.
        Wrm03 = "WRM-03",
        /// Same 250 people every day.
        Wrm04 = "WRM-04",
        /// Snowshoe.
        Wrm05 = "WRM-05",
        /// Ramp after reinstatement.
        Wrm06 = "WRM-06",
        /// Near portfolio limit.
        Lim01 = "LIM-01",
        /// Planned campaign exceeds headroom.
        Lim02 = "LIM-02",
        /// Limit lost.
        Lim03 = "LIM-03",
        /// Scaling blocked.
        Lim04 = "LIM-04",
        /// Throughput rejects.
        Lim05 = "LIM-05",
        /// Read rate low vs own base.
        Eng01 = "ENG-01",
        /// Opt-out rate.
        Eng02 = "ENG-02",
        /// "Meta chose not to deliver" share.
        Eng03 = "ENG-03",
        /// Unanswered inbound.
        Eng04 = "ENG-04",
        /// Number quality drop.
        Qlt01 = "QLT-01",
        /// Composite risk score.
        Qlt02 = "QLT-02",
        /// Violation received.
        Enf01 = "ENF-01",
        /// Restriction received.
        Enf02 = "ENF-02",
        /// Sending into a restriction.
        Enf03 = "ENF-03",
        /// Scheduled disable.
        Enf04 = "ENF-04",
        /// Repeat violation.
        Enf05 = "ENF-05",
        /// Admin e-mails stale.
        Enf06 = "ENF-06",
        /// Known-undeliverable re-sent.
        Lst01 = "LST-01",
        /// Undeliverable share of list.
        Lst02 = "LST-02",
        /// Bad batch attribution.
        Lst03 = "LST-03",
        /// Malformed / non-mobile / duplicate.
        Lst04 = "LST-04",
        /// Dead audience.
        Lst05 = "LST-05",
        /// Suppression lost in migration.
        Lst06 = "LST-06",
        /// Marketing to +1.
        Lst07 = "LST-07",
        /// Prohibited category content.
        Pro01 = "PRO-01",
        /// Regulated vertical without permit.
        Pro02 = "PRO-02",
        /// Sensitive data asked.
        Pro03 = "PRO-03",
        /// Commerce feature + regulated good.
        Pro04 = "PRO-04",
        /// Webhook silence.
        Ops01 = "OPS-01",
        /// Stuck sends.
        Ops02 = "OPS-02",
        /// Platform incident.
        Ops03 = "OPS-03",
    }
}

words! {
    /// How bad a finding is, mildest first.
    Severity {
        /// For display; nothing to do.
        Info = "INFO",
        /// Put right when convenient.
        Low = "LOW",
        /// Put right soon.
        Medium = "MEDIUM",
        /// Put right now: Meta acts on this.
        High = "HIGH",
        /// Stop sending until it is put right.
        Critical = "CRITICAL",
    }
}

words! {
    /// What an audit can say of a rule.
    RuleState {
        /// There is at least one finding.
        Finding = "FINDING",
        /// The rule had its data, enough of it, and found nothing.
        Clear = "CLEAR",
        /// The rule had its data, but too little of it to judge. Not a pass.
        InsufficientData = "INSUFFICIENT_DATA",
        /// A source that the rule needs was not given. Not a pass.
        NotFed = "NOT_FED",
    }
}

impl RuleId {
    /// Key of the rule's name in the crate `i18n`, such as `rule-con-01-name`.
    pub fn name_key(self) -> String {
        self.key("name")
    }

    /// Key of the corrective action in the crate `i18n`, such as `rule-con-01-remedy`; its arguments are the figures of the
    /// finding.
    pub fn remedy_key(self) -> String {
        self.key("remedy")
    }

    fn key(self, part: &str) -> String {
        format!("rule-{}-{part}", self.as_str().to_ascii_lowercase())
    }

    /// What is known of a rule that this release evaluates; `None` for a reserved id.
    pub fn spec(self) -> Option<&'static RuleSpec> {
        RULES.iter().find(|spec| spec.id == self)
    }
}

/// What is fixed about a rule that this release evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleSpec {
    /// Its id.
    pub id: RuleId,
    /// The severity of an ordinary finding; figures may raise or lower it.
    pub severity: Severity,
    /// Whether the profile `minimum` runs it; `full` runs all.
    pub in_minimum: bool,
    /// Where the default threshold comes from, for those who configure it. Meta publishes none of these numbers, so no
    /// text for a client may call them Meta's.
    pub threshold_source: &'static str,
}

const fn rule(id: RuleId, severity: Severity, in_minimum: bool, threshold_source: &'static str) -> RuleSpec {
    RuleSpec { id, severity, in_minimum, threshold_source }
}

/// The rules that this release evaluates, by id.
pub const RULES: &[RuleSpec] = &[
    rule(RuleId::Con01, Severity::High, true, "any message; CRITICAL from 1 % of due messages (ours)"),
    rule(
        RuleId::Con02,
        Severity::Critical,
        true,
        "Meta's policy: honour every request; grace 0 s for a stop on WhatsApp, 24 h elsewhere (Gmail allows 2 days)",
    ),
    rule(RuleId::Con03, Severity::High, true, "any message (Meta's policy: consent is given for a purpose)"),
    rule(RuleId::Con04, Severity::Medium, true, "5 % of valid messages (ours)"),
    rule(
        RuleId::Con05,
        Severity::High,
        false,
        "any text (Meta's policy: it names the business and says that the person agrees to hear from it)",
    ),
    rule(
        RuleId::Con06,
        Severity::Low,
        false,
        "any message after the end; LOW from 24 months without a word (ours; the ICO says to refresh when in doubt)",
    ),
    rule(RuleId::Con07, Severity::High, true, "0.5 % of due messages, or any proof recorded after a violation (ours)"),
    rule(RuleId::Con08, Severity::Medium, false, "50 opt-ins of one moment, or of one address in 10 minutes (ours)"),
    rule(
        RuleId::Con09,
        Severity::High,
        false,
        "any message (Meta's policy: the person agrees to hear from the business that writes)",
    ),
    rule(
        RuleId::Con10,
        Severity::Medium,
        false,
        "coverage of 7 days below 99 %, or 2 points below the 28 days before; at least 200 messages (ours)",
    ),
    rule(RuleId::Con11, Severity::Medium, true, "any marketing template without a way out (best practice of Meta)"),
    rule(
        RuleId::Tpl01,
        Severity::Medium,
        true,
        "5 % and 10 % as Amazon SES reviews and pauses for bounces; at least 100 messages by simulation (ours)",
    ),
    rule(RuleId::Tpl02, Severity::High, true, "any send after Meta's notice, or refused with 132015 or 132016"),
    rule(RuleId::Tpl03, Severity::Medium, true, "any pause; HIGH from the second (Meta disables at the third)"),
    rule(RuleId::Tpl04, Severity::Medium, true, "YELLOW or RED; YELLOW for more than 7 days is HIGH (ours)"),
    rule(
        RuleId::Tpl05,
        Severity::High,
        true,
        "two of five signals (ours); Meta: utility is not promotional, and specific to the person",
    ),
    rule(
        RuleId::Tpl06,
        Severity::High,
        true,
        "any; CRITICAL from 2 in 30 days (ours) or Meta's UTILITY_TEMPLATE_ABUSE",
    ),
    rule(
        RuleId::Tpl07,
        Severity::Medium,
        true,
        "Meta's limits of template components; 25 characters on a button (some pages say 20), ten emojis (practice)",
    ),
    rule(
        RuleId::Tpl08,
        Severity::Medium,
        false,
        "3 words a variable, samples of 40 characters (ours); Meta refuses too many variables without a number",
    ),
    rule(RuleId::Tpl09, Severity::Medium, false, "3 in an hour, or 1 % of at least 50 sends of the template (ours)"),
    rule(RuleId::Tpl10, Severity::Medium, false, "any shortened or foreign link (common guidance of providers)"),
    rule(RuleId::Tpl12, Severity::High, false, "Jaccard 0.8 over five-character shingles within 90 days (ours)"),
    rule(RuleId::Tpl13, Severity::High, false, "any (Meta: one-time codes only in authentication templates)"),
    rule(
        RuleId::Vol01,
        Severity::Medium,
        true,
        "z 3.5 (Iglewicz and Hoaglin) and 5, twice the expected, 50 more (simulation, ours)",
    ),
    rule(RuleId::Vol03, Severity::Low, false, "500 sends of one template in 60 minutes (ours)"),
    rule(
        RuleId::Vol07,
        Severity::Low,
        false,
        "8 to 21 where the person is (the hours of the American TCPA; Meta publishes none)",
    ),
    rule(RuleId::Vol04, Severity::Medium, false, "4 in a day, 7 in a week (ours); pair limit errors 5 an hour (ours)"),
    rule(RuleId::Vol05, Severity::High, true, "Meta: no retry within 24 h of 131049; 2 retries in 24 h (ours)"),
    rule(
        RuleId::Win01,
        Severity::Low,
        true,
        "Meta's policy: free text only within 24 h; HIGH from 1 % of 100 in 7 days (ours)",
    ),
    rule(RuleId::Win02, Severity::Medium, false, "0.2 % of free-form messages with a known answer (ours)"),
    rule(
        RuleId::Win03,
        Severity::Medium,
        false,
        "any message (Meta's policy: marketing needs an opt-in, in the window too)",
    ),
    rule(
        RuleId::Wrm01,
        Severity::High,
        true,
        "in 30 days, more than twice the busiest of 3 days before, and more than 100: no more than doubling (practice)",
    ),
    rule(
        RuleId::Wrm02,
        Severity::Medium,
        true,
        "in 14 days, 30 % of the people, of at least 10, cold for 90 days (ours)",
    ),
    rule(RuleId::Wrm03, Severity::Medium, false, "in 7 days, 50 % of counted messages, and more than 100 (ours)"),
    rule(
        RuleId::Wrm06,
        Severity::High,
        false,
        "in 7 days after a block, 25 % of the median day before: one BSP sends no mass messages for 7 days",
    ),
    rule(RuleId::Lim02, Severity::High, false, "any person beyond the portfolio's messaging limit"),
    rule(RuleId::Lim03, Severity::High, false, "any step down that Meta tells"),
    rule(RuleId::Lim04, Severity::Medium, false, "any alert of Meta about a higher limit"),
    rule(RuleId::Qlt01, Severity::Medium, true, "YELLOW; RED and FLAGGED are HIGH (Meta's ratings)"),
    rule(RuleId::Qlt02, Severity::Medium, false, "25, 50 and 75 of 100; weights 30, 20, 15, 15, 10, 10 (ours)"),
    rule(RuleId::Enf01, Severity::High, true, "any notice of Meta"),
    rule(RuleId::Enf02, Severity::Critical, true, "any notice of Meta; HIGH where messages can still be sent"),
    rule(RuleId::Enf03, Severity::Critical, true, "any attempt more than 5 minutes after Meta's notice (ours)"),
    rule(RuleId::Enf04, Severity::Critical, true, "any notice of Meta"),
    rule(RuleId::Enf05, Severity::Critical, false, "the same violation within 90 days (ours)"),
    rule(RuleId::Ops01, Severity::High, true, "30 minutes with more than 20 sends and no status (ours)"),
    rule(
        RuleId::Lim05,
        Severity::Low,
        false,
        "0.1 % of a number's sends, or 50 in 5 minutes (ours; Meta: 80 messages a second)",
    ),
    rule(RuleId::Lim01, Severity::Medium, true, "80 % and 95 % of the portfolio's messaging limit (ours)"),
    rule(
        RuleId::Eng02,
        Severity::Medium,
        true,
        "1 %, 2 %, 3 %: SMS is healthy up to 1 %, resellers lock at 2 to 3 %, TextUs acts at 1.5 %",
    ),
    rule(
        RuleId::Eng01,
        Severity::Medium,
        false,
        "0.6 times the read rate of the client's other messages of 28 days; at least 200 delivered (ours)",
    ),
    rule(
        RuleId::Eng03,
        Severity::Medium,
        false,
        "5 % of 7 days' marketing, or twice the share of the 28 days before; at least 200 messages (ours)",
    ),
    rule(RuleId::Lst01, Severity::Medium, true, "two days of failure (practice of e-mail soft bounces)"),
    rule(
        RuleId::Lst02,
        Severity::Medium,
        true,
        "5 % and 10 % as Amazon SES reviews and pauses for bounces; at least 200 messages (ours)",
    ),
    rule(RuleId::Lst03, Severity::High, true, "twice the rate of all others, q ≤ 5 %, at least 100 messages (ours)"),
    rule(
        RuleId::Lst04,
        Severity::Low,
        false,
        "1 % of a list's messages; numbers by the countries' numbering plans; a declared campaign goes to each person once, \
         others not twice in 12 hours (ours)",
    ),
    rule(
        RuleId::Lst05,
        Severity::Low,
        false,
        "20 % of the recipients with 5 marketing messages (list-hygiene practice)",
    ),
    rule(RuleId::Lst06, Severity::Critical, false, "any message (every request to stop is honoured)"),
    rule(
        RuleId::Lst07,
        Severity::Low,
        false,
        "any message (Meta delivers no marketing templates to United States numbers since April 2025)",
    ),
    rule(RuleId::Pro01, Severity::Critical, true, "any word of the lists (Meta's violation types, November 2025)"),
    rule(RuleId::Pro02, Severity::High, false, "any without a permit on record (Meta's exceptions of 27 August 2024)"),
    rule(RuleId::Pro03, Severity::High, false, "any (Meta's messaging policy: no sensitive identifiers)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_catalogue_and_unique() {
        assert_eq!(RuleId::ALL.len(), 72);
        for id in RuleId::ALL {
            assert_eq!(id.as_str().parse(), Ok(*id));
        }
        assert!("CON-12".parse::<RuleId>().is_err());
        assert_eq!(serde_json::to_string(&RuleId::Con01).unwrap(), "\"CON-01\"");
    }

    #[test]
    fn every_rule_of_this_release_stands_once_in_the_registry() {
        for spec in RULES {
            assert_eq!(RULES.iter().filter(|other| other.id == spec.id).count(), 1);
            assert_eq!(spec.id.spec(), Some(spec));
            assert!(!spec.threshold_source.is_empty());
        }
        // Reserved.
        assert_eq!(RuleId::Win04.spec(), None);
    }

    #[test]
    fn texts_are_named_by_key() {
        assert_eq!(RuleId::Con01.name_key(), "rule-con-01-name");
        assert_eq!(RuleId::Lst05.remedy_key(), "rule-lst-05-remedy");
    }

    #[test]
    fn severities_have_an_order() {
        assert!(Severity::ALL.is_sorted());
        assert!(Severity::Critical > Severity::High);
    }
}
