//! What explains bad outcomes.

use audit::{Inbound, NO_NAME, Settings};
use domain::traffic::{Attribution, BadOutcome, Dimension, Factor, Profile, Report};

use crate::traffic::*;

fn of(report: &Report, outcome: BadOutcome) -> Option<&Attribution> {
    report.attribution.iter().find(|attribution| attribution.outcome == outcome)
}

fn named(factor: &Factor) -> (Dimension, Option<&str>) {
    (factor.dimension, factor.value.as_deref())
}

/// So many messages of a list and a template, of which so many failed with a code.
fn batch(list: u32, template: u32, sent: i64, failed: i64, code: u32) -> Person {
    person((0..sent).map(move |n| {
        let id = format!("{list}.{template}.{n}");
        let message = promo(n * 7 % 24 * HOUR).list(list).template(template).named(&id);
        if n < failed { message.failed(code) } else { message }
    }))
}

#[test]
fn a_template_explains_its_failures_and_the_list_that_got_it_falls_out() {
    // Template 2 fails in a tenth of all lists; list 1 gets it three times out of four, list 2 once.
    let people = [
        batch(1, 2, 3_000, 300, 132_012),
        batch(1, 3, 1_000, 2, 132_012),
        batch(2, 2, 1_000, 100, 132_012),
        batch(2, 3, 3_000, 6, 132_012),
    ];
    let report = report(&people);
    let found = of(&report, BadOutcome::Template).unwrap();
    assert_eq!((found.cases, found.messages), (408, 8_000));
    assert_eq!(found.factors.iter().map(named).collect::<Vec<_>>(), [(Dimension::Template, Some("template_2/it"))]);
    let factor = &found.factors[0];
    assert_eq!((factor.messages, factor.cases), (4_000, 400));
    assert!((factor.lift.unwrap() - 50.0).abs() < 1e-9 && factor.p_value < 1e-50 && factor.q_value < 1e-40);
    let adjusted = factor.adjusted.unwrap();
    assert_eq!(adjusted.within, Dimension::List);
    assert!(adjusted.odds_ratio.unwrap() > 50.0 && adjusted.lower_bound > 20.0, "{adjusted:?}");
}

#[test]
fn what_always_comes_together_stays_together() {
    let people = [batch(1, 2, 500, 100, 131_026), batch(2, 3, 2_000, 20, 131_026)];
    let report = report(&people);
    let found = of(&report, BadOutcome::Recipient).unwrap();
    let named: Vec<_> = found.factors.iter().map(named).collect();
    assert!(named.contains(&(Dimension::List, Some("list-1"))), "{named:?}");
    assert!(named.contains(&(Dimension::Template, Some("template_2/it"))), "{named:?}");
    assert!(found.factors.iter().all(|factor| factor.adjusted.is_none()), "{found:?}");
}

#[test]
fn countries_hours_numbers_and_campaigns_explain_too() {
    let good = || batch(0, 2, 2_000, 20, 131_026);
    let bad = |change: fn(Message) -> Message, recipient: &str| {
        let messages = (0..300).map(|n| {
            let message = promo(n * 7 % 24 * HOUR).template(2).list(0).named(&format!("bad {n}"));
            change(if n % 3 == 0 { message.failed(131_026) } else { message })
        });
        let report = report(&[good(), person(messages).at(recipient)]);
        of(&report, BadOutcome::Recipient)
            .unwrap()
            .factors
            .iter()
            .map(|factor| (factor.dimension, factor.value.clone().unwrap_or_default()))
            .next()
            .unwrap()
    };
    let italian = "393331234567";
    assert_eq!(bad(|message| message, "351912345678"), (Dimension::Country, "PT".to_owned()));
    assert_eq!(bad(|message| message.number(2), italian), (Dimension::Number, "1052".to_owned()));
    assert_eq!(bad(|message| message.campaign(3), italian), (Dimension::Campaign, "campaign-3".to_owned()));
    let night = |message: Message| message.with(|send| send.sent_at = T0 + 3 * DAY + 3 * HOUR + 59 * 60 * SECOND);
    assert_eq!(bad(night, italian), (Dimension::Hour, "03".to_owned()));
}

#[test]
fn a_factor_needs_a_hundred_messages_and_more_than_chance() {
    let bad = |sent: i64| report(&[batch(1, 2, sent, sent, 131_026), batch(2, 2, 1_000, 10, 131_026)]);
    let lists = |report: &Report| {
        let factors = of(report, BadOutcome::Recipient).map(|found| found.factors.clone()).unwrap_or_default();
        factors.into_iter().filter(|factor| factor.dimension == Dimension::List).count()
    };
    assert_eq!((lists(&bad(99)), lists(&bad(100))), (0, 1));
    let chance = report(&[batch(1, 2, 200, 3, 131_026), batch(2, 2, 2_000, 20, 131_026)]);
    assert_eq!(lists(&chance), 0);
    assert!(of(&report(&[batch(1, 2, 500, 0, 0)]), BadOutcome::Recipient).is_none());
}

#[test]
fn stops_are_a_bad_outcome_of_what_reached_the_person() {
    let says = |text: &'static str| Inbound { text: Some(text), ..wrote(HOUR) };
    let of_campaign = |campaign: u32, n: usize, stops: usize| {
        (0..n).map(move |who| {
            let text = if who < stops { "stop" } else { "grazie" };
            let failed = promo(2 * HOUR).campaign(campaign).failed(131_026);
            person([promo(0).campaign(campaign), failed]).writes([says(text)])
        })
    };
    let report = report(&of_campaign(1, 200, 20).chain(of_campaign(2, 2_000, 10)).collect::<Vec<_>>());
    let found = of(&report, BadOutcome::OptOut).unwrap();
    assert_eq!((found.cases, found.messages), (30, 2_200));
    assert_eq!(named(&found.factors[0]), (Dimension::Campaign, Some("campaign-1")));
    assert_eq!((found.factors[0].cases, found.factors[0].messages), (20, 200));
}

#[test]
fn what_has_no_name_is_a_part_too() {
    let people = [batch(NO_NAME, 2, 300, 90, 131_026), batch(1, 2, 2_000, 20, 131_026)];
    let report = report(&people);
    assert_eq!(named(&of(&report, BadOutcome::Recipient).unwrap().factors[0]), (Dimension::List, None));
}

#[test]
fn only_the_profile_full_explains() {
    let settings = Settings { profile: Profile::Minimum, ..Settings::default() };
    let people = [batch(1, 2, 300, 300, 131_026), batch(2, 3, 300, 0, 0)];
    assert!(report_of(&people, &settings, &inputs()).attribution.is_empty());
    assert!(!report_of(&people, &Settings::default(), &inputs()).attribution.is_empty());
}
