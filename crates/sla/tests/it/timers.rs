//! Timers by example, foremost scenario S6: Mon–Fri 8–18 in Madrid, holiday on Monday 12 October 2026, opened on Friday at
//! 17:30 with 4 business hours, so due on Tuesday at 11:30.

use sla::{
    BUSINESS_HOURS, Clock, EvaluateError, EventKind, Metric, Owner, Policy, Priority, Reason, Target, Terms, Timer,
    TimerState, evaluate,
};

use crate::support::{HOUR, MINUTE, at, log, madrid, plus, promise, timer, timers};

const OPENED: (&str, EventKind) = ("2026-10-09T17:30+02", EventKind::Opened);
const FOUR_HOURS: Target = Target::Seconds(4 * HOUR);

fn first_response() -> Policy {
    promise(Metric::FirstResponse, FOUR_HOURS, BUSINESS_HOURS, &[])
}

fn resolution() -> Policy {
    promise(Metric::Resolution, FOUR_HOURS, BUSINESS_HOURS, &[Owner::Client, Owner::Meta])
}

fn levels(timer: &Timer) -> Vec<(String, String)> {
    timer.levels.iter().map(|level| (level.level.to_string(), level.at.to_string())).collect()
}

#[test]
fn opened_on_friday_evening_before_a_holiday_is_due_on_tuesday() {
    let timer = timer(&[OPENED], &first_response(), "2026-10-09T17:30+02");
    assert_eq!((timer.state, timer.clock, timer.cycle), (TimerState::Running, Clock::Ticking, 1));
    assert_eq!(timer.started_at, at("2026-10-09T17:30+02"));
    assert_eq!(timer.due_at, Some(at("2026-10-13T11:30+02")));
    assert_eq!((timer.elapsed_seconds, timer.remaining_seconds), (0, Some(4 * 3600)));
    assert_eq!(timer.next_wakeup, Some(at("2026-10-13T09:30+02")), "half of the four hours");
    assert!(timer.segments.is_empty() && timer.levels.is_empty());
}

#[test]
fn warnings_come_at_50_75_and_90_percent() {
    let timer = timer(&[OPENED], &first_response(), "2026-10-13T11:30+02");
    assert_eq!(
        levels(&timer),
        [
            ("50%".to_owned(), "2026-10-13T07:30:00Z".to_owned()),
            ("75%".to_owned(), "2026-10-13T08:30:00Z".to_owned()),
            ("90%".to_owned(), "2026-10-13T09:06:00Z".to_owned())
        ]
    );
    assert_eq!(timer.state, TimerState::Running, "a budget that is just used up is not overdrawn");
    assert_eq!(timer.remaining_seconds, Some(0));
    assert_eq!(timer.next_wakeup, Some(at("2026-10-13T11:30:01+02")));
}

#[test]
fn late_is_late_from_the_first_second_over_the_budget() {
    let late = timer(&[OPENED], &first_response(), "2026-10-13T11:30:01+02");
    assert_eq!((late.state, late.clock), (TimerState::Breached, Clock::Ticking));
    assert_eq!(late.breached_at, Some(at("2026-10-13T11:30:01+02")));
    assert_eq!((late.remaining_seconds, late.next_wakeup), (Some(-1), None));

    let weeks_later = timer(&[OPENED], &first_response(), "2026-11-13T11:30+01");
    assert_eq!(weeks_later.breached_at, late.breached_at, "whenever anybody looks");
    assert_eq!(weeks_later.due_at, late.due_at);
}

#[test]
fn a_budget_used_up_at_closing_time_is_breached_one_second_after_the_next_opening() {
    let policy = promise(Metric::FirstResponse, Target::Seconds(30 * MINUTE), BUSINESS_HOURS, &[]);
    let timer = timer(&[OPENED], &policy, "2026-10-13T09:00+02");
    assert_eq!(timer.due_at, Some(at("2026-10-09T18:00+02")));
    assert_eq!(timer.breached_at, Some(at("2026-10-13T08:00:01+02")));
}

#[test]
fn only_a_public_message_by_staff_is_a_first_response() {
    let changes = [
        OPENED,
        ("2026-10-09T17:35+02", EventKind::PriorityChanged(Priority::P2)),
        ("2026-10-09T17:40+02", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-09T17:45+02", EventKind::Submitted),
        ("2026-10-09T17:50+02", EventKind::Other),
    ];
    let unanswered = timer(&changes, &first_response(), "2026-10-13T08:30+02");
    assert_eq!((unanswered.state, unanswered.clock), (TimerState::Running, Clock::Ticking), "it never pauses either");
    assert_eq!(unanswered.elapsed_seconds, HOUR);

    let answered = [OPENED, ("2026-10-13T09:00:00.999+02", EventKind::PublicReplyByStaff)];
    let answered = timer(&answered, &first_response(), "2026-12-01T00:00+01");
    assert_eq!((answered.state, answered.clock), (TimerState::Met, Clock::Stopped));
    assert_eq!(answered.stopped_at, Some(at("2026-10-13T09:00+02")), "floored on entering the log");
    assert_eq!((answered.elapsed_seconds, answered.remaining_seconds), (90 * MINUTE, Some(9000)));
    assert_eq!(answered.due_at, Some(at("2026-10-13T11:30+02")));
    assert_eq!(answered.next_wakeup, None);
}

#[test]
fn an_answer_in_the_last_second_is_in_time_and_one_second_later_is_late() {
    let answer = |text| timer(&[OPENED, (text, EventKind::PublicReplyByStaff)], &first_response(), "2026-12-01T00:00Z");
    assert_eq!(answer("2026-10-13T11:30:00+02").state, TimerState::Met);
    let late = answer("2026-10-13T11:30:01+02");
    assert_eq!((late.state, late.clock), (TimerState::Breached, Clock::Stopped));
    assert_eq!(late.breached_at, late.stopped_at);
}

#[test]
fn waiting_for_the_client_stops_the_clock_and_the_reply_restarts_it() {
    let asked = ("2026-10-13T10:30+02", EventKind::WaitingOn(Owner::Client));
    let waiting = timer(&[OPENED, asked], &resolution(), "2026-10-15T12:00+02");
    assert_eq!((waiting.state, waiting.clock), (TimerState::Paused, Clock::Paused));
    assert_eq!((waiting.elapsed_seconds, waiting.remaining_seconds), (3 * HOUR, Some(3600)));
    assert_eq!((waiting.due_at, waiting.due_if_resumed), (None, Some(at("2026-10-15T13:00+02"))));
    assert_eq!(waiting.next_wakeup, None, "nothing can change while it waits");
    assert_eq!(waiting.levels.len(), 2, "75 % is reached in the second in which the clock stops");

    let replied = ("2026-10-15T17:30+02", EventKind::WaitingOn(Owner::Us));
    let running = timer(&[OPENED, asked, replied], &resolution(), "2026-10-15T17:45+02");
    assert_eq!((running.state, running.due_at), (TimerState::Running, Some(at("2026-10-16T08:30+02"))));
    assert_eq!(running.due_if_resumed, None);
    assert_eq!(running.next_wakeup, Some(at("2026-10-16T08:06+02")), "90 %");

    let reasons: Vec<_> = running.segments.iter().map(|segment| (segment.reason.clone(), segment.counted)).collect();
    assert_eq!(
        reasons,
        [
            (Reason::OpenHours, true),
            (Reason::OutsideHours, false),
            (Reason::Holiday("Fiesta Nacional".to_owned()), false),
            (Reason::OutsideHours, false),
            (Reason::OpenHours, true),
            (Reason::Waiting(Owner::Client), false),
            (Reason::OpenHours, true),
        ]
    );
    assert_eq!(running.segments[2].start, at("2026-10-12T00:00+02"), "a holiday lasts from midnight to midnight");
    assert_eq!(running.segments[2].end, at("2026-10-13T00:00+02"));
}

#[test]
fn only_the_owners_of_the_policy_pause() {
    let waits_for = |owner| {
        let handed_over = ("2026-10-13T08:00+02", EventKind::WaitingOn(owner));
        timer(&[OPENED, handed_over], &resolution(), "2026-10-13T09:00+02").clock
    };
    assert_eq!(waits_for(Owner::Client), Clock::Paused);
    assert_eq!(waits_for(Owner::Meta), Clock::Paused);
    assert_eq!(waits_for(Owner::ThirdParty), Clock::Ticking);
    assert_eq!(waits_for(Owner::Us), Clock::Ticking);
}

#[test]
fn a_pause_outside_hours_changes_nothing() {
    let pause = [
        OPENED,
        ("2026-10-09T18:00+02", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-13T08:00+02", EventKind::WaitingOn(Owner::Us)),
    ];
    let paused = timer(&pause, &resolution(), "2026-10-13T09:00+02");
    let plain = timer(&[OPENED], &resolution(), "2026-10-13T09:00+02");
    assert_eq!((paused.elapsed_seconds, paused.due_at), (plain.elapsed_seconds, plain.due_at));
    assert_eq!(paused.segments[1].reason, Reason::Waiting(Owner::Client), "the account tells of it all the same");
}

#[test]
fn what_was_late_before_a_pause_stays_late_in_it() {
    let asked = ("2026-10-13T12:00+02", EventKind::WaitingOn(Owner::Client));
    let late = timer(&[OPENED, asked], &resolution(), "2026-10-20T12:00+02");
    assert_eq!((late.state, late.clock), (TimerState::Breached, Clock::Paused));
    assert_eq!(late.due_at, Some(at("2026-10-13T11:30+02")), "certain, whatever happens");
    assert_eq!(late.remaining_seconds, Some(-1800));
}

#[test]
fn resolution_ends_with_the_recovery_or_else_with_closing() {
    let recovered = ("2026-10-13T09:00+02", EventKind::Recovered);
    let closed = ("2026-10-13T10:00+02", EventKind::Closed);
    let until = |events: &[_]| timer(&[&[OPENED], events].concat(), &resolution(), "2026-11-01T00:00Z").stopped_at;
    assert_eq!(until(&[recovered, closed]), Some(at("2026-10-13T09:00+02")));
    assert_eq!(until(&[closed]), Some(at("2026-10-13T10:00+02")));
}

#[test]
fn a_ticket_closed_without_an_answer_owes_none_any_more() {
    let closed = [OPENED, ("2026-10-13T09:00+02", EventKind::Closed)];
    let timer = timer(&closed, &first_response(), "2026-11-01T00:00Z");
    assert_eq!((timer.state, timer.clock), (TimerState::Cancelled, Clock::Stopped));
    assert_eq!((timer.breached_at, timer.next_wakeup), (None, None));
}

#[test]
fn a_change_of_priority_keeps_what_was_counted_and_never_judges_the_past() {
    let policy = Policy::default_policy();
    // P3: 4 business hours for the first response; P1: 30 minutes round the clock.
    let raised = |text| log(&[OPENED, (text, EventKind::PriorityChanged(Priority::P1))]);
    let soon = timers(&raised("2026-10-09T17:40+02"), &policy, &madrid(), at("2026-10-09T17:41+02"));
    assert_eq!((soon[0].elapsed_seconds, soon[0].due_at), (11 * MINUTE, Some(at("2026-10-09T18:00+02"))));

    let late = timers(&raised("2026-10-13T09:00+02"), &policy, &madrid(), at("2026-10-13T09:00+02"));
    assert_eq!(late[0].breached_at, Some(at("2026-10-13T09:00+02")), "at the change, not days before it");
    assert_eq!(late[0].due_at, Some(at("2026-10-09T18:00+02")));

    let mut back = raised("2026-10-13T09:00+02");
    back.push(sla::Event::new(at("2026-10-13T09:10+02"), EventKind::PriorityChanged(Priority::P4)));
    let back = timers(&back, &policy, &madrid(), at("2026-10-13T09:20+02"));
    assert_eq!((back[0].state, back[0].breached_at), (TimerState::Breached, late[0].breached_at));
}

#[test]
fn a_promise_lasts_while_the_priority_has_one() {
    let policy = Policy::default_policy();
    let submission = |events: &[(&str, EventKind)], now| {
        let timers = timers(&log(events), &policy, &madrid(), at(now));
        timers.into_iter().find(|timer| timer.metric == Metric::Submission)
    };
    let lowered = ("2026-10-13T09:00+02", EventKind::PriorityChanged(Priority::P4));
    let raised = ("2026-10-13T11:00+02", EventKind::PriorityChanged(Priority::P3));
    let idle = submission(&[OPENED, lowered], "2026-10-20T12:00+02").unwrap();
    assert_eq!((idle.state, idle.clock, idle.goal), (TimerState::Cancelled, Clock::Paused, None));
    assert_eq!((idle.due_at, idle.due_if_resumed, idle.next_wakeup), (None, None, None));
    let again = submission(&[OPENED, lowered, raised], "2026-10-13T12:00+02").unwrap();
    assert_eq!((again.state, again.elapsed_seconds), (TimerState::Running, 2 * HOUR + 30 * MINUTE));
    assert!(again.segments.iter().any(|segment| segment.reason == Reason::NoGoal));

    let question =
        evaluate(&log(&[OPENED]), &Terms::new(policy, madrid()), Priority::P4, at("2026-10-13T12:00+02")).unwrap();
    assert!(question.iter().all(|timer| timer.metric != Metric::Submission), "never promised, no timer");
}

#[test]
fn an_answer_about_the_past_does_not_know_the_future() {
    let events = [OPENED, ("2026-10-13T09:00+02", EventKind::PublicReplyByStaff)];
    let before = timer(&events, &first_response(), "2026-10-13T08:59:59+02");
    assert_eq!(before, timer(&[OPENED], &first_response(), "2026-10-13T08:59:59+02"));
    assert!(timers(&log(&events), &first_response(), &madrid(), plus(at(OPENED.0), -1)).is_empty());
}

#[test]
fn a_goal_by_a_calendar_that_does_not_exist_is_refused() {
    let policy = promise(Metric::Resolution, FOUR_HOURS, "lunar", &[]);
    let error = evaluate(&log(&[OPENED]), &Terms::new(policy, madrid()), Priority::P1, at(OPENED.0)).unwrap_err();
    let EvaluateError::UnknownCalendar { key, .. } = &error else { panic!("{error}") };
    assert_eq!(key, "lunar");
}
