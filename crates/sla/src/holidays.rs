//! Lists of holidays as calendars of the world publish them: iCalendar (RFC 5545), as far as whole dates and yearly rules go.
//!
//! Strict: what a list says and this does not understand is refused by its line, for a holiday that is silently left out is a wrong
//! deadline. Components other than events, and properties that do not say when or what, are passed over.

mod content;
mod yearly;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::Date;

use content::{Component, Line};
use yearly::Yearly;

/// The longest text that is read, in bytes.
const LONGEST: usize = 2_000_000;
/// The longest single holiday, in days.
const LONGEST_HOLIDAY: usize = 366;

/// Why a list of holidays is refused: at which line, and what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct HolidayError {
    /// Where the property begins, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl HolidayError {
    fn new(line: usize, problem: impl Into<String>) -> Self {
        Self { line, problem: problem.into() }
    }
}

/// The holidays of an iCalendar text that fall into `years`, by date. Several of one date share it, joined by a comma.
///
/// Read are events with a whole date (`DTSTART;VALUE=DATE`, or eight digits), for one day or up to `DTEND` or `DURATION`, with a
/// yearly `RRULE` (`INTERVAL`, `COUNT`, `UNTIL`, `BYMONTH`, `BYMONTHDAY`, `BYDAY`), `RDATE` and `EXDATE`. A cancelled event is no
/// holiday.
///
/// ```
/// let list = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Natale\r\n\
///             END:VEVENT\r\nEND:VCALENDAR\r\n";
/// let holidays = sla::read_holidays(list, 2026..=2027)?;
/// let dates: Vec<String> = holidays.keys().map(ToString::to_string).collect();
/// assert_eq!(dates, ["2026-12-25", "2027-12-25"]);
/// # Ok::<(), sla::HolidayError>(())
/// ```
///
/// # Errors
/// The text is no iCalendar, or says something of an event that is not understood.
pub fn read_holidays(text: &str, years: RangeInclusive<i16>) -> Result<BTreeMap<Date, String>, HolidayError> {
    if text.len() > LONGEST {
        return Err(HolidayError::new(1, format!("the list is longer than {LONGEST} bytes: leave out what is past")));
    }
    let mut holidays: BTreeMap<Date, String> = BTreeMap::new();
    for event in content::events(text)? {
        let Some(event) = Event::read(&event)? else { continue };
        for start in event.starts(*years.end()) {
            for date in start.series(1.day()).take(event.days).filter(|date| years.contains(&date.year())) {
                let names = holidays.entry(date).or_default();
                if names.is_empty() {
                    names.clone_from(&event.name);
                } else if !names.split(", ").any(|name| name == event.name) {
                    *names = format!("{names}, {}", event.name);
                }
            }
        }
    }
    Ok(holidays)
}

/// A holiday as the list has it.
#[derive(Debug)]
struct Event {
    name: String,
    start: Date,
    days: usize,
    rule: Option<Yearly>,
    also: Vec<Date>,
    not: Vec<Date>,
}

impl Event {
    /// `None`: it was cancelled.
    fn read(event: &Component) -> Result<Option<Self>, HolidayError> {
        if event.one("STATUS")?.is_some_and(|status| status.value.eq_ignore_ascii_case("CANCELLED")) {
            return Ok(None);
        }
        if let Some(line) = event.one("RECURRENCE-ID")? {
            let problem = "a changed occurrence of another event: write it as an event of its own, and take it out of the \
                           other with EXDATE";
            return Err(HolidayError::new(line.number, problem));
        }
        let missing = |what: &str| HolidayError::new(event.line, format!("the event has no {what}"));
        let summary = event.one("SUMMARY")?.ok_or_else(|| missing("SUMMARY"))?;
        let name = summary.text();
        if name.is_empty() {
            return Err(HolidayError::new(summary.number, "the SUMMARY is empty: give the holiday its name"));
        }
        let start = date(event.one("DTSTART")?.ok_or_else(|| missing("DTSTART"))?)?;
        let rule = event.one("RRULE")?.map(|line| Yearly::read(line, start)).transpose()?;
        let days = length(event, start)?;
        Ok(Some(Self { name, start, days, rule, also: dates(event, "RDATE")?, not: dates(event, "EXDATE")? }))
    }

    /// The dates on which it begins, up to a year.
    fn starts(&self, last_year: i16) -> Vec<Date> {
        let mut starts = match &self.rule {
            Some(rule) => rule.dates(self.start, last_year),
            None => vec![self.start],
        };
        starts.extend(&self.also);
        starts.retain(|date| !self.not.contains(date));
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// How many days it lasts.
fn length(event: &Component, start: Date) -> Result<usize, HolidayError> {
    let (line, days) = match (event.one("DTEND")?, event.one("DURATION")?) {
        (None, None) => return Ok(1),
        (Some(line), Some(_)) => {
            return Err(HolidayError::new(line.number, "the event has both DTEND and DURATION: keep one"));
        }
        (Some(line), None) => (line, i64::from((date(line)? - start).get_days())),
        (None, Some(line)) => (line, whole_days(line)?),
    };
    // Some write the day itself as the end of a holiday of one day.
    let days = if days == 0 { 1 } else { days };
    usize::try_from(days).ok().filter(|days| *days <= LONGEST_HOLIDAY).ok_or_else(|| {
        HolidayError::new(line.number, format!("the holiday must end after it begins, within {LONGEST_HOLIDAY} days"))
    })
}

/// A duration in whole days: `P1D`, `P2W`.
fn whole_days(line: &Line) -> Result<i64, HolidayError> {
    let number = |unit: char| line.value.strip_prefix('P')?.strip_suffix(unit)?.parse::<u16>().ok().map(i64::from);
    let days = number('D').or_else(|| Some(7 * number('W')?));
    days.ok_or_else(|| HolidayError::new(line.number, "a holiday lasts whole days: write the DURATION as P1D or P1W"))
}

fn date(line: &Line) -> Result<Date, HolidayError> {
    line.date_of(&line.value)
}

/// The dates of a property that may stand several times with several dates.
fn dates(event: &Component, name: &str) -> Result<Vec<Date>, HolidayError> {
    event.all(name).flat_map(|line| line.value.split(',').map(move |value| line.date_of(value))).collect()
}
