//! The counter-clock: who had the ball when.

use proptest::prelude::*;
use sla::{EventKind, Owner, seconds_with, turns};

use crate::logs;
use crate::support::{HOUR, at, log};

#[test]
fn time_at_meta_is_the_time_in_which_meta_had_the_ball() {
    let events = log(&[
        ("2026-10-05T10:00Z", EventKind::Opened),
        ("2026-10-05T11:00Z", EventKind::WaitingOn(Owner::Meta)),
        ("2026-10-05T11:00Z", EventKind::Submitted),
        ("2026-10-05T12:00Z", EventKind::WaitingOn(Owner::Meta)),
        ("2026-10-06T11:00Z", EventKind::WaitingOn(Owner::Client)),
        ("2026-10-06T13:00Z", EventKind::WaitingOn(Owner::Meta)),
        ("2026-10-06T14:00Z", EventKind::Closed),
        ("2026-10-07T14:00Z", EventKind::WaitingOn(Owner::Meta)),
        ("2026-10-08T14:00Z", EventKind::Reopened),
    ]);
    let turns = turns(&events, at("2026-10-08T15:00Z"));
    let owners: Vec<Owner> = turns.iter().map(|turn| turn.owner).collect();
    assert_eq!(owners, [Owner::Us, Owner::Meta, Owner::Client, Owner::Meta, Owner::Us]);
    assert_eq!(seconds_with(&turns, Owner::Meta), 25 * HOUR);
    assert_eq!(seconds_with(&turns, Owner::Us), 2 * HOUR);
    assert_eq!(seconds_with(&turns, Owner::Client), 2 * HOUR);
    assert_eq!(seconds_with(&turns, Owner::ThirdParty), 0);
}

#[test]
fn a_log_that_was_never_opened_has_no_turns() {
    let events = log(&[("2026-10-05T11:00Z", EventKind::WaitingOn(Owner::Meta))]);
    assert!(turns(&events, at("2026-10-08T15:00Z")).is_empty());
}

proptest! {
    #[test]
    fn turns_tile_the_time_from_the_opening_to_the_end(walk in logs::walk(), log in logs::log(), later in 0usize..20_000) {
        let now = walk.at(log[0].0 + later);
        let found = turns(&logs::events(walk, &log), now);
        let closed = log.iter().find(|(_, kind)| *kind == EventKind::Closed).map(|(minute, _)| walk.at(*minute));
        let end = closed.unwrap_or(now).min(now);
        let mut done = walk.at(log[0].0);
        for turn in &found {
            prop_assert_eq!(turn.start, done);
            prop_assert!(turn.start < turn.end);
            done = turn.end;
        }
        prop_assert_eq!(done, end.max(walk.at(log[0].0)));
        prop_assert!(found.windows(2).all(|pair| pair[0].owner != pair[1].owner));
    }
}
