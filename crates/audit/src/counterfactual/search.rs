//! Which messages should not have been sent: the least set of lists, templates and numbers without which a rule is CLEAR.
//!
//! Looked at are the elements that contribute most of a rule's messages. All sets of one are tried, then of two, then of
//! three; where none suffices, the best of three grows by the element that helps most, until the rule is CLEAR or every
//! element is gone. Sets are tried by exact recomputation, so the answer holds for rules that add nothing up (peaks, floods,
//! comparisons between templates) as for those that count.
//!
//! Recomputing costs a replay of everybody for each set, so none is made in vain: rules on which sends have no say are never
//! searched; where a rule finds single messages, whatever else was sent, counting tells which sets leave any; and only rules
//! that a set is tried for are judged. The composite score is not searched: what clears the rules that it adds up lowers it.

mod set;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use domain::traffic::{Remedy, Report, RuleId, RuleState, Subject};

use crate::{Names, rules::is_about_sends};

use super::{Contributors, compare};
use set::{Counted, Set, sets_of};

/// Most elements that are looked at for one rule.
const CANDIDATES: usize = 10;
/// Sets up to this size are tried all.
const EXACT: usize = 3;

/// Sizes of which there are none.
const NONE: RangeInclusive<usize> = RangeInclusive::new(1, 0);

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

/// A search, driven from outside: [`Search::ask`] says which removals to replay and which rules to judge of them;
/// [`Search::take`] gets their reports. In the end [`Search::chosen`] are replayed in full, for [`Search::finish`].
#[derive(Debug)]
pub struct Search {
    messages: u64,
    rules: Vec<OfRule>,
    known: BTreeMap<Vec<Subject>, BTreeMap<RuleId, Left>>,
}

/// What a search wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The rules to judge.
    pub rules: Vec<RuleId>,
    /// Without each of these; none twice.
    pub sets: Vec<Vec<Subject>>,
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
    /// The greatest size of sets that was asked of.
    size: usize,
    /// The sizes of sets that were asked of and are to be decided.
    asked: RangeInclusive<usize>,
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
        Self { messages: before.totals.messages, rules, known: BTreeMap::new() }
    }

    /// What to replay next; `None` when the search is over. One rule is asked of at a time, with those that have the same
    /// candidates: the fewer elements are told apart, the less is replayed.
    pub fn ask(&mut self) -> Option<Question> {
        loop {
            self.settle();
            let first = self.rules.iter().find(|of| of.state == Stage::Open)?;
            let (sizes, candidates) = (first.next_sizes(), first.sorted_candidates());
            let (mut rules, mut sets) = (Vec::new(), BTreeSet::new());
            for of in self.rules.iter_mut().filter(|of| of.state == Stage::Open) {
                if of.next_sizes() == sizes && of.sorted_candidates() == candidates {
                    (of.size, of.asked) = (*sizes.end(), sizes.clone());
                    rules.push(of.rule);
                    sets.extend(sizes.clone().flat_map(|size| of.promising(size)));
                }
            }
            let is_known = |set: &Vec<Subject>| {
                self.known.get(set).is_some_and(|known| rules.iter().all(|rule| known.contains_key(rule)))
            };
            sets.retain(|set| !is_known(set));
            if !sets.is_empty() {
                return Some(Question { rules, sets: sets.into_iter().collect() });
            }
        }
    }

    /// Takes the report of a set that [`Search::ask`] named, in which the rules that it named were judged.
    pub fn take(&mut self, set: Vec<Subject>, after: &Report) {
        let rules = after.rules.iter().map(|result| {
            let findings = after.findings.iter().filter(|finding| finding.rule == result.rule);
            let left = match result.state {
                RuleState::Clear => Left::Clear,
                RuleState::Finding => Left::Messages(findings.map(|finding| finding.messages).sum()),
                RuleState::InsufficientData | RuleState::NotFed => Left::NotJudged,
            };
            (result.rule, left)
        });
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

    /// Decides the rules that the sets which were asked of last clear, the smallest first, and lets the others grow.
    fn settle(&mut self) {
        let (messages, known) = (self.messages, &self.known);
        for of in &mut self.rules {
            for size in std::mem::replace(&mut of.asked, NONE) {
                if of.state != Stage::Open {
                    break;
                }
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
            size: 0,
            asked: NONE,
            grown: Set::default(),
            state: if is_searched { Stage::Open } else { Stage::Hopeless },
        }
    }

    /// The sizes to ask of next: single elements often suffice; two and three are asked of at once, for most of what is replayed
    /// for the ones serves for the others.
    fn next_sizes(&self) -> RangeInclusive<usize> {
        match self.size {
            0 => 1..=1,
            1 => 2..=EXACT,
            size => size + 1..=size + 1,
        }
    }

    fn sorted_candidates(&self) -> Vec<Subject> {
        let mut candidates = self.candidates.clone();
        candidates.sort();
        candidates
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
