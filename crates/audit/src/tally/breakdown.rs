//! Messages and what went wrong with them, by list, template, country, hour, number and campaign, and by all of these together.
//!
//! Each dimension has exact counts. The joint counts let one dimension be looked at within another; there may be as many
//! as messages, so when there are more than [`MOST_CELLS`] combinations a dimension is dropped from them: first the hour, then
//! the campaign, then all but list and template, then all. Which are dropped depends on the whole traffic only, never on
//! the order or the split of the people.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

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

/// A key of the joint counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Joint(Slots);

/// By words of 64 bits: hashed once for every message.
impl Hash for Joint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for pair in self.0.chunks_exact(2) {
            state.write_u64(u64::from(pair[0]) << 32 | u64::from(pair[1]));
        }
    }
}

impl Joint {
    /// Where such a key is looked for first.
    fn near(self) -> usize {
        let mixed = self.0.chunks_exact(2).fold(0_u64, |mixed, pair| {
            let pair = u64::from(pair[0]) << 32 | u64::from(pair[1]);
            (mixed.rotate_left(23) ^ pair).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        (mixed >> (u64::BITS - NEAR_BITS)) as usize
    }
}

/// Bits of the number of keys that are found at the first look.
const NEAR_BITS: u32 = 14;

/// Joint counts. Traffic comes back to few of them again and again: where a key was found last is remembered.
#[derive(Debug, Clone, Default)]
struct JointCounts {
    counts: Vec<(Joint, Tallied)>,
    places: HashMap<Joint, u32, foldhash::fast::FixedState>,
    /// By [`Joint::near`], the place of the key that was found last.
    near: Vec<u32>,
}

impl JointCounts {
    /// The counts of a key, made when they are missing.
    fn of(&mut self, key: Joint) -> &mut Tallied {
        let near = key.near();
        let last = self.near.get(near).map_or(usize::MAX, |place| *place as usize);
        let place =
            if self.counts.get(last).is_some_and(|(known, _)| *known == key) { last } else { self.find(key, near) };
        &mut self.counts[place].1
    }

    fn find(&mut self, key: Joint, near: usize) -> usize {
        let next = self.counts.len() as u32;
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.counts.push((key, Tallied::default()));
        }
        self.near.resize(1 << NEAR_BITS, 0);
        self.near[near] = place;
        place as usize
    }

    fn len(&self) -> usize {
        self.counts.len()
    }

    fn iter(&self) -> impl Iterator<Item = (&Slots, &Tallied)> {
        self.counts.iter().map(|(Joint(slots), tallied)| (slots, tallied))
    }
}

/// Messages by dimension, and by all dimensions together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Breakdown {
    /// By dimension and slot, for those that the joint counts do not tell apart; the others' are sums of the joint counts.
    dropped: [Vec<Tallied>; DIMENSIONS],
    joint: JointCounts,
    level: usize,
    /// The dimensions that are dropped at this level.
    untold: Vec<usize>,
}

/// Counts by dimension and slot.
#[derive(Debug)]
pub(crate) struct ByDimension([Vec<Tallied>; DIMENSIONS]);

impl ByDimension {
    /// Counts by slot of a dimension.
    pub(crate) fn of(&self, dimension: Dimension) -> &[Tallied] {
        &self.0[dimension as usize]
    }
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
        for dimension in &self.untold {
            count(cell(&mut self.dropped[*dimension], slots[*dimension] as usize));
        }
        if self.level + 1 < LEVELS.len() {
            count(self.joint.of(at_level(slots, self.level)));
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
        let (told, still_told) = (LEVELS[self.level], LEVELS[level]);
        let finer = std::mem::take(&mut self.joint);
        for (dimension, cells) in self.dropped.iter_mut().enumerate().filter(|(at, _)| told[*at] && !still_told[*at]) {
            for (slots, tallied) in finer.iter() {
                cell(cells, slots[dimension] as usize).merge(*tallied);
            }
        }
        self.level = level;
        self.untold = (0..DIMENSIONS).filter(|dimension| !still_told[*dimension]).collect();
        if level + 1 < LEVELS.len() {
            for (slots, tallied) in finer.iter() {
                self.joint.of(at_level(*slots, level)).merge(*tallied);
            }
        }
    }

    /// Adds a breakdown over other recipients.
    pub(crate) fn merge(&mut self, mut other: Self) {
        let level = self.level.max(other.level);
        if self.level < level {
            self.coarsen(level);
        }
        if other.level < level {
            other.coarsen(level);
        }
        for (cells, added) in self.dropped.iter_mut().zip(other.dropped) {
            merge_cells(cells, added, Tallied::merge);
        }
        for (key, tallied) in other.joint.counts {
            self.joint.of(key).merge(tallied);
        }
        self.make_room();
    }

    /// Counts by dimension and slot.
    pub(crate) fn by_dimension(&self) -> ByDimension {
        let mut by = self.dropped.clone();
        let told = LEVELS[self.level];
        for (dimension, cells) in by.iter_mut().enumerate().filter(|(at, _)| told[*at]) {
            for (slots, tallied) in self.joint.iter() {
                cell(cells, slots[dimension] as usize).merge(*tallied);
            }
        }
        ByDimension(by)
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

fn at_level(slots: Slots, level: usize) -> Joint {
    let mut at_level = slots;
    for (slot, told) in at_level.iter_mut().zip(LEVELS[level]) {
        if !told {
            *slot = 0;
        }
    }
    Joint(at_level)
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
        let by = lists.by_dimension();
        assert_eq!(by.of(Dimension::List).len(), many as usize);
        assert_eq!(by.of(Dimension::Template)[1].messages, u64::from(many));
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
        // By dimension, whichever were dropped on the way.
        let (left, whole) = (left.by_dimension(), whole.by_dimension());
        for dimension in Dimension::ALL {
            let of = |by: &ByDimension| -> Vec<(u64, u64)> {
                let cases = BadOutcome::Recipient;
                by.of(*dimension).iter().map(|tallied| (tallied.messages, tallied.cases(cases))).collect()
            };
            assert_eq!(of(&left), of(&whole));
            assert_eq!(of(&left).iter().map(|(messages, _)| messages).sum::<u64>(), u64::from(many));
        }
    }
}
