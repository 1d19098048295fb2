//! Sets of a rule's candidates, and messages by the candidates that they belong to.

use std::collections::BTreeMap;

use crate::counterfactual::contributors::{Belonging, Element};

/// Some of a rule's candidates, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(u16);

impl Set {
    fn with(self, at: usize) -> Self {
        Self(self.0 | 1 << at)
    }

    /// The sets that have one more of `candidates`.
    pub(super) fn grown(self, candidates: usize) -> Vec<Self> {
        (0..candidates).map(|at| self.with(at)).filter(|set| *set != self).collect()
    }

    /// The positions of its candidates.
    pub(super) fn positions(self) -> impl Iterator<Item = usize> {
        (0..u16::BITS as usize).filter(move |at| self.0 & 1 << at != 0)
    }
}

/// All sets of a size, those of the first candidates first.
pub(super) fn sets_of(size: usize, candidates: usize) -> Vec<Set> {
    fn add(set: Set, from: usize, size: usize, candidates: usize, sets: &mut Vec<Set>) {
        if size == 0 {
            sets.push(set);
            return;
        }
        for at in from..candidates {
            add(set.with(at), at + 1, size - 1, candidates, sets);
        }
    }
    let mut sets = Vec::new();
    add(Set::default(), 0, size, candidates, &mut sets);
    sets
}

/// Messages by the candidates that they belong to.
#[derive(Debug)]
pub(super) struct Counted(BTreeMap<Set, u64>);

impl Counted {
    pub(super) fn of(messages: impl Iterator<Item = (Belonging, u64)>, candidates: &[Element]) -> Self {
        let mut counted = BTreeMap::new();
        for (belonging, messages) in messages {
            let own = candidates.iter().enumerate().filter(|(_, element)| belonging.is_of(**element));
            let set = own.fold(Set::default(), |set, (at, _)| set.with(at));
            *counted.entry(set).or_default() += messages;
        }
        Self(counted)
    }

    /// Messages that belong to none of a set.
    pub(super) fn without(&self, set: Set) -> u64 {
        self.0.iter().filter(|(own, _)| own.0 & set.0 == 0).map(|(_, messages)| messages).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_all_of_their_size_once() {
        let positions = |set: &Set| set.positions().collect::<Vec<_>>();
        let pairs: Vec<_> = sets_of(2, 4).iter().map(positions).collect();
        assert_eq!(pairs, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert_eq!((sets_of(3, 10).len(), sets_of(3, 2).len()), (120, 0));
        let grown: Vec<_> = sets_of(2, 4)[1].grown(4).iter().map(positions).collect();
        assert_eq!(grown, [[0, 1, 2], [0, 2, 3]]);
    }
}
