//! The composite risk score: what it adds up, what it says of what it does not know.

use audit::{Fed, Inputs, Settings};
use domain::traffic::{
    Figure, PlatformEventKind, Profile, Report, RuleId, RuleState, Severity, SubjectKind, Thresholds,
};

use crate::traffic::*;

fn score(report: &Report) -> f64 {
    let Figure::Value(score) = finding(report, RuleId::Qlt02).figures["score"] else { panic!("a score is a value") };
    score
}

#[test]
fn the_score_adds_the_worst_of_each_component() {
    // No opt-in anywhere (CRITICAL, 30), a notified violation (HIGH, 0.8 of 15), free text outside the window (LOW, 0.2 of 10).
    let violation = PlatformEventKind::Violation { violation: "SPAM".into() };
    let people = [person([promo(0), promo(1).free_form().failed(131_047)])];
    let report = report_of(&people, &Settings::default(), &told([(0, violation)]));
    let found = finding(&report, RuleId::Qlt02);
    assert!((score(&report) - 44.0).abs() < 1e-9, "{:?}", found.figures);
    assert_eq!(found.severity, Severity::Medium);
    assert_eq!((found.figures["consent"], found.figures["volume"]), (Figure::Value(30.0), Figure::Value(2.0)));
    let contributors: Vec<(SubjectKind, Option<&str>)> =
        found.breakdown.iter().map(|part| (part.subject.kind, part.subject.id.as_deref())).collect();
    assert_eq!(contributors[..2], [(SubjectKind::Rule, Some("CON-01")), (SubjectKind::Rule, Some("ENF-01"))]);
    assert!(contributors.len() <= 3);
    assert!(report.findings.is_sorted_by(|one, next| one.severity >= next.severity));
}

#[test]
fn bands_are_thresholds() {
    let people = [person([promo(10 * HOUR)])];
    let severity = |change: &dyn Fn(&mut Thresholds)| {
        let mut thresholds = Thresholds::default();
        change(&mut thresholds);
        let settings = Settings { thresholds, ..Settings::default() };
        findings(&report_of(&people, &settings, &inputs()), RuleId::Qlt02).first().map(|found| found.severity)
    };
    // 30 for consent and nothing else.
    assert_eq!(severity(&|_| ()), Some(Severity::Medium));
    assert_eq!(severity(&|thresholds| thresholds.risk.medium_band = 30.1), None);
    assert_eq!(severity(&|thresholds| thresholds.risk.medium_band = 30.0), Some(Severity::Medium));
    assert_eq!(severity(&|thresholds| thresholds.risk.high_band = 30.0), Some(Severity::High));
    assert_eq!(severity(&|thresholds| thresholds.risk.critical_band = 30.0), Some(Severity::Critical));
}

#[test]
fn what_is_not_known_adds_nothing_and_is_no_pass() {
    let people = [person([promo(0)]).agrees([opt_in(-DAY)])];
    let fed = |fed: Fed| report_of(&people, &Settings::default(), &Inputs { fed, ..inputs() });
    let nothing = fed(Fed { inbound: true, consents: true, ..Fed::default() });
    assert_eq!(state(&nothing, RuleId::Qlt02), RuleState::NotFed);
    let messages = fed(Fed { messages: true, ..Fed::default() });
    assert_eq!(state(&messages, RuleId::Qlt02), RuleState::InsufficientData);
    // A finding without the ledger: what consent would add is missing, and said to be.
    let thick: Vec<Message> = (0..40).map(|n| promo(n).failed(132_000)).collect();
    let mut thresholds = Thresholds::default();
    thresholds.risk.medium_band = 5.0;
    let settings = Settings { thresholds, ..Settings::default() };
    let alone = Inputs { fed: Fed { messages: true, ..Fed::default() }, ..inputs() };
    let report = report_of(&[person(thick)], &settings, &alone);
    let found = finding(&report, RuleId::Qlt02);
    assert!(!found.figures.contains_key("consent") && found.figures.contains_key("template"));
    let Figure::Value(unknown) = found.figures["unknown"] else { panic!("a weight is a value") };
    assert!(unknown >= 30.0, "{unknown}");
}

#[test]
fn a_clean_client_of_whom_all_is_known_is_clear() {
    let by_day = |n: i64| promo(10 * HOUR + n % 8 * HOUR + n / 8 * DAY);
    let people: Vec<Person> =
        (0..300).map(|n| person([by_day(n)]).writes([wrote(-DAY)]).agrees([opt_in(-DAY - n * HOUR)])).collect();
    let report = report_of(&people, &Settings::default(), &told([]));
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_ne!(state(&report, RuleId::Qlt02), RuleState::Finding);
    let minimum = Settings { profile: Profile::Minimum, ..Settings::default() };
    let report = report_of(&people, &minimum, &told([]));
    assert!(report.rules.iter().all(|result| result.rule != RuleId::Qlt02));
}
