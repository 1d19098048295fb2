//! The busiest moving 24 hours, exactly.
//!
//! A recipient is active from each counted send until 24 hours later; joined, these intervals have few edges. The number of
//! active recipients rises only at the start of an interval, so the peak is at a start, or at the first counted send of the
//! period when those who were active before the period make it. Edges are kept by hour, unsorted; only hours that can hold
//! the peak are sorted in the end.

use super::timeline::{Cell, Timeline};

/// Microseconds of an hour: fit an u32.
const HOUR: i64 = 3_600_000_000;
/// Microseconds of the moving window.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Edges within one hour, as microseconds after its start.
#[derive(Debug, Clone, Default)]
struct Edges {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Cell for Edges {
    fn is_empty(&self) -> bool {
        self.starts.is_empty() && self.ends.is_empty()
    }

    fn merge(&mut self, mut other: Self) {
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
        match from {
            Some(from) if end <= from => return,
            Some(from) if start < from => self.carried += 1,
            _ => self.hours.at(start.div_euclid(HOUR)).starts.push(start.rem_euclid(HOUR) as u32),
        }
        // Ends after the period tell who is still active when a planned campaign begins.
        self.hours.at(end.div_euclid(HOUR)).ends.push(end.rem_euclid(HOUR) as u32);
    }

    /// Recipients who were active at a time, which is not before the period.
    pub(crate) fn active_at(&self, at: i64) -> u64 {
        let mut active = self.carried as i64;
        for (hour, edges) in self.hours.iter().take_while(|(hour, _)| *hour <= at.div_euclid(HOUR)) {
            let until = |offsets: &[u32]| offsets.iter().filter(|offset| moment(hour, **offset) <= at).count() as i64;
            active += if hour == at.div_euclid(HOUR) {
                until(&edges.starts) - until(&edges.ends)
            } else {
                edges.starts.len() as i64 - edges.ends.len() as i64
            };
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
        let mut hours = Vec::new();
        for (hour, edges) in self.hours.iter() {
            let until_first =
                |offsets: &[u32]| offsets.iter().filter(|offset| moment(hour, **offset) <= first).count() as i64;
            if hour <= first.div_euclid(HOUR) {
                at_first += until_first(&edges.starts) - until_first(&edges.ends);
            }
            if !edges.starts.is_empty() {
                hours.push((active + edges.starts.len() as i64, hour, active, edges));
            }
            active += edges.starts.len() as i64 - edges.ends.len() as i64;
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

/// The moment of an edge; at the ends of time, the end.
fn moment(hour: i64, offset: u32) -> i64 {
    hour.saturating_mul(HOUR).saturating_add(offset.into())
}

impl Edges {
    /// Raises `best` to the highest count at a start of this hour; the earlier of equals.
    fn sweep(&self, hour: i64, mut active: i64, best: &mut (i64, i64)) {
        let sorted = |offsets: &[u32]| {
            let mut offsets = offsets.to_vec();
            offsets.sort_unstable();
            offsets
        };
        let (starts, ends) = (sorted(&self.starts), sorted(&self.ends));
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
