//! What time it is where a recipient lives, as far as the country tells.
//!
//! Zones of countries stand in `data/time-zones.txt`, their offsets in the tz database that is built into the program: nothing
//! is read from the machine. A country's offsets are worked out once, when its first recipient comes.

use std::sync::LazyLock;

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::numbering::Country;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// 2009-01-01 and 2045-01-01: before WhatsApp, and later than anybody should send. Beyond, the offsets of the ends hold.
const FIRST: i64 = 1_230_768_000;
const LAST: i64 = 2_366_841_600;

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Offsets by country, as far as they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    countries: Vec<Option<Offsets>>,
}

/// The offsets of a country's zones.
#[derive(Debug, Default)]
struct Offsets {
    /// When they change, in seconds since 1970; the first holds before it, too.
    since: Vec<i64>,
    /// The distinct offsets from then on, in seconds east of UTC.
    seconds: Vec<Vec<i32>>,
    /// Where the moment that was asked of last stands among them: the next is seldom far.
    last: usize,
}

impl Zones {
    /// Whether it is between two minutes of the day, the first included, in any zone of the country; `None` when the country
    /// or its zones are not known.
    pub(crate) fn is_between(&mut self, country: Country, at: i64, minutes: (u32, u32)) -> Option<bool> {
        let index = country.index() as usize;
        if self.countries.len() <= index {
            self.countries.resize_with(index + 1, || None);
        }
        let offsets = self.countries[index].get_or_insert_with(|| Offsets::of(country));
        let at = at.div_euclid(SECOND);
        let offsets = offsets.at(at)?;
        let (first, last) = (i64::from(minutes.0) * 60, i64::from(minutes.1) * 60);
        Some(offsets.iter().any(|offset| {
            let time = at.saturating_add(i64::from(*offset)).rem_euclid(DAY);
            first <= time && time < last
        }))
    }
}

impl Offsets {
    fn of(country: Country) -> Self {
        let zones = zones_of(country);
        let changes: Vec<Vec<(i64, i32)>> = zones.iter().map(changes).collect();
        let mut since: Vec<i64> = changes.iter().flatten().map(|(at, _)| *at).collect();
        since.sort_unstable();
        since.dedup();
        let offsets = since.iter().map(|at| {
            let mut offsets: Vec<i32> = changes
                .iter()
                .filter_map(|changes| changes.iter().rev().find(|(since, _)| since <= at).map(|(_, offset)| *offset))
                .collect();
            offsets.sort_unstable();
            offsets.dedup();
            offsets
        });
        Self { seconds: offsets.collect(), since, last: 0 }
    }

    fn at(&mut self, at: i64) -> Option<&[i32]> {
        let is_since = self.since.get(self.last).is_some_and(|since| *since <= at);
        if !is_since || self.since.get(self.last + 1).is_some_and(|next| *next <= at) {
            self.last = self.since.partition_point(|since| *since <= at).saturating_sub(1);
        }
        self.seconds.get(self.last).map(Vec::as_slice)
    }
}

fn zones_of(country: Country) -> Vec<TimeZone> {
    let Some(code) = Country::code_of(country.index() as usize) else { return Vec::new() };
    let lines = include_str!("../data/time-zones.txt").lines();
    let zones = lines.filter(|line| !line.starts_with('#')).find_map(|line| line.strip_prefix(code)?.strip_prefix(' '));
    zones.unwrap_or_default().split(' ').filter_map(|name| DATABASE.get(name).ok()).collect()
}

/// When a zone's offset changes, and to what; the first is the offset at the beginning.
fn changes(zone: &TimeZone) -> Vec<(i64, i32)> {
    let Ok(first) = Timestamp::from_second(FIRST) else { return Vec::new() };
    let mut changes = vec![(FIRST, zone.to_offset(first).seconds())];
    let later = zone.following(first).take_while(|change| change.timestamp().as_second() < LAST);
    changes.extend(later.map(|change| (change.timestamp().as_second(), change.offset().seconds())));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAKING: (u32, u32) = (8 * 60, 21 * 60);

    fn is_waking(code: &str, at: &str) -> Option<bool> {
        let at: Timestamp = at.parse().unwrap();
        Zones::default().is_between(Country::of_code(code), at.as_microsecond(), WAKING)
    }

    #[test]
    fn every_zone_of_the_data_is_in_the_database() {
        for line in include_str!("../data/time-zones.txt").lines().filter(|line| !line.starts_with('#')) {
            let (code, zones) = line.split_once(' ').unwrap();
            assert_eq!(code.len(), 2, "{line}");
            for zone in zones.split(' ') {
                assert!(DATABASE.get(zone).is_ok(), "{zone}");
            }
        }
    }

    #[test]
    fn every_country_of_the_numbering_plans_has_zones() {
        let codes: Vec<&str> = (1..).map_while(Country::code_of).collect();
        assert!(codes.len() > 200);
        for code in codes {
            assert!(is_waking(code, "2026-09-01T12:00:00Z").is_some(), "{code}");
        }
    }

    #[test]
    fn the_day_follows_the_clock_of_the_country() {
        // Italian summer time is two hours ahead, winter time one.
        assert_eq!(is_waking("IT", "2026-09-01T05:59:59.999999Z"), Some(false));
        assert_eq!(is_waking("IT", "2026-09-01T06:00:00Z"), Some(true));
        assert_eq!(is_waking("IT", "2026-09-01T18:59:59.999999Z"), Some(true));
        assert_eq!(is_waking("IT", "2026-09-01T19:00:00Z"), Some(false));
        assert_eq!(is_waking("IT", "2026-12-01T06:59:59Z"), Some(false));
        assert_eq!(is_waking("IT", "2026-12-01T07:00:00Z"), Some(true));
        // The night of the change, 2026-10-25: at 06:59 UTC it is 07:59.
        assert_eq!(is_waking("IT", "2026-10-25T06:59:00Z"), Some(false));
        assert_eq!(is_waking("IT", "2026-10-25T07:00:00Z"), Some(true));
        assert_eq!(is_waking("IN", "2026-09-01T02:29:00Z"), Some(false));
        assert_eq!(is_waking("IN", "2026-09-01T02:30:00Z"), Some(true));
    }

    #[test]
    fn a_country_with_several_zones_is_awake_when_any_of_them_is() {
        // 21:30 in New York, 18:30 in Los Angeles.
        assert_eq!(is_waking("US", "2026-09-02T01:30:00Z"), Some(true));
        // 05:30 in New York and 23:30 in Honolulu.
        assert_eq!(is_waking("US", "2026-09-01T09:30:00Z"), Some(false));
    }

    #[test]
    fn unknown_countries_have_no_time_and_far_off_times_the_nearest() {
        let mut zones = Zones::default();
        assert_eq!(zones.is_between(Country::UNKNOWN, 0, WAKING), None);
        let italy = Country::of_code("IT");
        for at in [i64::MIN, 0, i64::MAX] {
            assert!(zones.is_between(italy, at, WAKING).is_some());
        }
        assert_eq!(is_waking("IT", "1985-07-01T06:30:00Z"), Some(false), "winter time, as at the beginning of 2009");
    }
}
