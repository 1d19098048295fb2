//! Policies: the defaults, the stored form, and what is refused.

use sla::{Metric, Owner, Policy, PolicyError, Priority, Target};

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
    assert!(policy.metrics[2].pauses_for.iter().eq([&Owner::Client, &Owner::Meta]));
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
        let policy = Policy { levels, ..Policy::default_policy() };
        assert_eq!(policy.check(), Err(PolicyError::InvalidLevels));
    }
    assert_eq!(
        refusal(|policy| policy.metrics.push(policy.metrics[0].clone())),
        PolicyError::DuplicateMetric(Metric::FirstResponse)
    );
    assert_eq!(
        refusal(|policy| policy.metrics[1].pauses_for.extend([Owner::Us])),
        PolicyError::PausesForUs(Metric::Submission)
    );
    for zero in [Target::Seconds(0), Target::WorkingDays(0)] {
        let policy = promise(Metric::Resolution, zero, "a", &[]);
        assert_eq!(policy.check(), Err(PolicyError::ZeroTarget(Metric::Resolution, Priority::P1)));
    }
}
