//! Civil time of schedules: when a time of the day comes next in a zone, and where its days begin.

use domain::{Instant, jobs::LocalTime, traffic::instant_of_micros};
use jiff::{Timestamp, ToSpan as _, Zoned, civil::Date, tz::TimeZone};

/// A zone that the tz database does not have, or an instant beyond the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schedule cannot be computed in the zone {zone}: use a name such as Europe/Rome")]
pub struct NoCivilTime {
    /// The zone.
    pub zone: String,
}

fn zoned(zone: &str, instant: Instant) -> Result<Zoned, NoCivilTime> {
    let failed = |_| NoCivilTime { zone: zone.to_owned() };
    let tz = TimeZone::get(zone).map_err(failed)?;
    Ok(Timestamp::from_microsecond(instant.timestamp_micros()).map_err(failed)?.to_zoned(tz))
}

fn instant(timestamp: Timestamp) -> Instant {
    instant_of_micros(timestamp.as_microsecond())
}

/// When `time` comes next in `zone`, strictly after `after`. A time that a day skips (the clock goes forward) comes as much later
/// as the clock was moved; one that a day has twice (the clock goes back) comes the first time only.
///
/// # Errors
/// The zone is unknown.
pub fn next_run(zone: &str, time: LocalTime, after: Instant) -> Result<Instant, NoCivilTime> {
    /// The day of `after`, the next, and one more for zones that left out a day.
    const DAYS: i32 = 3;
    let failed = |_| NoCivilTime { zone: zone.to_owned() };
    let after_zoned = zoned(zone, after)?;
    for days in 0..DAYS {
        let date = after_zoned.date().checked_add(days.days()).map_err(failed)?;
        let wanted = date.at(time.hour().cast_signed(), time.minute().cast_signed(), 0, 0);
        let run = after_zoned.time_zone().to_ambiguous_zoned(wanted).compatible().map_err(failed)?;
        let run = instant(run.timestamp());
        if run > after {
            return Ok(run);
        }
    }
    Err(NoCivilTime { zone: zone.to_owned() })
}

/// The last `days` whole days of `zone` before `instant`: from the midnight that begins them to the one that ends them.
///
/// # Errors
/// The zone is unknown.
pub fn last_days(zone: &str, days: u32, now: Instant) -> Result<(Instant, Instant), NoCivilTime> {
    let failed = |_| NoCivilTime { zone: zone.to_owned() };
    let now = zoned(zone, now)?;
    let midnight = |date: Date| Ok(instant(date.to_zoned(now.time_zone().clone()).map_err(failed)?.timestamp()));
    let from = now.date().checked_sub(i64::from(days).days()).map_err(failed)?;
    Ok((midnight(from)?, midnight(now.date())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn next(zone: &str, time: &str, after: &str) -> Instant {
        next_run(zone, time.parse().unwrap(), at(after)).unwrap()
    }

    #[test]
    fn a_night_follows_the_zone_through_the_year() {
        assert_eq!(next("Europe/Rome", "02:00", "2026-01-10T00:59:59Z"), at("2026-01-10T01:00:00Z"));
        assert_eq!(next("Europe/Rome", "02:00", "2026-01-10T01:00:00Z"), at("2026-01-11T01:00:00Z"), "strictly after");
        assert_eq!(next("Europe/Rome", "02:00", "2026-07-10T12:00:00Z"), at("2026-07-11T00:00:00Z"));
    }

    #[test]
    fn a_time_that_the_day_skips_comes_later_that_day() {
        // On 29 March 2026 the clocks of Rome go from 02:00 to 03:00.
        assert_eq!(next("Europe/Rome", "02:30", "2026-03-28T12:00:00Z"), at("2026-03-29T01:30:00Z"));
        assert_eq!(next("Europe/Rome", "02:30", "2026-03-29T01:30:00Z"), at("2026-03-30T00:30:00Z"));
    }

    #[test]
    fn a_time_that_the_day_has_twice_comes_once() {
        // On 25 October 2026 the clocks of Rome go from 03:00 back to 02:00.
        let first = next("Europe/Rome", "02:30", "2026-10-24T12:00:00Z");
        assert_eq!(first, at("2026-10-25T00:30:00Z"));
        assert_eq!(next("Europe/Rome", "02:30", "2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn a_day_that_a_zone_left_out_does_not_stop_it() {
        // Samoa had no 30 December 2011.
        let mut after = at("2011-12-28T12:00:00Z");
        for _ in 0..5 {
            let next = next_run("Pacific/Apia", "02:00".parse().unwrap(), after).unwrap();
            assert!(next > after && next - after <= chrono::TimeDelta::hours(48));
            after = next;
        }
    }

    #[test]
    fn every_day_of_every_year_runs_once() {
        for zone in ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"] {
            let mut run = at("2026-01-01T12:00:00Z");
            let end = at("2027-01-01T12:00:00Z");
            let mut runs = 0;
            while run < end {
                run = next_run(zone, "02:30".parse().unwrap(), run).unwrap();
                runs += 1;
            }
            assert_eq!(runs, 366, "{zone}: 365 days and the one after the end");
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let (from, to) = last_days("Europe/Rome", 30, at("2026-04-10T00:30:00Z")).unwrap();
        assert_eq!((from, to), (at("2026-03-10T23:00:00Z"), at("2026-04-09T22:00:00Z")));
        assert!(last_days("Europe/Atlantis", 1, at("2026-04-10T00:30:00Z")).is_err());
    }
}
