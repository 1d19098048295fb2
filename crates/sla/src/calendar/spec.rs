//! What a calendar is made from: plain data with a stable JSON form, and the checks that refuse nonsense.
//!
//! Resolves nothing: civil times meet the zone's rules in `year`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::{CalendarError, FIRST_YEAR, LAST_YEAR, TimeOfDay, Window};

/// Minutes in a civil week.
const WEEK: u16 = 7 * 24 * 60;

/// Working hours in a zone, as people state them and as they are stored (its JSON form is stable; unknown keys are
/// refused).
///
/// Of a date, the first that applies: its override, its holiday (closed), its weekday's windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// IANA time zone, such as `Europe/Rome`.
    pub zone: String,
    /// The windows of each weekday.
    #[serde(default)]
    pub weekly: Weekly,
    /// The windows of single dates in place of their weekday's (short days, make-up Saturdays); none: closed that day.
    #[serde(default)]
    pub overrides: BTreeMap<Date, Vec<Window>>,
    /// Closed dates by name. A date that also has an override follows the override, and its name is shown only if that
    /// leaves it closed.
    #[serde(default)]
    pub holidays: BTreeMap<Date, String>,
    /// Lists of holidays that the calendar shares with others, by their key, each as it was when the calendar was made. Of a date
    /// that several name, `holidays` gives the name, then the first list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holiday_lists: BTreeMap<String, BTreeMap<Date, String>>,
}

impl CalendarSpec {
    /// Round the clock, every day of the year: a calendar like any other.
    pub fn always_open() -> Self {
        let whole_day = Window { from: TimeOfDay::START_OF_DAY, to: TimeOfDay::END_OF_DAY };
        Self::weekly("UTC", Weekly::every_day(&[whole_day]))
    }

    /// The same week all year.
    pub fn weekly(zone: impl Into<String>, weekly: Weekly) -> Self {
        let zone = zone.into();
        Self { zone, weekly, overrides: BTreeMap::new(), holidays: BTreeMap::new(), holiday_lists: BTreeMap::new() }
    }

    /// The windows that begin on `date`, if that date exists in the zone.
    pub fn windows_on(&self, date: Date) -> &[Window] {
        match (self.overrides.get(&date), self.holiday(date)) {
            (Some(windows), _) => windows,
            (None, Some(_)) => &[],
            (None, None) => self.weekly.on(date.weekday()),
        }
    }

    /// The name of the holiday on `date`.
    fn holiday(&self, date: Date) -> Option<&str> {
        let named = self.all_holidays().find_map(|holidays| holidays.get(&date));
        named.map(String::as_str)
    }

    fn all_holidays(&self) -> impl Iterator<Item = &BTreeMap<Date, String>> {
        std::iter::once(&self.holidays).chain(self.holiday_lists.values())
    }

    /// The dates of holidays in a range, ascending.
    pub(super) fn holidays_in(&self, dates: RangeInclusive<Date>) -> BTreeSet<Date> {
        self.all_holidays().flat_map(|holidays| holidays.range(dates.clone())).map(|(date, _)| *date).collect()
    }

    /// The name of the holiday that keeps `date` closed, if one does.
    pub fn closed_for_holiday(&self, date: Date) -> Option<&str> {
        let name = self.holiday(date)?;
        self.windows_on(date).is_empty().then_some(name)
    }

    /// Refuses what cannot be meant. The zone is looked up by [`Calendar::new`](super::Calendar::new).
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        let range = FIRST_YEAR..=LAST_YEAR;
        if let Some(&date) = self
            .overrides
            .keys()
            .chain(self.all_holidays().flat_map(BTreeMap::keys))
            .find(|date| !range.contains(&date.year()))
        {
            return Err(CalendarError::DateOutOfRange { date });
        }
        let week = DAYS.iter().zip(0u16..).flat_map(|(&day, index)| {
            self.weekly.on(day).iter().map(move |&window| Placed::new(format!("{day:?}"), index * 24 * 60, window))
        });
        check_windows(week.collect(), Some(WEEK))?;
        for (date, windows) in &self.overrides {
            check_windows(windows.iter().map(|&window| Placed::new(date.to_string(), 0, window)).collect(), None)?;
        }
        Ok(())
    }
}

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The windows of each weekday, in any order; an empty list is a closed day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the days of the week explain themselves")]
pub struct Weekly {
    pub monday: Vec<Window>,
    pub tuesday: Vec<Window>,
    pub wednesday: Vec<Window>,
    pub thursday: Vec<Window>,
    pub friday: Vec<Window>,
    pub saturday: Vec<Window>,
    pub sunday: Vec<Window>,
}

impl Weekly {
    /// The same windows on all seven days.
    pub fn every_day(windows: &[Window]) -> Self {
        Self { saturday: windows.to_vec(), sunday: windows.to_vec(), ..Self::monday_to_friday(windows) }
    }

    /// The same windows from Monday to Friday; closed at the weekend.
    pub fn monday_to_friday(windows: &[Window]) -> Self {
        Self {
            monday: windows.to_vec(),
            tuesday: windows.to_vec(),
            wednesday: windows.to_vec(),
            thursday: windows.to_vec(),
            friday: windows.to_vec(),
            saturday: Vec::new(),
            sunday: Vec::new(),
        }
    }

    /// The windows of a weekday.
    pub fn on(&self, day: Weekday) -> &[Window] {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }
}

/// A window on a line of minutes: those of one date, or those of a week.
struct Placed {
    day: String,
    window: Window,
    start: u16,
    end: u16,
}

impl Placed {
    fn new(day: String, day_start: u16, window: Window) -> Self {
        let (from, to) = window.minutes();
        Self { day, window, start: day_start + from, end: day_start + to }
    }
}

/// Refuses impossible windows and overlaps. `period`: the line is a circle of so many minutes, so that the last window may
/// run into the first.
fn check_windows(mut placed: Vec<Placed>, period: Option<u16>) -> Result<(), CalendarError> {
    for Placed { day, window, .. } in &placed {
        let (day, window) = (day.clone(), *window);
        if window.from.is_end_of_day() {
            return Err(CalendarError::OpensAtEndOfDay { day, window });
        }
        if window.from == window.to {
            return Err(CalendarError::ZeroLength { day, window });
        }
    }
    placed.sort_by_key(|placed| placed.start);
    let overlap = |first: &Placed, second: &Placed| CalendarError::Overlap {
        first_day: first.day.clone(),
        first: first.window,
        second_day: second.day.clone(),
        second: second.window,
    };
    if let Some((first, second)) =
        placed.iter().zip(placed.iter().skip(1)).find(|(first, second)| first.end > second.start)
    {
        return Err(overlap(first, second));
    }
    match (placed.first(), placed.last(), period) {
        (Some(first), Some(last), Some(period)) if last.end > first.start + period => Err(overlap(last, first)),
        _ => Ok(()),
    }
}
