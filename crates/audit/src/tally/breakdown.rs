//! Messages and what went wrong with them, by list, template, country, hour, number and campaign, and by all of these together.
//!
//! Each dimension has its own exact counts. The joint counts let one dimension be looked at within another; there may be as many
//! as messages, so when there are more than [`MOST_CELLS`] combinations a dimension is dropped from them: first the hour, then
//! the campaign, then all but list and template, then all. Which are dropped depends on the whole traffic only, never on
//! the order or the split of the people.

use std::collections::HashMap;

use domain::traffic::{BadOutcome, Dimension};

use super::{cell, merge_cells};

/// Dimensions.
const DIMENSIONS: usize = Dimension::ALL.len();
/// Kinds of bad outcomes.
const OUTCOMES: usize = BadOutcome::ALL.len();
/// Most combinations that are counted together.
const MOST_CELLS: usize = 1 << 15;

/// The slot of a message in each dimension, in the order of [`Dimension::ALL`]; slot 0 is for none.
pub(crate) type Slots = [u32; DIMENSIONS];

/// Which dimensions the joint counts tell apart, from all down to none.
const LEVELS: [[bool; DIMENSIONS]; 5] = {
    let mut levels = [[true; DIMENSIONS]; 5];
    let mut level = 1;
    while level < levels.len() {
        levels[level][Dimension::Hour as usize] = false;
        levels[level][Dimension::Campaign as usize] = level < 2;
        levels[level][Dimension::Country as usize] = level < 3;
        levels[level][Dimension::Number as usize] = level < 3;
        levels[level][Dimension::List as usize] = level < 4;
        levels[level][Dimension::Template as usize] = level < 4;
        level += 1;
    }
    levels
};

/// Messages, and bad outcomes by kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tallied {
    /// Messages of any kind.
    pub(crate) messages: u64,
    /// Marketing messages that reached the person.
    pub(crate) reached: u64,
    /// Bad outcomes, in the order of [`BadOutcome::ALL`].
    cases: [u64; OUTCOMES],
}

impl Tallied {
    /// Messages with the outcome.
    pub(crate) fn cases(&self, outcome: BadOutcome) -> u64 {
        self.cases[outcome as usize]
    }

    /// Messages that could have had the outcome.
    pub(crate) fn exposed(&self, outcome: BadOutcome) -> u64 {
        if outcome == BadOutcome::OptOut { self.reached } else { self.messages }
    }

    fn merge(&mut self, other: Self) {
        self.messages += other.messages;
        self.reached += other.reached;
        for (count, added) in self.cases.iter_mut().zip(other.cases) {
            *count += added;
        }
    }
}

/// Messages by dimension, and by all dimensions together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breakdown {
    by_dimension: [Vec<Tallied>; DIMENSIONS],
    joint: HashMap<Slots, Tallied, foldhash::fast::FixedState>,
    level: usize,
}

impl Breakdown {
    /// Counts a message; whether it is marketing that reached the person, and how it failed, if it did.
    pub(crate) fn message(&mut self, slots: Slots, reached: bool, failure: Option<BadOutcome>) {
        self.each(slots, |tallied| {
            tallied.messages += 1;
            tallied.reached += u64::from(reached);
            if let Some(failure) = failure {
                tallied.cases[failure as usize] += 1;
            }
        });
    }

    /// Counts that the person said stop after a message that was counted.
    pub(crate) fn opt_out(&mut self, slots: Slots) {
        self.each(slots, |tallied| tallied.cases[BadOutcome::OptOut as usize] += 1);
    }

    fn each(&mut self, slots: Slots, count: impl Fn(&mut Tallied)) {
        for (cells, slot) in self.by_dimension.iter_mut().zip(slots) {
            count(cell(cells, slot as usize));
        }
        if self.level + 1 < LEVELS.len() {
            count(self.joint.entry(at_level(slots, self.level)).or_default());
            self.make_room();
        }
    }

    /// Drops dimensions until the joint counts have room.
    fn make_room(&mut self) {
        while self.joint.len() > MOST_CELLS {
            self.coarsen(self.level + 1);
        }
    }

    fn coarsen(&mut self, level: usize) {
        self.level = level;
        let finer = std::mem::take(&mut self.joint);
        if level + 1 < LEVELS.len() {
            for (slots, tallied) in finer {
                self.joint.entry(at_level(slots, level)).or_default().merge(tallied);
            }
        }
    }

    /// Adds a breakdown over other recipients.
    pub(crate) fn merge(&mut self, mut other: Self) {
        for (cells, added) in self.by_dimension.iter_mut().zip(std::mem::take(&mut other.by_dimension)) {
            merge_cells(cells, added, Tallied::merge);
        }
        let level = self.level.max(other.level);
        if self.level < level {
            self.coarsen(level);
        }
        if other.level < level {
            other.coarsen(level);
        }
        for (slots, tallied) in other.joint {
            self.joint.entry(slots).or_default().merge(tallied);
        }
        self.make_room();
    }

    /// Counts by slot of a dimension.
    pub(crate) fn by(&self, dimension: Dimension) -> &[Tallied] {
        &self.by_dimension[dimension as usize]
    }

    /// Whether the two can be looked at one within the other.
    pub(crate) fn tells_apart(&self, one: Dimension, other: Dimension) -> bool {
        let told = LEVELS[self.level];
        told[one as usize] && told[other as usize]
    }

    /// Counts by slots of all dimensions; those that are not told apart have slot 0.
    pub(crate) fn joint(&self) -> impl Iterator<Item = (&Slots, &Tallied)> {
        self.joint.iter()
    }
}

fn at_level(slots: Slots, level: usize) -> Slots {
    let mut at_level = slots;
    for (slot, told) in at_level.iter_mut().zip(LEVELS[level]) {
        if !told {
            *slot = 0;
        }
    }
    at_level
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(breakdown: &Breakdown) -> u64 {
        breakdown.joint().map(|(_, tallied)| tallied.messages).sum()
    }

    #[test]
    fn levels_only_drop() {
        for pair in LEVELS.windows(2) {
            assert!(pair[0].iter().zip(pair[1]).all(|(finer, coarser)| *finer || !coarser), "{pair:?}");
            assert_ne!(pair[0], pair[1]);
        }
        assert_eq!(LEVELS[LEVELS.len() - 1], [false; DIMENSIONS]);
    }

    #[test]
    fn too_many_combinations_drop_the_hour_first_and_all_in_the_end() {
        let many = MOST_CELLS as u32 + 1;
        let with = |dimension: Dimension| {
            let mut breakdown = Breakdown::default();
            for slot in 0..many {
                let mut slots = [1; DIMENSIONS];
                slots[dimension as usize] = slot;
                breakdown.message(slots, true, None);
            }
            breakdown
        };
        let hours = with(Dimension::Hour);
        assert!(!hours.tells_apart(Dimension::Hour, Dimension::List));
        assert!(hours.tells_apart(Dimension::Campaign, Dimension::List));
        assert_eq!((hours.joint().count(), totals(&hours)), (1, u64::from(many)));
        let lists = with(Dimension::List);
        assert!(!lists.tells_apart(Dimension::Template, Dimension::List));
        assert_eq!(lists.joint().count(), 0);
        assert_eq!(lists.by(Dimension::List).len(), many as usize);
        assert_eq!(lists.by(Dimension::Template)[1].messages, u64::from(many));
    }

    #[test]
    fn a_split_changes_nothing() {
        let slots = |n: u32| [n % 7, n % 3, n % 2, n % 24, n, n % 5];
        let many = MOST_CELLS as u32 + 10;
        let (mut whole, mut left, mut right) = (Breakdown::default(), Breakdown::default(), Breakdown::default());
        for n in 0..many {
            let failure = n.is_multiple_of(11).then_some(BadOutcome::Recipient);
            whole.message(slots(n), true, failure);
            if n % 2 == 0 { &mut left } else { &mut right }.message(slots(n), true, failure);
            if n % 13 == 0 {
                whole.opt_out(slots(n));
                left.opt_out(slots(n));
            }
        }
        assert_eq!((left.level, right.level), (0, 0));
        left.merge(right);
        assert_eq!(left.level, whole.level);
        let sorted = |breakdown: &Breakdown| {
            let of = |(slots, tallied): (&Slots, &Tallied)| (*slots, tallied.messages, tallied.cases);
            let mut cells: Vec<_> = breakdown.joint().map(of).collect();
            cells.sort_unstable();
            cells
        };
        assert_eq!(sorted(&left), sorted(&whole));
    }
}
