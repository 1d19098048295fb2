//! Days on which one number writes to a crowd. The pharmacy's spike: so many people that the portfolio's limit is nearly
//! reached; and the first day of the shoe shop's new number. How many, and which limit that is, is planned from the
//! client's size.

use super::calendar::Calendar;
use super::client::{AURORA, NORDIC, Profile, SPIKE_NUMBER};
use super::scenario::Cohort;

/// A day on which one number writes to people to whom nobody writes else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crowd {
    pub(super) cohort: Cohort,
    pub(super) day: i64,
    pub(super) people: u64,
    /// The sending number.
    pub(super) number: u8,
    /// Name of its campaign, without the date.
    pub(super) campaign: &'static str,
    /// Whether the campaign is declared.
    pub(super) declared: bool,
    /// The portfolio's limit that its size is planned for.
    pub(super) limit: Option<u64>,
}

/// The day of the new number: a Friday or so in the fourth week.
const LAUNCH_DAY: i64 = 24;
/// Fewest people of that day: well above the hundred from which a ramp is judged.
const LAUNCH_PEOPLE: u64 = 150;

impl Crowd {
    /// The crowd of a client, if it has one.
    pub(super) fn plan(profile: &Profile, calendar: &Calendar, messages: u64) -> Option<Self> {
        match profile.folder {
            folder if folder == AURORA.folder => {
                let spike = Spike::plan(calendar, messages, profile.numbers);
                Some(Self {
                    cohort: Cohort::SpikeDay,
                    day: spike.day,
                    people: spike.people,
                    number: SPIKE_NUMBER,
                    campaign: "campagna_lampo",
                    declared: false,
                    limit: Some(spike.limit),
                })
            }
            folder if folder == NORDIC.folder => Some(Self {
                cohort: Cohort::Launch,
                day: LAUNCH_DAY,
                people: (messages / 100).max(LAUNCH_PEOPLE).min(messages / 5),
                number: profile.numbers,
                campaign: "apertura_outlet",
                declared: true,
                limit: None,
            }),
            _ => None,
        }
    }
}

/// The plan of the spike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spike {
    /// Its day, a Wednesday; at least 40 days of history lie before it.
    day: i64,
    /// How many people get a message beside the usual traffic.
    people: u64,
    /// The portfolio's messaging limit, of which the day uses seven eighths or so.
    limit: u64,
}

/// Meta's limits.
pub(super) const TIERS: [(u64, &str); 4] =
    [(250, "TIER_250"), (2_000, "TIER_2K"), (10_000, "TIER_10K"), (100_000, "TIER_100K")];

/// Share of a usual client's messages that are templates, reach people and lie outside a window; found by counting.
const COUNTED: f64 = 0.80;
/// Of the spike's messages, those that reach people: some are refused for their speed.
const REACHED: f64 = 0.927;
/// How much busier than the average a Wednesday is, with the people of the day before it.
const WEDNESDAY: f64 = 1.2;
/// Share of the limit that the day shall use: safely between 80 % and 95 %.
const USED: f64 = 0.875;

impl Spike {
    /// Plans the spike of a client with so many messages over so many numbers.
    fn plan(calendar: &Calendar, messages: u64, numbers: u8) -> Self {
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

/// The next of Meta's limits; there is none above the greatest.
pub(super) fn next_limit(limit: u64) -> Option<u64> {
    TIERS.iter().map(|(tier, _)| *tier).find(|tier| *tier > limit)
}

/// The least of Meta's limits that leaves a client ample room; beyond them, one of its own.
pub(super) fn roomy_limit(most_in_a_day: u64) -> u64 {
    let ample = most_in_a_day * 3 / 2;
    TIERS.iter().map(|(limit, _)| *limit).find(|limit| *limit > ample).unwrap_or(2 * most_in_a_day)
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
        assert_eq!([100, 200, 70_000].map(roomy_limit), [250, 2_000, 140_000]);
        assert_eq!(limit_value(2_000), "TIER_2K");
        assert_eq!(limit_value(1_234), 1_234);
        assert_eq!([250, 1_234, 100_000].map(next_limit), [Some(2_000), Some(2_000), None]);
    }
}
