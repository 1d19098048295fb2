//! One year of a calendar, resolved to instants: where civil time meets the zone's rules, and nowhere else.
//!
//! Edges: one in a gap moves forward by the gap, an ambiguous one takes its first occurrence (jiff's "compatible"
//! disambiguation); a window whose edges thereby meet or cross is none; a local date that does not exist has none.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{CalendarSpec, Window};
use crate::instant::Span;

/// The windows of a civil year `[1 January 00:00, next 1 January 00:00)`; a window over New Year is cut there.
#[derive(Debug)]
pub(super) struct Year {
    /// From the beginning of 1 January to that of the next.
    pub(super) bounds: Span,
    /// Disjoint, ascending, never touching, within `bounds`.
    pub(super) spans: Vec<Span>,
    /// Open seconds of `bounds` before each span, and after the last one the total.
    opened_before: Vec<u64>,
    /// The dates on which a window begins.
    days: Vec<Day>,
    /// The windows of `days`, whole (not cut, not joined).
    day_spans: Vec<Span>,
}

#[derive(Debug)]
struct Day {
    date: Date,
    first: usize,
    end: usize,
}

impl Year {
    /// Resolves year `year`; empty when jiff cannot represent its dates, which the range of a calendar excludes.
    pub(super) fn build(spec: &CalendarSpec, zone: &TimeZone, year: i16) -> Self {
        let first = Date::new(year, 1, 1).unwrap_or_default();
        let last = Date::new(year, 12, 31).unwrap_or_default();
        let bounds = Span::new(start_of(zone, first), start_of(zone, next(last)));
        // Windows of 31 December run into January, and a skipped date can move an edge by one day more.
        let before = first.saturating_sub(2.days());
        let (mut spans, mut days, mut day_spans) = (Vec::new(), Vec::new(), Vec::new());
        for date in before.series(1.day()).take_while(|date| *date <= last) {
            let resolved = resolve(spec.windows_on(date), zone, date);
            spans.extend(resolved.iter().map(|span| span.within(bounds)).filter(|span| !span.is_empty()));
            if date >= first && !resolved.is_empty() {
                let start = day_spans.len();
                day_spans.extend(resolved);
                days.push(Day { date, first: start, end: day_spans.len() });
            }
        }
        let spans = join(spans);
        let mut opened_before = Vec::with_capacity(spans.len() + 1);
        let total = spans.iter().fold(0, |total, span| {
            opened_before.push(total);
            total + span.seconds()
        });
        opened_before.push(total);
        Self { bounds, spans, opened_before, days, day_spans }
    }

    /// Open seconds of the whole year.
    pub(super) fn total(&self) -> u64 {
        self.opened_before.last().copied().unwrap_or(0)
    }

    /// Open seconds from the beginning of the year to `t`.
    pub(super) fn open_until(&self, t: i64) -> u64 {
        let index = self.first_ending_after(t);
        let before = self.opened_before.get(index).copied().unwrap_or(0);
        let running = self.spans.get(index).map_or(0, |span| Span::new(span.start, t).seconds());
        before + running
    }

    /// The first instant by which the year has been open for `seconds`, 1 to [`total`](Self::total).
    pub(super) fn instant_of(&self, seconds: u64) -> Option<i64> {
        let index = self.opened_before.partition_point(|&before| before < seconds).checked_sub(1)?;
        let before = self.opened_before.get(index)?;
        self.spans.get(index).map(|span| span.start.saturating_add_unsigned(seconds - before))
    }

    /// The index of the span that holds `t`, or else of the next one.
    pub(super) fn first_ending_after(&self, t: i64) -> usize {
        self.spans.partition_point(|span| span.end <= t)
    }

    /// The working days after `date`, each with its windows.
    pub(super) fn days_after(&self, date: Date) -> impl Iterator<Item = (Date, &[Span])> {
        let index = self.days.partition_point(|day| day.date <= date);
        self.days[index..].iter().map(|day| (day.date, &self.day_spans[day.first..day.end]))
    }
}

/// The beginning of `date` in `zone`.
pub(super) fn start_of(zone: &TimeZone, date: Date) -> i64 {
    instant(zone, date, 0)
}

/// The day after; the last date stays itself.
pub(super) fn next(date: Date) -> Date {
    date.saturating_add(1.day())
}

/// The instant of `minutes` (0 to 2880) after the civil beginning of `date`, by the rules in the module's header.
fn instant(zone: &TimeZone, date: Date, minutes: u16) -> i64 {
    let date = date.saturating_add(i64::from(minutes / (24 * 60)).days());
    let minutes = minutes % (24 * 60);
    let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).unwrap_or_default();
    zone.to_timestamp(date.to_datetime(time)).map_or(i64::MAX, Timestamp::as_second)
}

/// The windows of one date that exist, ascending, touching ones not joined.
fn resolve(windows: &[Window], zone: &TimeZone, date: Date) -> Vec<Span> {
    // The beginning of a skipped date is that of the next one.
    if windows.is_empty() || start_of(zone, date) >= start_of(zone, next(date)) {
        return Vec::new();
    }
    let spans = windows.iter().map(|window| {
        let (from, to) = window.minutes();
        Span::new(instant(zone, date, from), instant(zone, date, to))
    });
    let mut spans: Vec<Span> = spans.filter(|span| !span.is_empty()).collect();
    spans.sort_unstable();
    spans
}

/// Sorts, and joins what overlaps or touches.
fn join(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|later, earlier| {
        let joins = later.start <= earlier.end;
        if joins {
            earlier.end = earlier.end.max(later.end);
        }
        joins
    });
    spans
}
