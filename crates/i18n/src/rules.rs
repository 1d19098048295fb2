//! What detection rules found, as sentences: name, finding with its figures, and what to do about it.

use std::collections::BTreeMap;

use domain::traffic::{Figure, Finding, LintArgument, LintFinding, RuleId, Subject, SubjectKind};
use jiff::civil;

use crate::{Args, Lang, bundles, format, text};

/// What a finding says, as far as a sentence needs it.
#[derive(Debug, Clone, Copy)]
pub struct FindingFacts<'a> {
    /// The rule.
    pub rule: RuleId,
    /// What it is about.
    pub subject: &'a Subject,
    /// Messages that it counts.
    pub messages: u64,
    /// Distinct people that it counts.
    pub recipients: u64,
    /// Numbers that explain it, by name.
    pub figures: &'a BTreeMap<String, Figure>,
}

impl<'a> From<&'a Finding> for FindingFacts<'a> {
    fn from(finding: &'a Finding) -> Self {
        let Finding { rule, subject, messages, recipients, figures, .. } = finding;
        Self { rule: *rule, subject, messages: *messages, recipients: *recipients, figures }
    }
}

/// Figures that are no counts and no shares; every other value of a figure is a share from 0 to 1.
const NUMBERS: &[&str] = &[
    "expected",
    "factor",
    "failureLift",
    "score",
    "stopLift",
    "usual",
    "days",
    "daysLeft",
    "daysSince",
    "redDays",
    "yellowDays",
];

const PLAIN: &str = "rule-finding-plain";

/// The name of a rule; its id, when no release evaluates it yet.
pub fn rule_name(lang: Lang, rule: RuleId) -> String {
    let key = rule.name_key();
    if bundles::exists(lang, &key) { text(lang, &key, &Args::new()) } else { rule.as_str().to_owned() }
}

/// One sentence that says what was found.
///
/// When a figure that the sentence needs is not there (an audit of an older release), it is a plainer one without it.
pub fn finding(lang: Lang, facts: &FindingFacts<'_>) -> String {
    let key = key(facts.rule, "finding");
    let args = arguments(lang, facts);
    match bundles::format_message(lang, &key, &args) {
        Some((sentence, errors)) if errors.is_empty() => sentence,
        Some((_, errors)) => {
            tracing::warn!(rule = %facts.rule, ?errors, "a finding lacks a figure that its sentence names");
            text(lang, PLAIN, &args)
        }
        None => text(lang, PLAIN, &args),
    }
}

/// What to do about a finding of a rule: corrective actions in their order; none when no release evaluates the rule yet.
pub fn remedy(lang: Lang, rule: RuleId) -> Vec<String> {
    let key = rule.remedy_key();
    if !bundles::exists(lang, &key) {
        return Vec::new();
    }
    text(lang, &key, &Args::new()).lines().map(str::to_owned).collect()
}

/// What a finding is about, in words that can stand before a colon.
pub fn subject(lang: Lang, subject: &Subject) -> String {
    let kind = subject.kind.as_str();
    let whole = matches!(subject.kind, SubjectKind::Client | SubjectKind::Portfolio);
    let name = match &subject.id {
        _ if whole => text(lang, &format!("subject-{kind}"), &Args::new()),
        Some(id) => match id.split_once('/').filter(|_| subject.kind == SubjectKind::Notice) {
            Some((word, account)) => {
                text(lang, "subject-notice-of-account", &Args::new().text("id", word).text("account", account))
            }
            None => text(lang, &format!("subject-{kind}"), &Args::new().text("id", id)),
        },
        None => text(lang, &format!("subject-{kind}-none"), &Args::new()),
    };
    let Some(day) = &subject.day else { return name };
    let day = day.parse::<civil::Date>().map_or_else(|_| day.clone(), |day| format::date(lang, day));
    text(lang, "subject-on-day", &Args::new().text("subject", name).text("day", day))
}

/// One sentence that says what the lint objects to in a template.
pub fn objection(lang: Lang, found: &LintFinding) -> String {
    let args = found.arguments.iter().fold(Args::new(), |args, (name, argument)| match argument {
        LintArgument::Count(count) => args.count(name.clone(), *count),
        LintArgument::Share(share) => args.percent(name.clone(), *share),
        LintArgument::Text(text) => args.text(name.clone(), text.as_str()),
    });
    text(lang, &found.place.code.text_key(), &args)
}

fn arguments(lang: Lang, facts: &FindingFacts<'_>) -> Args {
    let start = Args::new()
        .text("subject", subject(lang, facts.subject))
        .count("messages", facts.messages)
        .count("recipients", facts.recipients);
    facts.figures.iter().fold(start, |args, (name, figure)| match figure {
        Figure::Count(count) => args.count(name.clone(), *count),
        Figure::Value(value) if NUMBERS.contains(&name.as_str()) => args.approximate(name.clone(), *value),
        Figure::Value(value) => args.percent(name.clone(), *value),
    })
}

fn key(rule: RuleId, part: &str) -> String {
    format!("rule-{}-{part}", rule.as_str().to_ascii_lowercase())
}
