//! What detection rules found, as sentences: name, finding with its figures, and what to do about it.

use jiff::civil;

use crate::{Args, Lang, format, text};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubjectFacts<'a> {
    /// `client`, `list`, `template`, `number`, `campaign` or `portfolio`.
    pub kind: &'a str,
    /// Its id; absent for the client itself, and for messages of no list or campaign.
    pub id: Option<&'a str>,
    /// The day (`YYYY-MM-DD`), for a finding about one day.
    pub day: Option<&'a str>,
}

/// What a finding says, as far as a sentence needs it.
#[derive(Debug, Clone, Copy)]
pub struct FindingFacts<'a> {
    /// Id of the rule, such as `CON-01`.
    pub rule: &'a str,
    /// What it is about.
    pub subject: SubjectFacts<'a>,
    /// Messages that it counts.
    pub messages: u64,
    /// Distinct people that it counts.
    pub recipients: u64,
    /// Further figures by name: shares and rates from 0 to 1, and numbers.
    pub figures: &'a [(&'a str, f64)],
}

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Percent,
    Number,
}

/// The figures that the sentence of each rule names beside subject, messages and recipients.
const FIGURES: &[(&str, &[(&str, Written)])] = &[
    ("CON-01", &[("share", Written::Percent)]),
    ("CON-02", &[]),
    ("CON-03", &[]),
    ("CON-04", &[("share", Written::Percent)]),
    ("CON-07", &[("share", Written::Percent)]),
    ("TPL-01", &[("rate", Written::Percent), ("base", Written::Percent)]),
    ("WIN-01", &[]),
    ("VOL-01", &[("expected", Written::Number)]),
    ("VOL-04", &[]),
    ("VOL-05", &[]),
    ("LIM-01", &[("share", Written::Percent), ("limit", Written::Number)]),
    ("ENG-02", &[("rate", Written::Percent)]),
    ("LST-01", &[]),
    ("LST-02", &[("rate", Written::Percent)]),
    ("LST-05", &[("share", Written::Percent)]),
];

/// The name of a rule.
pub fn rule_name(lang: Lang, rule: &str) -> String {
    text(lang, &key(rule, "name"), &Args::new())
}

/// One sentence that says what was found.
///
/// When a figure that the sentence needs is not there (an audit of an older release), it is a plainer one without it.
pub fn finding(lang: Lang, facts: &FindingFacts<'_>) -> String {
    let mut args = Args::new()
        .text("subject", subject(lang, facts.subject))
        .count("messages", facts.messages)
        .count("recipients", facts.recipients);
    let needed = FIGURES.iter().find(|(rule, _)| *rule == facts.rule).map(|(_, figures)| *figures);
    for (name, written) in needed.unwrap_or_default() {
        let Some((_, value)) = facts.figures.iter().find(|(given, _)| given == name) else {
            tracing::warn!(rule = facts.rule, figure = name, "a finding lacks a figure that its sentence names");
            return text(lang, "rule-finding-plain", &args);
        };
        args = match written {
            Written::Percent => args.percent(*name, *value),
            Written::Number => args.approximate(*name, *value),
        };
    }
    let key = if needed.is_some() { key(facts.rule, "finding") } else { "rule-finding-plain".to_owned() };
    text(lang, &key, &args)
}

/// What to do about a finding of a rule: corrective actions in their order.
pub fn remedy(lang: Lang, rule: &str) -> Vec<String> {
    text(lang, &key(rule, "remedy"), &Args::new()).lines().map(str::to_owned).collect()
}

/// What a finding is about, in words that can stand before a colon.
pub fn subject(lang: Lang, facts: SubjectFacts<'_>) -> String {
    let whole = matches!(facts.kind, "client" | "portfolio");
    let name = match facts.id {
        Some(id) if !whole => text(lang, &format!("subject-{}", facts.kind), &Args::new().text("id", id)),
        None if !whole => text(lang, &format!("subject-{}-none", facts.kind), &Args::new()),
        _ => text(lang, &format!("subject-{}", facts.kind), &Args::new()),
    };
    match facts.day {
        None => name,
        Some(day) => {
            let day = day.parse::<civil::Date>().map_or_else(|_| day.to_owned(), |day| format::date(lang, day));
            text(lang, "subject-on-day", &Args::new().text("subject", name).text("day", day))
        }
    }
}

fn key(rule: &str, part: &str) -> String {
    format!("rule-{}-{part}", rule.to_ascii_lowercase())
}

/// Whether all three texts of a rule exist.
#[cfg(test)]
pub(crate) fn is_complete(lang: Lang, rule: &str) -> bool {
    ["name", "finding", "remedy"].iter().all(|part| crate::bundles::exists(lang, &key(rule, part)))
}

/// Rules that have texts, and the names of the figures of each.
#[cfg(test)]
pub(crate) fn rules_with_figures() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    FIGURES.iter().map(|(rule, figures)| (*rule, figures.iter().map(|(name, _)| *name).collect()))
}
