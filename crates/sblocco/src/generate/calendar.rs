//! The days that are generated. Days count from the start; times are microseconds since 1970-01-01 UTC.
//!
//! Hours are UTC. Marketing is sent from 07:00 to 19:00, which is 08:00 to 21:00 in Rome in winter as in summer: within
//! the quiet hours' limits everywhere in Italy, without a time zone.

use chrono::{Datelike as _, NaiveDate};

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// Length of a campaign: the first week sends its first template, the second its second.
pub(super) const CAMPAIGN_DAYS: i64 = 14;

/// The generated period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    first: NaiveDate,
    start: i64,
    days: i64,
}

impl Calendar {
    pub(super) fn new(first: NaiveDate, days: u32) -> Self {
        let start = first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        Self { first, start, days: i64::from(days) }
    }

    /// The first instant.
    pub(super) fn start(&self) -> i64 {
        self.start
    }

    /// The first instant that is no longer in the period.
    pub(super) fn end(&self) -> i64 {
        self.start + self.days * DAY
    }

    pub(super) fn days(&self) -> i64 {
        self.days
    }

    /// An instant of a day of the period.
    pub(super) fn at(&self, day: i64, time_of_day: i64) -> i64 {
        self.start + day * DAY + time_of_day
    }

    /// The day of an instant of the period.
    pub(super) fn day_of(&self, instant: i64) -> i64 {
        (instant - self.start).div_euclid(DAY)
    }

    /// How many campaigns there are.
    pub(super) fn campaigns(&self) -> usize {
        (self.days as usize).div_ceil(CAMPAIGN_DAYS as usize)
    }

    /// The first day of the period that falls on a weekday (Monday is 0).
    pub(super) fn first_weekday(&self, weekday: usize) -> i64 {
        (weekday as i64 - i64::from(self.first.weekday().num_days_from_monday())).rem_euclid(7)
    }

    /// The date of a day.
    pub(super) fn date(&self, day: i64) -> NaiveDate {
        self.first + chrono::TimeDelta::days(day)
    }
}

/// The campaign that runs on a day of the period. There are at most 27 of them.
pub(super) fn campaign_of(day: i64) -> u8 {
    (day / CAMPAIGN_DAYS) as u8
}

/// RFC 3339 in UTC, with microseconds.
pub(super) fn rfc3339(instant: i64) -> String {
    chrono::DateTime::from_timestamp_micros(instant)
        .map(|instant| instant.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weekdays_and_campaigns_count_from_the_start() {
        // 2026-09-01 is a Tuesday.
        let calendar = Calendar::new(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(), 75);
        assert_eq!(rfc3339(calendar.start()), "2026-09-01T00:00:00.000000Z");
        assert_eq!(rfc3339(calendar.end()), "2026-11-15T00:00:00.000000Z");
        assert_eq!((calendar.first_weekday(1), calendar.first_weekday(0)), (0, 6));
        assert_eq!((calendar.campaigns(), campaign_of(74)), (6, 5));
    }
}
