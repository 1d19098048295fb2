//! Which messages should not have been sent: the least set of lists, templates and numbers without which a rule is CLEAR.
//!
//! Looked at are the elements that contribute most of a rule's messages. All sets of one are tried, then of two, then of
//! three; where none suffices, the best of three grows by the element that helps most, until the rule is CLEAR or every
//! element is gone. Sets are tried by exact recomputation, so the answer holds for rules that add nothing up (peaks, floods,
//! comparisons between templates) as for those that count.
//!
//! Recomputing costs a replay of everybody for each set, so none is made in vain: rules on which sends have no say are never
//! searched; where a rule finds single messages, whatever else was sent, counting tells which sets leave any; and only rules
//! whose search goes on are judged. The composite score is not searched: what clears the rules that it adds up lowers it.

mod set;

use std::collections::{BTreeMap, BTreeSet};

use domain::traffic::{Remedy, Report, RuleId, RuleState, Subject};

use crate::{Names, rules::is_about_sends};

use super::{Contributors, compare, state};
use set::{Counted, Set, sets_of};

/// Most elements that are looked at for one rule.
const CANDIDATES: usize = 10;
/// Sets up to this size are tried all.
const EXACT: usize = 3;

/// Rules of which every message that they count is a finding by itself, whatever else was sent: they are never CLEAR while one
/// is left.
const BY_MESSAGE: [RuleId; 11] = [
    RuleId::Con01,
    RuleId::Con02,
    RuleId::Con03,
    RuleId::Con06,
    RuleId::Con09,
    RuleId::Enf03,
    RuleId::Lst06,
    RuleId::Lst07,
    RuleId::Tpl02,
    RuleId::Win01,
    RuleId::Win03,
];

/// A search, driven from outside: [`Search::next_sets`] says which removals to replay, judging [`Search::open`] alone;
/// [`Search::take`] gets their reports. In the end [`Search::chosen`] are replayed in full, for [`Search::finish`].
#[derive(Debug)]
pub struct Search {
    messages: u64,
    rules: Vec<OfRule>,
    size: usize,
    known: BTreeMap<Vec<Subject>, BTreeMap<RuleId, Left>>,
}

/// The search for one rule.
#[derive(Debug)]
struct OfRule {
    rule: RuleId,
    candidates: Vec<Subject>,
    /// The rule's messages by candidates, where counting them tells what is left.
    counted: Option<Counted>,
    /// All messages by candidates.
    sent: Counted,
    /// What step-by-step growth has arrived at.
    grown: Set,
    state: Stage,
}

/// How far the search for a rule has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Open,
    Found {
        set: Vec<Subject>,
        is_least: bool,
    },
    /// Nothing that was tried clears it.
    Hopeless,
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

impl Search {
    /// For the rules of a report that have findings.
    pub fn new(before: &Report, contributors: &Contributors, names: &Names) -> Self {
        let with_findings = before.rules.iter().filter(|result| result.state == RuleState::Finding);
        let searched = with_findings.map(|result| result.rule).filter(|rule| *rule != RuleId::Qlt02);
        let rules = searched.map(|rule| OfRule::new(rule, contributors, names)).collect();
        Self { messages: before.totals.messages, rules, size: 0, known: BTreeMap::new() }
    }

    /// The sets to replay next, without repetition; none when the search is over.
    pub fn next_sets(&mut self) -> Vec<Vec<Subject>> {
        loop {
            self.settle();
            self.size += 1;
            let size = self.size;
            let mut open = self.rules.iter().filter(|of| of.state == Stage::Open).peekable();
            if open.peek().is_none() {
                return Vec::new();
            }
            let sets: BTreeSet<Vec<Subject>> = open.flat_map(|of| of.promising(size)).collect();
            let unknown: Vec<_> = sets.into_iter().filter(|set| !self.known.contains_key(set)).collect();
            if !unknown.is_empty() {
                return unknown;
            }
        }
    }

    /// The rules whose search goes on.
    pub fn open(&self) -> Vec<RuleId> {
        self.rules.iter().filter(|of| of.state == Stage::Open).map(|of| of.rule).collect()
    }

    /// Takes the report of a set that [`Search::next_sets`] named.
    pub fn take(&mut self, set: Vec<Subject>, after: &Report) {
        let rules = self.rules.iter().filter(|of| of.state == Stage::Open).map(|of| {
            let findings = after.findings.iter().filter(|finding| finding.rule == of.rule);
            let left = match state(after, of.rule) {
                Some(RuleState::Clear) => Left::Clear,
                Some(RuleState::Finding) => Left::Messages(findings.map(|finding| finding.messages).sum()),
                _ => Left::NotJudged,
            };
            (of.rule, left)
        });
        let rules: Vec<_> = rules.collect();
        self.known.entry(set).or_default().extend(rules);
    }

    /// The sets that clear rules, without repetition.
    pub fn chosen(&self) -> Vec<Vec<Subject>> {
        let sets = self.rules.iter().filter_map(|of| match &of.state {
            Stage::Found { set, .. } => Some(set.clone()),
            Stage::Open | Stage::Hopeless => None,
        });
        sets.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What was found, by rule, and a line for each rule that nothing clears. `after` are the whole reports without each of
    /// [`Search::chosen`], `before` is the report of everything.
    pub fn finish(self, before: &Report, after: &BTreeMap<Vec<Subject>, Report>) -> Vec<Remedy> {
        let remedy = |of: OfRule| match of.state {
            Stage::Found { set, is_least } => {
                let counterfactual = after.get(&set).map(|report| compare(set, before, report));
                Remedy { rule: of.rule, is_least: is_least && counterfactual.is_some(), counterfactual }
            }
            Stage::Open | Stage::Hopeless => Remedy { rule: of.rule, is_least: false, counterfactual: None },
        };
        self.rules.into_iter().map(remedy).collect()
    }

    /// Decides the rules that the sets of the present size clear, and lets the others grow.
    fn settle(&mut self) {
        let (size, messages, known) = (self.size, self.messages, &self.known);
        if size == 0 {
            return;
        }
        for of in self.rules.iter_mut().filter(|of| of.state == Stage::Open) {
            let rank = |set: Set| (of.left_of(set, known), messages.saturating_sub(of.sent.without(set)));
            let best = of.sets(size).into_iter().map(|set| (rank(set), set)).min_by_key(|(rank, _)| *rank);
            match best {
                Some(((Left::Clear, _), set)) => {
                    of.state = Stage::Found { set: of.subjects(set), is_least: size <= EXACT };
                }
                Some((_, set)) if size < of.candidates.len() => of.grown = set,
                _ => of.state = Stage::Hopeless,
            }
        }
    }
}

impl OfRule {
    fn new(rule: RuleId, contributors: &Contributors, names: &Names) -> Self {
        let mut elements = contributors.ranked(rule);
        elements.truncate(CANDIDATES);
        let candidates: Vec<Subject> = elements.iter().filter_map(|element| element.subject(names)).collect();
        let is_searched = is_about_sends(rule) && candidates.len() == elements.len();
        Self {
            rule,
            candidates,
            counted: BY_MESSAGE.contains(&rule).then(|| Counted::of(contributors.of(Some(rule)), &elements)),
            sent: Counted::of(contributors.of(None), &elements),
            grown: Set::default(),
            state: if is_searched { Stage::Open } else { Stage::Hopeless },
        }
    }

    /// The sets of a size: all of them, or those that add one element to what has grown.
    fn sets(&self, size: usize) -> Vec<Set> {
        if size <= EXACT { sets_of(size, self.candidates.len()) } else { self.grown.grown(self.candidates.len()) }
    }

    /// Those of the sets of a size that may clear the rule, or of which nobody can say without a replay.
    fn promising(&self, size: usize) -> Vec<Vec<Subject>> {
        let may_clear = |set: &Set| self.counted.as_ref().is_none_or(|counted| counted.without(*set) == 0);
        self.sets(size).into_iter().filter(may_clear).map(|set| self.subjects(set)).collect()
    }

    /// How far the rule is from CLEAR without a set.
    fn left_of(&self, set: Set, known: &BTreeMap<Vec<Subject>, BTreeMap<RuleId, Left>>) -> Left {
        if let Some(messages @ 1..) = self.counted.as_ref().map(|counted| counted.without(set)) {
            return Left::Messages(messages);
        }
        let known = known.get(&self.subjects(set));
        known.and_then(|rules| rules.get(&self.rule)).copied().unwrap_or(Left::NotJudged)
    }

    fn subjects(&self, set: Set) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = set.positions().map(|at| self.candidates[at].clone()).collect();
        subjects.sort();
        subjects
    }
}
