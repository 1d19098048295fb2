use chrono::TimeDelta;

use super::{
    RestrictionType::{AddPhoneNumber, BusinessInitiatedMessaging, CustomerInitiatedMessaging, UtilityRateLimit},
    *,
};

fn day(day: i64) -> Instant {
    Instant::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::days(day)
}

fn violation(at: i64, word: &str) -> PlatformEvent {
    PlatformEvent::new(day(at), PlatformEventKind::Violation { violation: word.to_owned() })
}

fn restriction(at: i64, restriction_type: RestrictionType, ends: Option<i64>) -> PlatformEvent {
    let restrictions = vec![Restriction { restriction_type, raw_type: None, ends_at: ends.map(day) }];
    PlatformEvent::new(day(at), PlatformEventKind::Restriction { violation: None, restrictions })
}

fn ban(at: i64, state: &str) -> PlatformEvent {
    PlatformEvent::new(day(at), PlatformEventKind::Ban { state: state.to_owned(), date: Some(day(at + 5)) })
}

fn lifted(at: i64, violation: &str) -> PlatformEvent {
    let (violation, restrictions) = (Some(violation.to_owned()), Vec::new());
    PlatformEvent::new(day(at), PlatformEventKind::RestrictionLifted { violation, restrictions })
}

#[test]
fn a_violation_and_its_restrictions_are_one_episode_that_runs_out() {
    let events = [
        violation(0, "SPAM"),
        restriction(1, BusinessInitiatedMessaging, Some(4)),
        restriction(1, AddPhoneNumber, Some(4)),
    ];
    let open = episodes(&events, day(2));
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].opened_at, open[0].ended, open[0].stage), (day(0), None, EnforcementStage::ShortBlock));
    assert_eq!(open[0].ends_at(), Some(day(4)));
    assert_eq!(episodes(&events, day(4))[0].ended, Some((day(4), EpisodeEnd::Expired)));
}

#[test]
fn the_order_of_learning_and_repeats_change_nothing() {
    let events = vec![
        violation(0, "SCAM"),
        restriction(1, CustomerInitiatedMessaging, Some(31)),
        ban(2, "SCHEDULE_FOR_DISABLE"),
        ban(3, "REINSTATE"),
        violation(60, "SCAM"),
    ];
    let expected = episodes(&events, day(61));
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[0].ended, Some((day(3), EpisodeEnd::Lifted)));
    assert_eq!(expected[0].stage, EnforcementStage::DisableScheduled);
    for turn in 1..events.len() {
        let mut turned = events.clone();
        turned.rotate_left(turn);
        turned.extend(events.iter().rev().cloned());
        assert_eq!(episodes(&turned, day(61)), expected);
    }
}

#[test]
fn steps_follow_what_is_blocked_and_never_go_down() {
    let stage = |events: &[PlatformEvent]| episodes(events, day(1))[0].stage;
    assert_eq!(stage(&[violation(0, "SPAM")]), EnforcementStage::Warning);
    assert_eq!(stage(&[restriction(0, UtilityRateLimit, Some(7))]), EnforcementStage::Limited);
    assert_eq!(stage(&[restriction(0, CustomerInitiatedMessaging, Some(7))]), EnforcementStage::FullBlock);
    assert_eq!(stage(&[restriction(0, CustomerInitiatedMessaging, None)]), EnforcementStage::Locked);
    assert_eq!(stage(&[ban(0, "DISABLE")]), EnforcementStage::Disabled);
    assert_eq!(stage(&[ban(0, "OFFBOARDED")]), EnforcementStage::Offboarded);
    assert_eq!(stage(&[ban(0, "DISABLE"), violation(0, "SPAM")]), EnforcementStage::Disabled);
}

#[test]
fn a_recovery_of_the_utility_ladder_lifts_nothing_else() {
    let events = [
        restriction(0, UtilityRateLimit, Some(7)),
        restriction(0, BusinessInitiatedMessaging, Some(7)),
        lifted(1, "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY"),
    ];
    let left = &episodes(&events, day(2))[0];
    assert_eq!(left.ended, None);
    assert_eq!(left.restrictions.len(), 1);
    assert_eq!(left.restrictions[0].restriction_type, BusinessInitiatedMessaging);
    assert_eq!(episodes(&[events[0].clone(), events[2].clone()], day(2))[0].ended, Some((day(1), EpisodeEnd::Lifted)));
    assert!(episodes(&[lifted(1, "UTILITY_TEMPLATE_ABUSE_UNBAN")], day(2)).is_empty());
}

#[test]
fn an_account_that_is_off_the_platform_ends_its_episode_when_it_is_back() {
    for state in ["OFFBOARDED", "DISCONNECTED"] {
        let away = episodes(&[ban(0, state)], day(9));
        assert_eq!((away.len(), away[0].stage, away[0].ended), (1, EnforcementStage::Offboarded, None));
        let back = episodes(&[ban(0, state), ban(1, "RECONNECTED")], day(9));
        assert_eq!(back[0].ended, Some((day(1), EpisodeEnd::Lifted)));
    }
    let still = episodes(
        &[violation(0, "SPAM"), restriction(0, AddPhoneNumber, None), ban(1, "OFFBOARDED"), ban(2, "RECONNECTED")],
        day(9),
    );
    assert_eq!((still[0].ended, still[0].restrictions[0].restriction_type), (None, AddPhoneNumber));
    let banned = episodes(&[ban(0, "DISABLE"), ban(1, "RECONNECTED")], day(9));
    assert_eq!(
        (banned[0].ended, banned[0].stage),
        (None, EnforcementStage::Disabled),
        "who is banned is not forgiven by it"
    );
    assert!(episodes(&[ban(0, "RECONNECTED")], day(9)).is_empty());
}

#[test]
fn what_was_taken_with_messages_is_given_back_with_them() {
    let events = [
        restriction(0, BusinessInitiatedMessaging, Some(4)),
        restriction(0, AddPhoneNumber, Some(4)),
        restriction(0, UtilityRateLimit, Some(7)),
    ];
    let restrictions = episodes(&events, day(1))[0].given_back_with_messages(day(1));
    assert_eq!(restrictions, [BusinessInitiatedMessaging, AddPhoneNumber]);
    let lift = PlatformEvent::new(day(2), PlatformEventKind::RestrictionLifted { violation: None, restrictions });
    let after = |events: &[PlatformEvent]| {
        let mut events = events.to_vec();
        events.push(lift.clone());
        episodes(&events, day(3)).remove(0)
    };
    assert_eq!(
        (after(&events).ended, after(&events).restrictions.len()),
        (None, 1),
        "the ladder of templates is another matter"
    );
    assert_eq!(after(&events[..2]).ended, Some((day(2), EpisodeEnd::Lifted)));
    assert!(episodes(&events[1..], day(1))[0].given_back_with_messages(day(1)).is_empty());
    assert!(episodes(&events, day(5))[0].given_back_with_messages(day(5)).is_empty(), "that has run out already");
}

#[test]
fn a_warning_fades_and_a_block_without_end_stays() {
    assert_eq!(episodes(&[violation(0, "SPAM")], day(30))[0].ended, Some((day(30), EpisodeEnd::Faded)));
    assert_eq!(episodes(&[violation(0, "SPAM"), violation(29, "SPAM")], day(40)).len(), 1);
    assert_eq!(episodes(&[restriction(0, BusinessInitiatedMessaging, None)], day(999))[0].ended, None);
}

#[test]
fn each_capability_is_as_free_as_its_worst_restriction_lets_it() {
    use Capability::{AddingNumbers, BusinessInitiated, Calling, Replies, UtilityTemplates};
    use CapabilityState::{Available, Blocked, Limited};

    let restrictions = [
        Restriction { restriction_type: BusinessInitiatedMessaging, raw_type: None, ends_at: Some(day(3)) },
        Restriction { restriction_type: UtilityRateLimit, raw_type: None, ends_at: Some(day(9)) },
        Restriction { restriction_type: AddPhoneNumber, raw_type: None, ends_at: None },
    ];
    let at = |now: Instant| {
        let states = capabilities(&restrictions, now);
        states.into_iter().map(|status| (status.capability, status.state, status.until)).collect::<Vec<_>>()
    };
    assert_eq!(
        at(day(0)),
        [
            (BusinessInitiated, Blocked, Some(day(3))),
            (Replies, Available, None),
            (AddingNumbers, Blocked, None),
            (UtilityTemplates, Blocked, Some(day(3))),
            (Calling, Available, None),
        ]
    );
    assert_eq!(at(day(3))[0], (BusinessInitiated, Available, None));
    assert_eq!(at(day(3))[3], (UtilityTemplates, Limited, Some(day(9))));
}

#[test]
fn a_step_says_by_what_it_was_reached() {
    let reason = |events: &[PlatformEvent]| episodes(events, day(1)).remove(0).reason;
    assert_eq!(reason(&[violation(0, "SPAM")]), StageReason { at: day(0), sign: "SPAM".to_owned(), until: None });
    let block = [violation(-1, "SPAM"), restriction(0, BusinessInitiatedMessaging, Some(3)), violation(1, "SCAM")];
    let sign = "RESTRICTED_BIZ_INITIATED_MESSAGING".to_owned();
    assert_eq!(reason(&block), StageReason { at: day(0), sign, until: Some(day(3)) });
    let announced = [violation(-1, "SPAM"), ban(0, "SCHEDULE_FOR_DISABLE")];
    let sign = "SCHEDULE_FOR_DISABLE".to_owned();
    assert_eq!(reason(&announced), StageReason { at: day(0), sign, until: Some(day(5)) });
    let offboarded = reason(&[ban(0, "DISABLE"), ban(1, "OFFBOARDED")]);
    assert_eq!((offboarded.sign.as_str(), offboarded.at), ("OFFBOARDED", day(1)));
}

#[test]
fn the_ladder_of_misused_utility_templates_is_climbed_and_remembered() {
    let step = |events: &[PlatformEvent]| episodes(events, day(60)).remove(0).utility_misuse;
    let abuse = || violation(0, "UTILITY_TEMPLATE_ABUSE");
    assert_eq!(step(&[violation(0, "SPAM")]), None);
    assert_eq!(step(&[abuse()]), Some(UtilityMisuse::Warned));
    assert_eq!(step(&[abuse(), restriction(1, UtilityRateLimit, Some(8))]), Some(UtilityMisuse::RateLimited));
    let restricted = |days: i64| [abuse(), restriction(1, RestrictionType::UtilityTemplates, Some(1 + days))];
    assert_eq!(step(&restricted(7)), Some(UtilityMisuse::Restricted));
    assert_eq!(step(&restricted(30)), Some(UtilityMisuse::RestrictedAgain));
    let [warned, taken] = restricted(7);
    let lifted = [warned, taken, lifted(3, "UTILITY_TEMPLATE_ABUSE_UNBAN")];
    assert_eq!(step(&lifted), Some(UtilityMisuse::Restricted), "a lift does not make it not have happened");
}
