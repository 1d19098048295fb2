//! Policies: the defaults, the stored form, and what is refused.

use std::collections::BTreeSet;

use sla::{Escalation, Goal, Level, Metric, Owner, Policy, PolicyError, Priority, Recipient, Target, TierGoals};

use crate::support::promise;

#[test]
fn the_defaults_are_those_of_the_product() {
    let policy = Policy::default_policy();
    policy.check().unwrap();
    let goal = |metric, priority| {
        let metric = policy.metrics.iter().find(|candidate| candidate.metric == metric).unwrap();
        metric.goals.get(&priority).map(|goal| (goal.target, goal.calendar.as_str()))
    };
    let (always, business) = (sla::ALWAYS_OPEN, sla::BUSINESS_HOURS);
    assert_eq!(goal(Metric::FirstResponse, Priority::P1), Some((Target::Seconds(1800), always)));
    assert_eq!(goal(Metric::FirstResponse, Priority::P4), Some((Target::Seconds(8 * 3600), business)));
    assert_eq!(goal(Metric::Submission, Priority::P3), Some((Target::Seconds(16 * 3600), business)));
    assert_eq!(goal(Metric::Submission, Priority::P4), None);
    assert_eq!(goal(Metric::Resolution, Priority::P2), Some((Target::Seconds(48 * 3600), always)));
    assert_eq!(goal(Metric::Resolution, Priority::P3), Some((Target::WorkingDays(5), business)));
    assert_eq!(goal(Metric::Resolution, Priority::P4), Some((Target::WorkingDays(10), business)));
    assert!(policy.metrics[0].pauses_for.is_empty());
    let pauses = |index: usize| policy.metrics[index].pauses_for.iter().copied().collect::<Vec<_>>();
    assert!(pauses(1).is_empty());
    assert_eq!(pauses(2), [Owner::Client], "keep posted");
    assert_eq!(pauses(3), [Owner::Client, Owner::Meta]);
    assert_eq!(pauses(4), [Owner::Client, Owner::Meta]);
    let told = |level| {
        let escalations = policy.escalations_at(Metric::Resolution, level);
        escalations.flat_map(|escalation| escalation.notify.iter().copied()).collect::<Vec<_>>()
    };
    assert_eq!(told(Level::Percent(50)), [Recipient::Owner]);
    assert_eq!(told(Level::Percent(75)), [Recipient::Lead]);
    assert_eq!(told(Level::Percent(90)), [Recipient::Manager]);
    assert_eq!(told(Level::Breach), [Recipient::Owner, Recipient::Lead, Recipient::Manager]);
    assert_eq!(policy.calendar_keys().into_iter().collect::<Vec<_>>(), [always, business]);
}

#[test]
fn the_stored_form_is_stable() {
    let mut policy = promise(Metric::Resolution, Target::WorkingDays(5), "business_hours", &[Owner::ThirdParty]);
    policy.metrics[0].goals.retain(|priority, _| *priority == Priority::P3);
    let stored = concat!(
        r#"{"metrics":[{"metric":"resolution","goals":{"P3":{"target":{"working_days":5},"calendar":"business_hours"}},"#,
        r#""pauses_for":["third_party"]}],"levels":[50,75,90],"resume_window_seconds":86400}"#
    );
    assert_eq!(serde_json::to_string(&policy).unwrap(), stored);
    assert_eq!(serde_json::from_str::<Policy>(stored).unwrap(), policy);

    let short =
        r#"{"metrics":[{"metric":"first_response","goals":{"P1":{"target":{"seconds":1800},"calendar":"a"}}}]}"#;
    let short: Policy = serde_json::from_str(short).unwrap();
    assert_eq!((short.levels.len(), short.resume_window_seconds), (0, 86_400));
    assert!(
        serde_json::from_str::<Policy>(r#"{"metrics":[],"level":[50]}"#).is_err(),
        "an unknown key is a typing error"
    );
    let defaults = Policy::default_policy();
    let round_trip: Policy = serde_json::from_str(&serde_json::to_string(&defaults).unwrap()).unwrap();
    assert_eq!(round_trip, defaults);
}

#[test]
fn nonsense_is_refused_by_name() {
    let refusal = |change: fn(&mut Policy)| {
        let mut policy = Policy::default_policy();
        change(&mut policy);
        policy.check().unwrap_err()
    };
    for levels in [vec![0], vec![100], vec![75, 50], vec![50, 50]] {
        let levels = levels.into_iter().map(Level::Percent).collect();
        let policy = Policy { levels, escalations: Vec::new(), ..Policy::default_policy() };
        assert_eq!(policy.check(), Err(PolicyError::InvalidLevels));
    }
    assert_eq!(
        refusal(|policy| policy.metrics.push(policy.metrics[0].clone())),
        PolicyError::DuplicateMetric(Metric::FirstResponse)
    );
    assert_eq!(
        refusal(|policy| policy.metrics[3].pauses_for.extend([Owner::Us])),
        PolicyError::PausesForUs(Metric::Submission)
    );
    for zero in [Target::Seconds(0), Target::WorkingDays(0)] {
        let policy = promise(Metric::Resolution, zero, "a", &[]);
        assert_eq!(policy.check(), Err(PolicyError::ZeroTarget(Metric::Resolution, Priority::P1)));
    }
}

#[test]
fn a_level_has_one_spelling_and_reads_back() {
    let levels = [Level::Percent(50), Level::BeforeDue(1800), Level::Breach, Level::AfterDue(3600)];
    let written = serde_json::to_string(&levels).unwrap();
    assert_eq!(written, r#"[50,"due-1800","breach","due+3600"]"#);
    assert_eq!(serde_json::from_str::<[Level; 4]>(&written).unwrap(), levels);
    assert_eq!("75%".parse(), Ok(Level::Percent(75)));
    for bad in ["", "75", "due", "due-", "due+1h", "due--5", "+5%", "300%", "Breach"] {
        let read = bad.parse::<Level>();
        assert!(read.is_err(), "{bad:?} {read:?}");
    }
}

#[test]
fn levels_stand_in_order_and_a_breach_is_always_one() {
    let good = vec![Level::Percent(50), Level::BeforeDue(600), Level::BeforeDue(1800), Level::AfterDue(60)];
    let check = |levels| Policy { levels, escalations: Vec::new(), ..Policy::default_policy() }.check();
    assert_eq!(check(good), Ok(()));
    for bad in [
        vec![Level::BeforeDue(600), Level::Percent(50)],
        vec![Level::BeforeDue(0)],
        vec![Level::AfterDue(0)],
        vec![Level::Breach],
    ] {
        assert_eq!(check(bad), Err(PolicyError::InvalidLevels));
    }
}

#[test]
fn an_escalation_stands_at_a_level_and_does_something() {
    let idle = Escalation {
        at: Level::Breach,
        metrics: BTreeSet::new(),
        notify: BTreeSet::new(),
        raise_priority: false,
        reassign_to: None,
    };
    let check = |escalation: Escalation| Policy { escalations: vec![escalation], ..Policy::default_policy() }.check();
    assert_eq!(check(idle.clone()), Err(PolicyError::IdleEscalation(Level::Breach)));
    assert_eq!(check(Escalation { raise_priority: true, ..idle.clone() }), Ok(()));
    let at = Level::Percent(60);
    let stray = Escalation { at, raise_priority: true, ..idle.clone() };
    assert_eq!(check(stray), Err(PolicyError::UnknownLevel(at)));
    assert_eq!(check(Escalation { reassign_to: Some(Recipient::Lead), ..idle.clone() }), Ok(()));
    for to in [Recipient::Client, Recipient::Owner] {
        let refused = check(Escalation { reassign_to: Some(to), ..idle.clone() });
        assert_eq!(refused, Err(PolicyError::InvalidAssignee(Level::Breach, to)));
    }
}

#[test]
fn the_first_entry_that_names_the_tier_holds_and_the_last_is_for_everybody() {
    let mut policy = promise(Metric::Resolution, Target::Seconds(8), "a", &[]);
    let goals = |seconds| {
        let goal = Goal { target: Target::Seconds(seconds), calendar: "a".to_owned() };
        [(Priority::P3, goal)].into()
    };
    let entry = |tiers: &[&str], seconds| TierGoals {
        tiers: tiers.iter().map(|tier| (*tier).to_owned()).collect(),
        goals: goals(seconds),
    };
    policy.metrics[0].for_tiers = vec![entry(&["gold", "silver"], 4), entry(&["bronze"], 6)];
    policy.check().unwrap();
    assert_eq!(policy.tiers().into_iter().collect::<Vec<_>>(), ["bronze", "gold", "silver"]);
    let target = |tier: Option<&str>| policy.metrics[0].goals_of(tier)[&Priority::P3].target;
    assert_eq!(target(Some("gold")), Target::Seconds(4));
    assert_eq!(target(Some("bronze")), Target::Seconds(6));
    assert_eq!(target(Some("iron")), Target::Seconds(8));
    assert_eq!(target(None), Target::Seconds(8));
    assert!(!policy.metrics[0].goals_of(Some("gold")).contains_key(&Priority::P1), "nothing is promised to gold at P1");

    for bad in [entry(&[], 4), entry(&["gold"], 4), entry(&[" "], 4)] {
        let mut policy = policy.clone();
        policy.metrics[0].for_tiers.push(bad);
        assert_eq!(policy.check(), Err(PolicyError::InvalidTiers(Metric::Resolution)));
    }
}
