//! Yearly rules of iCalendar: `RRULE:FREQ=YEARLY` with the parts that name days of the year by month, day and weekday.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::HolidayError;
use super::content::Line;

/// The last year that can be counted to.
const LAST_YEAR: i16 = 9999;

/// A yearly rule.
#[derive(Debug, Default)]
pub(super) struct Yearly {
    interval: i16,
    count: Option<usize>,
    until: Option<Date>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    weekdays: Vec<(i8, Weekday)>,
}

impl Yearly {
    /// Reads the rule of an event that begins at `start`.
    pub(super) fn read(line: &Line, start: Date) -> Result<Self, HolidayError> {
        let refuse = |problem: String| HolidayError::new(line.number, problem);
        let mut rule = Self { interval: 1, ..Self::default() };
        let mut yearly = false;
        for part in line.value.split(';').filter(|part| !part.is_empty()) {
            let (name, value) =
                part.split_once('=').ok_or_else(|| refuse(format!("RRULE: {part:?} is not of the form NAME=value")))?;
            let understood = match name.to_ascii_uppercase().as_str() {
                "FREQ" => {
                    yearly = value.eq_ignore_ascii_case("YEARLY");
                    Some(()).filter(|()| yearly)
                }
                "INTERVAL" => {
                    value.parse().ok().filter(|interval| *interval > 0).map(|interval| rule.interval = interval)
                }
                "COUNT" => value.parse().ok().filter(|count| *count > 0).map(|count| rule.count = Some(count)),
                "UNTIL" => until(value).map(|until| rule.until = Some(until)),
                "BYMONTH" => list(value, 1..=12).map(|months| rule.months = months),
                "BYMONTHDAY" => list(value, -31..=31).map(|days| rule.month_days = days),
                "BYDAY" => value.split(',').map(weekday).collect::<Option<_>>().map(|days| rule.weekdays = days),
                // The beginning of the week matters to no part that is understood.
                "WKST" => Some(()),
                _ => None,
            };
            if understood.is_none() {
                return Err(refuse(format!(
                    "RRULE: {part} is not understood: holidays return yearly, by BYMONTH, BYMONTHDAY and BYDAY"
                )));
            }
        }
        if !yearly {
            return Err(refuse("RRULE: the FREQ is missing: holidays return yearly".to_owned()));
        }
        if rule.count.is_some() && rule.until.is_some() {
            return Err(refuse("RRULE: COUNT and UNTIL exclude each other".to_owned()));
        }
        let numbered = rule.weekdays.iter().any(|(number, _)| *number != 0);
        if numbered && !rule.month_days.is_empty() {
            return Err(refuse("RRULE: a numbered BYDAY and BYMONTHDAY exclude each other".to_owned()));
        }
        if rule.until.is_some_and(|until| until < start) {
            return Err(refuse("RRULE: the UNTIL lies before the DTSTART".to_owned()));
        }
        Ok(rule)
    }

    /// The dates up to the end of `last_year`; `start` is the first of them.
    pub(super) fn dates(&self, start: Date, last_year: i16) -> Vec<Date> {
        let mut dates = vec![start];
        let count = self.count.unwrap_or(usize::MAX);
        let mut year = start.year();
        while year <= last_year.min(LAST_YEAR) && dates.len() < count {
            let later = self.in_year(year, start).into_iter().filter(|date| *date > start);
            let left = count - dates.len();
            dates.extend(later.filter(|date| self.until.is_none_or(|until| *date <= until)).take(left));
            year = year.saturating_add(self.interval);
        }
        dates
    }

    /// The dates that the rule names in a year, ascending.
    fn in_year(&self, year: i16, start: Date) -> Vec<Date> {
        let all_months: Vec<i8> = (1..=12).collect();
        let named =
            |months: &[i8]| months.iter().filter_map(|month| Date::new(year, *month, 1).ok()).collect::<Vec<_>>();
        let mut dates: Vec<Date> = match (&self.months[..], &self.month_days[..], &self.weekdays[..]) {
            ([], [], []) => Date::new(year, start.month(), start.day()).into_iter().collect(),
            (months, [], []) => {
                named(months).into_iter().filter_map(|first| Date::new(year, first.month(), start.day()).ok()).collect()
            }
            ([], [], weekdays) => {
                let first = named(&[1]);
                first.iter().flat_map(|first| of_period(*first, 1.year(), weekdays)).collect()
            }
            (months, [], weekdays) => {
                named(months).iter().flat_map(|first| of_period(*first, 1.month(), weekdays)).collect()
            }
            (months, month_days, weekdays) => {
                let months = if months.is_empty() { &all_months } else { months };
                let dates = named(months).into_iter().flat_map(|first| of_month(first, month_days));
                dates
                    .filter(|date| weekdays.is_empty() || weekdays.iter().any(|(_, day)| *day == date.weekday()))
                    .collect()
            }
        };
        dates.sort_unstable();
        dates.dedup();
        dates
    }
}

/// The last date of a rule, with or without a time of day.
fn until(value: &str) -> Option<Date> {
    let (date, _) = value.split_once('T').unwrap_or((value, ""));
    Line::plain_date(date)
}

fn list(value: &str, range: std::ops::RangeInclusive<i8>) -> Option<Vec<i8>> {
    let number = |text: &str| text.parse::<i8>().ok().filter(|number| *number != 0 && range.contains(number));
    value.split(',').map(number).collect()
}

/// `MO`, `4TH` (the fourth Thursday), `-1MO` (the last Monday); without a number, 0.
fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = match number {
        "" => 0,
        number => number.parse::<i8>().ok().filter(|number| *number != 0 && (-53..=53).contains(number))?,
    };
    let day = match day.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    Some((number, day))
}

/// Days of a month, from its beginning or, negative, from its end; those that it does not have are left out.
fn of_month(first: Date, days: &[i8]) -> Vec<Date> {
    let length = first.days_in_month();
    let day = |day: i8| if day > 0 { day } else { length + 1 + day };
    days.iter().filter_map(|wanted| Date::new(first.year(), first.month(), day(*wanted)).ok()).collect()
}

/// Weekdays of a month or a year that begins at `first`.
fn of_period(first: Date, length: Span, weekdays: &[(i8, Weekday)]) -> Vec<Date> {
    let end = first.saturating_add(length);
    let of = |&(number, weekday): &(i8, Weekday)| {
        let all: Vec<Date> =
            first.series(1.day()).take_while(|date| *date < end).filter(|date| date.weekday() == weekday).collect();
        let index = match number {
            0 => return all,
            1.. => usize::from(number.unsigned_abs()) - 1,
            _ => match all.len().checked_sub(usize::from(number.unsigned_abs())) {
                Some(index) => index,
                None => return Vec::new(),
            },
        };
        all.get(index).copied().into_iter().collect()
    };
    weekdays.iter().flat_map(of).collect()
}
