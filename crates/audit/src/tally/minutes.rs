//! How many messages went out in each minute, for finding the busiest hour.
//!
//! A few messages are kept as a list of their minutes; many as counts, an hour a page. So memory is at most a few bytes per
//! message, and at most one page per hour in which there were any.

use std::collections::{BTreeMap, BTreeSet};

use super::timeline::{Cell, Timeline};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;
/// Minutes of a page.
const PAGE: i64 = 60;
/// List entries that take as much memory as a page.
const PAGE_WORTH: usize = 64;

/// Messages by minute (UTC).
#[derive(Debug, Clone, Default)]
pub(crate) struct Minutes {
    /// One entry per message.
    list: Vec<i32>,
    /// How long the list may get before it is put into pages.
    patience: usize,
    /// By hour.
    pages: Timeline<Page>,
}

/// The counts of an hour's minutes; none of an hour that is kept in the list.
type Page = Option<Box<[u32; PAGE as usize]>>;

impl Cell for Page {
    fn is_empty(&self) -> bool {
        self.is_none()
    }

    fn merge(&mut self, other: Self) {
        let Some(added) = other else { return };
        for (count, added) in self.get_or_insert_with(blank).iter_mut().zip(*added) {
            *count += added;
        }
    }
}

fn blank() -> Box<[u32; PAGE as usize]> {
    Box::new([0; PAGE as usize])
}

fn hour_of(minute: i32) -> i64 {
    i64::from(minute).div_euclid(PAGE)
}

fn place_of(minute: i32) -> usize {
    i64::from(minute).rem_euclid(PAGE) as usize
}

impl Minutes {
    /// Counts a message.
    pub(crate) fn add(&mut self, at: i64) {
        // Some four thousand years on either side are enough; what is beyond is counted at the end.
        let minute = at.div_euclid(MINUTE).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        if let Some(Some(page)) = self.pages.get_mut(hour_of(minute)) {
            page[place_of(minute)] += 1;
            return;
        }
        self.list.push(minute);
        if self.list.len() >= self.patience.max(PAGE_WORTH) {
            self.fold();
        }
    }

    /// Puts the hours that fill a page into pages; the rest waits until the list has doubled.
    fn fold(&mut self) {
        self.list.sort_unstable();
        let mut rest = Vec::new();
        for hour in self.list.chunk_by(|one, other| hour_of(*one) == hour_of(*other)) {
            if hour.len() < PAGE_WORTH {
                rest.extend_from_slice(hour);
                continue;
            }
            let page = self.pages.at(hour_of(hour[0])).get_or_insert_with(blank);
            for minute in hour {
                page[place_of(*minute)] += 1;
            }
        }
        self.list = rest;
        self.patience = 2 * self.list.len();
    }

    /// Adds the messages to other recipients.
    pub(crate) fn merge(&mut self, other: Self) {
        self.pages.merge(other.pages);
        for minute in other.list {
            self.add(i64::from(minute) * MINUTE);
        }
    }

    /// Adds the counts to a series by hour since 1970.
    pub(crate) fn by_hour(&self, into: &mut BTreeMap<i64, u64>) {
        for (hour, page) in self.pages.iter() {
            let sum: u64 = page.iter().flat_map(|page| page.iter()).map(|count| u64::from(*count)).sum();
            *into.entry(hour).or_default() += sum;
        }
        for minute in &self.list {
            *into.entry(hour_of(*minute)).or_default() += 1;
        }
    }

    /// Adds the counts of some hours to a series by minute since 1970, those aside that `leave` names (by the minute's first
    /// microsecond).
    pub(crate) fn pour(
        &self,
        into: &mut BTreeMap<i64, u64>,
        is_asked: impl Fn(i64) -> bool,
        leave: impl Fn(i64) -> bool,
    ) {
        let paged = self.pages.iter().filter(|(hour, _)| is_asked(*hour)).flat_map(|(hour, page)| {
            let counts = page.iter().flat_map(|page| page.iter());
            (hour * PAGE..).zip(counts).map(|(minute, count)| (minute, u64::from(*count)))
        });
        let listed = self.list.iter().filter(|minute| is_asked(hour_of(**minute)));
        let listed = listed.map(|minute| (i64::from(*minute), 1));
        for (minute, count) in paged.chain(listed).filter(|(minute, count)| *count > 0 && !leave(*minute * MINUTE)) {
            *into.entry(minute).or_default() += count;
        }
    }
}

/// The hours of a series by hour in which a run of `length` minutes may hold as many as `enough`.
pub(crate) fn busy_hours(hours: &BTreeMap<i64, u64>, length: i64, enough: u64) -> BTreeSet<i64> {
    // A run touches one hour more than it fills.
    let span = length.div_euclid(PAGE) + i64::from(length.rem_euclid(PAGE) != 0) + 1;
    let mut busy = BTreeSet::new();
    let (mut sum, mut tail) = (0, hours.iter().peekable());
    for (hour, count) in hours {
        sum += count;
        while let Some((_, left)) = tail.next_if(|(early, _)| **early <= hour - span) {
            sum -= left;
        }
        if sum >= enough {
            busy.extend(hours.range(hour - span + 1..=*hour).map(|(hour, _)| *hour));
        }
    }
    busy
}

/// The run of `length` consecutive minutes with the most messages: how many, and its first microsecond; the earliest of
/// equals.
pub(crate) fn busiest(series: &BTreeMap<i64, u64>, length: i64) -> Option<(u64, i64)> {
    let (mut sum, mut best) = (0, None::<(u64, i64)>);
    let mut tail = series.iter().peekable();
    for (minute, count) in series {
        sum += count;
        while let Some((_, left)) = tail.next_if(|(early, _)| **early <= minute - length) {
            sum -= left;
        }
        if best.is_none_or(|(most, _)| sum > most) {
            let first = tail.peek().map_or(*minute, |(early, _)| **early);
            best = Some((sum, first.saturating_mul(MINUTE)));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(moments: impl IntoIterator<Item = i64>) -> Minutes {
        let mut minutes = Minutes::default();
        moments.into_iter().for_each(|minute| minutes.add(minute * MINUTE + 17));
        minutes
    }

    fn series(minutes: &Minutes) -> BTreeMap<i64, u64> {
        let mut series = BTreeMap::new();
        minutes.pour(&mut series, |_| true, |_| false);
        series
    }

    #[test]
    fn the_busiest_hour_is_sixty_minutes_and_no_more() {
        assert_eq!(busiest(&series(&minutes([10, 69])), 60), Some((2, 10 * MINUTE)));
        assert_eq!(busiest(&series(&minutes([10, 70])), 60), Some((1, 10 * MINUTE)));
        assert_eq!(busiest(&series(&minutes([-70, -20, -11, 0])), 60), Some((3, -70 * MINUTE)));
        assert_eq!(busiest(&BTreeMap::new(), 60), None);
    }

    #[test]
    fn lists_and_pages_hold_the_same_counts() {
        let moments: Vec<i64> = (0..5_000).map(|n| n * n % 977 - 300).collect();
        let mut expected = BTreeMap::<i64, u64>::new();
        for minute in &moments {
            *expected.entry(*minute).or_default() += 1;
        }
        let whole = minutes(moments.iter().copied());
        assert!(whole.pages.iter().count() > 0);
        assert_eq!(series(&whole), expected);
        let (left, right) = moments.split_at(70);
        let mut merged = minutes(left.iter().copied());
        merged.merge(minutes(right.iter().copied()));
        assert_eq!(series(&merged), expected);
        let mut other_way = minutes(right.iter().copied());
        other_way.merge(minutes(left.iter().copied()));
        assert_eq!(series(&other_way), expected);
    }

    #[test]
    fn minutes_can_be_left_out() {
        let mut series = BTreeMap::new();
        minutes([1, 2, 3, 60]).pour(&mut series, |hour| hour == 0, |at| at >= 2 * MINUTE);
        assert_eq!(series, BTreeMap::from([(1, 1)]));
    }

    #[test]
    fn only_hours_that_can_hold_enough_are_looked_at() {
        let mut hours = BTreeMap::new();
        let mut count = |minutes: Minutes| minutes.by_hour(&mut hours);
        count(minutes((0..70).map(|_| 59)));
        count(minutes((0..30).map(|_| 60)));
        count(minutes([400, 460]));
        assert_eq!(hours, BTreeMap::from([(0, 70), (1, 30), (6, 1), (7, 1)]));
        assert_eq!(busy_hours(&hours, 60, 100), BTreeSet::from([0, 1]));
        assert_eq!(busy_hours(&hours, 60, 101), BTreeSet::new());
        assert_eq!(busy_hours(&hours, 61, 101), BTreeSet::new());
        assert_eq!(busy_hours(&hours, 60, 2), BTreeSet::from([0, 1, 6, 7]));
    }

    #[test]
    fn moments_beyond_the_calendar_are_counted() {
        let mut strange = Minutes::default();
        strange.add(i64::MAX);
        strange.add(i64::MIN);
        assert_eq!(series(&strange).values().sum::<u64>(), 2);
    }
}
