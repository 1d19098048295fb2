//! Cells by hour or day, dense where the traffic is, and safe against a stray date centuries away.

use std::collections::{BTreeMap, VecDeque};

/// Most slots that are kept dense: 15 years of hours.
const MAX_DENSE: i64 = 1 << 17;

/// A cell that adds up.
pub(crate) trait Cell: Default {
    /// Whether nothing was counted.
    fn is_empty(&self) -> bool;
    /// Adds a cell over other recipients.
    fn merge(&mut self, other: Self);
}

/// Cells by slot (an hour or day since 1970).
#[derive(Debug, Clone)]
pub(crate) struct Timeline<T> {
    base: i64,
    dense: VecDeque<T>,
    /// Slots too far from the dense ones. The dense range never grows into them: its span is bounded on both sides.
    far: BTreeMap<i64, T>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { base: 0, dense: VecDeque::new(), far: BTreeMap::new() }
    }
}

impl<T: Cell> Timeline<T> {
    /// The cell of a slot, made when it is missing.
    #[inline]
    pub(crate) fn at(&mut self, slot: i64) -> &mut T {
        // Of cells that are dense already: nearly always.
        let offset = slot.wrapping_sub(self.base) as usize;
        if offset < self.dense.len() { &mut self.dense[offset] } else { self.make(slot) }
    }

    #[cold]
    fn make(&mut self, slot: i64) -> &mut T {
        if self.dense.is_empty() {
            self.base = slot;
        }
        let length = self.dense.len() as i64;
        let offset = slot - self.base;
        if offset < 0 && length - offset <= MAX_DENSE {
            for _ in offset..0 {
                self.dense.push_front(T::default());
            }
            self.base = slot;
        } else if !(0..MAX_DENSE).contains(&offset) {
            return self.far.entry(slot).or_default();
        } else if offset >= length {
            self.dense.resize_with(offset as usize + 1, T::default);
        }
        &mut self.dense[(slot - self.base) as usize]
    }

    /// The cell of a slot, when it was made.
    pub(crate) fn get_mut(&mut self, slot: i64) -> Option<&mut T> {
        let offset = usize::try_from(slot.checked_sub(self.base)?).ok();
        match offset.filter(|offset| *offset < self.dense.len()) {
            Some(offset) => self.dense.get_mut(offset),
            None if self.far.is_empty() => None,
            None => self.far.get_mut(&slot),
        }
    }

    /// Cells that hold something, by slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &T)> {
        let end = self.base + self.dense.len() as i64;
        let before = self.far.range(..self.base);
        let after = self.far.range(end.max(self.base)..);
        before
            .map(|(slot, cell)| (*slot, cell))
            .chain((self.base..).zip(&self.dense))
            .chain(after.map(|(slot, cell)| (*slot, cell)))
            .filter(|(_, cell)| !cell.is_empty())
    }

    /// Cells that hold something in `first..=last`, by slot.
    pub(crate) fn range(&self, first: i64, last: i64) -> impl Iterator<Item = (i64, &T)> {
        self.iter().skip_while(move |(slot, _)| *slot < first).take_while(move |(slot, _)| *slot <= last)
    }

    /// Adds a timeline over other recipients.
    pub(crate) fn merge(&mut self, other: Self) {
        let dense = (other.base..).zip(other.dense);
        for (slot, cell) in dense.chain(other.far).filter(|(_, cell)| !cell.is_empty()) {
            self.at(slot).merge(cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Cell for u32 {
        fn is_empty(&self) -> bool {
            *self == 0
        }
        fn merge(&mut self, other: Self) {
            *self += other;
        }
    }

    fn timeline(slots: &[i64]) -> Timeline<u32> {
        let mut line = Timeline::default();
        for slot in slots {
            *line.at(*slot) += 1;
        }
        line
    }

    fn cells(line: &Timeline<u32>) -> Vec<(i64, u32)> {
        line.iter().map(|(slot, count)| (slot, *count)).collect()
    }

    #[test]
    fn slots_come_in_order_whatever_their_arrival() {
        let line = timeline(&[100, 90, 105, 100, 80]);
        assert_eq!(cells(&line), [(80, 1), (90, 1), (100, 2), (105, 1)]);
        assert_eq!(line.range(85, 100).map(|(slot, _)| slot).collect::<Vec<_>>(), [90, 100]);
    }

    #[test]
    fn a_stray_date_takes_one_cell() {
        let line = timeline(&[100, 1 << 40, -(1 << 40), 100, 1 << 40, MAX_DENSE + 99, 99]);
        assert!(line.dense.len() as i64 <= MAX_DENSE);
        assert_eq!(line.far.len(), 2 + usize::from(line.far.contains_key(&99)));
        assert_eq!(cells(&line), [(-(1 << 40), 1), (99, 1), (100, 2), (MAX_DENSE + 99, 1), (1 << 40, 2)]);
    }

    #[test]
    fn merging_adds_cell_by_cell() {
        let mut line = timeline(&[5, 6]);
        line.merge(timeline(&[6, 1 << 50, 4]));
        assert_eq!(cells(&line), [(4, 1), (5, 1), (6, 2), (1 << 50, 1)]);
        let mut empty = Timeline::default();
        empty.merge(line);
        assert_eq!(cells(&empty), [(4, 1), (5, 1), (6, 2), (1 << 50, 1)]);
    }
}
