//! The busiest moving 24 hours, exactly.
//!
//! A recipient is active from each counted send until 24 hours later; joined, these intervals have few edges. The number of
//! active recipients rises only at the start of an interval, so the peak is at a start, or at the first counted send of the
//! period when those who were active before the period make it. Edges are kept by hour, unsorted; only hours that can hold
//! the peak are sorted in the end. Most intervals are of one send: they end a day after they start, to the microsecond, and
//! are kept by their start alone.

use std::collections::BTreeMap;

use super::timeline::{Cell, Timeline};

/// Microseconds of an hour: fit an u32.
const HOUR: i64 = 3_600_000_000;
/// Microseconds of the moving window.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Edges within one hour, as microseconds after its start.
#[derive(Debug, Clone, Default)]
struct Edges {
    /// Of intervals of exactly a day, which end in the same microsecond of the hour a day later.
    day_long: Vec<u32>,
    /// Of others.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Cell for Edges {
    fn is_empty(&self) -> bool {
        self.day_long.is_empty() && self.starts.is_empty() && self.ends.is_empty()
    }

    fn merge(&mut self, mut other: Self) {
        self.day_long.append(&mut other.day_long);
        self.starts.append(&mut other.starts);
        self.ends.append(&mut other.ends);
    }
}

/// Intervals in which recipients were active.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity {
    hours: Timeline<Edges>,
    /// Recipients whose interval began before the period and reaches into it.
    carried: u64,
    /// The first counted send of the period.
    first: Option<i64>,
}

impl Activity {
    /// A counted send of the period.
    pub(crate) fn counted(&mut self, sent_at: i64) {
        self.first = Some(self.first.map_or(sent_at, |first| first.min(sent_at)));
    }

    /// One recipient's active interval [start, end); only what reaches into the period counts.
    pub(crate) fn active(&mut self, start: i64, end: i64, from: Option<i64>) {
        let offset = |at: i64| at.rem_euclid(HOUR) as u32;
        match from {
            Some(from) if end <= from => return,
            Some(from) if start < from => self.carried += 1,
            _ => {
                let edges = self.hours.at(start.div_euclid(HOUR));
                if end.saturating_sub(start) == DAY {
                    edges.day_long.push(offset(start));
                    return;
                }
                edges.starts.push(offset(start));
            }
        }
        // Ends after the period tell who is still active when a planned campaign begins.
        self.hours.at(end.div_euclid(HOUR)).ends.push(offset(end));
    }

    /// All edges by hour.
    fn by_hour(&self) -> BTreeMap<i64, Hour<'_>> {
        let mut hours: BTreeMap<i64, Hour<'_>> = BTreeMap::new();
        for (hour, edges) in self.hours.iter() {
            let own = hours.entry(hour).or_default();
            (own.starts, own.ends[0]) = ([&edges.day_long[..], &edges.starts[..]], &edges.ends);
            if !edges.day_long.is_empty() {
                hours.entry(hour + DAY / HOUR).or_default().ends[1] = &edges.day_long;
            }
        }
        hours
    }

    /// Recipients who were active at a time, which is not before the period.
    pub(crate) fn active_at(&self, at: i64) -> u64 {
        let mut active = self.carried as i64;
        for (hour, edges) in self.by_hour().range(..=at.div_euclid(HOUR)) {
            active += if *hour == at.div_euclid(HOUR) { edges.rise_until(*hour, at) } else { edges.rise() };
        }
        active.max(0) as u64
    }

    /// Adds the activity of other recipients.
    pub(crate) fn merge(&mut self, other: Self) {
        self.hours.merge(other.hours);
        self.carried += other.carried;
        if let Some(first) = other.first {
            self.counted(first);
        }
    }

    /// Most active recipients at a counted send of the period, and the earliest such send.
    pub(crate) fn peak(&self) -> Option<(u64, i64)> {
        let first = self.first?;
        let mut active = self.carried as i64;
        let mut at_first = active;
        let by_hour = self.by_hour();
        let mut hours = Vec::new();
        for (hour, edges) in &by_hour {
            if *hour <= first.div_euclid(HOUR) {
                at_first += edges.rise_until(*hour, first);
            }
            let starts = edges.starts.iter().map(|starts| starts.len() as i64).sum::<i64>();
            if starts > 0 {
                hours.push((active + starts, *hour, active, edges));
            }
            active += edges.rise();
        }
        // The hours that could be highest first: most are then never sorted.
        hours.sort_unstable_by_key(|(bound, hour, ..)| (std::cmp::Reverse(*bound), *hour));
        let mut best = (at_first, first);
        for (bound, hour, active, edges) in hours {
            if bound < best.0 {
                break;
            }
            edges.sweep(hour, active, &mut best);
        }
        Some((best.0.max(0) as u64, best.1))
    }
}

/// The edges of one hour, those that follow from intervals of a day too.
#[derive(Debug, Clone, Copy, Default)]
struct Hour<'e> {
    starts: [&'e [u32]; 2],
    ends: [&'e [u32]; 2],
}

/// The moment of an edge; at the ends of time, the end.
fn moment(hour: i64, offset: u32) -> i64 {
    hour.saturating_mul(HOUR).saturating_add(offset.into())
}

impl Hour<'_> {
    /// How many more are active at its end than at its start.
    fn rise(&self) -> i64 {
        let count = |edges: [&[u32]; 2]| edges.iter().map(|edges| edges.len() as i64).sum::<i64>();
        count(self.starts) - count(self.ends)
    }

    /// The same up to a moment; `hour` is its own.
    fn rise_until(&self, hour: i64, at: i64) -> i64 {
        let until = |edges: [&[u32]; 2]| {
            edges.iter().flat_map(|edges| edges.iter()).filter(|offset| moment(hour, **offset) <= at).count() as i64
        };
        until(self.starts) - until(self.ends)
    }

    /// Raises `best` to the highest count at a start of this hour; the earlier of equals.
    fn sweep(&self, hour: i64, mut active: i64, best: &mut (i64, i64)) {
        let sorted = |offsets: [&[u32]; 2]| {
            let mut offsets = offsets.concat();
            offsets.sort_unstable();
            offsets
        };
        let (starts, ends) = (sorted(self.starts), sorted(self.ends));
        let mut ends = ends.iter().peekable();
        for group in starts.chunk_by(|one, other| one == other) {
            active += group.len() as i64;
            // A recipient is no longer active at the end itself.
            while ends.next_if(|end| **end <= group[0]).is_some() {
                active -= 1;
            }
            let at = moment(hour, group[0]);
            if active > best.0 || (active == best.0 && at < best.1) {
                *best = (active, at);
            }
        }
    }
}
