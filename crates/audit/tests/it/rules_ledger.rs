//! Rules about the ledger: age, origin, bulk and coverage of consents; both sides of each threshold.

use audit::{Consent, Inputs, Settings};
use domain::traffic::{
    Category, ClientFacts, ConsentSource, CoverageThresholds, Figure, Report, RuleId, RuleState, Severity, SubjectKind,
    Surroundings, Thresholds, Wording,
};

use crate::traffic::*;

#[test]
fn con_06_is_high_for_what_has_ended() {
    let until = |end: i64| {
        let consent = Consent { expires_at: Some(T0 + end), ..opt_in(-DAY) };
        report(&[person([promo(0)]).agrees([consent])])
    };
    assert_eq!(state(&until(1), RuleId::Con06), RuleState::Clear);
    let ended = until(0);
    let found = finding(&ended, RuleId::Con06);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::High, 1, 1));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::List, Some("list-0")));
    assert_eq!((found.figures["expired"], found.figures["stale"]), (Figure::Count(1), Figure::Count(0)));
    assert_eq!(found.sample.len(), 1);
}

#[test]
fn con_06_is_low_for_what_nobody_confirmed_in_two_years() {
    let stale = |age: i64, category: Category, wrote_at: Option<i64>| {
        let person = person([promo(0).category(category)])
            .agrees([Consent { scope: domain::traffic::ConsentScope::All, ..opt_in(-age) }]);
        state(&report(&[person.writes(wrote_at.map(wrote))]), RuleId::Con06)
    };
    let years = 730 * DAY;
    assert_eq!(stale(years, Category::Marketing, None), RuleState::Clear);
    assert_eq!(stale(years + 1, Category::Marketing, None), RuleState::Finding);
    assert_eq!(stale(years + 1, Category::Utility, None), RuleState::Clear);
    // The person's last message confirms it, one after the send does not.
    assert_eq!(stale(years + 1, Category::Marketing, Some(-years)), RuleState::Clear);
    assert_eq!(stale(years + 1, Category::Marketing, Some(-years - 1)), RuleState::Finding);
    assert_eq!(stale(years + 1, Category::Marketing, Some(1)), RuleState::Finding);
    let old = report(&[person([promo(0)]).agrees([opt_in(-years - 1)])]);
    let found = finding(&old, RuleId::Con06);
    assert_eq!((found.severity, found.figures["stale"]), (Severity::Low, Figure::Count(1)));
    assert_eq!(found.figures["staleDays"], Figure::Count(730));
}

#[test]
fn con_06_needs_messages_that_need_consent() {
    let nothing_due = report(&[person([promo(0).category(Category::Service)]).agrees([opt_in(-1)])]);
    assert_eq!(state(&nothing_due, RuleId::Con06), RuleState::InsufficientData);
    assert_eq!(state(&nothing_due, RuleId::Con09), RuleState::InsufficientData);
}

/// `n` people who agreed at this time after T0.
fn agreed(n: i64, at: impl Fn(i64) -> i64) -> Vec<Person> {
    (0..n).map(|who| person([promo(DAY)]).agrees([opt_in(at(who))])).collect()
}

#[test]
fn con_08_finds_fifty_opt_ins_of_one_moment() {
    // Within a second of a middle second.
    let spread = |n: i64, step: i64| report(&agreed(n, |who| who % 3 * step));
    assert_eq!(state(&spread(49, SECOND), RuleId::Con08), RuleState::InsufficientData);
    let found = spread(50, SECOND);
    let found = finding(&found, RuleId::Con08);
    assert_eq!((found.severity, found.recipients), (Severity::Medium, 50));
    assert_eq!((found.figures["atOneMoment"], found.figures["largest"]), (Figure::Count(50), Figure::Count(50)));
    assert_eq!(state(&spread(60, 2 * SECOND), RuleId::Con08), RuleState::Clear);
    assert_eq!(state(&spread(60, 0), RuleId::Con08), RuleState::Finding);
}

#[test]
fn con_08_counts_people_by_source() {
    // One person who agrees to three purposes at once is one.
    let scopes = |who: i64| {
        use domain::traffic::ConsentScope::{Authentication, Marketing, Utility};
        let consents = [Marketing, Utility, Authentication].map(|scope| Consent { scope, ..opt_in(0) });
        let mut person = person([promo(DAY)]).agrees(consents);
        // A stop at the same moment is no opt-in.
        person.consents.push(opt_out(who * HOUR));
        person
    };
    let people: Vec<Person> = (0..49).map(scopes).chain([person([promo(DAY)]).agrees([opt_in(HOUR)])]).collect();
    assert_eq!(state(&report(&people), RuleId::Con08), RuleState::Clear);
    // Two forms of one kind are two sources.
    let by_source = |n: i64, source_name: u32| {
        (0..n).map(move |_| person([promo(DAY)]).agrees([Consent { source_name, ..opt_in(0) }]))
    };
    let mut mixed: Vec<Person> = by_source(40, 0).collect();
    mixed.extend(by_source(40, 1));
    assert_eq!(state(&report(&mixed), RuleId::Con08), RuleState::Clear);
    mixed.extend(by_source(10, 1));
    assert_eq!(finding(&report(&mixed), RuleId::Con08).recipients, 50);
}

#[test]
fn con_09_finds_what_somebody_else_collected() {
    let from = |source: ConsentSource| report(&[person([promo(0)]).agrees([Consent { source, ..opt_in(-1) }])]);
    assert_eq!(state(&from(ConsentSource::OffChannel), RuleId::Con09), RuleState::Clear);
    let bought = from(ConsentSource::of(Some("purchased")));
    let found = finding(&bought, RuleId::Con09);
    assert_eq!((found.severity, found.messages, found.sample.len()), (Severity::High, 1, 1));
    assert_eq!(found.figures["share"], Figure::Value(1.0));
    for source in ["partner", "scraped"] {
        assert_eq!(state(&from(ConsentSource::of(Some(source))), RuleId::Con09), RuleState::Finding, "{source}");
    }
    // A later opt-in of one's own decides.
    let own = [Consent { source: ConsentSource::ThirdParty, ..opt_in(-2) }, opt_in(-1)];
    assert_eq!(state(&report(&[person([promo(0)]).agrees(own)]), RuleId::Con09), RuleState::Clear);
}

/// On each day, so many due messages and so many of them without consent; the period begins on day `from`.
fn covered(days: &[(i64, i64)], from: i64) -> Report {
    let mut people = Vec::new();
    for (day, (due, bare)) in (0..).zip(days) {
        people.extend((0..*due).map(|n| {
            let person = person([promo(day * DAY + n).named(&format!("{day}.{n}"))]);
            if n < *bare { person } else { person.agrees([opt_in(-DAY)]) }
        }));
    }
    let settings = Settings { from: Some(T0 + from * DAY), ..Settings::default() };
    report_of(&people, &settings, &inputs())
}

#[test]
fn con_10_needs_99_per_cent_of_seven_days() {
    assert_eq!(state(&covered(&[(199, 199)], 0), RuleId::Con10), RuleState::InsufficientData);
    assert_eq!(state(&covered(&[(200, 2)], 0), RuleId::Con10), RuleState::Clear);
    let low = covered(&[(200, 3)], 0);
    let found = finding(&low, RuleId::Con10);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 3, 3));
    assert_eq!((found.subject.kind, found.figures["due"]), (SubjectKind::Client, Figure::Count(200)));
    assert_eq!(found.figures["coverage"], Figure::Value(0.985));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("list-0"));
    // Seven days together, not eight.
    let mut week = vec![(30, 0); 8];
    week[0] = (30, 3);
    assert_eq!(state(&covered(&week[..7], 0), RuleId::Con10), RuleState::Finding);
    assert_eq!(state(&covered(&week, 7), RuleId::Con10), RuleState::Clear);
    // A run may begin before the period.
    assert_eq!(state(&covered(&week[..7], 6), RuleId::Con10), RuleState::Finding);
}

#[test]
fn con_10_sees_a_fall_of_two_points() {
    // 28 days of full coverage, then a week with some without consent; only the fall may decide.
    let fallen = |bare: i64| {
        let mut days = vec![(100, 0); 28];
        days.extend([(100, bare); 7]);
        let mut people = Vec::new();
        for (day, (due, bare)) in (0..).zip(&days) {
            people.extend((0..*due).map(|n| {
                let person = person([promo(day * DAY + n).named(&format!("{day}.{n}"))]);
                if n < *bare { person } else { person.agrees([opt_in(-DAY)]) }
            }));
        }
        let coverage = CoverageThresholds { least_share: 0.5, ..CoverageThresholds::default() };
        let settings = Settings {
            from: Some(T0 + 28 * DAY),
            thresholds: Thresholds { coverage, ..Thresholds::default() },
            ..Settings::default()
        };
        report_of(&people, &settings, &inputs())
    };
    assert_eq!(state(&fallen(1), RuleId::Con10), RuleState::Clear);
    let found = fallen(2);
    let found = finding(&found, RuleId::Con10);
    assert_eq!(found.figures["baseCoverage"], Figure::Value(1.0));
    assert_eq!(found.figures["baseDue"], Figure::Count(2_800));
    assert_eq!(found.messages, 14);
}

#[test]
fn con_08_finds_fifty_opt_ins_from_one_address_in_ten_minutes() {
    let from = |n: i64, step: i64, address: u64| {
        let people: Vec<Person> =
            (0..n).map(|who| person([promo(DAY)]).agrees([Consent { address, ..opt_in(who * step) }])).collect();
        state(&report(&people), RuleId::Con08)
    };
    // 50 opt-ins, 12 s apart, take 588 s; 13 s apart, 637 s.
    assert_eq!(from(50, 12 * SECOND, 7 << 20), RuleState::Finding);
    assert_eq!(from(50, 13 * SECOND, 7 << 20), RuleState::Clear);
    assert_eq!(from(50, 12 * SECOND, 0), RuleState::Clear, "an unknown address is not one address");
}

fn known(wordings: Option<Vec<Wording>>, brands: &[&str]) -> Inputs {
    let brand_names = brands.iter().map(|brand| (*brand).to_owned()).collect();
    let client = Some(ClientFacts { brand_names, ..ClientFacts::default() });
    Inputs { surroundings: Surroundings { client, wordings, ..Surroundings::default() }, ..inputs() }
}

#[test]
fn con_09_compares_the_collector_and_the_name_shown_with_the_client() {
    // The tables of names have one controller, and the brand Rossi.
    let controller = names().controllers[0].clone();
    let with = |consent: Consent, brands: &[&str]| {
        let people = [person([promo(0)]).agrees([consent])];
        state(&report_of(&people, &Settings::default(), &known(None, brands)), RuleId::Con09)
    };
    let collected = Consent { controller: 0, ..opt_in(-1) };
    assert_eq!(with(collected, &[&controller]), RuleState::Clear);
    assert_eq!(with(collected, &["Another Shop"]), RuleState::Finding);
    assert_eq!(with(collected, &[]), RuleState::NotFed, "nobody told the client's names");
    let shown = Consent { brand_shown: 0, ..opt_in(-1) };
    assert_eq!(with(shown, &["ROSSI S.p.A."]), RuleState::Clear);
    assert_eq!(with(shown, &["Another Shop"]), RuleState::Finding);
    assert_eq!(with(opt_in(-1), &[]), RuleState::Clear, "the source alone tells nothing");
    let bought = Consent { source: ConsentSource::ThirdParty, ..collected };
    assert_eq!(with(bought, &[]), RuleState::Finding);
}

#[test]
fn con_05_judges_every_wording_that_was_told() {
    let version = names().wordings[0].clone();
    let text = |text: &str| {
        let wording = Wording { version: version.clone(), language: Some("it".into()), text: text.into() };
        let people = [person([promo(0)]).agrees([opt_in(-1)])];
        report_of(&people, &Settings::default(), &known(Some(vec![wording]), &["Rossi"]))
    };
    let good = text("Acconsento a ricevere messaggi promozionali su WhatsApp da Rossi.");
    assert_eq!(state(&good, RuleId::Con05), RuleState::Clear);
    let nameless = text("Acconsento a ricevere messaggi promozionali su WhatsApp.");
    let found = finding(&nameless, RuleId::Con05);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::High, 1, 1));
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::Wording, Some(version.as_str())));
    assert_eq!((found.figures["namesBusiness"], found.figures["saysAgreement"]), (Figure::Count(0), Figure::Count(1)));
    assert_eq!(found.sample.len(), 1);
    let silent = text("Rossi: novità ogni settimana.");
    assert_eq!(finding(&silent, RuleId::Con05).figures["saysAgreement"], Figure::Count(0));
}

#[test]
fn con_05_needs_wordings_and_the_client_s_names() {
    let people = [person([promo(0)]).agrees([opt_in(-1)])];
    let with = |inputs: &Inputs| state(&report_of(&people, &Settings::default(), inputs), RuleId::Con05);
    assert_eq!(with(&known(None, &["Rossi"])), RuleState::NotFed);
    assert_eq!(with(&known(Some(vec![]), &[])), RuleState::NotFed);
    assert_eq!(with(&known(Some(vec![]), &["Rossi"])), RuleState::InsufficientData);
}
