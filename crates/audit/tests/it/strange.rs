//! Traffic as it should not be: far-off times, clocks that jump, endless names, unknown codes, one person with a million
//! messages.

use std::time::{Duration, Instant};

use audit::{NO_NAME, Names, Replay, Settings, TemplateName};
use domain::traffic::{Category, Outcome, Report, RuleId, RuleState, Surroundings, Verdict};

use crate::traffic::*;

#[test]
fn far_off_times_are_counted_where_they_stand() {
    // 1970, 2008, two days of now, and centuries ahead.
    let times = [-T0, -18 * 365 * DAY, 0, DAY, 400 * 365 * DAY];
    let people: Vec<Person> = times.iter().map(|at| person([promo(*at), promo(*at + HOUR).failed(131_026)])).collect();
    let report = report(&people);
    assert_eq!((report.totals.messages, report.totals.counted, report.peak24h.recipients), (10, 5, 1));
    assert_eq!(report.period.from.map(|at| at.timestamp()), Some(0));
    assert_eq!(report.consent.due, 10);
    let period = report_within(&people, 0, 2 * DAY);
    assert_eq!(period.totals.messages, 4);
}

#[test]
fn the_ends_of_time_neither_overflow_nor_take_memory() {
    let times = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];
    let message = |at: i64, n: usize| promo(0).named(&format!("{at}.{n}")).with(|send| send.sent_at = at);
    let mut people = Vec::new();
    for code in [131_026, 131_049, 131_056, 132_012, 132_015, 130_429] {
        people.push(person(times.iter().map(|at| message(*at, 0).failed(code))));
    }
    people.push(person(times.iter().flat_map(|at| [message(*at, 0), message(*at, 1).free_form()])));
    let known = times.map(|at| audit::Inbound { received_at: at, ..wrote(0) });
    let agreed =
        times.map(|at| audit::Consent { effective_at: at, recorded_at: at, expires_at: Some(at), ..opt_in(0) });
    people.push(person(times.iter().map(|at| message(*at, 0))).writes(known).agrees(agreed));
    let inputs = knowing(Surroundings { campaigns: Some(vec![]), ..Surroundings::default() });
    let settings = Settings::default();
    assert_eq!(report_of(&people, &settings, &inputs).totals.messages, 54);
    let bounded = Settings { from: Some(i64::MIN), to: Some(i64::MAX), ..settings };
    assert_eq!(report_of(&people, &bounded, &inputs).totals.messages, 45);
}

#[test]
fn a_clock_that_jumps_changes_no_count() {
    // Sent, by its own clock, before the inbound that it answers; and an opt-in from the future.
    let messages = [promo(5 * DAY), promo(-300 * DAY), promo(5 * DAY).named("twin"), promo(700 * DAY)];
    let report =
        report(&[person(messages).writes([wrote(5 * DAY), wrote(-300 * DAY + 1)]).agrees([opt_in(600 * DAY)])]);
    assert_eq!((report.totals.messages, report.totals.in_window), (4, 2));
    let verdicts: Vec<(Verdict, u64)> =
        report.consent.by_verdict.iter().map(|figures| (figures.verdict, figures.messages)).collect();
    assert_eq!(verdicts, [(Verdict::Valid, 1), (Verdict::None, 1)]);
}

#[test]
fn names_of_512_letters_are_kept_whole() {
    let long = "n".repeat(512);
    let names = Names {
        numbers: vec!["1050".into()],
        templates: vec![TemplateName { name: long.clone(), language: "it".into() }],
        lists: vec![long.clone()],
        ..Names::default()
    };
    let settings = Settings::default();
    let mut replay = Replay::new(&settings);
    for n in 0..3 {
        person([promo(n).failed(132_012)]).feed(&mut replay);
    }
    let report = audit::report(&replay.finish(), &names, &inputs(), &settings);
    assert_eq!(report.templates[0].name, long);
    assert_eq!(finding(&report, RuleId::Tpl09).subject.id, Some(format!("{long}/it")));
    assert_eq!(finding(&report, RuleId::Con01).subject.id, Some(long));
}

#[test]
fn unknown_codes_and_categories_are_kept_and_shown() {
    let report = report(&[person([
        promo(0).failed(999_999),
        promo(1).failed(u32::MAX),
        promo(2).failed(0),
        promo(3).outcome(Outcome::Failed),
        promo(4).category(Category::Unknown),
    ])]);
    let codes: Vec<u32> = report.templates[0].errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, [0, 999_999, u32::MAX]);
    assert_eq!((report.templates[0].failed, report.templates[0].sent), (4, 5));
    assert_eq!(report.consent.due, 4, "what an unknown category needs is unknown");
    let totals = report.totals;
    assert_eq!((totals.unknown_category, totals.unknown_error), (1, 2), "0 is a code of Meta's, and none is no code");
    assert_eq!(state(&report, RuleId::Tpl01), RuleState::InsufficientData);
}

#[test]
fn names_that_are_missing_are_no_names() {
    let bare = promo(0).with(|send| {
        (send.template, send.template_name, send.list, send.campaign) = (NO_NAME, NO_NAME, NO_NAME, NO_NAME);
        send.number = NO_NAME;
    });
    let report = report(&[person([bare.clone().failed(132_012).named("a"), bare.failed(130_429)])]);
    assert_eq!((report.totals.messages, report.templates.len()), (2, 0));
}

/// One person with `n` messages, each refused, over many templates and numbers, and as many inbound and consents.
fn hot(n: i64) -> Person {
    let codes = [131_049, 131_056, 131_026, 131_047, 132_000, 130_429];
    let message = |k: i64| {
        let message = promo(k).named(&k.to_string()).template(2 + (k % 38) as u32).number((k % 4) as u32);
        let message = message.failed(codes[(k / 7 % 6) as usize]);
        if k % 11 == 0 { message.free_form() } else { message }
    };
    let inbound = (0..n).map(|k| wrote(k * 3));
    let consents = (0..n).map(|k| if k % 2 == 0 { opt_in(k) } else { opt_out(k) });
    person((0..n).map(message)).writes(inbound).agrees(consents)
}

fn audited(person: &Person) -> (Report, Duration) {
    let settings = Settings::default();
    let inputs = knowing(Surroundings { campaigns: Some(vec![]), ..Surroundings::default() });
    let started = Instant::now();
    let report = report_of(std::slice::from_ref(person), &settings, &inputs);
    (report, started.elapsed())
}

#[test]
fn one_person_with_a_million_messages_takes_no_longer_than_a_million_people() {
    let (report, took) = audited(&hot(1_000_000));
    assert_eq!((report.totals.messages, report.totals.recipients), (1_000_000, 1));
    assert_eq!(report.flooding.day_messages, report.flooding.week_messages + 3);
    // Without optimisation this takes seconds. A pass that looks at every message for every message would take days, and
    // one that looks at every template for every message several minutes.
    assert!(took < Duration::from_secs(100), "{took:?}");
}
