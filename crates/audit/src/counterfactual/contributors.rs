//! Which lists, templates and numbers the messages of rules belong to.

use std::collections::HashMap;

use domain::traffic::{RuleId, Subject, SubjectKind};

use crate::{NameId, Names, Send, Settings, tally::slot_of};

/// How many messages each rule counts, and how many were sent, by list, template and number together; collected by
/// [`crate::Replay::feed_with`].
#[derive(Debug, Clone, Default)]
pub struct Contributors {
    period: (Option<i64>, Option<i64>),
    messages: HashMap<(Option<RuleId>, Belonging), u64, foldhash::fast::FixedState>,
}

/// Where a message belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Belonging {
    list: usize,
    template: NameId,
    number: NameId,
}

/// A list, template or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Element {
    /// By slot.
    List(usize),
    /// By id.
    Template(NameId),
    /// By id.
    Number(NameId),
}

impl Belonging {
    fn of(send: &Send<'_>) -> Self {
        Self { list: slot_of(send.list), template: send.template, number: send.number }
    }

    /// Its list, its number, and its template if it has one.
    fn elements(self) -> impl Iterator<Item = Element> {
        let template = (self.template != crate::NO_NAME).then_some(Element::Template(self.template));
        [Element::List(self.list), Element::Number(self.number)].into_iter().chain(template)
    }

    /// Whether it belongs to the element.
    pub(super) fn is_of(self, element: Element) -> bool {
        self.elements().any(|own| own == element)
    }
}

impl Element {
    pub(super) fn subject(self, names: &Names) -> Option<Subject> {
        Some(match self {
            Self::List(slot) => Subject::of(SubjectKind::List, names.list(slot)),
            Self::Template(id) => Subject::of(SubjectKind::Template, Some(&names.templates.get(id as usize)?.label())),
            Self::Number(id) => Subject::of(SubjectKind::Number, Some(names.numbers.get(id as usize)?)),
        })
    }
}

impl Contributors {
    /// None yet, of an audit with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self { period: (settings.from, settings.to), messages: HashMap::default() }
    }

    /// Takes note of a message that a rule counts.
    pub fn add(&mut self, rule: RuleId, send: &Send<'_>) {
        *self.messages.entry((Some(rule), Belonging::of(send))).or_default() += 1;
    }

    /// Takes note of a message that was sent: what rules without messages of their own are explained by.
    pub fn add_sent(&mut self, send: &Send<'_>) {
        let (from, to) = self.period;
        if from.is_none_or(|from| from <= send.sent_at) && to.is_none_or(|to| send.sent_at < to) {
            *self.messages.entry((None, Belonging::of(send))).or_default() += 1;
        }
    }

    /// Adds those of other recipients.
    pub fn merge(&mut self, other: Self) {
        for (key, messages) in other.messages {
            *self.messages.entry(key).or_default() += messages;
        }
    }

    /// The messages of a rule, or all of the period.
    pub(super) fn of(&self, rule: Option<RuleId>) -> impl Iterator<Item = (Belonging, u64)> {
        let own = self.messages.iter().filter(move |((of, _), _)| *of == rule);
        own.map(|((_, belonging), messages)| (*belonging, *messages))
    }

    /// The elements with the most messages of a rule, greatest first; of all messages where the rule has none of its own.
    pub(super) fn ranked(&self, rule: RuleId) -> Vec<Element> {
        let own = self.rank(Some(rule));
        if own.is_empty() { self.rank(None) } else { own }
    }

    fn rank(&self, rule: Option<RuleId>) -> Vec<Element> {
        let mut sums: HashMap<Element, u64, foldhash::fast::FixedState> = HashMap::default();
        for (belonging, messages) in self.of(rule) {
            belonging.elements().for_each(|element| *sums.entry(element).or_default() += messages);
        }
        let mut ranked: Vec<(Element, u64)> = sums.into_iter().collect();
        ranked.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        ranked.into_iter().map(|(element, _)| element).collect()
    }
}
