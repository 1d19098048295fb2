//! The pharmacy's spike: one day on which one number writes to so many people that the portfolio's limit is nearly
//! reached. How many, and which limit that is, is planned from the client's size.

use super::calendar::Calendar;

/// The plan of the spike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spike {
    /// Its day, a Wednesday; at least 40 days of history lie before it.
    pub(super) day: i64,
    /// How many people get a message beside the usual traffic.
    pub(super) people: u64,
    /// The portfolio's messaging limit, of which the day uses seven eighths or so.
    pub(super) limit: u64,
}

/// Meta's limits.
pub(super) const TIERS: [(u64, &str); 4] =
    [(250, "TIER_250"), (2_000, "TIER_2K"), (10_000, "TIER_10K"), (100_000, "TIER_100K")];

/// Share of a usual client's messages that are templates, reach people and lie outside a window; found by counting.
const COUNTED: f64 = 0.80;
/// Of the spike's messages, those that reach people.
const REACHED: f64 = 0.965;
/// How much busier than the average a Wednesday is, with the people of the day before it.
const WEDNESDAY: f64 = 1.2;
/// Share of the limit that the day shall use: safely between 80 % and 95 %.
const USED: f64 = 0.875;

impl Spike {
    /// Plans the spike of a client with so many messages over so many numbers.
    pub(super) fn plan(calendar: &Calendar, messages: u64, numbers: u8) -> Self {
        let weeks = (calendar.days() - 18 - calendar.first_weekday(2)) / 7;
        let day = calendar.first_weekday(2) + 7 * weeks;
        let usual = |people: f64| (messages as f64 - people) * COUNTED * WEDNESDAY / calendar.days() as f64;
        // The usual traffic shrinks by what the spike takes of the client's messages.
        let people_for = |limit: f64| {
            let per_person = REACHED - COUNTED * WEDNESDAY / calendar.days() as f64;
            (limit * USED - usual(0.0)) / per_person
        };
        let least = 3.5 * usual(0.0) / f64::from(numbers) + 55.0;
        let most = messages as f64 * 0.2;
        let tier = TIERS.iter().map(|(limit, _)| *limit as f64).find(|limit| {
            let people = people_for(*limit);
            people >= least && people <= most
        });
        match tier {
            Some(limit) => Self { day, people: people_for(limit) as u64, limit: limit as u64 },
            // Between two of Meta's limits, or beyond them: a limit of its own.
            None => Self { day, people: least as u64, limit: ((usual(least) + least * REACHED) / USED) as u64 },
        }
    }
}

/// A limit as Meta writes it.
pub(super) fn limit_value(limit: u64) -> serde_json::Value {
    match TIERS.iter().find(|(tier, _)| *tier == limit) {
        Some((_, word)) => (*word).into(),
        None => limit.into(),
    }
}

/// The least of Meta's limits that leaves a client ample room.
pub(super) fn roomy_limit(most_in_a_day: u64) -> serde_json::Value {
    TIERS.iter().find(|(limit, _)| *limit > most_in_a_day * 3 / 2).map_or("TIER_UNLIMITED", |(_, word)| word).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spike_lies_on_a_wednesday_with_forty_days_before_it() {
        for (days, first) in [(60, "2026-09-01"), (75, "2026-09-05"), (120, "2025-12-31")] {
            let calendar = Calendar::new(first.parse().unwrap(), days);
            let spike = Spike::plan(&calendar, 9_000, 3);
            assert_eq!(calendar.date(spike.day).format("%a").to_string(), "Wed");
            assert!(spike.day >= 34 && spike.day < i64::from(days), "day {}", spike.day);
        }
    }

    #[test]
    fn most_sizes_meet_one_of_metas_limits() {
        let calendar = Calendar::new("2026-09-01".parse().unwrap(), 75);
        let limit = |messages| Spike::plan(&calendar, messages, 3).limit;
        assert_eq!([9_000, 30_000, 300_000, 3_000_000].map(limit), [2_000, 2_000, 10_000, 100_000]);
    }

    #[test]
    fn other_clients_have_room() {
        assert_eq!(roomy_limit(100), "TIER_250");
        assert_eq!(roomy_limit(200), "TIER_2K");
        assert_eq!(roomy_limit(70_000), "TIER_UNLIMITED");
        assert_eq!(limit_value(2_000), "TIER_2K");
        assert_eq!(limit_value(1_234), 1_234);
    }
}
