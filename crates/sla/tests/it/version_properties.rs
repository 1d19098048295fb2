//! Properties of versions, over arbitrary logs and calendars around the torn places of civil time.

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use sla::{
    Calendar, CalendarSpec, Calendars, Event, EventKind, Metric, Owner, Policy, Priority, Scope, Target, Terms,
    TierGoals, Timer, Version, evaluate, moved,
};

use crate::logs::{LAST, events, log, spec, walk};
use crate::oracle::Walk;
use crate::support::{plus, promise, without_places};

#[derive(Debug)]
struct Case {
    walk: &'static Walk,
    specs: [CalendarSpec; 2],
    log: Vec<(usize, EventKind)>,
    change: usize,
    now: usize,
    minutes: [u64; 2],
    days: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let minutes = prop::array::uniform2(1u64..3000);
    (walk(), log(), 0usize..15_000, 0usize..20_000, minutes, any::<bool>()).prop_flat_map(
        |(walk, log, change, later, minutes, days)| {
            let within = |minute: usize| (log[0].0 + minute).min(LAST - 1);
            let (change, now) = (within(change), within(later));
            [spec(walk), spec(walk)].prop_map(move |specs| Case {
                walk,
                specs,
                log: log.clone(),
                change,
                now,
                minutes,
                days,
            })
        },
    )
}

impl Case {
    fn policy(&self, index: usize) -> Policy {
        let target = if self.days {
            Target::WorkingDays(u32::try_from(1 + self.minutes[index] % 5).unwrap())
        } else {
            Target::Seconds(self.minutes[index] * 60)
        };
        promise(Metric::Resolution, target, "hours", &[Owner::Client])
    }

    fn calendar(&self, index: usize) -> Calendar {
        Calendar::new(self.specs[index].clone()).unwrap()
    }

    fn old(&self) -> Terms {
        Terms::new(self.policy(0), Calendars::new().with("hours", self.calendar(0)))
    }

    fn changed(&self, scope: Scope) -> Terms {
        let effective_from = self.walk.at(self.change);
        self.old()
            .with_policy(Version { effective_from, scope, value: Arc::new(self.policy(1)) })
            .with_calendar("hours", Version { effective_from, scope, value: Arc::new(self.calendar(1)) })
    }

    /// The old terms, and from the change on the client is of a tier that has the new goals.
    fn promoted(&self) -> Terms {
        let (mut policy, mut gold) = (self.policy(0), self.policy(1));
        let goals = gold.metrics.remove(0).goals;
        policy.metrics[0].for_tiers.push(TierGoals { tiers: ["gold".to_owned()].into(), goals });
        let terms = Terms::new(policy, Calendars::new().with("hours", self.calendar(0)));
        terms.with_tier(self.walk.at(self.change), Some("gold".to_owned()))
    }

    fn events(&self) -> Vec<Event> {
        events(self.walk, &self.log)
    }

    fn ask(&self, terms: &Terms, now: Timestamp) -> Timer {
        let timers = evaluate(&self.events(), terms, Priority::P3, now).unwrap();
        timers.into_iter().next().unwrap()
    }
}

/// What may not change without an event or a wake-up.
fn fixed(timer: &Timer) -> impl PartialEq + std::fmt::Debug + use<> {
    let Timer { state, clock, due_at, breached_at, stopped_at, levels, next_wakeup, policy, .. } = timer.clone();
    (state, clock, due_at, breached_at, stopped_at, levels, next_wakeup, policy)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn before_its_instant_a_version_changes_nothing_but_the_wake_up(case in case()) {
        prop_assume!(case.now < case.change);
        let now = case.walk.at(case.now);
        let (old, new) = (case.ask(&case.old(), now), case.ask(&case.changed(Scope::RunningTimers), now));
        let wakeup = old.next_wakeup.map_or(case.walk.at(case.change), |at| at.min(case.walk.at(case.change)));
        prop_assert_eq!(new.next_wakeup, if old.stopped_at.is_some() { None } else { Some(wakeup) });
        prop_assert_eq!(Timer { next_wakeup: None, ..new }, Timer { next_wakeup: None, ..old });
    }

    #[test]
    fn for_a_ticket_that_is_open_a_version_for_new_ones_does_not_exist(case in case()) {
        prop_assume!(case.log[0].0 < case.change);
        let now = case.walk.at(case.now);
        prop_assert_eq!(case.ask(&case.changed(Scope::NewTickets), now), case.ask(&case.old(), now));
    }

    #[test]
    fn what_was_counted_and_reached_before_stays(case in case()) {
        let (then, now) = (case.walk.at(case.change.min(case.now)), case.walk.at(case.now));
        let then = plus(then, -1).max(case.walk.at(case.log[0].0));
        let (before, after) = (case.ask(&case.old(), then), case.ask(&case.changed(Scope::RunningTimers), now.max(then)));
        prop_assert!(before.elapsed_seconds <= after.elapsed_seconds);
        prop_assert!(before.breached_at.is_none() || before.breached_at == after.breached_at);
        prop_assert!(after.levels.starts_with(&before.levels));
        if before.breached_at.is_none() {
            prop_assert!(after.breached_at.is_none_or(|at| at > then));
        }
    }

    #[test]
    fn another_tier_changes_nothing_before_its_instant_and_nothing_of_the_past(case in case()) {
        let now = case.walk.at(case.now);
        let (old, new) = (case.ask(&case.old(), now), case.ask(&case.promoted(), now));
        if case.now < case.change {
            prop_assert_eq!(Timer { next_wakeup: None, ..new.clone() }, Timer { next_wakeup: None, ..old });
        }
        let then = plus(case.walk.at(case.change.min(case.now)), -1).max(case.walk.at(case.log[0].0));
        let before = case.ask(&case.old(), then);
        let after = if now < then { case.ask(&case.promoted(), then) } else { new };
        prop_assert!(before.elapsed_seconds <= after.elapsed_seconds);
        prop_assert!(before.breached_at.is_none() || before.breached_at == after.breached_at);
        prop_assert!(before.breached_at.is_some() || after.breached_at.is_none_or(|at| at > then));
        prop_assert!(after.levels.starts_with(&before.levels));
    }

    #[test]
    fn nothing_changes_strictly_before_the_next_wakeup(case in case(), share in 0.0f64..1.0, by_tier in any::<bool>()) {
        let mut known = case.events();
        known.retain(|event| event.at <= case.walk.at(case.now));
        let terms = if by_tier { case.promoted() } else { case.changed(Scope::RunningTimers) };
        let ask = |now| evaluate(&known, &terms, Priority::P3, now).unwrap().remove(0);
        let timer = ask(case.walk.at(case.now));
        let now = case.walk.at(case.now).as_second();
        let until = timer.next_wakeup.map_or(now + 90 * 86_400, Timestamp::as_second);
        prop_assert!(until > now);
        let between = now + ((until - now - 1) as f64 * share) as i64;
        for later in [between, until - 1] {
            prop_assert_eq!(fixed(&timer), fixed(&ask(Timestamp::from_second(later).unwrap())));
        }
    }

    #[test]
    fn segments_tile_and_sum_over_versions(case in case(), by_tier in any::<bool>()) {
        let terms = if by_tier { case.promoted() } else { case.changed(Scope::RunningTimers) };
        let timer = case.ask(&terms, case.walk.at(case.now));
        let mut done = timer.started_at;
        let mut counted = 0;
        for segment in &timer.segments {
            prop_assert_eq!(segment.start, done);
            prop_assert!(segment.start < segment.end);
            done = segment.end;
            counted += if segment.counted { segment.end.as_second() - segment.start.as_second() } else { 0 };
        }
        prop_assert_eq!(done, timer.stopped_at.unwrap_or(case.walk.at(case.now)));
        prop_assert_eq!(u64::try_from(counted).unwrap(), timer.elapsed_seconds);
    }

    #[test]
    fn a_version_that_says_the_same_changes_nothing(case in case()) {
        let effective_from = case.walk.at(case.change);
        let same = case
            .old()
            .with_policy(Version { effective_from, scope: Scope::RunningTimers, value: Arc::new(case.policy(0)) })
            .with_calendar("hours", Version { effective_from, scope: Scope::RunningTimers, value: Arc::new(case.calendar(0)) });
        let now = case.walk.at(case.now.max(case.change));
        let without = |terms: &Terms| {
            let timers = vec![case.ask(terms, now)];
            let timers = without_places(timers);
            timers.into_iter().map(|timer| Timer { policy: 0, ..timer }).collect::<Vec<_>>()
        };
        let (old, new) = (without(&case.old()), without(&same));
        prop_assert_eq!(&new, &old);
        prop_assert!(moved(&old, &new).is_empty());
    }
}
