//! Rules about consent, templates, windows and lists: both sides of each threshold.

use audit::{Inbound, NO_NAME, Settings};
use domain::traffic::{
    Category, ConsentScope, ConsentSource, Figure, Outcome, RuleId, RuleState, Severity, SubjectKind,
};

use crate::traffic::*;

/// `n` people who got one promo of a list each, and agreed.
fn agreed(n: usize, list: u32) -> Vec<Person> {
    (0..n).map(|_| person([promo(DAY).list(list)]).agrees([opt_in(0)])).collect()
}

fn with(mut people: Vec<Person>, others: impl IntoIterator<Item = Person>) -> Vec<Person> {
    people.extend(others);
    people
}

#[test]
fn con_01_names_the_list_and_is_critical_from_one_per_cent() {
    let bought = || person([promo(0).list(1)]);
    let some = report(&with(agreed(100, 0), [bought()]));
    let found = finding(&some, RuleId::Con01);
    assert_eq!(found.severity, Severity::High);
    assert_eq!((found.subject.kind, found.subject.id.as_deref()), (SubjectKind::List, Some("list-1")));
    assert_eq!((found.messages, found.recipients, found.sample.len()), (1, 1, 1));
    assert_eq!(found.fingerprint, "CON-01/list=list-1");
    assert_eq!(found.figures["share"], Figure::Value(1.0));
    let many = report(&with(agreed(99, 0), [bought()]));
    assert_eq!(finding(&many, RuleId::Con01).severity, Severity::Critical);
    assert_eq!(state(&report(&agreed(3, 0)), RuleId::Con01), RuleState::Clear);
    let nowhere = report(&[person([promo(0).list(NO_NAME)])]);
    assert_eq!(finding(&nowhere, RuleId::Con01).subject.id, None);
}

#[test]
fn con_02_grants_no_grace_on_whatsapp_and_a_day_elsewhere() {
    let after = |age: i64, source: ConsentSource| {
        let stop = audit::Consent { source, ..opt_out(0) };
        report(&[person([promo(age)]).agrees([opt_in(-DAY), stop])])
    };
    for source in [ConsentSource::WhatsApp, ConsentSource::MetaPreference] {
        assert_eq!(state(&after(0, source), RuleId::Con02), RuleState::Clear);
        assert_eq!(finding(&after(1, source), RuleId::Con02).severity, Severity::Critical);
    }
    for source in [ConsentSource::OffChannel, ConsentSource::Absent] {
        assert_eq!(state(&after(DAY, source), RuleId::Con02), RuleState::Clear);
        assert_eq!(finding(&after(DAY + 1, source), RuleId::Con02).messages, 1);
    }
    assert_eq!(after(DAY, ConsentSource::OffChannel).consent.by_verdict[0].messages, 1);
}

#[test]
fn con_03_is_worse_for_marketing() {
    let mismatch = |category: Category, scope: ConsentScope| {
        let other = audit::Consent { scope, ..opt_in(-DAY) };
        report(&[person([promo(0).category(category)]).agrees([other])])
    };
    let marketing = mismatch(Category::Marketing, ConsentScope::Utility);
    assert_eq!(finding(&marketing, RuleId::Con03).severity, Severity::High);
    let utility = mismatch(Category::Utility, ConsentScope::Marketing);
    assert_eq!(finding(&utility, RuleId::Con03).severity, Severity::Medium);
    assert_eq!(state(&mismatch(Category::Utility, ConsentScope::All), RuleId::Con03), RuleState::Clear);
}

#[test]
fn con_04_needs_five_per_cent_without_proof() {
    let bare = || {
        let consent = audit::Consent { has_evidence: false, wording: audit::NO_NAME, ..opt_in(0) };
        person([promo(DAY)]).agrees([consent])
    };
    assert_eq!(state(&report(&with(agreed(20, 0), [bare()])), RuleId::Con04), RuleState::Clear);
    let found = report(&with(agreed(19, 0), [bare()]));
    let found = finding(&found, RuleId::Con04);
    assert_eq!((found.severity, found.messages), (Severity::Medium, 1));
    assert_eq!(found.figures["withoutEvidence"], Figure::Count(1));
    assert_eq!(found.figures["withoutSource"], Figure::Count(0));
    assert_eq!(state(&report(&[person([promo(0)])]), RuleId::Con04), RuleState::InsufficientData);
}

#[test]
fn con_07_needs_half_a_per_cent_or_a_violation() {
    let late = || {
        let consent = audit::Consent { recorded_at: T0 + 9 * DAY, ..opt_in(0) };
        person([promo(DAY)]).agrees([consent])
    };
    assert_eq!(state(&report(&with(agreed(199, 0), [late()])), RuleId::Con07), RuleState::Clear);
    let found = report(&with(agreed(198, 0), [late()]));
    assert_eq!(finding(&found, RuleId::Con07).severity, Severity::High);
    let after = |violation: i64| {
        let settings = Settings { violation_at: Some(T0 + violation), ..Settings::default() };
        state(&report_of(&with(agreed(199, 0), [late()]), &settings, &inputs()), RuleId::Con07)
    };
    assert_eq!(after(9 * DAY), RuleState::Clear);
    assert_eq!(after(9 * DAY - 1), RuleState::Finding);
}

/// One person got `sent` messages of a template, `failed` of them failed with a code of the template class.
fn template(template: u32, sent: usize, failed: usize) -> Person {
    person((0..sent).map(|n| {
        let message = promo(n as i64).template(template).named(&format!("{template}.{n}"));
        if n < failed { message.failed(132_012) } else { message }
    }))
}

#[test]
fn tpl_01_compares_with_the_other_templates() {
    let tpl = |failed: usize, sent: usize| report(&[template(2, sent, failed), template(3, 1_000, 10)]);
    // Against a base of 1 %: W(3, 100) = 1.03 %, W(2, 100) = 0.55 %.
    assert_eq!(state(&tpl(2, 100), RuleId::Tpl01), RuleState::Clear);
    let found = tpl(4, 100);
    let found = finding(&found, RuleId::Tpl01);
    assert_eq!((found.severity, found.messages), (Severity::Medium, 4));
    assert_eq!(found.subject.id.as_deref(), Some("template_2/it"));
    assert_eq!(found.figures["baseRate"], Figure::Value(0.01));
    assert_eq!(found.figures["topCode"], Figure::Count(132_012));
    let Figure::Value(probability) = found.figures["probabilityAboveBase"] else { panic!("a probability is a value") };
    assert!(probability > 0.95 && probability < 1.0, "{probability}");
    assert_eq!(finding(&tpl(5, 100), RuleId::Tpl01).severity, Severity::High);
    assert_eq!(finding(&tpl(9, 100), RuleId::Tpl01).severity, Severity::High);
    assert_eq!(finding(&tpl(10, 100), RuleId::Tpl01).severity, Severity::Critical);
}

#[test]
fn tpl_01_judges_from_a_hundred_messages_on() {
    let people = |sent: usize| [template(2, sent, 50)];
    assert_eq!(state(&report(&people(99)), RuleId::Tpl01), RuleState::InsufficientData);
    // Without other templates 5 % is the base.
    assert_eq!(finding(&report(&people(100)), RuleId::Tpl01).severity, Severity::Critical);
    assert_eq!(state(&report(&[template(2, 100, 9)]), RuleId::Tpl01), RuleState::Clear);
}

#[test]
fn tpl_01_counts_only_failures_of_the_template() {
    let bad = person((0..100).map(|n| promo(n).template(2).failed(131_026)));
    assert_eq!(state(&report(&[bad, template(3, 1_000, 0)]), RuleId::Tpl01), RuleState::Clear);
}

#[test]
fn tpl_01_forgives_chance_among_many_templates() {
    // One template alone at W > p0 is a finding; the same among thirty such tests is chance.
    let marginal = || template(2, 1_000, 17);
    let one = report(&[marginal(), template(3, 10_000, 100)]);
    assert_eq!(finding(&one, RuleId::Tpl01).severity, Severity::Medium);
    let many = (3..33).map(|id| template(id, 1_000, 10));
    assert_eq!(state(&report(&with(vec![marginal()], many)), RuleId::Tpl01), RuleState::Clear);
}

#[test]
fn tpl_01_takes_its_base_from_the_last_28_days() {
    let old = person((0..1_000).map(|n| promo(n).template(3).failed(132_012)));
    let recent = |day: i64| person((0..1_000).map(move |n| promo(day * DAY + n).template(4)));
    let suspect = |day: i64| {
        person((0..100).map(move |n| {
            let message = promo(day * DAY + n).template(2);
            if n < 5 { message.failed(132_012) } else { message }
        }))
    };
    let at = |day: i64| {
        let report = report_within(&[old.clone(), recent(day), suspect(day)], day * DAY, (day + 1) * DAY);
        findings(&report, RuleId::Tpl01).len()
    };
    assert_eq!(at(27), 0);
    assert_eq!(at(28), 1);
}

#[test]
fn win_01_is_high_from_one_per_cent_of_a_week() {
    let chat = |inside: i64, outside: i64| {
        let talk = (0..inside).map(|n| promo(n).free_form());
        let cold = (0..outside).map(|n| promo(n).free_form().number(1).named(&format!("cold {n}")));
        report(&[person(talk.chain(cold)).writes([wrote(0)])])
    };
    assert_eq!(state(&chat(50, 0), RuleId::Win01), RuleState::Clear);
    let low = chat(100, 1);
    assert_eq!(finding(&low, RuleId::Win01).severity, Severity::Low);
    assert_eq!(finding(&low, RuleId::Win01).breakdown[0].subject.id.as_deref(), Some("1051"));
    assert_eq!(finding(&chat(99, 1), RuleId::Win01).severity, Severity::High);
    // Too few to say more than that it happened.
    assert_eq!(finding(&chat(90, 9), RuleId::Win01).severity, Severity::Low);
    assert_eq!(finding(&chat(90, 9), RuleId::Win01).messages, 9);
}

#[test]
fn win_01_looks_at_seven_days_together() {
    let spread = |step: i64| {
        let talk = (0..100_i64).map(|n| promo((n / 50) * step + n).free_form());
        report(&[person(talk)])
    };
    assert_eq!(finding(&spread(6 * DAY), RuleId::Win01).severity, Severity::High);
    assert_eq!(finding(&spread(7 * DAY), RuleId::Win01).severity, Severity::Low);
}

#[test]
fn lst_01_counts_resends_by_list() {
    let fail = |after: i64| promo(after).failed(131_026);
    let found = report(&[person([fail(0), fail(DAY), promo(2 * DAY).list(3)])]);
    let found = finding(&found, RuleId::Lst01);
    assert_eq!((found.severity, found.messages, found.recipients), (Severity::Medium, 1, 1));
    assert_eq!(found.breakdown[0].subject.id.as_deref(), Some("list-3"));
    assert_eq!(state(&report(&[person([fail(0), fail(DAY)])]), RuleId::Lst01), RuleState::Clear);
}

#[test]
fn lst_02_judges_lists_by_their_lower_bound() {
    let list = |sent: i64, failed: i64| {
        report(&[person((0..sent).map(|n| if n < failed { promo(n).failed(131_026) } else { promo(n) }))])
    };
    // W(17, 200) = 5.38 %, W(16, 200) = 4.98 %; W(30, 200) = 10.7 %, W(28, 200) = 9.86 %.
    assert_eq!(state(&list(200, 16), RuleId::Lst02), RuleState::Clear);
    assert_eq!(finding(&list(200, 17), RuleId::Lst02).severity, Severity::Medium);
    assert_eq!(finding(&list(200, 28), RuleId::Lst02).severity, Severity::Medium);
    assert_eq!(finding(&list(200, 30), RuleId::Lst02).severity, Severity::High);
    assert_eq!(state(&list(199, 199), RuleId::Lst02), RuleState::InsufficientData);
}

#[test]
fn lst_05_needs_more_than_a_fifth_dead() {
    let dead = || person((0..5).map(promo));
    let alive = || person((0..5).map(|n| promo(n).outcome(Outcome::Read)));
    let people = |living: usize| report(&with(vec![dead()], std::iter::repeat_with(alive).take(living)));
    assert_eq!(state(&people(4), RuleId::Lst05), RuleState::Clear);
    let found = people(3);
    assert_eq!(
        (finding(&found, RuleId::Lst05).severity, finding(&found, RuleId::Lst05).recipients),
        (Severity::Low, 1)
    );
    assert_eq!(state(&report(&[person([promo(0)])]), RuleId::Lst05), RuleState::InsufficientData);
}

fn says(text: &'static str, after: i64) -> Inbound<'static> {
    Inbound { text: Some(text), ..wrote(after) }
}

/// `reached` people got a campaign, `stops` of them said stop.
fn campaign(reached: usize, stops: usize) -> Vec<Person> {
    (0..reached)
        .map(|n| person([promo(0).campaign(1)]).writes([says(if n < stops { " Stop " } else { "grazie" }, HOUR)]))
        .collect()
}

#[test]
fn eng_02_rises_with_the_rate() {
    let severity = |stops: usize| {
        let report = report(&campaign(1_000, stops));
        findings(&report, RuleId::Eng02).first().map(|found| found.severity)
    };
    assert_eq!(severity(9), None);
    assert_eq!(severity(10), Some(Severity::Medium));
    assert_eq!(severity(19), Some(Severity::Medium));
    assert_eq!(severity(20), Some(Severity::High));
    assert_eq!(severity(30), Some(Severity::Critical));
    let found = report(&campaign(1_000, 10));
    let found = finding(&found, RuleId::Eng02);
    assert_eq!(found.subject.id.as_deref(), Some("campaign-1"));
    assert_eq!((found.messages, found.figures["reached"]), (10, Figure::Count(1_000)));
}

#[test]
fn eng_02_believes_small_campaigns_by_their_lower_bound() {
    // W(4, 100) = 1.57 %; W(2, 100) = 0.55 %.
    assert_eq!(finding(&report(&campaign(100, 4)), RuleId::Eng02).severity, Severity::Medium);
    assert_eq!(state(&report(&campaign(100, 2)), RuleId::Eng02), RuleState::InsufficientData);
    assert_eq!(state(&report(&campaign(500, 4)), RuleId::Eng02), RuleState::Clear);
    assert_eq!(state(&report(&campaign(500, 5)), RuleId::Eng02), RuleState::Finding);
}

#[test]
fn eng_02_lays_a_stop_to_the_last_delivered_marketing_of_three_days() {
    let one = |person: Person| {
        let mut people = campaign(10, 0);
        people.push(person);
        let report = report(&people);
        findings(&report, RuleId::Eng02)
            .iter()
            .map(|found| found.subject.id.clone().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let sent = || promo(0).campaign(2);
    assert_eq!(one(person([sent()]).writes([says("STOP", 3 * DAY)])), ["campaign-2"]);
    assert!(one(person([sent()]).writes([says("STOP", 3 * DAY + 1)])).is_empty());
    assert_eq!(one(person([sent()]).writes([says("STOP", 0)])), ["campaign-2"]);
    assert!(one(person([sent()]).writes([says("STOP", -1)])).is_empty());
    assert!(one(person([sent().failed(131_049)]).writes([says("STOP", 1)])).is_empty());
    assert!(one(person([sent()]).writes([says("please stop", 1)])).is_empty());
    let later = promo(HOUR).campaign(3);
    assert_eq!(one(person([sent(), later]).writes([says("STOP", 2 * HOUR)])), ["campaign-3"]);
    // Meta's own switch says stop too, through the ledger.
    let preference = audit::Consent { source: ConsentSource::MetaPreference, ..opt_out(HOUR) };
    assert_eq!(one(person([sent()]).agrees([preference])), ["campaign-2"]);
    // A person counts once.
    let insistent = person([sent()]).writes([says("STOP", 1), says("basta", 2)]).agrees([preference]);
    let mut people = campaign(10, 0);
    people.push(insistent);
    assert_eq!(finding(&report(&people), RuleId::Eng02).messages, 1);
}
