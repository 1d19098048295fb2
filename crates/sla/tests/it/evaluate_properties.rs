//! Properties of timers, and their agreement with the walk.

use jiff::Timestamp;
use proptest::prelude::*;
use sla::{
    Calendar, CalendarSpec, Calendars, Clock, Event, EventKind, Goal, Metric, Owner, Policy, Priority, Target, Timer,
    TimerState,
};

use crate::logs::{LAST, events, log, spec, walk};
use crate::oracle::{Account, Goals, Walk, account};
use crate::support::{plus, promise, timers, without_places};

#[derive(Debug)]
struct Case {
    walk: usize,
    specs: [CalendarSpec; 2],
    log: Vec<(usize, EventKind)>,
    now: usize,
    minutes: [u64; 2],
}

/// A resolution by calendar "usual", and for P1 by calendar "raised"; Client and Meta pause.
fn case() -> impl Strategy<Value = Case> {
    (walk(), log(), 0usize..20_000, prop::array::uniform2(1u64..3000)).prop_flat_map(|(walk, log, later, minutes)| {
        let now = (log[0].0 + later).min(LAST - 1);
        let index = crate::logs::WALKS.iter().position(|other| std::ptr::eq(other, walk)).unwrap();
        [spec(walk), spec(walk)].prop_map(move |specs| Case { walk: index, specs, log: log.clone(), now, minutes })
    })
}

impl Case {
    fn walk(&self) -> &'static Walk {
        &crate::logs::WALKS[self.walk]
    }

    fn events(&self) -> Vec<Event> {
        events(self.walk(), &self.log)
    }

    fn now(&self) -> Timestamp {
        self.walk().at(self.now)
    }

    fn calendars(&self) -> Calendars {
        let [usual, raised] = self.specs.clone().map(|spec| Calendar::new(spec).unwrap());
        Calendars::new().with("usual", usual).with("raised", raised)
    }

    fn policy(&self) -> Policy {
        let [usual, raised] = self.minutes;
        let mut policy =
            promise(Metric::Resolution, Target::Seconds(usual * 60), "usual", &[Owner::Client, Owner::Meta]);
        let goal = Goal { target: Target::Seconds(raised * 60), calendar: "raised".to_owned() };
        policy.metrics[0].goals.insert(Priority::P1, goal);
        policy
    }

    /// The same in working days.
    fn policy_in_days(&self) -> Policy {
        let mut policy = self.policy();
        for goal in policy.metrics[0].goals.values_mut() {
            goal.target = Target::WorkingDays(self.days());
        }
        policy
    }

    fn days(&self) -> u32 {
        u32::try_from(1 + self.minutes[0] % 6).unwrap()
    }

    fn both(&self) -> [Policy; 2] {
        [self.policy(), self.policy_in_days()]
    }

    fn account(&self) -> Account {
        let [usual, raised] = self.specs.each_ref().map(|spec| self.walk().open(spec));
        let goals = Goals { usual: (self.minutes[0] * 60, &usual), raised: (self.minutes[1] * 60, &raised) };
        account(self.walk(), &goals, &self.log, self.now)
    }

    fn without_priority_changes(mut self) -> Self {
        self.log.retain(|(_, kind)| !matches!(kind, EventKind::PriorityChanged(_)));
        self
    }
}

fn one(mut timers: Vec<Timer>) -> Timer {
    assert_eq!(timers.len(), 1);
    timers.pop().unwrap()
}

/// What may not change without an event or a wake-up.
fn fixed(timer: &Timer) -> impl PartialEq + std::fmt::Debug + use<> {
    let Timer { state, clock, due_at, breached_at, stopped_at, levels, next_wakeup, .. } = timer.clone();
    (state, clock, due_at, breached_at, stopped_at, levels, next_wakeup)
}

fn projected_due(timer: &Timer) -> Timestamp {
    timer.due_at.or(timer.due_if_resumed).unwrap_or(Timestamp::MAX)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_walk_agrees(case in case()) {
        let timer = one(timers(&case.events(), &case.policy(), &case.calendars(), case.now()));
        let account = case.account();
        prop_assert_eq!(timer.elapsed_seconds, account.elapsed);
        prop_assert_eq!(timer.breached_at, account.breached);
        prop_assert_eq!(timer.stopped_at, account.stopped.map(|minute| case.walk().at(minute)));
        let state = match (account.breached, account.stopped, account.paused_at_the_end) {
            (Some(_), _, _) => TimerState::Breached,
            (None, Some(_), _) => TimerState::Met,
            (None, None, true) => TimerState::Paused,
            (None, None, false) => TimerState::Running,
        };
        prop_assert_eq!(timer.state, state);
    }

    #[test]
    fn the_walk_agrees_on_working_days(case in case().prop_map(Case::without_priority_changes)) {
        let timer = one(timers(&case.events(), &case.policy_in_days(), &case.calendars(), case.now()));
        let walk = case.walk();
        let account = case.account();
        let days = usize::try_from(case.days()).unwrap();
        let due = walk.end_of_working_day(&case.specs[0], case.log[0].0, days, &account.paused);
        let Some(due) = due.filter(|due| *due < LAST) else { return Ok(()) };
        prop_assert_eq!(projected_due(&timer), walk.at(due));

        let open = walk.open(&case.specs[0]);
        let end = account.stopped.unwrap_or(case.now);
        let over = (due.max(case.log[0].0)..end).find(|&minute| open[minute] && !account.paused[minute]);
        prop_assert_eq!(timer.breached_at, over.map(|minute| walk.at_second(minute, 1)));
    }

    #[test]
    fn segments_tile_and_their_counted_seconds_are_the_elapsed_time(case in case()) {
        for policy in case.both() {
            let timer = one(timers(&case.events(), &policy, &case.calendars(), case.now()));
            let mut done = timer.started_at;
            let mut counted = 0;
            for segment in &timer.segments {
                prop_assert_eq!(segment.start, done);
                prop_assert!(segment.start < segment.end);
                done = segment.end;
                counted += if segment.counted { segment.end.as_second() - segment.start.as_second() } else { 0 };
            }
            prop_assert_eq!(done, timer.stopped_at.unwrap_or(case.now()));
            prop_assert_eq!(u64::try_from(counted).unwrap(), timer.elapsed_seconds);
            prop_assert!(timer.segments.windows(2).all(|pair| pair[0].reason != pair[1].reason));
        }
    }

    #[test]
    fn nothing_changes_strictly_before_the_next_wakeup_and_something_does_at_it(case in case(), share in 0.0f64..1.0) {
        let mut events = case.events();
        events.retain(|event| event.at <= case.now());
        for policy in case.both() {
            let ask = |now| one(timers(&events, &policy, &case.calendars(), now));
            let timer = ask(case.now());
            let now = case.now().as_second();
            let until = timer.next_wakeup.map_or(now + 90 * 86_400, Timestamp::as_second);
            prop_assert!(until > now);
            let between = now + ((until - now - 1) as f64 * share) as i64;
            for later in [between, until - 1] {
                prop_assert_eq!(fixed(&timer), fixed(&ask(Timestamp::from_second(later).unwrap())));
            }
            if let Some(wakeup) = timer.next_wakeup {
                let woken = ask(wakeup);
                prop_assert!(woken.levels.len() > timer.levels.len() || woken.breached_at == Some(wakeup));
            }
        }
    }

    #[test]
    fn what_was_reached_stays_reached_whatever_comes_later(case in case(), later in 0usize..10_000) {
        for policy in case.both() {
            let ask = |now| one(timers(&case.events(), &policy, &case.calendars(), now));
            let (before, after) = (ask(case.now()), ask(case.walk().at((case.now + later).min(LAST))));
            // In the second of `now` itself the log may not be complete; here it is, so nothing is lost at all.
            prop_assert!(before.breached_at.is_none() || before.breached_at == after.breached_at);
            prop_assert!(after.levels.starts_with(&before.levels));
            prop_assert!(before.elapsed_seconds <= after.elapsed_seconds);
        }
    }

    #[test]
    fn replaying_a_prefix_and_then_the_rest_equals_replaying_all(case in case(), turns in 0usize..8) {
        let all = case.events();
        let known: Vec<Event> = all.iter().copied().filter(|event| event.at <= case.now()).collect();
        let ask = |events: &[Event]| without_places(timers(events, &case.policy(), &case.calendars(), case.now()));
        prop_assert_eq!(ask(&known), ask(&all), "what comes after now is not known");
        let mut distinct = all.clone();
        distinct.dedup_by_key(|event| event.at);
        let mut arrived_late = distinct.clone();
        arrived_late.rotate_left(turns % distinct.len());
        prop_assert_eq!(ask(&arrived_late), ask(&distinct), "the order of arrival is indifferent");
    }

    #[test]
    fn unknown_events_change_nothing(case in case(), positions in prop::collection::vec((any::<prop::sample::Index>(), 0i64..5000), 1..5)) {
        let plain = case.events();
        let mut noisy = plain.clone();
        for (position, offset) in positions {
            let at = plus(noisy[position.index(noisy.len())].at, offset);
            noisy.insert(position.index(noisy.len()), Event::new(at, EventKind::Other));
        }
        for policy in case.both() {
            let ask = |events: &[Event]| without_places(timers(events, &policy, &case.calendars(), case.now()));
            prop_assert_eq!(ask(&noisy), ask(&plain));
        }
    }

    #[test]
    fn a_pause_never_makes_a_due_time_earlier(case in case(), from in 0usize..10_000, length in 1usize..5000) {
        let opened = case.log[0];
        let (asked, replied) = (opened.0 + from, (opened.0 + from + length).min(LAST));
        let pause = [opened, (asked, EventKind::WaitingOn(Owner::Client)), (replied, EventKind::WaitingOn(Owner::Us))];
        for policy in case.both() {
            let ask = |log: &[_]| one(timers(&events(case.walk(), log), &policy, &case.calendars(), case.now()));
            let (plain, paused) = (ask(&[opened]), ask(&pause));
            prop_assert!(projected_due(&paused) >= projected_due(&plain));
            prop_assert!(paused.elapsed_seconds <= plain.elapsed_seconds);
            let late = |timer: &Timer| timer.breached_at.unwrap_or(Timestamp::MAX);
            prop_assert!(late(&paused) >= late(&plain));
        }
    }

    #[test]
    fn merging_pauses_that_meet_or_overlap_changes_nothing(case in case(), from in 0usize..8000, lengths in prop::array::uniform3(1usize..2000)) {
        let opened = case.log[0];
        let asked = opened.0 + from;
        let [one_by, two_by, end] = [asked + lengths[0], asked + lengths[0] + lengths[1], asked + lengths.iter().sum::<usize>()];
        let waits = |minute, owner| (minute, EventKind::WaitingOn(owner));
        let merged = [opened, waits(asked, Owner::Client), waits(end, Owner::Us)];
        let split = [
            opened,
            waits(asked, Owner::Client),
            waits(one_by, Owner::Meta),
            waits(two_by, Owner::Client),
            waits(two_by, Owner::Client),
            waits(end, Owner::Us),
        ];
        for policy in case.both() {
            let ask = |log: &[_]| one(timers(&events(case.walk(), log), &policy, &case.calendars(), case.now()));
            let (merged, split) = (ask(&merged), ask(&split));
            prop_assert_eq!(fixed(&merged), fixed(&split));
            prop_assert_eq!(merged.elapsed_seconds, split.elapsed_seconds);
            prop_assert_eq!(merged.remaining_seconds, split.remaining_seconds);
        }
    }

    #[test]
    fn elapsed_and_remaining_make_the_budget_and_the_due_time_follows(case in case()) {
        let timer = one(timers(&case.events(), &case.policy(), &case.calendars(), case.now()));
        let goal = timer.goal.clone().unwrap();
        let Target::Seconds(budget) = goal.target else { panic!("{goal:?}") };
        prop_assert_eq!(i64::try_from(timer.elapsed_seconds).unwrap() + timer.remaining_seconds.unwrap(), i64::try_from(budget).unwrap());
        if timer.clock == Clock::Ticking && let Some(left) = timer.remaining_seconds.filter(|left| *left > 0) {
            let calendars = case.calendars();
            let due = calendars.get(&goal.calendar).unwrap().add(case.now(), u64::try_from(left).unwrap());
            prop_assert_eq!(timer.due_at, due);
        }
    }
}
