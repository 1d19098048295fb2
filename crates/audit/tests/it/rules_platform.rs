//! Rules over what Meta told: templates, numbers, limits and enforcement.

use audit::{Inputs, Settings};
use domain::{
    enforcement::{Restriction, RestrictionType},
    traffic::{
        Category, Figure, PlatformEventKind, Report, RuleId, RuleState, Severity, SubjectKind, Surroundings,
        TemplateContent, instant_of_micros,
    },
};

use crate::traffic::*;

fn status(status: &str) -> PlatformEventKind {
    PlatformEventKind::TemplateStatus {
        name: "promo".into(),
        language: "it".into(),
        status: status.into(),
        reason: None,
    }
}

fn quality(score: &str) -> PlatformEventKind {
    PlatformEventKind::TemplateQuality {
        name: "promo".into(),
        language: "it".into(),
        previous: None,
        score: score.into(),
    }
}

fn flip(name: &str) -> PlatformEventKind {
    PlatformEventKind::TemplateCategory {
        name: name.into(),
        language: "it".into(),
        previous: Category::Utility,
        category: Category::Marketing,
    }
}

fn violation(violation: &str) -> PlatformEventKind {
    PlatformEventKind::Violation { violation: violation.into() }
}

fn restricted(restriction_type: RestrictionType, end: Option<i64>) -> PlatformEventKind {
    let ends_at = end.map(|after| instant_of_micros(T0 + after));
    PlatformEventKind::Restriction {
        violation: Some("SPAM".into()),
        restrictions: vec![Restriction { restriction_type, raw_type: None, ends_at }],
    }
}

fn lifted(violation: Option<&str>) -> PlatformEventKind {
    PlatformEventKind::RestrictionLifted { violation: violation.map(str::to_owned), restrictions: Vec::new() }
}

fn ban(state: &str, date: Option<i64>) -> PlatformEventKind {
    PlatformEventKind::Ban { state: state.into(), date: date.map(|after| instant_of_micros(T0 + after)) }
}

/// One message at each of these times, and these events; the period is the first 20 days.
fn seen<const N: usize>(times: &[i64], events: [(i64, PlatformEventKind); N]) -> Report {
    let people: Vec<Person> = times.iter().map(|at| person([promo(*at)])).collect();
    let settings = Settings { from: Some(T0), to: Some(T0 + 20 * DAY), ..Settings::default() };
    report_of(&people, &settings, &told(events))
}

fn quiet<const N: usize>(events: [(i64, PlatformEventKind); N]) -> Report {
    seen(&[0], events)
}

const RULES_OF_EVENTS: [RuleId; 11] = [
    RuleId::Tpl03,
    RuleId::Tpl04,
    RuleId::Tpl06,
    RuleId::Lim03,
    RuleId::Lim04,
    RuleId::Qlt01,
    RuleId::Enf01,
    RuleId::Enf02,
    RuleId::Enf03,
    RuleId::Enf04,
    RuleId::Enf05,
];

#[test]
fn rules_of_events_are_not_fed_until_somebody_passes_them_on() {
    let unfed = report(&[person([promo(0)])]);
    let fed = quiet([]);
    for rule in RULES_OF_EVENTS {
        assert_eq!((state(&unfed, rule), state(&fed, rule)), (RuleState::NotFed, RuleState::Clear), "{rule}");
    }
    assert_eq!((state(&unfed, RuleId::Tpl02), state(&fed, RuleId::Tpl02)), (RuleState::NotFed, RuleState::Clear));
}

#[test]
fn what_meta_does_to_an_account_that_sends_nothing_is_found_too() {
    let report = report_of(&[], &Settings::default(), &told([(0, violation("SPAM"))]));
    assert_eq!(state(&report, RuleId::Enf01), RuleState::Finding);
    assert_eq!(state(&report, RuleId::Enf03), RuleState::InsufficientData);
}

#[test]
fn events_after_the_period_are_not_read() {
    let late = quiet([(20 * DAY, violation("SPAM")), (20 * DAY, status("PAUSED")), (20 * DAY, ban("DISABLE", None))]);
    assert!(RULES_OF_EVENTS.iter().all(|rule| state(&late, *rule) == RuleState::Clear));
}

#[test]
fn tpl_02_finds_sends_after_a_pause_until_it_ends() {
    let sent = |at: i64, events: [(i64, PlatformEventKind); 2]| state(&seen(&[0, at], events), RuleId::Tpl02);
    let paused = || [(DAY, status("PAUSED")), (DAY + HOUR, status("APPROVED"))];
    assert_eq!(sent(DAY, paused()), RuleState::Clear);
    assert_eq!(sent(DAY + 1, paused()), RuleState::Finding);
    assert_eq!(sent(DAY + HOUR - 1, paused()), RuleState::Finding);
    assert_eq!(sent(DAY + HOUR, paused()), RuleState::Clear);
    // Nothing tells of its end: a first pause lasts 3 hours, a second 6.
    let twice = || [(DAY, status("PAUSED")), (2 * DAY, status("PAUSED"))];
    assert_eq!(sent(DAY + 3 * HOUR - 1, twice()), RuleState::Finding);
    assert_eq!(sent(DAY + 3 * HOUR, twice()), RuleState::Clear);
    assert_eq!(sent(2 * DAY + 6 * HOUR - 1, twice()), RuleState::Finding);
    assert_eq!(sent(2 * DAY + 6 * HOUR, twice()), RuleState::Clear);
    // An appeal does not bring a disabled template back; only Meta does.
    let disabled = |then: &str| [(DAY, status("DISABLED")), (2 * DAY, status(then))];
    assert_eq!(sent(9 * DAY, disabled("IN_APPEAL")), RuleState::Finding);
    assert_eq!(sent(9 * DAY, disabled("REINSTATED")), RuleState::Clear);
}

#[test]
fn tpl_02_believes_a_refusal_without_events() {
    let refused = |code: u32| report(&[person([promo(0).failed(code)])]);
    let found = refused(132_015);
    let found = finding(&found, RuleId::Tpl02);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::High, 1, 1));
    assert_eq!(found.subject.id.as_deref(), Some("promo/it"));
    assert_eq!(
        (found.figures["refusedPaused"], found.figures["refusedDisabled"]),
        (Figure::Count(1), Figure::Count(0))
    );
    assert_eq!(finding(&refused(132_016), RuleId::Tpl02).figures["refusedDisabled"], Figure::Count(1));
    assert_eq!(state(&refused(132_018), RuleId::Tpl02), RuleState::NotFed);
    // Another template than the paused one.
    let settings = Settings::default();
    let other = report_of(&[person([promo(DAY).template(1)])], &settings, &told([(0, status("PAUSED"))]));
    assert_eq!(state(&other, RuleId::Tpl02), RuleState::Clear);
}

#[test]
fn tpl_03_counts_the_pauses_of_a_life() {
    let first = quiet([(-90 * DAY, status("PAUSED")), (-90 * DAY, status("PAUSED"))]);
    let found = finding(&first, RuleId::Tpl03);
    assert_eq!((found.severity, found.figures["pauses"]), (Severity::Medium, Figure::Count(1)));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Template, Some("promo/it")));
    let second = quiet([(-90 * DAY, status("PAUSED")), (DAY, status("PAUSED"))]);
    assert_eq!(finding(&second, RuleId::Tpl03).severity, Severity::High);
    let last = quiet([(0, status("PAUSED")), (DAY, status("DISABLED"))]);
    assert_eq!(finding(&last, RuleId::Tpl03).severity, Severity::Critical);
    let back = quiet([(DAY, status("DISABLED")), (2 * DAY, status("APPROVED"))]);
    assert_eq!(state(&back, RuleId::Tpl03), RuleState::Clear);
}

#[test]
fn tpl_04_is_worse_when_yellow_lasts() {
    let severity = |report: &Report| finding(report, RuleId::Tpl04).severity;
    let yellow = |until: i64| quiet([(DAY, quality("YELLOW")), (DAY + until, quality("GREEN"))]);
    assert_eq!(severity(&yellow(7 * DAY)), Severity::Medium);
    assert_eq!(severity(&yellow(7 * DAY + 1)), Severity::High);
    assert_eq!(finding(&yellow(7 * DAY), RuleId::Tpl04).figures["yellowDays"], Figure::Value(7.0));
    assert_eq!(severity(&quiet([(DAY, quality("RED")), (DAY + 1, quality("GREEN"))])), Severity::High);
    // Told again, it is the same YELLOW still; what ended before the period is past.
    assert_eq!(severity(&quiet([(10 * DAY, quality("YELLOW")), (15 * DAY, quality("YELLOW"))])), Severity::High);
    assert_eq!(state(&quiet([(-9 * DAY, quality("RED")), (0, quality("GREEN"))]), RuleId::Tpl04), RuleState::Clear);
    assert_eq!(state(&quiet([(-9 * DAY, quality("RED")), (1, quality("GREEN"))]), RuleId::Tpl04), RuleState::Finding);
    assert_eq!(state(&quiet([(DAY, quality("UNKNOWN"))]), RuleId::Tpl04), RuleState::Clear);
}

#[test]
fn tpl_04_and_06_also_read_templates_as_they_are_now() {
    let with = |change: &dyn Fn(&mut TemplateContent)| {
        let mut content = TemplateContent { name: "promo".into(), language: "it".into(), ..TemplateContent::default() };
        change(&mut content);
        let surroundings = Surroundings { templates: Some(vec![content]), ..Surroundings::default() };
        report_of(&[person([promo(0), promo(9 * DAY)])], &Settings::default(), &knowing(surroundings))
    };
    assert_eq!(state(&with(&|_| ()), RuleId::Tpl04), RuleState::Clear);
    let red = with(&|content| content.quality = Some("RED".into()));
    assert_eq!(finding(&red, RuleId::Tpl04).severity, Severity::High);
    let since = |days: i64| {
        with(&|content| {
            content.quality = Some("YELLOW".into());
            content.quality_since = Some(instant_of_micros(T0 + days * DAY));
        })
    };
    assert_eq!(finding(&since(0), RuleId::Tpl04).severity, Severity::High);
    assert_eq!(finding(&since(5), RuleId::Tpl04).severity, Severity::Medium);
    assert_eq!(state(&since(10), RuleId::Tpl04), RuleState::Clear, "after the period");
    let flipped = with(&|content| {
        (content.previous_category, content.category) = (Some(Category::Utility), Some(Category::Marketing));
    });
    assert_eq!(finding(&flipped, RuleId::Tpl06).severity, Severity::High);
}

#[test]
fn tpl_06_is_critical_from_two_flips_in_thirty_days() {
    let one = quiet([(DAY, flip("notice"))]);
    let found = finding(&one, RuleId::Tpl06);
    assert_eq!((found.severity, found.subject.id.as_deref()), (Severity::High, Some("notice/it")));
    let two = |apart: i64| quiet([(DAY - apart, flip("early")), (DAY, flip("notice"))]);
    let worst = |report: &Report| findings(report, RuleId::Tpl06)[0].severity;
    assert_eq!(worst(&two(30 * DAY)), Severity::Critical);
    assert_eq!(worst(&two(30 * DAY + 1)), Severity::High);
    assert_eq!(findings(&two(30 * DAY), RuleId::Tpl06).len(), 1, "the other was told before the period");
    assert_eq!(worst(&quiet([(DAY, flip("notice")), (DAY, violation("UTILITY_TEMPLATE_ABUSE"))])), Severity::Critical);
    let abuse = quiet([(DAY, violation("UTILITY_TEMPLATE_ABUSE"))]);
    assert_eq!(finding(&abuse, RuleId::Tpl06).subject.kind, SubjectKind::Client);
    assert_eq!(state(&quiet([(DAY, violation("SPAM"))]), RuleId::Tpl06), RuleState::Clear);
}

#[test]
fn qlt_01_tells_a_fall_from_a_rise() {
    let rating = |previous: Option<&str>, rating: &str| PlatformEventKind::NumberQuality {
        number: "1050".into(),
        previous: previous.map(str::to_owned),
        rating: rating.into(),
    };
    let yellow = quiet([(DAY, rating(Some("GREEN"), "YELLOW")), (3 * DAY, rating(None, "GREEN"))]);
    let found = finding(&yellow, RuleId::Qlt01);
    assert_eq!((found.severity, found.figures["days"]), (Severity::Medium, Figure::Value(2.0)));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Number, Some("1050")));
    for rating in [rating(Some("GREEN"), "RED"), rating(None, "FLAGGED")] {
        assert_eq!(finding(&quiet([(DAY, rating)]), RuleId::Qlt01).severity, Severity::High);
    }
    let rise = quiet([(DAY, rating(Some("RED"), "YELLOW"))]);
    assert_eq!(state(&rise, RuleId::Qlt01), RuleState::Clear);
    let known = quiet([(-DAY, rating(None, "RED")), (0, rating(None, "YELLOW")), (DAY, rating(None, "GREEN"))]);
    assert_eq!(state(&known, RuleId::Qlt01), RuleState::Clear);
}

#[test]
fn lim_03_finds_a_step_down() {
    let limit = |previous: Option<u64>, limit: u64| PlatformEventKind::MessagingLimit { previous, limit };
    let lost = quiet([(DAY, limit(Some(10_000), 2_000))]);
    let found = finding(&lost, RuleId::Lim03);
    assert_eq!((found.severity, found.subject.kind), (Severity::High, SubjectKind::Portfolio));
    assert_eq!((found.figures["before"], found.figures["limit"]), (Figure::Count(10_000), Figure::Count(2_000)));
    assert_eq!(state(&quiet([(DAY, limit(Some(2_000), 10_000))]), RuleId::Lim03), RuleState::Clear);
    assert_eq!(state(&quiet([(DAY, limit(Some(2_000), 2_000))]), RuleId::Lim03), RuleState::Clear);
    assert_eq!(state(&quiet([(-DAY, limit(Some(10_000), 2_000))]), RuleId::Lim03), RuleState::Clear);
    // The limit before is known from the event before.
    let known = quiet([(-DAY, limit(None, u64::MAX)), (DAY, limit(None, 250))]);
    assert_eq!(finding(&known, RuleId::Lim03).figures["wasUnlimited"], Figure::Count(1));
    assert_eq!(state(&quiet([(DAY, limit(None, 250))]), RuleId::Lim03), RuleState::Clear);
}

#[test]
fn lim_04_finds_alerts_about_a_higher_limit() {
    let alert = |alert: &str| PlatformEventKind::ScalingAlert { alert: alert.into() };
    let deferred = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED";
    let found = quiet([(DAY, alert(deferred)), (2 * DAY, alert(deferred)), (DAY, alert("OBA_REJECTED"))]);
    let found = finding(&found, RuleId::Lim04);
    assert_eq!((found.severity, found.figures["times"]), (Severity::Medium, Figure::Count(2)));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Notice, Some(deferred)));
    assert_eq!(state(&quiet([(-1, alert(deferred))]), RuleId::Lim04), RuleState::Clear);
}

#[test]
fn enf_01_names_each_violation() {
    let warning = PlatformEventKind::Restriction { violation: Some("ADULT".into()), restrictions: vec![] };
    let told = quiet([(DAY, violation("SPAM")), (2 * DAY, violation("SPAM")), (DAY, warning)]);
    let [adult, spam] = findings(&told, RuleId::Enf01)[..] else { panic!("two violations") };
    assert_eq!((adult.subject.id.as_deref(), spam.subject.id.as_deref()), (Some("ADULT"), Some("SPAM")));
    assert_eq!((spam.severity, spam.figures["times"]), (Severity::High, Figure::Count(2)));
    assert_eq!(spam.fingerprint, "ENF-01/notice=SPAM");
    assert_eq!(state(&quiet([(-1, violation("SPAM"))]), RuleId::Enf01), RuleState::Clear);
    // An appeal is possible for 90 days.
    let left = |after: i64| {
        let inputs = Inputs { as_of: Some(T0 + after), ..crate::traffic::told([(0, violation("SPAM"))]) };
        finding(&report_of(&[], &Settings::default(), &inputs), RuleId::Enf01).figures["appealDaysLeft"]
    };
    assert_eq!((left(DAY), left(90 * DAY), left(500 * DAY)), (Figure::Count(89), Figure::Count(0), Figure::Count(0)));
}

#[test]
fn enf_02_finds_what_stood_in_the_period() {
    let stood = |from: i64, end: Option<i64>| {
        state(&quiet([(from, restricted(RestrictionType::AddPhoneNumber, end))]), RuleId::Enf02)
    };
    assert_eq!(stood(-9 * DAY, Some(0)), RuleState::Clear);
    assert_eq!(stood(-9 * DAY, Some(1)), RuleState::Finding);
    assert_eq!(stood(-9 * DAY, None), RuleState::Finding);
    assert_eq!(stood(20 * DAY - 1, None), RuleState::Finding);
    let severity =
        |restriction: RestrictionType| finding(&quiet([(DAY, restricted(restriction, None))]), RuleId::Enf02).severity;
    assert_eq!(severity(RestrictionType::AddPhoneNumber), Severity::High);
    assert_eq!(severity(RestrictionType::CustomerInitiatedMessaging), Severity::Critical);
    assert_eq!(severity(RestrictionType::BusinessInitiatedMessaging), Severity::Critical);
    let word = Restriction {
        restriction_type: RestrictionType::Unknown,
        raw_type: Some("RESTRICTED_SOMETHING_NEW".into()),
        ends_at: None,
    };
    let unknown = quiet([(DAY, PlatformEventKind::Restriction { violation: None, restrictions: vec![word] })]);
    assert_eq!(finding(&unknown, RuleId::Enf02).subject.id.as_deref(), Some("RESTRICTED_SOMETHING_NEW"));
    let over = quiet([(-9 * DAY, restricted(RestrictionType::Disabled, None)), (-DAY, lifted(Some("SPAM")))]);
    assert_eq!(state(&over, RuleId::Enf02), RuleState::Clear);
}

/// Whether a message at a time, in or out of the window, was forbidden.
fn forbidden<const N: usize>(message: Message, wrote_at: Option<i64>, events: [(i64, PlatformEventKind); N]) -> bool {
    let people = [person([message]).writes(wrote_at.map(wrote))];
    state(&report_of(&people, &Settings::default(), &told(events)), RuleId::Enf03) == RuleState::Finding
}

#[test]
fn enf_03_grants_five_minutes_and_ends_with_the_restriction() {
    let grace = 300 * SECOND;
    let end = Some(3 * DAY);
    let at =
        |at: i64| forbidden(promo(at), None, [(DAY, restricted(RestrictionType::BusinessInitiatedMessaging, end))]);
    assert!(!at(DAY) && !at(DAY + grace) && at(DAY + grace + 1));
    assert!(at(3 * DAY - 1) && !at(3 * DAY));
    let lifted = |violation: Option<&str>| {
        let block = restricted(RestrictionType::BusinessInitiatedMessaging, end);
        forbidden(promo(2 * DAY), None, [(DAY, block), (2 * DAY, lifted(violation))])
    };
    assert!(!lifted(Some("SPAM")) && !lifted(None) && lifted(Some("SCAM")));
    let banned = |then: &str| {
        forbidden(promo(9 * DAY), Some(9 * DAY), [(DAY, ban("DISABLE", None)), (2 * DAY, ban(then, None))])
    };
    assert!(banned("DISABLE") && !banned("REINSTATE"));
}

#[test]
fn enf_03_looks_at_what_was_forbidden() {
    let tried = |message: Message, wrote_at: Option<i64>, restriction: RestrictionType| {
        forbidden(message, wrote_at, [(0, restricted(restriction, None))])
    };
    let (promo, inside) = (|| promo(DAY), Some(DAY));
    assert!(tried(promo(), None, RestrictionType::BusinessInitiatedMessaging));
    assert!(tried(promo().free_form(), None, RestrictionType::BusinessInitiatedMessaging));
    assert!(!tried(promo(), inside, RestrictionType::BusinessInitiatedMessaging));
    assert!(tried(promo().free_form(), inside, RestrictionType::CustomerInitiatedMessaging));
    assert!(!tried(promo(), None, RestrictionType::CustomerInitiatedMessaging));
    assert!(tried(promo().category(Category::Utility), None, RestrictionType::UtilityTemplates));
    assert!(!tried(promo(), None, RestrictionType::UtilityTemplates));
    assert!(!tried(promo(), None, RestrictionType::AddPhoneNumber));
    let report = seen(&[DAY, 2 * DAY], [(0, restricted(RestrictionType::Disabled, None))]);
    let found = finding(&report, RuleId::Enf03);
    assert_eq!((found.severity, found.messages, found.sample.len()), (Severity::Critical, 2, 2));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("1050"));
}

#[test]
fn enf_04_counts_down_to_the_day() {
    let scheduled = quiet([(DAY, ban("SCHEDULE_FOR_DISABLE", Some(2_000 * DAY)))]);
    let found = finding(&scheduled, RuleId::Enf04);
    assert_eq!((found.severity, found.figures["daysLeft"]), (Severity::Critical, Figure::Count(1_000)));
    assert_eq!(found.figures["disabled"], Figure::Count(0));
    let standing = quiet([(-9 * DAY, ban("SCHEDULE_FOR_DISABLE", None)), (-DAY, ban("DISABLE", None))]);
    assert_eq!(finding(&standing, RuleId::Enf04).figures["disabled"], Figure::Count(1));
    let over = |from: i64| quiet([(from, ban("SCHEDULE_FOR_DISABLE", None)), (DAY, ban("REINSTATE", None))]);
    assert_eq!(state(&over(-1), RuleId::Enf04), RuleState::Clear);
    assert_eq!(finding(&over(0), RuleId::Enf04).figures["reinstated"], Figure::Count(1));
}

#[test]
fn enf_05_finds_the_same_violation_within_ninety_days() {
    let again = |gap: i64| quiet([(DAY - gap, violation("SPAM")), (DAY, violation("SPAM"))]);
    let found = again(90 * DAY);
    let found = finding(&found, RuleId::Enf05);
    assert_eq!((found.severity, found.figures["repeats"]), (Severity::Critical, Figure::Count(1)));
    assert_eq!((found.subject.id.as_deref(), found.figures["daysSince"]), (Some("SPAM"), Figure::Value(90.0)));
    assert_eq!(state(&again(90 * DAY + 1), RuleId::Enf05), RuleState::Clear);
    assert_eq!(state(&again(DAY), RuleId::Enf05), RuleState::Clear, "several notices of one matter");
    assert_eq!(state(&again(DAY + 1), RuleId::Enf05), RuleState::Finding);
    let other = quiet([(-9 * DAY, violation("SCAM")), (DAY, violation("SPAM"))]);
    assert_eq!(state(&other, RuleId::Enf05), RuleState::Clear);
    // The time runs from the end of what was taken away for it, and not before.
    let after = |end: i64| {
        let block = restricted(RestrictionType::AddPhoneNumber, Some(end));
        quiet([(-200 * DAY, violation("SPAM")), (-200 * DAY, block), (DAY, violation("SPAM"))])
    };
    assert_eq!(state(&after(-89 * DAY), RuleId::Enf05), RuleState::Finding);
    assert_eq!(state(&after(-89 * DAY - 1), RuleId::Enf05), RuleState::Clear);
    assert_eq!(state(&after(2 * DAY), RuleId::Enf05), RuleState::Clear);
}
