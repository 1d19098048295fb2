//! Which messages should not have been sent: the least set of lists, templates and numbers without which a rule is CLEAR.
//!
//! Looked at are the elements that contribute most of a rule's messages. All sets of one are tried, then of two, then of
//! three; where none suffices, the best of three grows by the element that helps most, until the rule is CLEAR or every
//! element is gone. Sets are tried by exact recomputation, so the answer holds for rules that add nothing up (peaks, floods,
//! comparisons between templates) as for those that count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::traffic::{Counterfactual, Remedy, Report, RuleId, RuleState, Subject, SubjectKind};

use crate::{NameId, Names, Send, tally::slot_of};

use super::{compare, state};

/// Most elements that are looked at for one rule.
const CANDIDATES: usize = 10;
/// Sets up to this size are tried all.
const EXACT: usize = 3;

/// How many messages of each list, template and number a rule counts; collected by [`crate::Replay::feed_with`].
#[derive(Debug, Clone, Default)]
pub struct Contributors {
    messages: HashMap<(Option<RuleId>, Element), u64>,
}

/// A list, template or number by its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Element {
    List(usize),
    Template(NameId),
    Number(NameId),
}

impl Contributors {
    /// Takes note of a message that a rule counts.
    pub fn add(&mut self, rule: RuleId, send: &Send<'_>) {
        self.count(Some(rule), send);
    }

    /// Takes note of a message of the period: what rules without messages of their own are explained by.
    pub fn add_sent(&mut self, send: &Send<'_>) {
        self.count(None, send);
    }

    fn count(&mut self, rule: Option<RuleId>, send: &Send<'_>) {
        for element in elements(send) {
            *self.messages.entry((rule, element)).or_default() += 1;
        }
    }

    /// Adds those of other recipients.
    pub fn merge(&mut self, other: Self) {
        for (key, messages) in other.messages {
            *self.messages.entry(key).or_default() += messages;
        }
    }

    /// The elements that contribute most to a rule, greatest first.
    fn of(&self, rule: RuleId, names: &Names) -> Vec<Subject> {
        let own = self.ranked(Some(rule));
        let ranked = if own.is_empty() { self.ranked(None) } else { own };
        ranked.into_iter().filter_map(|element| subject(element, names)).take(CANDIDATES).collect()
    }

    fn ranked(&self, rule: Option<RuleId>) -> Vec<Element> {
        let of_rule = self.messages.iter().filter(|((of, _), _)| *of == rule);
        let mut ranked: Vec<(u64, Element)> = of_rule.map(|((_, element), messages)| (*messages, *element)).collect();
        ranked.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.into_iter().map(|(_, element)| element).collect()
    }
}

fn elements(send: &Send<'_>) -> impl Iterator<Item = Element> {
    let template = (send.template != crate::NO_NAME).then_some(Element::Template(send.template));
    [Element::List(slot_of(send.list)), Element::Number(send.number)].into_iter().chain(template)
}

fn subject(element: Element, names: &Names) -> Option<Subject> {
    Some(match element {
        Element::List(slot) => Subject::of(SubjectKind::List, names.list(slot)),
        Element::Template(id) => Subject::of(SubjectKind::Template, Some(&names.templates.get(id as usize)?.label())),
        Element::Number(id) => Subject::of(SubjectKind::Number, Some(names.numbers.get(id as usize)?)),
    })
}

/// A search, driven from outside: [`Search::next_sets`] says which removals to replay, [`Search::take`] gets their reports.
#[derive(Debug)]
pub struct Search {
    before: Report,
    rules: Vec<OfRule>,
    size: usize,
    known: BTreeMap<Vec<Subject>, Known>,
}

/// The search for one rule.
#[derive(Debug)]
struct OfRule {
    rule: RuleId,
    candidates: Vec<Subject>,
    /// What step-by-step growth has arrived at.
    grown: Vec<Subject>,
    found: Option<Remedy>,
}

/// What is left of a rule's findings. The least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Clear,
    /// The messages that its findings count.
    Messages(u64),
    /// Too little is left to judge, which is no pass.
    NotJudged,
}

/// What is known of a set.
#[derive(Debug)]
struct Known {
    comparison: Counterfactual,
    /// By rule, how far it is from CLEAR.
    rules: BTreeMap<RuleId, Left>,
}

impl Search {
    /// For the rules of a report that have findings.
    pub fn new(before: &Report, contributors: &Contributors, names: &Names) -> Self {
        let with_findings = before.rules.iter().filter(|result| result.state == RuleState::Finding);
        let rules = with_findings.map(|result| OfRule {
            rule: result.rule,
            candidates: contributors.of(result.rule, names),
            grown: Vec::new(),
            found: None,
        });
        Self { before: before.clone(), rules: rules.collect(), size: 0, known: BTreeMap::new() }
    }

    /// The sets to replay next, without repetition; none when the search is over.
    pub fn next_sets(&mut self) -> Vec<Vec<Subject>> {
        loop {
            self.settle();
            self.size += 1;
            let size = self.size;
            let open: Vec<&OfRule> = self.rules.iter().filter(|rule| rule.found.is_none()).collect();
            if open.is_empty() {
                return Vec::new();
            }
            let sets: BTreeSet<Vec<Subject>> = open.into_iter().flat_map(|rule| rule.sets(size)).collect();
            let unknown: Vec<_> = sets.into_iter().filter(|set| !self.known.contains_key(set)).collect();
            if !unknown.is_empty() {
                return unknown;
            }
        }
    }

    /// Takes the report of a set that [`Search::next_sets`] named.
    pub fn take(&mut self, set: Vec<Subject>, after: &Report) {
        let rules = self.rules.iter().map(|of| {
            let findings = after.findings.iter().filter(|finding| finding.rule == of.rule);
            let left = match state(after, of.rule) {
                Some(RuleState::Clear) => Left::Clear,
                Some(RuleState::Finding) => Left::Messages(findings.map(|finding| finding.messages).sum()),
                _ => Left::NotJudged,
            };
            (of.rule, left)
        });
        let known = Known { comparison: compare(set.clone(), &self.before, after), rules: rules.collect() };
        self.known.insert(set, known);
    }

    /// What was found, by rule, and a line for each rule that nothing clears.
    pub fn finish(self) -> Vec<Remedy> {
        let none = |rule| Remedy { rule, is_least: false, counterfactual: None };
        self.rules.into_iter().map(|of| of.found.unwrap_or_else(|| none(of.rule))).collect()
    }

    /// Decides the rules that the sets of the present size clear, and lets the others grow.
    fn settle(&mut self) {
        let size = self.size;
        if size == 0 {
            return;
        }
        for of in self.rules.iter_mut().filter(|of| of.found.is_none()) {
            let tried = of.sets(size).into_iter().filter_map(|set| Some((self.known.get(&set)?, set)));
            let tried: Vec<(&Known, Vec<Subject>)> = tried.collect();
            let left = |known: &Known| known.rules.get(&of.rule).copied().unwrap_or(Left::NotJudged);
            let best = tried.iter().min_by_key(|(known, _)| (left(known), known.comparison.removed));
            if let Some((known, _)) = best.filter(|(known, _)| left(known) == Left::Clear) {
                of.found = Some(Remedy {
                    rule: of.rule,
                    is_least: size <= EXACT,
                    counterfactual: Some(known.comparison.clone()),
                });
                continue;
            }
            let over = size >= of.candidates.len();
            match best {
                Some((_, set)) if !over => of.grown.clone_from(set),
                _ => of.found = Some(Remedy { rule: of.rule, is_least: false, counterfactual: None }),
            }
        }
    }
}

impl OfRule {
    /// The sets of a size to be tried: all of them, or those that add one element to what has grown.
    fn sets(&self, size: usize) -> Vec<Vec<Subject>> {
        let mut sets = Vec::new();
        if size <= EXACT {
            combinations(&self.candidates, size, &mut Vec::new(), &mut sets);
        } else {
            for element in self.candidates.iter().filter(|element| !self.grown.contains(element)) {
                sets.push(self.grown.iter().chain([element]).cloned().collect());
            }
        }
        for set in &mut sets {
            set.sort();
        }
        sets
    }
}

fn combinations(from: &[Subject], size: usize, chosen: &mut Vec<Subject>, sets: &mut Vec<Vec<Subject>>) {
    if size == 0 {
        sets.push(chosen.clone());
        return;
    }
    for (at, element) in from.iter().enumerate() {
        chosen.push(element.clone());
        combinations(&from[at + 1..], size - 1, chosen, sets);
        chosen.pop();
    }
}
