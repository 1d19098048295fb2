//! What rules judge, and how they say it.

use std::collections::BTreeMap;

use domain::traffic::{
    Count, Figure, Finding, Part, Place, RuleId, SampleMessage, Severity, Subject, SubjectKind, Thresholds,
    instant_of_micros,
};

use super::Content;
use crate::{
    Inputs, NO_NAME, Names, Settings, Tally,
    tally::{DAY, Evidence, Kept, slot_of},
};

/// Most parts of a breakdown.
const PARTS: usize = 20;

/// What an audit knows when its rules judge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) tally: &'a Tally,
    pub(crate) names: &'a Names,
    pub(crate) inputs: &'a Inputs,
    pub(crate) thresholds: &'a Thresholds,
    /// What is asked.
    pub(crate) settings: &'a Settings,
    /// The busiest moving 24 hours: distinct recipients, and when.
    pub(crate) peak: Option<(u64, i64)>,
    /// What the lint says of the templates that were sent.
    pub(crate) content: &'a Content,
}

/// What a rule says.
#[derive(Debug)]
pub(super) enum Judgement {
    /// Data that the rule needs was not given.
    NotFed,
    /// Too little data to judge.
    Insufficient,
    /// What was found; nothing is a pass.
    Judged(Vec<Draft>),
}

/// A finding in the making.
#[derive(Debug)]
pub(super) struct Draft {
    severity: Severity,
    subject: Subject,
    count: Count,
    figures: BTreeMap<String, Figure>,
    breakdown: Vec<Part>,
    places: Vec<Place>,
    sample: Vec<SampleMessage>,
}

impl Draft {
    pub(super) fn new(severity: Severity, subject: Subject, count: impl Into<Count>) -> Self {
        Self {
            severity,
            subject,
            count: count.into(),
            figures: BTreeMap::new(),
            breakdown: Vec::new(),
            places: Vec::new(),
            sample: Vec::new(),
        }
    }

    /// Adds a count to the figures.
    pub(super) fn count(mut self, name: &str, count: u64) -> Self {
        self.figures.insert(name.to_owned(), Figure::Count(count));
        self
    }

    /// Adds a share, factor or score to the figures.
    pub(super) fn value(mut self, name: &str, value: f64) -> Self {
        if value.is_finite() {
            self.figures.insert(name.to_owned(), Figure::Value(value));
        }
        self
    }

    /// Names the parts that contribute most.
    pub(super) fn parts(mut self, parts: impl Iterator<Item = (Subject, crate::tally::Count)>) -> Self {
        let parts = parts.filter(|(_, count)| count.messages > 0);
        self.breakdown = parts
            .map(|(subject, count)| Part { subject, messages: count.messages, recipients: count.recipients })
            .collect();
        self.breakdown.sort_by(|one, other| {
            (other.messages, other.recipients)
                .cmp(&(one.messages, one.recipients))
                .then(one.subject.cmp(&other.subject))
        });
        self.breakdown.truncate(PARTS);
        self
    }

    /// Names what adds most, most first.
    pub(super) fn contributors(mut self, contributors: Vec<(Subject, Count)>) -> Self {
        let part = |(subject, count): (Subject, Count)| Part {
            subject,
            messages: count.messages,
            recipients: count.recipients,
        };
        self.breakdown = contributors.into_iter().map(part).collect();
        self
    }

    /// Says where in a template it is.
    pub(super) fn places(mut self, places: impl Iterator<Item = Place>) -> Self {
        self.places = places.collect();
        self
    }

    /// Adds the sample.
    pub(super) fn sample(mut self, case: &Case<'_>, evidence: &Evidence) -> Self {
        self.sample = evidence.by_time().into_iter().map(|kept| case.sample(kept)).collect();
        self
    }

    pub(super) fn finding(self, rule: RuleId) -> Finding {
        Finding {
            rule,
            fingerprint: Finding::fingerprint_of(rule, &self.subject),
            severity: self.severity,
            subject: self.subject,
            messages: self.count.messages,
            recipients: self.count.recipients,
            figures: self.figures,
            breakdown: self.breakdown,
            places: self.places,
            sample: self.sample,
        }
    }
}

impl Case<'_> {
    fn sample(&self, kept: &Kept) -> SampleMessage {
        let template = (kept.template != NO_NAME).then(|| self.names.templates.get(kept.template as usize)).flatten();
        SampleMessage {
            message_id: String::from_utf8_lossy(&kept.message_id).into_owned(),
            sent_at: instant_of_micros(kept.sent_at),
            phone_number_id: self.names.number(slot_of(kept.number)).unwrap_or_default().to_owned(),
            template_name: template.map(|template| template.name.clone()),
            template_language: template.map(|template| template.language.clone()),
            list_id: self.names.list(slot_of(kept.list)).map(str::to_owned),
            campaign_id: self.names.campaign(slot_of(kept.campaign)).map(str::to_owned),
            error_code: kept.error_code,
            recipient_masked: kept.recipient.as_deref().map(str::to_owned),
        }
    }

    /// The day (UTC, since 1970) of first use of each number that sent, by slot, as far as it is known.
    pub(super) fn first_days(&self) -> BTreeMap<usize, i64> {
        let told = self.inputs.surroundings.numbers.as_deref().unwrap_or_default();
        let known: BTreeMap<&str, i64> = told
            .iter()
            .filter_map(|number| Some((number.id.as_str(), number.first_used_at?.timestamp_micros())))
            .collect();
        let names = self.names.numbers.iter().enumerate();
        names.filter_map(|(id, name)| Some((id + 1, known.get(name.as_str())?.div_euclid(DAY)))).collect()
    }

    /// Whether a number that sent in the period may have been younger than so many days without anybody telling: its first use is
    /// not known, and no earlier traffic shows that it is older.
    pub(super) fn may_hide_new(&self, days: u32) -> bool {
        let Some(from) = self.tally.period_from() else { return false };
        let (known, old) = (self.first_days(), from.div_euclid(DAY).saturating_sub(days.into()));
        self.tally.number_days.iter().enumerate().filter(|(slot, _)| !known.contains_key(slot)).any(|(_, days)| {
            let is_old = days.iter().next().is_some_and(|(first, _)| first <= old);
            !is_old && days.iter().any(|(_, counts)| counts.period.messages > 0)
        })
    }

    /// The subject of a list's slot.
    pub(super) fn list(&self, slot: usize) -> Subject {
        Subject::of(SubjectKind::List, self.names.list(slot))
    }

    /// The subject of a number's slot.
    pub(super) fn number(&self, slot: usize) -> Subject {
        Subject::of(SubjectKind::Number, self.names.number(slot))
    }

    /// The subject of a template: its name, and its language when it has one.
    pub(super) fn template(&self, id: usize) -> Subject {
        Subject { kind: SubjectKind::Template, id: self.names.template(id), day: None }
    }
}
