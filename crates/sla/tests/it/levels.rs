//! Levels by time: so long before due, at the breach, so long after.

use sla::{ALWAYS_OPEN, EventKind, Level, Metric, Owner, Policy, Target, Timer};

use crate::support::{HOUR, MINUTE, at, timer};

const OPENED: (&str, EventKind) = ("2026-10-05T10:00Z", EventKind::Opened);

fn policy(levels: &[Level]) -> Policy {
    let policy = crate::support::promise(Metric::Resolution, Target::Seconds(4 * HOUR), ALWAYS_OPEN, &[Owner::Client]);
    Policy { levels: levels.to_vec(), ..policy }
}

fn reached(timer: &Timer) -> Vec<(Level, String)> {
    timer.levels.iter().map(|reached| (reached.level, reached.at.to_string())).collect()
}

#[test]
fn warnings_before_due_and_reminders_after_come_in_their_time() {
    let (before, after) = (Level::BeforeDue(30 * MINUTE), Level::AfterDue(HOUR));
    let policy = policy(&[Level::Percent(50), before, after]);
    let half = timer(&[OPENED], &policy, "2026-10-05T12:00Z");
    assert_eq!(half.next_wakeup, Some(at("2026-10-05T13:30Z")));
    let late = timer(&[OPENED], &policy, "2026-10-05T15:00Z");
    let expected = [
        (Level::Percent(50), "2026-10-05T12:00:00Z".to_owned()),
        (before, "2026-10-05T13:30:00Z".to_owned()),
        (after, "2026-10-05T15:00:00Z".to_owned()),
    ];
    assert_eq!(reached(&late), expected);
    assert_eq!(late.breached_at, Some(at("2026-10-05T14:00:01Z")));
    assert_eq!(late.next_wakeup, None);
}

#[test]
fn a_reminder_is_a_wake_up_after_the_breach_and_pauses_move_it() {
    let policy = policy(&[Level::AfterDue(HOUR)]);
    let breached = timer(&[OPENED], &policy, "2026-10-05T14:00:01Z");
    assert_eq!((breached.next_wakeup, breached.will_breach_at), (Some(at("2026-10-05T15:00Z")), None));
    let asked = ("2026-10-05T14:30Z", EventKind::WaitingOn(Owner::Client));
    let answered = ("2026-10-05T16:30Z", EventKind::WaitingOn(Owner::Us));
    let later = timer(&[OPENED, asked, answered], &policy, "2026-10-05T16:30Z");
    assert_eq!(later.next_wakeup, Some(at("2026-10-05T17:00Z")));
}

#[test]
fn a_goal_that_is_shorter_than_the_warning_has_none() {
    let policy = policy(&[Level::BeforeDue(4 * HOUR), Level::BeforeDue(5 * HOUR)]);
    let opened = timer(&[OPENED], &policy, "2026-10-05T10:00Z");
    assert!(opened.levels.is_empty());
    assert_eq!(opened.next_wakeup, Some(at("2026-10-05T14:00:01Z")), "the breach alone");
    assert_eq!(opened.will_breach_at, opened.next_wakeup);
}
