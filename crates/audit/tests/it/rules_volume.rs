//! Rules about volume and limits: both sides of each threshold.

use audit::Inputs;
use domain::traffic::{DeclaredCampaign, Figure, Report, RuleId, RuleState, Severity, SubjectKind, Surroundings};

use crate::traffic::*;

/// Everything was given, and this is known around it.
fn known(surroundings: Surroundings) -> Inputs {
    Inputs { surroundings, ..inputs() }
}

/// One person got, on each day, that many counted messages from number 0.
fn daily(counts: &[usize]) -> Person {
    person(counts.iter().enumerate().flat_map(|(day, count)| {
        (0..*count).map(move |n| promo(day as i64 * DAY + n as i64).named(&format!("{day}.{n}")))
    }))
}

/// `days` days of 100, then one of `x`; judged is the last.
fn spike(days: usize, x: usize, inputs: &Inputs) -> Report {
    let mut counts = vec![100; days];
    counts.push(x);
    let settings = audit::Settings { from: Some(T0 + days as i64 * DAY), ..audit::Settings::default() };
    report_of(&[daily(&counts)], &settings, inputs)
}

#[test]
fn vol_01_needs_twice_the_expected_and_is_high_from_three_times() {
    // Steady history: expected 100, z = (x − 100) / 5.
    assert_eq!(state(&spike(28, 199, &inputs()), RuleId::Vol01), RuleState::Clear);
    let double = spike(28, 200, &inputs());
    let found = finding(&double, RuleId::Vol01);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 200, 1));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Number, Some("1050")));
    assert_eq!(found.subject.day.as_deref(), Some("2026-09-29"));
    assert_eq!(found.figures["expected"], Figure::Value(100.0));
    assert_eq!(finding(&spike(28, 299, &inputs()), RuleId::Vol01).severity, Severity::Medium);
    assert_eq!(finding(&spike(28, 300, &inputs()), RuleId::Vol01).severity, Severity::High);
}

#[test]
fn vol_01_needs_four_weeks_of_history() {
    assert_eq!(state(&spike(27, 900, &inputs()), RuleId::Vol01), RuleState::InsufficientData);
    // And a median day that is not empty.
    let mut counts = vec![0; 40];
    counts[0] = 5;
    counts[40 - 1] = 900;
    assert_eq!(state(&report(&[daily(&counts)]), RuleId::Vol01), RuleState::InsufficientData);
}

#[test]
fn vol_01_needs_fifty_more_than_expected() {
    let small = |x: usize| {
        let mut counts = vec![10; 28];
        counts.push(x);
        state(&report(&[daily(&counts)]), RuleId::Vol01)
    };
    assert_eq!(small(59), RuleState::Clear);
    assert_eq!(small(60), RuleState::Finding);
}

#[test]
fn vol_01_shows_a_middling_score_as_information() {
    // Weeks of 80 and 120 a day in turn: a spread wide enough that twice the level scores below 5.
    let mut counts: Vec<usize> = (0..56).map(|day| if day / 7 % 2 == 0 { 80 } else { 120 }).collect();
    counts.push(230);
    let report = report(&[daily(&counts)]);
    let found = finding(&report, RuleId::Vol01);
    let Figure::Value(score) = found.figures["score"] else { panic!("a score is a value") };
    assert!(score > 3.5 && score <= 5.0, "{score}");
    assert_eq!(found.severity, Severity::Info);
}

#[test]
fn vol_01_is_a_step_worse_when_no_declared_campaign_explains_it() {
    let declared = |campaigns: &[(Option<&str>, i64)]| {
        let campaigns = campaigns
            .iter()
            .map(|(number, start)| DeclaredCampaign {
                number: number.map(str::to_owned),
                start: T0 + start,
                ..DeclaredCampaign::default()
            })
            .collect();
        finding(
            &spike(28, 200, &known(Surroundings { campaigns: Some(campaigns), ..Surroundings::default() })),
            RuleId::Vol01,
        )
        .severity
    };
    assert_eq!(declared(&[]), Severity::High);
    assert_eq!(declared(&[(Some("1050"), 28 * DAY)]), Severity::Medium);
    assert_eq!(declared(&[(None, 27 * DAY)]), Severity::Medium);
    assert_eq!(declared(&[(Some("1051"), 28 * DAY)]), Severity::High);
    assert_eq!(declared(&[(None, 27 * DAY - 1)]), Severity::High);
    assert_eq!(declared(&[(None, 29 * DAY)]), Severity::High);
}

#[test]
fn vol_01_forgets_what_is_older_than_eight_weeks() {
    let mut counts = vec![10_000; 56];
    counts.extend([100; 56]);
    counts.push(200);
    let settings = audit::Settings { from: Some(T0 + 112 * DAY), ..audit::Settings::default() };
    let people: Vec<Person> = vec![daily(&counts)];
    assert_eq!(state(&report_of(&people, &settings, &inputs()), RuleId::Vol01), RuleState::Finding);
}

#[test]
fn vol_01_holds_a_spike_among_many_numbers_for_information_when_it_may_be_chance() {
    let mut counts = vec![100; 28];
    counts.push(200);
    let other = |number: u32| {
        let steady = daily(&[100; 29]);
        person(steady.messages.into_iter().map(|message| {
            let id = format!("{number}.{}", message.id);
            message.number(number).named(&id)
        }))
    };
    let people = [daily(&counts), other(1), other(2)];
    let with = |many_numbers: usize, false_discovery_rate: f64| {
        let mut settings = audit::Settings { from: Some(T0 + 28 * DAY), ..audit::Settings::default() };
        settings.thresholds.spike.many_numbers = many_numbers;
        settings.thresholds.spike.false_discovery_rate = false_discovery_rate;
        finding(&report_of(&people, &settings, &inputs()), RuleId::Vol01).severity
    };
    // z = 20: less probable than 1e-80, but not than 1e-100.
    assert_eq!(with(2, 1e-80), Severity::Medium);
    assert_eq!(with(2, 1e-100), Severity::Info);
    assert_eq!(with(3, 1e-100), Severity::Medium, "three numbers are not many");
}

#[test]
fn vol_04_finds_floods_and_persistent_pair_limits() {
    let four = report(&[person((0..4).map(promo))]);
    let found = finding(&four, RuleId::Vol04);
    assert_eq!((found.severity, found.messages), (Severity::Medium, 1));
    assert_eq!(found.figures["dayMessages"], Figure::Count(1));
    assert_eq!(state(&report(&[person((0..3).map(promo))]), RuleId::Vol04), RuleState::Clear);
    let refused = |times: &[i64]| {
        let messages = times.iter().map(|at| promo(*at).failed(131_056).category(domain::traffic::Category::Service));
        state(&report(&[person(messages)]), RuleId::Vol04)
    };
    assert_eq!(refused(&[0, 1, 2, 3, HOUR]), RuleState::Finding);
    assert_eq!(refused(&[0, 1, 2, 3, HOUR + 1]), RuleState::Clear);
    assert_eq!(refused(&[0, 1, 2, 3]), RuleState::Clear);
    // Five promotions, the last two too many and the very last refused for it for the fifth time: each counts once.
    let both = report(&[person((0..5).map(|at| promo(at).failed(131_056)))]);
    let found = finding(&both, RuleId::Vol04);
    assert_eq!((found.messages, found.recipients, found.sample.len()), (2, 1, 2));
    let figures = ["dayMessages", "pairLimitMessages"].map(|name| found.figures[name]);
    assert_eq!(figures, [Figure::Count(2), Figure::Count(1)]);
}

#[test]
fn vol_05_needs_two_retries_in_a_day() {
    let storm = |times: &[i64]| report(&[person(times.iter().map(|at| promo(*at).failed(131_049)))]);
    assert_eq!(state(&storm(&[0, 1]), RuleId::Vol05), RuleState::Clear);
    let found = storm(&[0, 1, DAY + 1]);
    let found = finding(&found, RuleId::Vol05);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::High, 1, 1));
    assert_eq!(found.figures["retryMessages"], Figure::Count(2));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("promo"));
    // Two retries, a microsecond more than a day apart.
    assert_eq!(state(&storm(&[0, DAY, 2 * DAY]), RuleId::Vol05), RuleState::Finding);
    let apart = [promo(0), promo(1), promo(DAY + 1), promo(DAY + 2)];
    let [first, second, third, fourth] = apart;
    let messages = [first.failed(131_049), second, third.failed(131_049), fourth];
    assert_eq!(state(&report(&[person(messages)]), RuleId::Vol05), RuleState::Clear);
}

#[test]
fn lim_01_compares_the_peak_with_the_limit() {
    let people: Vec<Person> = (0..80).map(|_| person([promo(0)])).collect();
    let with_limit = |limit: Option<u64>| {
        report_of(
            &people,
            &audit::Settings::default(),
            &known(Surroundings { messaging_limit: limit, ..Surroundings::default() }),
        )
    };
    assert_eq!(state(&with_limit(Some(101)), RuleId::Lim01), RuleState::Clear);
    let near = with_limit(Some(100));
    let found = finding(&near, RuleId::Lim01);
    assert_eq!((found.severity, found.recipients), (Severity::Medium, 80));
    assert_eq!(found.figures["limit"], Figure::Count(100));
    assert_eq!(finding(&with_limit(Some(84)), RuleId::Lim01).severity, Severity::High);
    assert_eq!(finding(&with_limit(Some(85)), RuleId::Lim01).severity, Severity::Medium);
    assert_eq!(state(&with_limit(Some(u64::MAX)), RuleId::Lim01), RuleState::Clear);
    assert_eq!(state(&with_limit(None), RuleId::Lim01), RuleState::NotFed);
}
