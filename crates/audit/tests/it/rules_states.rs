//! States: a rule without its data is not fed, never clear.

use audit::{Fed, Inputs, Settings};
use domain::traffic::{Category, Profile, RULES, RuleId, RuleState, Surroundings};

use crate::traffic::*;

fn states(fed: Fed) -> Vec<(RuleId, RuleState)> {
    let people = [person([promo(0), promo(1)]).agrees([opt_in(-1)])];
    let report = report_of(&people, &Settings::default(), &Inputs { fed, ..inputs() });
    report.rules.iter().map(|result| (result.rule, result.state)).collect()
}

#[test]
fn without_messages_nothing_is_fed() {
    let fed = Fed { inbound: true, consents: true, ..Fed::default() };
    assert!(states(fed).iter().all(|(_, state)| *state == RuleState::NotFed));
}

#[test]
fn a_rule_without_its_source_is_not_fed() {
    let messages = Fed { messages: true, ..Fed::default() };
    let fed = |fed: Fed| -> Vec<RuleId> {
        states(fed).into_iter().filter(|(_, state)| *state != RuleState::NotFed).map(|(rule, _)| rule).collect()
    };
    let alone = fed(messages);
    for rule in [
        RuleId::Lst02,
        RuleId::Lst03,
        RuleId::Tpl01,
        RuleId::Tpl09,
        RuleId::Vol04,
        RuleId::Vol05,
        RuleId::Qlt02,
        RuleId::Eng01,
        RuleId::Eng03,
    ] {
        assert!(alone.contains(&rule), "{rule} needs messages only");
    }
    for rule in
        [RuleId::Con01, RuleId::Con06, RuleId::Con08, RuleId::Con10, RuleId::Win01, RuleId::Lim01, RuleId::Lst06]
    {
        assert!(!alone.contains(&rule), "{rule} needs more than messages");
    }
    let inbound = fed(Fed { inbound: true, ..messages });
    assert!(inbound.contains(&RuleId::Win01) && !inbound.contains(&RuleId::Con01));
    let consents = fed(Fed { consents: true, ..messages });
    assert!(!consents.contains(&RuleId::Con01), "without inbound nobody knows which sends are due");
    assert!(consents.contains(&RuleId::Con08), "the ledger is enough");
    let all = fed(Fed { inbound: true, consents: true, ..messages });
    assert!(all.contains(&RuleId::Win03));
    assert!(!all.contains(&RuleId::Lim01), "the messaging limit is not known");
    assert!(!all.contains(&RuleId::Lst06), "nobody told whom a former provider suppressed");
    assert!(all.contains(&RuleId::Con01) && all.contains(&RuleId::Con10));
    assert!(!all.contains(&RuleId::Tpl05), "the contents of templates are not known");
}

#[test]
fn inbound_without_texts_cannot_tell_who_said_stop() {
    let people = [person([promo(0)]).writes([wrote(1)])];
    assert_eq!(state(&report(&people), RuleId::Eng02), RuleState::NotFed);
}

#[test]
fn without_sends_in_the_period_nothing_is_clear() {
    let report = report_within(&[person([promo(0)])], DAY, 2 * DAY);
    let judged = report.rules.iter().filter(|result| result.state != RuleState::NotFed);
    assert!(judged.clone().count() > 0);
    assert!(judged.into_iter().all(|result| result.state == RuleState::InsufficientData));
}

#[test]
fn a_rule_passes_nobody_without_a_message_that_it_judges() {
    let surroundings = Surroundings { messaging_limit: Some(100), events: Some(vec![]), ..Surroundings::default() };
    let states = |messages: Vec<Message>, rules: &[RuleId]| -> Vec<RuleState> {
        let people = [person(messages).writes([wrote(0)]).agrees([opt_in(-DAY)])];
        let report = report_of(&people, &Settings::default(), &knowing(surroundings.clone()));
        rules.iter().map(|rule| state(&report, *rule)).collect()
    };
    let judged = |messages: &dyn Fn() -> Vec<Message>, other: Message, rules: &[RuleId]| {
        assert_eq!(states(messages(), rules), vec![RuleState::InsufficientData; rules.len()], "{rules:?}");
        let with = messages().into_iter().chain([other]).collect();
        assert_eq!(states(with, rules), vec![RuleState::Clear; rules.len()], "{rules:?}");
    };
    // In the window nothing is due or counted, and a code is neither marketing nor free text.
    let codes = || vec![promo(1).category(Category::Authentication), promo(2).category(Category::Authentication)];
    let due = [RuleId::Con01, RuleId::Con02, RuleId::Con03, RuleId::Con07, RuleId::Con09, RuleId::Lim01];
    judged(&codes, promo(2 * DAY), &due);
    judged(&codes, promo(3).free_form(), &[RuleId::Win01]);
    judged(&codes, promo(3), &[RuleId::Win03]);
    let talk = || vec![promo(1).free_form()];
    judged(&talk, promo(2), &[RuleId::Tpl02, RuleId::Vol05]);
}

#[test]
fn the_profile_names_the_rules() {
    let run = |profile: Profile| {
        let settings = Settings { profile, ..Settings::default() };
        let report = report_of(&[person([promo(0)])], &settings, &inputs());
        report.rules.iter().map(|result| result.rule).collect::<Vec<_>>()
    };
    assert_eq!(run(Profile::Full).len(), RULES.len());
    let minimum = run(Profile::Minimum);
    assert_eq!(minimum.len(), RULES.iter().filter(|spec| spec.in_minimum).count());
    assert!(!minimum.contains(&RuleId::Vol04) && !minimum.contains(&RuleId::Lst05));
    assert!(minimum.contains(&RuleId::Tpl03) && minimum.contains(&RuleId::Ops01));
    assert!(minimum.is_sorted_by_key(|rule| rule.as_str()));
}

#[test]
fn a_result_is_provisional_for_seven_days() {
    let provisional = |as_of: Option<i64>| {
        let people = [person([promo(0)])];
        let settings = Settings { from: Some(T0), to: Some(T0 + DAY), ..Settings::default() };
        report_of(&people, &settings, &Inputs { as_of, ..inputs() }).rules[0].provisional
    };
    assert!(provisional(Some(T0 + 8 * DAY - 1)));
    assert!(!provisional(Some(T0 + 8 * DAY)));
    assert!(provisional(None));
}

#[test]
fn findings_come_worst_first_and_samples_are_bounded() {
    let people: Vec<Person> = (0..50_i64).map(|n| person([promo(n), promo(n + DAY).free_form()])).collect();
    let report = report(&people);
    assert!(report.findings.is_sorted_by(|one, next| one.severity >= next.severity));
    let found = finding(&report, RuleId::Con01);
    assert_eq!((found.messages, found.sample.len()), (50, 20));
    assert!(found.sample.is_sorted_by_key(|message| message.sent_at));
    let json = serde_json::to_string(&report).unwrap();
    assert!(!json.contains("393331234567"), "no recipient in clear");
    assert!(json.contains("39333…67"));
}

#[test]
fn a_final_report_that_counts_no_days_holds_for_good() {
    use domain::traffic::{PlatformEventKind, Thresholds};
    let at = |days: i64, events: Vec<(i64, PlatformEventKind)>| {
        let settings = Settings { from: Some(T0), to: Some(T0 + DAY), ..Settings::default() };
        let inputs = Inputs { as_of: Some(T0 + days * DAY), ..told(events) };
        report_of(&[person([promo(0)])], &settings, &inputs)
    };
    let holds = |report: &domain::traffic::Report| audit::still_holds(report, &Thresholds::default());
    assert!(!holds(&at(7, vec![])), "webhooks may still come");
    assert!(holds(&at(8, vec![])));
    assert_eq!(at(8, vec![]), at(800, vec![]));
    let violation = || vec![(0, PlatformEventKind::Violation { violation: "SPAM".into() })];
    assert!(!holds(&at(8, violation())), "the days left for an appeal are counted");
    assert_ne!(at(8, violation()), at(9, violation()));
    let mut slow = Thresholds::default();
    slow.silence.settle_minutes = 8 * 24 * 60;
    assert!(!audit::still_holds(&at(8, vec![]), &slow));
    assert!(!holds(&domain::traffic::Report { release: "0.0.0".into(), ..at(8, vec![]) }));
}
