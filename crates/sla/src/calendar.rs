//! Working hours as instants: is it open, how long between, when is a budget used up.
//!
//! A [`Calendar`] resolves a year when it is first asked about and keeps it, so that a question costs a binary search and
//! one step for each year in between. It knows the years 1970 to 2299; outside them it is closed. Zone rules come from
//! the database that is compiled in, never from the machine, so that every machine finds the same due times.

mod error;
mod spec;
mod time_of_day;
mod year;

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use error::CalendarError;
pub use spec::{CalendarSpec, Weekly};
pub use time_of_day::{TimeOfDay, Window};

use crate::instant::{Span, floor, timestamp};
use year::Year;

/// The first year that a calendar knows.
pub(crate) const FIRST_YEAR: i16 = 1970;
/// The last year that a calendar knows.
pub(crate) const LAST_YEAR: i16 = 2299;
/// How many calendar years ahead [`Calendar::add`] looks.
const HORIZON_YEARS: usize = 100;
/// The mean length of a Gregorian year: good enough to find a year within one.
const MEAN_YEAR_SECONDS: i64 = 31_556_952;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A checked calendar. Cheap to ask, best kept and shared (it fills a cache of years behind `&self`).
pub struct Calendar {
    spec: CalendarSpec,
    zone: TimeZone,
    years: Box<[OnceLock<Box<Year>>]>,
}

/// A half-open interval `[start, end)` of open time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The first open second.
    pub start: Timestamp,
    /// The first second that is no longer open.
    pub end: Timestamp,
}

impl Calendar {
    /// Checks `spec` and looks up its zone. Refuses unknown zones, windows of zero length or that overlap, dates before
    /// 1970 or after 2299, and a calendar that never opens.
    pub fn new(spec: CalendarSpec) -> Result<Self, CalendarError> {
        let zone = ZONES.get(&spec.zone).map_err(|_| CalendarError::UnknownZone { zone: spec.zone.clone() })?;
        if zone.is_unknown() {
            return Err(CalendarError::UnknownZone { zone: spec.zone });
        }
        spec.check()?;
        let years = (FIRST_YEAR..=LAST_YEAR).map(|_| OnceLock::new()).collect();
        let calendar = Self { spec, zone, years };
        if calendar.ever_opens() { Ok(calendar) } else { Err(CalendarError::NeverOpen) }
    }

    /// What the calendar was made from.
    pub fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// Whether the second of `t` is open.
    pub fn is_open(&self, t: Timestamp) -> bool {
        let t = floor(t);
        let year = self.year(self.locate(t));
        year.spans.get(year.first_ending_after(t)).is_some_and(|span| span.start <= t)
    }

    /// The open intervals of `[from, to)`, ascending, cut at both ends, never touching each other. Lazy.
    pub fn windows(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Interval> {
        self.spans(Span::new(floor(from), floor(to)))
            .map(|span| Interval { start: timestamp(span.start), end: timestamp(span.end) })
    }

    /// Open seconds of `[a, b)`; 0 when `b` is not after `a`.
    pub fn between(&self, a: Timestamp, b: Timestamp) -> u64 {
        self.open_seconds(Span::new(floor(a), floor(b)))
    }

    /// The first instant by which `seconds` open seconds have passed since `t`: a budget used up exactly at closing time is
    /// due at that closing time, and no budget is due at once. `None` if the calendar does not open for so long within 100
    /// years.
    pub fn add(&self, t: Timestamp, seconds: u64) -> Option<Timestamp> {
        self.advance(floor(t), seconds).map(timestamp)
    }

    pub(crate) fn advance(&self, t: i64, seconds: u64) -> Option<i64> {
        if seconds == 0 {
            return Some(t);
        }
        let first = self.locate(t);
        // Counted from the beginning of the year at hand.
        let mut wanted = self.year(first).open_until(t).checked_add(seconds)?;
        for index in (first..self.years.len()).take(HORIZON_YEARS + 1) {
            let year = self.year(index);
            if wanted <= year.total() {
                return year.instant_of(wanted);
            }
            wanted -= year.total();
        }
        None
    }

    pub(crate) fn open_seconds(&self, span: Span) -> u64 {
        if span.is_empty() {
            return 0;
        }
        let (first, last) = (self.locate(span.start), self.locate(span.end));
        let whole_years: u64 = (first..last).map(|index| self.year(index).total()).sum();
        whole_years + self.year(last).open_until(span.end) - self.year(first).open_until(span.start)
    }

    /// Open spans of `within`, ascending and joined also over New Year.
    pub(crate) fn spans(&self, within: Span) -> impl Iterator<Item = Span> {
        let first = self.locate(within.start);
        let years = (first..self.years.len()).map(|index| self.year(index));
        let mut pieces = years
            .take_while(move |year| year.bounds.start < within.end)
            .flat_map(move |year| year.spans[year.first_ending_after(within.start)..].iter())
            .map(move |span| span.within(within))
            .take_while(|span| !span.is_empty())
            .peekable();
        std::iter::from_fn(move || {
            let mut span = pieces.next()?;
            while let Some(next) = pieces.next_if(|next| next.start == span.end) {
                span.end = next.end;
            }
            Some(span)
        })
    }

    /// The local date of `t`.
    pub(crate) fn local_date(&self, t: i64) -> Date {
        self.zone.to_datetime(timestamp(t)).date()
    }

    /// The dates after `date` on which windows begin, with those windows (whole, ascending, at least one).
    pub(crate) fn working_days_after(&self, date: Date) -> impl Iterator<Item = (Date, &[Span])> {
        let first = usize::try_from(date.year() - FIRST_YEAR).unwrap_or(0);
        (first..self.years.len()).flat_map(move |index| self.year(index).days_after(date))
    }

    /// The parts of `closed` that a holiday keeps closed, ascending, each with its name.
    pub(crate) fn holidays_in(&self, closed: Span) -> impl Iterator<Item = (Span, &str)> {
        let dates = self.local_date(closed.start)..=self.local_date(closed.end);
        // Where a clock goes back over midnight, the local date of the end is before that of the start.
        let dates = if dates.is_empty() { *dates.end()..=*dates.start() } else { dates };
        self.spec.holidays_in(dates).into_iter().filter_map(move |date| {
            let name = self.spec.closed_for_holiday(date)?;
            let day = Span::new(year::start_of(&self.zone, date), year::start_of(&self.zone, year::next(date)));
            let part = day.within(closed);
            (!part.is_empty()).then_some((part, name))
        })
    }

    fn ever_opens(&self) -> bool {
        self.spec.weekly != Weekly::default()
            || self.spec.overrides.keys().any(|date| {
                let index = usize::try_from(date.year() - FIRST_YEAR).unwrap_or(0);
                self.year(index).total() > 0
            })
    }

    /// The index of the year that holds `t`; of the first or last one for what lies outside.
    fn locate(&self, t: i64) -> usize {
        let last = self.years.len() - 1;
        let mut index = usize::try_from(t.div_euclid(MEAN_YEAR_SECONDS)).unwrap_or(0).min(last);
        while index > 0 && t < self.year(index).bounds.start {
            index -= 1;
        }
        while index < last && t >= self.year(index).bounds.end {
            index += 1;
        }
        index
    }

    fn year(&self, index: usize) -> &Year {
        self.years[index].get_or_init(|| {
            let year = FIRST_YEAR + i16::try_from(index).unwrap_or(LAST_YEAR - FIRST_YEAR);
            Box::new(Year::build(&self.spec, &self.zone, year))
        })
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar").field("spec", &self.spec).finish_non_exhaustive()
    }
}
