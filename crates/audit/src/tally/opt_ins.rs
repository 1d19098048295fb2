//! Opt-ins by second and by address, over all people: which of them were made in bulk.
//!
//! Of each opt-in its second is kept (8 bytes until there are many, and then never more than one counter per second), and of one
//! with an address 8 bytes more, by hour. So 10 million opt-ins take at most 80 MB, with addresses 160 MB; nothing is sampled,
//! and tallies merge to the same counts. Addresses are told apart by 52 bits of their hash.

use super::timeline::{Cell, Timeline};

/// Seconds of an hour.
const HOUR: usize = 3_600;
/// Fewest seconds that are counted at a time.
const BATCH: usize = 1 << 16;
/// Low bits of a packed address: the second within the hour.
const SECOND_BITS: u32 = 12;
/// Seconds within which opt-ins from one address belong together.
const ADDRESS_SPAN: i64 = 600;

/// Opt-ins of one source, by second.
#[derive(Debug, Clone, Default)]
struct Seconds {
    /// Seconds since 1970 with opt-ins, in their order, and how many there are.
    counted: Vec<(i64, u64)>,
    /// Those of opt-ins that are not yet counted, as they came: a place for each second would be fetched anew for every opt-in.
    new: Vec<i64>,
}

impl Seconds {
    fn add(&mut self, second: i64) {
        self.new.push(second);
        // As many as there are counted: so each is moved few times.
        if self.new.len() >= self.counted.len().max(BATCH) {
            self.count();
        }
    }

    /// Counts the new ones.
    fn count(&mut self) {
        self.new.sort_unstable();
        let new = std::mem::take(&mut self.new);
        self.add_counted(new.chunk_by(|one, other| one == other).map(|same| (same[0], same.len() as u64)));
    }

    /// Adds counts that stand in the order of their seconds.
    fn add_counted(&mut self, added: impl Iterator<Item = (i64, u64)>) {
        let (mut before, mut added) = (std::mem::take(&mut self.counted).into_iter().peekable(), added.peekable());
        while let Some(next) = before.peek().into_iter().chain(added.peek()).map(|(second, _)| *second).min() {
            let own = before.next_if(|(second, _)| *second == next).map_or(0, |(_, count)| count);
            let more = added.next_if(|(second, _)| *second == next).map_or(0, |(_, count)| count);
            self.counted.push((next, own + more));
        }
    }

    fn merge(&mut self, other: Self) {
        if !other.counted.is_empty() {
            self.add_counted(other.counted.into_iter());
        }
        other.new.into_iter().for_each(|second| self.add(second));
    }

    /// Counts the opt-ins that stand in a moment with enough others.
    fn moments(&self, enough: u64, bulk: &mut Bulk) {
        let mut all = self.clone();
        all.count();
        let counts = all.counted;
        for (place, (second, count)) in counts.iter().enumerate() {
            // Who shares a moment with this second stands at most two seconds away.
            let near = &counts[place.saturating_sub(2)..(place + 3).min(counts.len())];
            let moment = |middle: i64| -> u64 {
                near.iter().filter(|(other, _)| (other - middle).abs() <= 1).map(|(_, count)| count).sum()
            };
            let largest = [second - 1, *second, second + 1].map(moment).into_iter().max().unwrap_or_default();
            if largest >= enough {
                bulk.opt_ins += count;
                bulk.see(largest, *second);
            }
        }
    }
}

/// Opt-ins of one hour from known addresses, packed.
#[derive(Debug, Clone, Default)]
struct Addresses(Vec<u64>);

impl Cell for Addresses {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn merge(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }
}

/// Opt-ins of all people, as far as bulk is told by them.
#[derive(Debug, Clone, Default)]
pub(crate) struct OptIns {
    /// All of them.
    pub(crate) all: u64,
    /// By source.
    seconds: Vec<Seconds>,
    addresses: Timeline<Addresses>,
}

/// Opt-ins that were made together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bulk {
    /// Opt-ins that share their moment, or their address, with enough others.
    pub(crate) opt_ins: u64,
    /// Most that stand together.
    pub(crate) largest: u64,
    /// When those were made (microseconds since 1970-01-01 UTC).
    pub(crate) largest_at: i64,
}

impl Bulk {
    /// Takes note of a group.
    fn see(&mut self, size: u64, second: i64) {
        let at = second.saturating_mul(1_000_000);
        if size > self.largest || (size == self.largest && at < self.largest_at) {
            (self.largest, self.largest_at) = (size, at);
        }
    }
}

impl OptIns {
    /// One person's opt-in of a source, at a second since 1970; 0 for an unknown address.
    pub(crate) fn add(&mut self, source: usize, second: i64, address: u64) {
        self.all += 1;
        super::cell(&mut self.seconds, source).add(second);
        if address != 0 {
            let (hour, offset) = (second.div_euclid(HOUR as i64), second.rem_euclid(HOUR as i64));
            self.addresses.at(hour).0.push(address >> SECOND_BITS << SECOND_BITS | offset as u64);
        }
    }

    /// Adds the opt-ins of other people.
    pub(crate) fn merge(&mut self, other: Self) {
        self.all += other.all;
        super::merge_cells(&mut self.seconds, other.seconds, Seconds::merge);
        self.addresses.merge(other.addresses);
    }

    /// Opt-ins of one source of which at least `enough` lie within a second of one second.
    pub(crate) fn at_one_moment(&self, enough: u64) -> Bulk {
        let mut bulk = Bulk::default();
        self.seconds.iter().for_each(|seconds| seconds.moments(enough, &mut bulk));
        bulk
    }

    /// Opt-ins from one address of which at least `enough` lie within ten minutes.
    pub(crate) fn at_one_address(&self, enough: u64) -> Bulk {
        let hours: Vec<(i64, &Addresses)> = self.addresses.iter().collect();
        let mut bulk = Bulk::default();
        let mut near: Vec<(u64, i64)> = Vec::new();
        for index in 0..hours.len() {
            let hour = hours[index].0;
            let around = neighbours(&hours, index);
            if around.iter().map(|(_, cell)| cell.0.len() as u64).sum::<u64>() < enough {
                continue;
            }
            near.clear();
            let start = hour * HOUR as i64;
            for (hour, cell) in around {
                near.extend(cell.0.iter().map(|packed| {
                    let offset = packed & ((1 << SECOND_BITS) - 1);
                    (packed >> SECOND_BITS, hour * HOUR as i64 + offset as i64)
                }));
            }
            near.sort_unstable();
            for of_address in near.chunk_by(|one, other| one.0 == other.0) {
                address_in_hour(of_address, start, enough, &mut bulk);
            }
        }
        bulk
    }
}

/// The cells of the hour with this index and of the hours right before and after.
fn neighbours<'c, T>(hours: &[(i64, &'c T)], index: usize) -> Vec<(i64, &'c T)> {
    let hour = hours[index].0;
    let near = index.saturating_sub(1)..(index + 2).min(hours.len());
    hours[near].iter().filter(|(other, _)| (other - hour).abs() <= 1).copied().collect()
}

/// Counts the opt-ins of the hour that begins at `start` that have enough others from their address within ten minutes.
fn address_in_hour(of_address: &[(u64, i64)], start: i64, enough: u64, bulk: &mut Bulk) {
    if (of_address.len() as u64) < enough {
        return;
    }
    let hour = start..start + HOUR as i64;
    // Up to here, opt-ins were counted.
    let mut counted = 0;
    let mut first = 0;
    for (last, (_, at)) in of_address.iter().enumerate() {
        while of_address[first].1 < at - ADDRESS_SPAN {
            first += 1;
        }
        let size = (last - first + 1) as u64;
        if size < enough {
            continue;
        }
        let new = &of_address[counted.max(first)..=last];
        bulk.opt_ins += new.iter().filter(|(_, at)| hour.contains(at)).count() as u64;
        counted = last + 1;
        bulk.see(size, of_address[first].1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    const S0: i64 = 1_788_220_800;

    fn of(seconds: &[i64]) -> OptIns {
        let mut opt_ins = OptIns::default();
        for second in seconds {
            opt_ins.add(1, S0 + second, 0);
        }
        opt_ins
    }

    #[test]
    fn a_moment_is_a_second_with_its_neighbours() {
        let bulk = of(&[0, 1, 2, 10]).at_one_moment(3);
        assert_eq!((bulk.opt_ins, bulk.largest), (3, 3));
        assert_eq!(bulk.largest_at, S0 * 1_000_000);
        assert_eq!(of(&[0, 1, 3]).at_one_moment(3), Bulk::default());
        // Across the end of an hour.
        assert_eq!(of(&[-1, 0, 1]).at_one_moment(3).opt_ins, 3);
        let mut two_sources = of(&[0, 0]);
        two_sources.add(2, S0, 0);
        assert_eq!(two_sources.at_one_moment(3).opt_ins, 0);
    }

    #[test]
    fn a_crowded_hour_takes_no_more_than_a_counter_a_second() {
        let mut seconds: Vec<i64> = (0..3_600).collect();
        seconds.extend(std::iter::repeat_n(5, 9_000));
        let mut opt_ins = of(&seconds);
        opt_ins.seconds[1].count();
        assert_eq!((opt_ins.seconds[1].counted.len(), opt_ins.seconds[1].new.len()), (HOUR, 0));
        // With the two seconds before and after, which share a moment with that second.
        assert_eq!(opt_ins.at_one_moment(9_000).opt_ins, 9_005);
    }

    /// By the definitions, pair by pair.
    fn slow(entries: &[(usize, i64, u64)], enough: u64) -> (u64, u64) {
        let moment = |source: usize, middle: i64| {
            entries.iter().filter(|(other, at, _)| *other == source && (at - middle).abs() <= 1).count() as u64
        };
        let together = entries
            .iter()
            .filter(|(source, at, _)| (-1..=1).any(|shift| moment(*source, at + shift) >= enough))
            .count();
        let from = |address: u64, start: i64| {
            let within = start..=start + ADDRESS_SPAN;
            entries.iter().filter(|(_, at, other)| *other == address && within.contains(at)).count() as u64
        };
        let addressed = entries.iter().filter(|(_, at, address)| {
            *address != 0
                && entries.iter().any(|(_, start, other)| {
                    other == address
                        && (start..=&(start + ADDRESS_SPAN)).contains(&at)
                        && from(*address, *start) >= enough
                })
        });
        (together as u64, addressed.count() as u64)
    }

    proptest! {
        #[test]
        fn bulk_is_that_of_the_definitions_however_the_people_are_split(
            entries in vec(
                (
                    0..2_usize,
                    prop_oneof![0..12_i64, 3_590..3_610_i64, select(vec![0, 599, 600, 601, 1_200, 7_200])],
                    select(vec![0_u64, 7 << 12, 9 << 12]),
                    any::<bool>(),
                ),
                0..40,
            ),
            enough in 1..6_u64,
        ) {
            let (mut one, mut other) = (OptIns::default(), OptIns::default());
            for (source, at, address, left) in &entries {
                let part = if *left { &mut one } else { &mut other };
                part.add(*source, S0 + at, *address);
            }
            one.merge(other);
            let plain: Vec<(usize, i64, u64)> =
                entries.iter().map(|(source, at, address, _)| (*source, *at, *address)).collect();
            let found = (one.at_one_moment(enough).opt_ins, one.at_one_address(enough).opt_ins);
            prop_assert_eq!(found, slow(&plain, enough));
            prop_assert_eq!(one.all, entries.len() as u64);
        }
    }
}
