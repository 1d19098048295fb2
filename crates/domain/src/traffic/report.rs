//! The result of an audit as data: the figures of the exchange formats, version 1, and what the rules made of them.
//!
//! The JSON is a public contract: keys may be added, never renamed. No text for people stands here, and no recipient in
//! clear.

use std::collections::BTreeMap;

use super::{Attribution, ListAdvice, Place, RuleId, RuleState, Severity, Verdict};
use crate::{Instant, words::words};

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The release of the engine that made it; empty for one that was made before reports said so.
    #[serde(default)]
    pub release: String,
    /// The period whose sends are counted.
    pub period: Period,
    /// Counts of everything.
    pub totals: Totals,
    /// Rows that were not understood.
    pub rejected: Rejected,
    /// Consent at the time of sending.
    pub consent: ConsentFigures,
    /// Outcomes by template, by name and language.
    pub templates: Vec<TemplateFigures>,
    /// Free-form sends outside of the window, whatever their outcome.
    pub free_form_outside_window: Count,
    /// The busiest moving 24 hours.
    pub peak24h: Peak,
    /// Marketing messages that came too thick.
    pub flooding: Flooding,
    /// People who take no notice.
    pub dead_audience: Recipients,
    /// Sends to people who could not be reached on two days.
    pub undeliverable_resends: Count,
    /// Sends within 24 h of a refusal of the same template.
    pub retries: Count,
    /// What to do with the people of each list; only with the profile `full`, and only lists where not everybody may be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<ListAdvice>,
    /// What explains each kind of bad outcome; only with the profile `full`, and only kinds that something explains.
    #[serde(default)]
    pub attribution: Vec<Attribution>,
    /// What each rule of the profile says, by id.
    pub rules: Vec<RuleResult>,
    /// Findings, worst first.
    pub findings: Vec<Finding>,
}

/// A period; both absent when there were no sends and none was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Period {
    /// Its start, included.
    pub from: Option<Instant>,
    /// Its end, excluded.
    pub to: Option<Instant>,
}

/// Counts over the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Sends.
    pub messages: u64,
    /// Of them templates.
    pub templates: u64,
    /// Of them free-form.
    pub free_form: u64,
    /// Sends of any type in the customer service window.
    pub in_window: u64,
    /// Templates delivered or read outside of the window: what counts toward Meta's messaging limit.
    pub counted: u64,
    /// Distinct recipients of sends.
    pub recipients: u64,
    /// Messages received in the period.
    pub inbound: u64,
    /// Sends of a category that is none of the four: never due.
    #[serde(default)]
    pub unknown_category: u64,
    /// Failures with a code that Meta does not document.
    #[serde(default)]
    pub unknown_error: u64,
}

/// Rows that were rejected, by table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Rejected {
    /// Of messages.
    pub messages: u64,
    /// Of inbound.
    pub inbound: u64,
    /// Of consents.
    pub consents: u64,
}

/// Consent behind the due sends.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentFigures {
    /// Templates in a purpose that needs an opt-in, outside of the window.
    pub due: u64,
    /// By verdict.
    pub by_verdict: Vec<VerdictFigures>,
    /// By list and verdict; messages of no list last.
    pub by_list: Vec<ListFigures>,
}

/// Due sends with one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct VerdictFigures {
    /// The verdict.
    pub verdict: Verdict,
    /// Sends.
    pub messages: u64,
    /// Distinct recipients.
    pub recipients: u64,
}

/// Due sends of one list with one verdict.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFigures {
    /// The contact list; absent for messages of no list.
    pub list_id: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Sends.
    pub messages: u64,
    /// Distinct recipients.
    pub recipients: u64,
}

/// Outcomes of one template.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TemplateFigures {
    /// Its name.
    pub name: String,
    /// Its language.
    pub language: String,
    /// All sends.
    pub sent: u64,
    /// Delivered or read.
    pub delivered: u64,
    /// Read.
    pub read: u64,
    /// Failed.
    pub failed: u64,
    /// Failures by Meta's code, by code; a failure without a code is in none.
    pub errors: Vec<ErrorFigures>,
}

/// Failures with one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ErrorFigures {
    /// Meta's code.
    pub code: u32,
    /// Sends that failed with it.
    pub messages: u64,
}

/// Sends, and the distinct recipients of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Count {
    /// Sends.
    pub messages: u64,
    /// Distinct recipients.
    pub recipients: u64,
}

/// Distinct recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Recipients {
    /// Distinct recipients.
    pub recipients: u64,
}

/// Most distinct recipients of counted sends in any moving 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Peak {
    /// Distinct recipients in (at − 24 h, at].
    pub recipients: u64,
    /// The earliest such moment; absent when nothing was counted.
    pub at: Option<Instant>,
}

/// Marketing messages beyond 3 a day, and beyond 6 a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flooding {
    /// Sends that were at least the fourth in 24 hours.
    pub day_messages: u64,
    /// Distinct recipients of them.
    pub day_recipients: u64,
    /// Sends that were at least the seventh in 168 hours.
    pub week_messages: u64,
    /// Distinct recipients of them.
    pub week_recipients: u64,
}

/// What one rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleResult {
    /// The rule.
    pub rule: RuleId,
    /// What it says.
    pub state: RuleState,
    /// Whether webhooks can still arrive that change it: the period ended less than 7 days before the audit.
    pub provisional: bool,
}

words! {
    /// What a finding is about.
    SubjectKind {
        /// The client as a whole.
        Client = "client",
        /// A contact list.
        List = "list",
        /// A template: `name/language`.
        Template = "template",
        /// A sending number, by Meta's id.
        Number = "number",
        /// A campaign.
        Campaign = "campaign",
        /// The business portfolio.
        Portfolio = "portfolio",
        /// A WhatsApp Business Account, by Meta's id.
        Account = "account",
        /// What Meta told, by its own word: a violation, a restriction, an alert; of an account that it names, `word/account`.
        Notice = "notice",
        /// A rule, by its id: what adds to a risk score.
        Rule = "rule",
        /// A version of the text under which people opt in.
        Wording = "wording",
        /// A country, by its ISO 3166 code.
        Country = "country",
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id within the client; absent for the client itself, and for messages of no list or campaign.
    pub id: Option<String>,
    /// The day (UTC, `YYYY-MM-DD`), for findings about one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
}

/// A number of a finding: a count, or a share, factor or score.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// A count.
    Count(u64),
    /// Anything else; finite.
    Value(f64),
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// The same for the same rule and subject in every audit: see [`Finding::fingerprint_of`].
    pub fingerprint: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// Sends that the finding counts.
    pub messages: u64,
    /// Distinct recipients that the finding counts.
    pub recipients: u64,
    /// Numbers that explain it, and the thresholds it was judged by; arguments of the corrective action.
    pub figures: BTreeMap<String, Figure>,
    /// The parts of the subject that contribute most, greatest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdown: Vec<Part>,
    /// Where in the subject it is, when the subject is a template and the rule judges its content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// Some of the messages, the same whatever the order of the input.
    pub sample: Vec<SampleMessage>,
}

/// A part of a finding's subject.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Part {
    /// The part.
    pub subject: Subject,
    /// Sends.
    pub messages: u64,
    /// Distinct recipients.
    pub recipients: u64,
}

/// A message of a finding's sample. Never holds a recipient in clear.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleMessage {
    /// Meta's id.
    pub message_id: String,
    /// When it was sent.
    pub sent_at: Instant,
    /// Meta's id of the sending number.
    pub phone_number_id: String,
    /// Name of the template, if it was one.
    pub template_name: Option<String>,
    /// Language of the template.
    pub template_language: Option<String>,
    /// The contact list.
    pub list_id: Option<String>,
    /// The campaign.
    pub campaign_id: Option<String>,
    /// Meta's error code, if it failed with one.
    pub error_code: Option<u32>,
    /// The recipient with the middle hidden, such as `39333…67`.
    pub recipient_masked: Option<String>,
}

impl Subject {
    /// The client as a whole.
    pub const fn client() -> Self {
        Self { kind: SubjectKind::Client, id: None, day: None }
    }

    /// Something of the client.
    pub fn of(kind: SubjectKind, id: Option<&str>) -> Self {
        Self { kind, id: id.map(str::to_owned), day: None }
    }
}

impl Finding {
    /// The fingerprint of a rule and a subject: what makes a finding of one audit and a finding of the next the same.
    /// The id stands last, so that no two subjects share one.
    pub fn fingerprint_of(rule: RuleId, subject: &Subject) -> String {
        let mut text = format!("{rule}/{}", subject.kind);
        if let Some(day) = &subject.day {
            text.push('@');
            text.push_str(day);
        }
        if let Some(id) = &subject.id {
            text.push('=');
            text.push_str(id);
        }
        text
    }

    /// The time of its messages, the end excluded, where neither its rule nor its subject tells: that of the silence of OPS-01.
    pub fn within(&self) -> Option<(Instant, Instant)> {
        let count = |name: &str| match self.figures.get(name) {
            Some(Figure::Count(count)) => i64::try_from(*count).ok(),
            _ => None,
        };
        let (began, minutes) = count("startedAt").zip(count("minutes")).filter(|_| self.rule == RuleId::Ops01)?;
        let at = |seconds: i64| instant_of_micros(seconds.saturating_mul(1_000_000));
        Some((at(began), at(minutes.saturating_add(1).saturating_mul(60).saturating_add(began))))
    }

    /// Whether its messages are those that failed, or those that did not, where its rule counts either or both: LST-03.
    pub fn failed(&self) -> Option<bool> {
        let has = |name: &str| self.figures.contains_key(name);
        match (self.rule, has("failureQ"), has("stopQ")) {
            (RuleId::Lst03, true, false) => Some(true),
            (RuleId::Lst03, false, true) => Some(false),
            _ => None,
        }
    }
}

/// The instant of microseconds since 1970-01-01 UTC; out of the calendar's range, its nearest end.
pub fn instant_of_micros(micros: i64) -> Instant {
    Instant::from_timestamp_micros(micros).unwrap_or(if micros < 0 { Instant::MIN_UTC } else { Instant::MAX_UTC })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_report_has_the_keys_of_the_contract() {
        let json = serde_json::to_value(Report::default()).unwrap();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        for key in [
            "period",
            "totals",
            "rejected",
            "consent",
            "templates",
            "freeFormOutsideWindow",
            "peak24h",
            "flooding",
            "deadAudience",
            "undeliverableResends",
            "retries",
            "attribution",
            "rules",
            "findings",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        assert_eq!(json["period"], serde_json::json!({ "from": null, "to": null }));
        assert_eq!(json["peak24h"], serde_json::json!({ "recipients": 0, "at": null }));
        assert_eq!(json["totals"]["freeForm"], 0);
        assert_eq!(json["totals"]["inWindow"], 0);
        assert_eq!(json["consent"], serde_json::json!({ "due": 0, "byVerdict": [], "byList": [] }));
        assert_eq!(json["flooding"]["weekRecipients"], 0);
    }

    #[test]
    fn instants_keep_microseconds_and_end_in_z() {
        let json = |micros| serde_json::to_value(instant_of_micros(micros)).unwrap();
        assert_eq!(json(1_788_220_800_000_000), "2026-09-01T00:00:00Z");
        assert_eq!(json(1_788_220_800_000_001), "2026-09-01T00:00:00.000001Z");
        assert_eq!(instant_of_micros(i64::MAX), Instant::MAX_UTC);
    }

    #[test]
    fn fingerprints_tell_subjects_apart() {
        let list = |id| Finding::fingerprint_of(RuleId::Con01, &Subject::of(SubjectKind::List, id));
        assert_eq!(list(Some("fair")), "CON-01/list=fair");
        assert_eq!(list(None), "CON-01/list");
        assert_ne!(list(None), list(Some("")));
        let day = Subject { day: Some("2026-09-12".into()), ..Subject::of(SubjectKind::Number, Some("1055")) };
        assert_eq!(Finding::fingerprint_of(RuleId::Vol01, &day), "VOL-01/number@2026-09-12=1055");
    }

    #[test]
    fn figures_are_plain_numbers() {
        assert_eq!(serde_json::to_string(&[Figure::Count(3), Figure::Value(0.5)]).unwrap(), "[3,0.5]");
        assert_eq!(serde_json::from_str::<Vec<Figure>>("[3,0.5]").unwrap(), [Figure::Count(3), Figure::Value(0.5)]);
    }

    #[test]
    fn a_finding_tells_which_messages_are_its_own() {
        let finding = |rule, figures: &[(&str, u64)]| Finding {
            rule,
            fingerprint: String::new(),
            severity: Severity::High,
            subject: Subject::client(),
            messages: 0,
            recipients: 0,
            figures: figures.iter().map(|(name, count)| ((*name).to_owned(), Figure::Count(*count))).collect(),
            breakdown: Vec::new(),
            places: Vec::new(),
            sample: Vec::new(),
        };
        // Two minutes and what lies between: three minutes in all.
        let silence = finding(RuleId::Ops01, &[("startedAt", 600), ("minutes", 2)]);
        assert_eq!(silence.within(), Some((instant_of_micros(600_000_000), instant_of_micros(780_000_000))));
        assert_eq!(finding(RuleId::Vol03, &[("startedAt", 600), ("minutes", 2)]).within(), None);
        let bad = |figures: &[(&str, u64)]| finding(RuleId::Lst03, figures).failed();
        assert_eq!(bad(&[("failureQ", 0)]), Some(true));
        assert_eq!(bad(&[("stopQ", 0)]), Some(false));
        assert_eq!(bad(&[("failureQ", 0), ("stopQ", 0)]), None);
    }
}
