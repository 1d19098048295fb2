//! Rules about new numbers, recovery after a block, and planned campaigns: both sides of each threshold.

use audit::{Fed, Inputs, Settings};
use domain::traffic::{
    Category, DeclaredCampaign, Figure, NumberFacts, Outcome, PlatformEvent, PlatformEventKind, Report, RuleId,
    RuleState, Severity, SubjectKind, Surroundings, TemplateContent, instant_of_micros,
};

use crate::traffic::*;

/// Number 0 was first used so long after T0.
fn first_used(after: i64) -> Surroundings {
    let number = NumberFacts { id: "1050".into(), account: None, first_used_at: Some(instant_of_micros(T0 + after)) };
    Surroundings { numbers: Some(vec![number]), ..Surroundings::default() }
}

/// So many counted messages on each day, to one person each.
fn daily(counts: &[i64]) -> Vec<Person> {
    let day = |(day, count): (usize, &i64)| (0..*count).map(move |n| person([promo(day as i64 * DAY + n)]));
    counts.iter().enumerate().flat_map(day).collect()
}

fn judged(people: &[Person], surroundings: &Surroundings) -> Report {
    report_of(people, &Settings::default(), &knowing(surroundings.clone()))
}

#[test]
fn wrm_01_allows_no_more_than_the_double_of_three_days() {
    let ramp = |counts: &[i64]| judged(&daily(counts), &first_used(0));
    let steep = ramp(&[60, 10, 20, 121]);
    let found = finding(&steep, RuleId::Wrm01);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::High, 121, 121));
    assert_eq!((found.subject.id.as_deref(), found.subject.day.as_deref()), (Some("1050"), Some("2026-09-04")));
    assert_eq!((found.figures["before"], found.figures["age"]), (Figure::Count(60), Figure::Count(3)));
    assert_eq!(state(&ramp(&[60, 10, 20, 120]), RuleId::Wrm01), RuleState::Clear);
    assert_eq!(state(&ramp(&[60, 10, 20, 10, 60]), RuleId::Wrm01), RuleState::Clear);
    // The fourth day before no longer counts.
    assert_eq!(state(&ramp(&[60, 10, 20, 10, 101]), RuleId::Wrm01), RuleState::Finding);
    assert_eq!(state(&ramp(&[60, 10, 20, 10, 100]), RuleId::Wrm01), RuleState::Clear);
    // The very first day stands alone.
    assert_eq!(state(&ramp(&[101]), RuleId::Wrm01), RuleState::Finding);
    assert_eq!(state(&ramp(&[100]), RuleId::Wrm01), RuleState::Clear);
}

#[test]
fn wrm_01_watches_thirty_days_and_only_what_it_knows() {
    let old = |days: i64| state(&judged(&daily(&[1, 1, 1, 300]), &first_used(-days * DAY)), RuleId::Wrm01);
    assert_eq!(old(26), RuleState::Finding, "the 300 fall on its 30th day");
    assert_eq!(old(27), RuleState::Clear);
    // What it sent before the traffic begins is not known.
    let unknown = |counts: &[i64]| state(&judged(&daily(counts), &first_used(-9 * DAY)), RuleId::Wrm01);
    assert_eq!(unknown(&[1, 1, 300]), RuleState::InsufficientData);
    assert_eq!(unknown(&[1, 1, 100]), RuleState::Clear, "too few whatever came before");
    assert_eq!(unknown(&[1, 1, 1, 300]), RuleState::Finding);
    // Only counted messages, and only the period.
    let failed: Vec<Person> = (0..300).map(|n| person([promo(n).failed(131_026)])).collect();
    assert_eq!(state(&judged(&failed, &first_used(0)), RuleId::Wrm01), RuleState::Clear);
    let settings = Settings { from: Some(T0 + DAY), ..Settings::default() };
    let later = report_of(&daily(&[300, 1]), &settings, &knowing(first_used(0)));
    assert_eq!(state(&later, RuleId::Wrm01), RuleState::Clear);
}

#[test]
fn rules_of_new_numbers_need_the_first_use() {
    let rules = [RuleId::Wrm01, RuleId::Wrm02, RuleId::Wrm03];
    let unknown = NumberFacts { id: "1050".into(), account: None, first_used_at: None };
    let other = NumberFacts { id: "999".into(), account: None, first_used_at: Some(instant_of_micros(T0)) };
    for numbers in [None, Some(vec![]), Some(vec![unknown]), Some(vec![other])] {
        let surroundings = Surroundings { numbers, templates: Some(vec![]), ..Surroundings::default() };
        let report = judged(&daily(&[300]), &surroundings);
        assert!(rules.iter().all(|rule| state(&report, *rule) == RuleState::NotFed), "{surroundings:?}");
    }
    let unfed = Inputs { fed: Fed { inbound: false, ..inputs().fed }, ..knowing(first_used(0)) };
    let report = report_of(&daily(&[300]), &Settings::default(), &unfed);
    assert_eq!(state(&report, RuleId::Wrm01), RuleState::NotFed, "nobody knows what was counted");
    // A replay that was told nothing has not looked.
    let mut replay = audit::Replay::new(&Settings::default());
    for person in &daily(&[300]) {
        person.feed(&mut replay);
    }
    let report = audit::report(&replay.finish(), &names(), &knowing(first_used(0)), &Settings::default());
    assert_eq!(state(&report, RuleId::Wrm02), RuleState::NotFed);
}

#[test]
fn a_number_of_unknown_age_does_not_pass() {
    // Number 0 is old; when number 1 was first used nobody tells.
    let states = |messages: Vec<Message>, from: i64| {
        let people: Vec<Person> = messages.into_iter().map(|message| person([message])).collect();
        let settings = Settings { from: Some(T0 + from), ..Settings::default() };
        let surroundings = Surroundings { templates: Some(vec![]), ..first_used(-900 * DAY) };
        let report = report_of(&people, &settings, &knowing(surroundings));
        [RuleId::Wrm01, RuleId::Wrm02, RuleId::Wrm03].map(|rule| state(&report, rule))
    };
    let (clear, blind) = (RuleState::Clear, RuleState::InsufficientData);
    assert_eq!(states(vec![promo(0)], 0), [clear; 3]);
    assert_eq!(states(vec![promo(0), promo(0).number(1)], 0), [blind; 3]);
    // What it sent before the period shows that it is no longer new for one rule or another.
    let since = |days: i64| states(vec![promo(0), promo(-days * DAY).number(1), promo(1).number(1)], 0);
    assert_eq!(since(6), [blind; 3]);
    assert_eq!(since(7), [blind, blind, clear]);
    assert_eq!(since(14), [blind, clear, clear]);
    assert_eq!(since(30), [clear; 3]);
    // What is not counted is of no age.
    assert_eq!(states(vec![promo(0), promo(1).number(1).failed(131_026)], 0), [clear; 3]);
}

/// `warm` people who wrote a while ago and `cold` who did not; what else the cold know is up to `change`.
fn audience(warm: i64, cold: i64, change: impl Fn(Person) -> Person) -> Report {
    let known = (0..warm).map(|n| person([promo(DAY + n)]).writes([wrote(-2 * DAY)]));
    let strangers = (0..cold).map(|n| change(person([promo(DAY + n)])));
    judged(&known.chain(strangers).collect::<Vec<_>>(), &first_used(0))
}

#[test]
fn wrm_02_allows_three_in_ten_to_be_strangers() {
    let found = audience(69, 31, |person| person);
    let found = finding(&found, RuleId::Wrm02);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 31, 31));
    assert_eq!((found.subject.id.as_deref(), found.figures["reached"]), (Some("1050"), Figure::Count(100)));
    assert_eq!(state(&audience(70, 30, |person| person), RuleId::Wrm02), RuleState::Clear);
    assert_eq!(state(&audience(0, 9, |person| person), RuleId::Wrm02), RuleState::InsufficientData);
    assert_eq!(state(&audience(0, 10, |person| person), RuleId::Wrm02), RuleState::Finding);
}

#[test]
fn wrm_02_knows_people_who_wrote_or_bought_within_ninety_days() {
    let with = |change: &dyn Fn(Person) -> Person| state(&audience(0, 20, change), RuleId::Wrm02);
    // The messages go out at T0 + 1 day and some microseconds.
    assert_eq!(with(&|person| person.writes([wrote(-89 * DAY + 20)])), RuleState::Clear);
    assert_eq!(with(&|person| person.writes([wrote(-89 * DAY - 1)])), RuleState::Finding);
    assert_eq!(with(&|person| person.writes([wrote(2 * DAY)])), RuleState::Finding, "afterwards");
    let other_number = audit::Inbound { number: 1, ..wrote(-5 * DAY) };
    assert_eq!(with(&|person| person.writes([other_number])), RuleState::Clear);
    let receipt = |at: i64| promo(at).named("receipt").number(1).category(Category::Utility).outcome(Outcome::Sent);
    let bought = |at: i64| {
        with(&|mut person| {
            person.messages.push(receipt(at));
            person
        })
    };
    assert_eq!(bought(-89 * DAY + 20), RuleState::Clear);
    assert_eq!(bought(-89 * DAY - 1), RuleState::Finding);
}

#[test]
fn wrm_02_looks_at_the_first_message_of_a_number_in_its_first_fortnight() {
    let at = |after: i64| {
        let people: Vec<Person> = (0..20).map(|_| person([promo(after), promo(after + 1)])).collect();
        judged(&people, &first_used(0))
    };
    let found = at(14 * DAY - 1);
    assert_eq!(finding(&found, RuleId::Wrm02).messages, 20, "one a person");
    assert_eq!(state(&at(14 * DAY), RuleId::Wrm02), RuleState::Clear);
    assert_eq!(state(&at(-DAY), RuleId::Wrm02), RuleState::Clear, "before its first use: somebody is wrong");
}

fn rated(score: &str, previous: Option<&str>) -> PlatformEvent {
    let kind = PlatformEventKind::TemplateQuality {
        name: "promo".into(),
        language: "it".into(),
        previous: previous.map(str::to_owned),
        score: score.into(),
    };
    PlatformEvent::new(instant_of_micros(T0 + DAY), kind)
}

#[test]
fn wrm_03_finds_unrated_marketing_in_the_first_week() {
    let week = |marketing: i64, utility: i64, after: i64| {
        let promos = (0..marketing).map(|n| person([promo(after + n)]));
        let notices = (0..utility).map(|n| person([promo(after + n).category(Category::Utility)]));
        let surroundings = Surroundings { templates: Some(vec![]), ..first_used(0) };
        judged(&promos.chain(notices).collect::<Vec<_>>(), &surroundings)
    };
    let found = week(101, 100, 0);
    let found = finding(&found, RuleId::Wrm03);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 101, 101));
    assert_eq!(found.figures["counted"], Figure::Count(201));
    assert_eq!(state(&week(100, 0, 0), RuleId::Wrm03), RuleState::Clear);
    assert_eq!(state(&week(101, 101, 0), RuleId::Wrm03), RuleState::Clear);
    assert_eq!(state(&week(101, 100, 7 * DAY - 101), RuleId::Wrm03), RuleState::Finding);
    assert_eq!(state(&week(101, 100, 7 * DAY), RuleId::Wrm03), RuleState::Clear);
    assert_eq!(
        state(&judged(&daily(&[300]), &first_used(0)), RuleId::Wrm03),
        RuleState::NotFed,
        "nobody tells ratings"
    );
}

#[test]
fn wrm_03_believes_the_rating_of_the_day() {
    let with = |surroundings: Surroundings, after: i64| {
        let people: Vec<Person> = (0..200).map(|n| person([promo(after + n)])).collect();
        state(&judged(&people, &Surroundings { numbers: first_used(0).numbers, ..surroundings }), RuleId::Wrm03)
    };
    let events = |event: PlatformEvent| Surroundings { events: Some(vec![event]), ..Surroundings::default() };
    assert_eq!(with(events(rated("GREEN", None)), 0), RuleState::Finding);
    assert_eq!(with(events(rated("GREEN", None)), DAY), RuleState::Clear);
    assert_eq!(with(events(rated("RED", Some("GREEN"))), 0), RuleState::Clear);
    assert_eq!(with(events(rated("UNKNOWN", Some("GREEN"))), DAY), RuleState::Finding);
    let content = |quality: &str, since: Option<i64>| {
        let template = TemplateContent {
            name: "promo".into(),
            language: "it".into(),
            quality: Some(quality.into()),
            quality_since: since.map(|after| instant_of_micros(T0 + after)),
            ..TemplateContent::default()
        };
        Surroundings { templates: Some(vec![template]), ..Surroundings::default() }
    };
    assert_eq!(with(content("GREEN", None), 0), RuleState::Clear);
    assert_eq!(with(content("UNKNOWN", None), 0), RuleState::Finding);
    assert_eq!(with(content("GREEN", Some(DAY)), 0), RuleState::Finding);
    assert_eq!(with(content("GREEN", Some(DAY)), DAY), RuleState::Clear);
}

/// A ban from day 10 to day 12, after days of 400, then days of these counts.
fn recovery(before: &[i64], after: &[i64]) -> Report {
    let mut counts = before.to_vec();
    counts.resize(12, 0);
    counts.extend_from_slice(after);
    let ban = |state: &str| PlatformEventKind::Ban { state: state.into(), date: None };
    let events = [(10 * DAY, ban("DISABLE")), (12 * DAY, ban("REINSTATE"))];
    report_of(&daily(&counts), &Settings::default(), &told(events))
}

#[test]
fn wrm_06_allows_a_quarter_of_the_usual_day_for_a_week() {
    let found = recovery(&[40; 10], &[11]);
    let found = finding(&found, RuleId::Wrm06);
    assert_eq!((found.severity, found.messages), (Severity::High, 11));
    assert_eq!((found.subject.kind, found.subject.day.as_deref()), (SubjectKind::Number, Some("2026-09-13")));
    assert_eq!((found.figures["usual"], found.figures["share"]), (Figure::Value(40.0), Figure::Value(0.275)));
    assert_eq!(state(&recovery(&[40; 10], &[10, 10]), RuleId::Wrm06), RuleState::Clear);
    assert_eq!(findings(&recovery(&[40; 10], &[10, 11, 12]), RuleId::Wrm06).len(), 2);
    assert_eq!(state(&recovery(&[40; 10], &[0, 0, 0, 0, 0, 0, 40]), RuleId::Wrm06), RuleState::Finding);
    assert_eq!(state(&recovery(&[40; 10], &[0, 0, 0, 0, 0, 0, 0, 40]), RuleId::Wrm06), RuleState::Clear);
}

#[test]
fn wrm_06_needs_a_usual_day() {
    // Most days before the block were empty.
    assert_eq!(state(&recovery(&[40, 40], &[40]), RuleId::Wrm06), RuleState::InsufficientData);
    // Six days are too few.
    assert_eq!(
        state(&recovery(&[0, 0, 0, 0, 40, 40, 40, 40, 40, 40], &[40]), RuleId::Wrm06),
        RuleState::InsufficientData
    );
    assert_eq!(state(&recovery(&[0, 0, 0, 40, 40, 40, 40, 40, 40, 40], &[40]), RuleId::Wrm06), RuleState::Finding);
    assert_eq!(state(&report_of(&daily(&[40]), &Settings::default(), &told([])), RuleId::Wrm06), RuleState::Clear);
    assert_eq!(state(&report(&daily(&[40])), RuleId::Wrm06), RuleState::NotFed);
}

/// 60 people were reached at T0; a campaign for `size` more is to start later.
fn planned(size: Option<u64>, start: i64, limit: Option<u64>, others: &[(i64, u64)]) -> Report {
    let campaign = |(start, size): (i64, Option<u64>)| DeclaredCampaign {
        id: Some(format!("sale-{start}")),
        start: T0 + start,
        size,
        ..DeclaredCampaign::default()
    };
    let all = [(start, size)].into_iter().chain(others.iter().map(|(start, size)| (*start, Some(*size))));
    let surroundings = Surroundings {
        messaging_limit: limit,
        campaigns: Some(all.map(campaign).collect()),
        ..Surroundings::default()
    };
    let people: Vec<Person> = (0..60).map(|_| person([promo(0)])).collect();
    judged(&people, &surroundings)
}

#[test]
fn lim_02_adds_a_plan_to_the_last_24_hours() {
    let found = planned(Some(41), HOUR, Some(100), &[]);
    let found = finding(&found, RuleId::Lim02);
    assert_eq!((found.severity, found.recipients), (Severity::High, 41));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Campaign, Some("sale-3600000000")));
    assert_eq!((found.figures["reached"], found.figures["excess"]), (Figure::Count(101), Figure::Count(1)));
    let at = |size: u64, start: i64| state(&planned(Some(size), start, Some(100), &[]), RuleId::Lim02);
    assert_eq!(at(40, HOUR), RuleState::Clear);
    // A day later the people of T0 no longer count.
    assert_eq!(at(41, DAY), RuleState::Finding);
    assert_eq!((at(100, DAY + 1), at(101, DAY + 1)), (RuleState::Clear, RuleState::Finding));
    // A plan for the time before the period is over.
    assert_eq!(at(500, -1), RuleState::Clear);
}

#[test]
fn lim_02_adds_the_other_plans_of_the_day() {
    let with = |others: &[(i64, u64)]| state(&planned(Some(30), 3 * DAY, Some(100), others), RuleId::Lim02);
    assert_eq!(with(&[(2 * DAY + 1, 71)]), RuleState::Finding);
    assert_eq!(with(&[(2 * DAY + 1, 70)]), RuleState::Clear);
    assert_eq!(with(&[(2 * DAY, 71)]), RuleState::Clear, "24 hours before");
}

#[test]
fn lim_02_leaves_campaigns_that_have_begun_to_what_they_did() {
    let campaign =
        |id: &str| DeclaredCampaign { id: Some(id.into()), start: T0, size: Some(500), ..DeclaredCampaign::default() };
    let of = |campaigns: Vec<DeclaredCampaign>| {
        let surroundings =
            Surroundings { messaging_limit: Some(100), campaigns: Some(campaigns), ..Surroundings::default() };
        state(&judged(&[person([promo(0).campaign(1)])], &surroundings), RuleId::Lim02)
    };
    assert_eq!(of(vec![campaign("campaign-1")]), RuleState::Clear);
    assert_eq!(of(vec![campaign("campaign-2")]), RuleState::Finding);
}

#[test]
fn lim_02_needs_limit_campaigns_and_sizes() {
    let of = |size: Option<u64>, limit: Option<u64>| state(&planned(size, HOUR, limit, &[]), RuleId::Lim02);
    assert_eq!(of(Some(500), None), RuleState::NotFed);
    assert_eq!(of(Some(500), Some(u64::MAX)), RuleState::Clear);
    assert_eq!(of(None, Some(100)), RuleState::InsufficientData);
    let without = Surroundings { messaging_limit: Some(10), ..Surroundings::default() };
    assert_eq!(state(&judged(&[person([promo(0)])], &without), RuleId::Lim02), RuleState::NotFed);
    assert_eq!(promo(0).outcome(Outcome::Sent).send.outcome, Outcome::Sent);
}
