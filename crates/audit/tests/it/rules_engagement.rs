//! Rules about how messages are received: both sides of each threshold.

use audit::{Inputs, Settings};
use domain::traffic::{Category, Figure, Outcome, Report, RuleId, RuleState, Severity};

use crate::traffic::*;

/// One person got so many messages of a template on a day, of which so many were read.
fn read(template: u32, day: i64, delivered: i64, read: i64) -> Person {
    person((0..delivered).map(move |n| {
        let outcome = if n < read { Outcome::Read } else { Outcome::Delivered };
        promo(day * DAY + n).template(template).named(&format!("{template}.{day}.{n}")).outcome(outcome)
    }))
}

#[test]
fn eng_01_compares_the_upper_bound_with_six_tenths_of_the_others() {
    // Others are read by half: the bound of 0.6 is 30 %. Upper bounds: 48 of 200 are 30.4 %, 47 of 200 are 29.8 %.
    let read_by = |n: i64| report(&[read(2, 0, 200, n), read(3, 0, 1_000, 500)]);
    assert_eq!(state(&read_by(48), RuleId::Eng01), RuleState::Clear);
    let low = read_by(47);
    let found = finding(&low, RuleId::Eng01);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 153, 1));
    assert_eq!(found.subject.id.as_deref(), Some("template_2/it"));
    assert_eq!((found.figures["delivered"], found.figures["read"]), (Figure::Count(200), Figure::Count(47)));
    assert_eq!(found.figures["baseRate"], Figure::Value(0.5));
}

#[test]
fn eng_01_needs_two_hundred_of_the_template_and_of_the_others() {
    let states =
        |own: i64, others: i64| state(&report(&[read(2, 0, own, 0), read(3, 0, others, others)]), RuleId::Eng01);
    assert_eq!(states(199, 199), RuleState::InsufficientData);
    assert_eq!(states(200, 199), RuleState::InsufficientData);
    assert_eq!(states(200, 200), RuleState::Finding);
    // Of another category there is nothing to compare with.
    let utility = read(3, 0, 1_000, 1_000);
    let utility = person(utility.messages.into_iter().map(|message| message.category(Category::Utility)));
    assert_eq!(state(&report(&[read(2, 0, 200, 0), utility]), RuleId::Eng01), RuleState::InsufficientData);
}

#[test]
fn eng_01_waits_until_a_day_is_24_hours_past() {
    let people = [read(2, 0, 200, 0), read(3, 0, 200, 200)];
    let at = |as_of: i64| {
        state(&report_of(&people, &Settings::default(), &Inputs { as_of: Some(T0 + as_of), ..inputs() }), RuleId::Eng01)
    };
    assert_eq!(at(2 * DAY), RuleState::Finding);
    assert_eq!(at(2 * DAY - 1), RuleState::InsufficientData);
}

#[test]
fn eng_01_takes_the_others_from_the_last_28_days() {
    let at = |day: i64| {
        let people = [read(2, day, 200, 0), read(3, 0, 200, 200)];
        let settings = Settings { from: Some(T0 + day * DAY), ..Settings::default() };
        state(&report_of(&people, &settings, &inputs()), RuleId::Eng01)
    };
    assert_eq!(at(27), RuleState::Finding);
    assert_eq!(at(28), RuleState::InsufficientData);
}

/// On each day, so many marketing messages and so many of them withheld by Meta; the period begins on day `from`.
fn withheld(days: &[(i64, i64)], from: i64) -> Report {
    let people: Vec<Person> = (0..)
        .zip(days)
        .map(|(day, (attempts, withheld))| {
            person((0..*attempts).map(move |n| {
                let message = promo(day * DAY + n).named(&format!("{day}.{n}"));
                if n < *withheld { message.failed(131_049) } else { message }
            }))
        })
        .collect();
    let settings = Settings { from: Some(T0 + from * DAY), ..Settings::default() };
    report_of(&people, &settings, &inputs())
}

#[test]
fn eng_03_needs_a_lower_bound_above_five_per_cent_of_seven_days() {
    // Lower bounds: 16 of 200 are 4.98 %, 17 of 200 are 5.4 %.
    assert_eq!(state(&withheld(&[(199, 199)], 0), RuleId::Eng03), RuleState::InsufficientData);
    assert_eq!(state(&withheld(&[(200, 16)], 0), RuleId::Eng03), RuleState::Clear);
    let found = withheld(&[(200, 17)], 0);
    let found = finding(&found, RuleId::Eng03);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 17, 1));
    assert_eq!((found.figures["attempts"], found.figures["withheld"]), (Figure::Count(200), Figure::Count(17)));
    assert_eq!(found.sample.len(), 17);
    let apart = [(100, 10), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (100, 10)];
    assert_eq!(state(&withheld(&apart, 0), RuleId::Eng03), RuleState::Finding);
    let mut further = apart.to_vec();
    further.insert(3, (0, 0));
    assert_eq!(state(&withheld(&further, 0), RuleId::Eng03), RuleState::InsufficientData);
}

#[test]
fn eng_03_sees_a_share_that_doubled() {
    let doubled = |now: i64| {
        let mut days = vec![(100, 2); 28];
        days.extend([(1_000, 0), (1_000, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1_000, now)]);
        state(&withheld(&days, 34), RuleId::Eng03)
    };
    // 2 % before; 4 % of 3,000 are 120.
    assert_eq!(doubled(119), RuleState::Clear);
    assert_eq!(doubled(120), RuleState::Finding);
}

#[test]
fn eng_03_looks_at_marketing_only() {
    let utility = person((0..300).map(|n| promo(n).category(Category::Utility).failed(131_049)));
    assert_eq!(state(&report(&[utility]), RuleId::Eng03), RuleState::InsufficientData);
}
