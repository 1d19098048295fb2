//! Rules about contact lists: both sides of each threshold.

use audit::{Inbound, Inputs, NO_NAME, Settings};
use domain::traffic::{Category, DeclaredCampaign, Figure, Profile, Report, RuleId, RuleState, Severity, Surroundings};

use crate::traffic::*;

/// One person got so many messages of a list, the first of which failed with a code.
fn list(list: u32, sent: i64, failed: i64, code: u32) -> Person {
    person((0..sent).map(move |n| {
        let message = promo(n).list(list).named(&format!("{list}.{n}"));
        if n < failed { message.failed(code) } else { message }
    }))
}

#[test]
fn lst_03_finds_a_list_that_fails_twice_as_often() {
    let bad = |failed: i64| report(&[list(1, 200, failed, 131_026), list(2, 2_000, 100, 131_026)]);
    assert_eq!(state(&bad(19), RuleId::Lst03), RuleState::Clear);
    let found = bad(20);
    let found = finding(&found, RuleId::Lst03);
    assert_eq!((found.severity, found.messages, found.sample.len()), (Severity::High, 20, 20));
    assert_eq!(found.subject.id.as_deref(), Some("list-1"));
    assert_eq!(
        (found.figures["failureRate"], found.figures["failureRestRate"]),
        (Figure::Value(0.1), Figure::Value(0.05))
    );
    assert_eq!(found.figures["failureLift"], Figure::Value(2.0));
}

#[test]
fn lst_03_needs_a_hundred_messages_and_more_than_chance() {
    let small = |sent: i64| state(&report(&[list(1, sent, sent, 131_026), list(NO_NAME, 50, 0, 0)]), RuleId::Lst03);
    assert_eq!(small(99), RuleState::InsufficientData);
    assert_eq!(small(100), RuleState::Finding);
    // 3 of 100 against 1 %: p = 0.09.
    let few = report(&[list(1, 100, 3, 131_026), list(2, 2_000, 20, 131_026)]);
    assert_eq!(state(&few, RuleId::Lst03), RuleState::Clear);
    // A client with one list only has nothing to compare it with.
    assert_eq!(state(&report(&[list(1, 500, 400, 131_026)]), RuleId::Lst03), RuleState::InsufficientData);
}

#[test]
fn lst_03_sorts_out_chance_among_many_lists() {
    let names: u32 = 5;
    let marginal = |others: u32| {
        let mut people = vec![list(0, 100, 5, 131_026)];
        people.extend((1..=others).map(|id| list(id, 100, 1, 131_026)));
        people.push(list(NO_NAME, 1_000, 13, 131_026));
        state(&report(&people), RuleId::Lst03)
    };
    // p of 5 in 100 against 1.3 % is about 0.016: alone a finding, one of six not.
    assert_eq!(marginal(0), RuleState::Finding);
    assert_eq!(marginal(names), RuleState::Clear);
}

#[test]
fn lst_03_blames_a_list_only_for_what_speaks_of_people() {
    for code in [132_012, 131_049, 131_047, 131_000] {
        assert_eq!(state(&report(&[list(1, 300, 300, code), list(2, 300, 0, 0)]), RuleId::Lst03), RuleState::Clear);
    }
    for code in [131_026, 131_050, 130_403] {
        assert_eq!(state(&report(&[list(1, 300, 300, code), list(2, 300, 0, 0)]), RuleId::Lst03), RuleState::Finding);
    }
}

#[test]
fn lst_03_finds_a_list_whose_people_say_stop() {
    let says = |text: &'static str| Inbound { text: Some(text), ..wrote(HOUR) };
    let of_list = |list: u32, n: usize, stops: usize| {
        (0..n).map(move |who| {
            person([promo(0).list(list).campaign(0)]).writes([says(if who < stops { "stop" } else { "grazie" })])
        })
    };
    let with = |stops: usize| report(&of_list(1, 100, stops).chain(of_list(2, 1_000, 40)).collect::<Vec<_>>());
    assert_eq!(state(&with(7), RuleId::Lst03), RuleState::Clear);
    let found = with(12);
    let found = finding(&found, RuleId::Lst03);
    assert_eq!((found.messages, found.recipients, found.figures["stops"]), (12, 12, Figure::Count(12)));
    assert_eq!(found.figures["stopLift"], Figure::Value(3.0));
    assert_eq!(found.figures["failures"], Figure::Count(0));
}

#[test]
fn lst_03_belongs_to_the_profile_minimum() {
    let settings = Settings { profile: Profile::Minimum, ..Settings::default() };
    let people = [list(1, 300, 300, 131_026), list(2, 300, 0, 0)];
    assert_eq!(state(&report_of(&people, &settings, &inputs()), RuleId::Lst03), RuleState::Finding);
}

/// So many people of list 1, the first of which have this recipient.
fn numbers(n: usize, odd: usize, recipient: &str) -> Report {
    let people: Vec<Person> = (0..n)
        .map(|who| {
            let person = person([promo(0).list(1)]);
            if who < odd { person.at(recipient) } else { person }
        })
        .collect();
    report(&people)
}

#[test]
fn lst_04_needs_more_than_one_per_cent_of_a_hundred() {
    let short = "39333123";
    assert_eq!(state(&numbers(99, 99, "2101234567"), RuleId::Lst04), RuleState::InsufficientData);
    assert_eq!(state(&numbers(100, 1, "2101234567"), RuleId::Lst04), RuleState::Clear);
    let found = numbers(100, 2, "2101234567");
    let found = finding(&found, RuleId::Lst04);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Low, 2, 2));
    assert_eq!((found.figures["impossible"], found.figures["fixedLines"]), (Figure::Count(2), Figure::Count(0)));
    // Eight digits are a possible Italian number, if a short one; seven are none.
    assert_eq!(state(&numbers(100, 2, short), RuleId::Lst04), RuleState::Clear);
    assert_eq!(state(&numbers(100, 2, "3933312"), RuleId::Lst04), RuleState::Finding);
}

#[test]
fn lst_04_knows_fixed_lines_and_leaves_user_ids_alone() {
    let fixed = numbers(100, 2, "390612345678");
    assert_eq!(finding(&fixed, RuleId::Lst04).figures["fixedLines"], Figure::Count(2));
    assert_eq!(state(&numbers(100, 100, "IT.1a2b3c"), RuleId::Lst04), RuleState::Clear);
    assert_eq!(state(&numbers(100, 100, ""), RuleId::Lst04), RuleState::Clear);
}

#[test]
fn lst_04_knows_duplicates_by_what_they_cause() {
    let minute = 60 * SECOND;
    let twice = |change: &dyn Fn(Message) -> Message| {
        let people: Vec<Person> = (0..100)
            .map(|_| person([promo(0).list(1).campaign(1), change(promo(720 * minute).list(1).campaign(1))]))
            .collect();
        findings(&report(&people), RuleId::Lst04).first().map(|found| found.messages)
    };
    assert_eq!(twice(&|message| message), Some(100));
    assert_eq!(twice(&|message| message.with(|send| send.sent_at += 1)), None);
    assert_eq!(twice(&|message| message.list(2)), None);
    assert_eq!(twice(&|message| message.campaign(2)), None);
    assert_eq!(twice(&|message| message.template(2)), None);
    assert_eq!(twice(&|message| message.template(1)), Some(100), "in another language it is the same");
    assert_eq!(twice(&|message| message.category(Category::Utility)), None);
    // A first attempt that failed may be repeated.
    let retried: Vec<Person> = (0..100).map(|_| person([promo(0).list(1).failed(131_000), promo(1).list(1)])).collect();
    assert_eq!(state(&report(&retried), RuleId::Lst04), RuleState::Clear);
}

#[test]
fn lst_04_counts_what_is_unsuitable_and_a_duplicate_once() {
    let twice = |recipient: &str| person([promo(0).list(1).campaign(1), promo(1).list(1).campaign(1)]).at(recipient);
    let people: Vec<Person> = (0..98).map(|_| person([promo(0).list(1)])).collect();
    let people = [people, vec![twice("390612345678"), twice("393331234567")]].concat();
    let report = report(&people);
    let found = finding(&report, RuleId::Lst04);
    assert_eq!((found.messages, found.recipients, found.sample.len()), (3, 2, 3));
    assert_eq!((found.figures["fixedLines"], found.figures["duplicates"]), (Figure::Count(2), Figure::Count(2)));
}

#[test]
fn lst_04_knows_that_a_declared_campaign_goes_to_each_person_once() {
    let late = |declared: &str, failed: bool| {
        let first = promo(0).list(1).campaign(1);
        let first = if failed { first.failed(131_000) } else { first };
        let twice = person([first, promo(20 * DAY).list(1).campaign(1)]);
        let others = (0..99).map(|_| person([promo(0).list(1).campaign(1)]));
        let campaign = DeclaredCampaign { id: Some(declared.into()), start: T0, ..DeclaredCampaign::default() };
        let surroundings = Surroundings { campaigns: Some(vec![campaign]), ..Surroundings::default() };
        let people: Vec<Person> = others.chain([twice.clone(), twice]).collect();
        let report = report_of(&people, &Settings::default(), &knowing(surroundings));
        findings(&report, RuleId::Lst04).first().map(|found| (found.messages, found.recipients))
    };
    assert_eq!(late("campaign-1", false), Some((2, 2)));
    assert_eq!(late("campaign-2", false), None, "nobody says that it was sent once");
    assert_eq!(late("campaign-1", true), None);
}

#[test]
fn lst_04_counts_a_duplicate_within_the_period_whenever_the_first_came() {
    let people: Vec<Person> =
        (0..100).map(|_| person([promo(0).list(1).campaign(1), promo(HOUR).list(1).campaign(1)])).collect();
    let found = report_within(&people, HOUR, DAY);
    assert_eq!(finding(&found, RuleId::Lst04).figures["duplicates"], Figure::Count(100));
    assert_eq!(state(&report_within(&people, 0, HOUR), RuleId::Lst04), RuleState::Clear);
}

#[test]
fn lst_06_finds_any_message_to_the_suppressed() {
    let people = [person([promo(0).list(1)]).at("393330000001"), person([promo(0), promo(1)]).at("393330000002")];
    let with = |suppressed: Option<Vec<String>>| {
        let surroundings = Surroundings { suppressed, ..Surroundings::default() };
        report_of(&people, &Settings::default(), &Inputs { surroundings, ..inputs() })
    };
    assert_eq!(state(&with(None), RuleId::Lst06), RuleState::NotFed);
    assert_eq!(state(&with(Some(vec![])), RuleId::Lst06), RuleState::Clear);
    assert_eq!(state(&with(Some(vec!["393330000003".into()])), RuleId::Lst06), RuleState::Clear);
    let found = with(Some(vec!["393330000001".into(), "393330000003".into()]));
    let found = finding(&found, RuleId::Lst06);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Critical, 1, 1));
    assert_eq!((found.subject.id.as_deref(), found.figures["suppressed"]), (Some("list-1"), Figure::Count(2)));
}

#[test]
fn lst_07_means_the_united_states_and_nothing_else_behind_plus_one() {
    let to = |recipient: &str, category: Category| {
        report(&[person([promo(0).list(1).category(category), promo(1).free_form()]).at(recipient)])
    };
    let found = to("12125551234", Category::Marketing);
    let found = finding(&found, RuleId::Lst07);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Low, 1, 1));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("list-1"));
    assert_eq!(state(&to("12125551234", Category::Utility), RuleId::Lst07), RuleState::Clear);
    // Canada, Jamaica, Puerto Rico, a toll-free number, Italy.
    for recipient in ["14165551234", "18765551234", "17875551234", "18005551234", "393331234567"] {
        assert_eq!(state(&to(recipient, Category::Marketing), RuleId::Lst07), RuleState::Clear, "{recipient}");
    }
    assert_eq!(state(&to("US.1a2b3c", Category::Marketing), RuleId::Lst07), RuleState::Finding);
}
