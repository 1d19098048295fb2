//! What Meta told of one of a client's accounts concerns that account: not the numbers of another, and not what is known of another.

use audit::{Inputs, Settings};
use domain::{
    enforcement::{Restriction, RestrictionType},
    traffic::{
        Category, Figure, NumberFacts, PlatformEvent, PlatformEventKind, Report, RuleId, RuleState, Severity, Subject,
        SubjectKind, Surroundings, instant_of_micros,
    },
};

use crate::traffic::*;

/// The client's two accounts: numbers 0 and 1 belong to the first, number 2 to the second; whose number 3 is nobody knows.
const FIRST: &str = "7001";
const SECOND: &str = "7002";

fn number(id: u32, account: Option<&str>) -> NumberFacts {
    NumberFacts { id: format!("105{id}"), account: account.map(str::to_owned), first_used_at: None }
}

/// Meta told this of an account, so long after T0.
type Told<'t> = (i64, Option<&'t str>, PlatformEventKind);

fn knowing_accounts<'t>(events: impl IntoIterator<Item = Told<'t>>) -> Inputs {
    let event = |(after, account, kind): Told<'t>| {
        PlatformEvent::new(instant_of_micros(T0 + after), kind).of(account.map(str::to_owned))
    };
    let numbers = vec![number(0, Some(FIRST)), number(1, Some(FIRST)), number(2, Some(SECOND)), number(3, None)];
    knowing(Surroundings {
        numbers: Some(numbers),
        events: Some(events.into_iter().map(event).collect()),
        ..Surroundings::default()
    })
}

/// One message of a number at a time, and what Meta told; the period is the first 20 days.
fn sent<'t>(number: u32, at: i64, events: impl IntoIterator<Item = Told<'t>>) -> Report {
    let settings = Settings { from: Some(T0), to: Some(T0 + 20 * DAY), ..Settings::default() };
    report_of(&[person([promo(at).number(number)])], &settings, &knowing_accounts(events))
}

fn violation(word: &str) -> PlatformEventKind {
    PlatformEventKind::Violation { violation: word.into() }
}

fn blocked(end: Option<i64>) -> PlatformEventKind {
    let restriction_type = RestrictionType::BusinessInitiatedMessaging;
    let ends_at = end.map(|after| instant_of_micros(T0 + after));
    PlatformEventKind::Restriction {
        violation: Some("SPAM".into()),
        restrictions: vec![Restriction { restriction_type, raw_type: None, ends_at }],
    }
}

fn ban(state: &str) -> PlatformEventKind {
    PlatformEventKind::Ban { state: state.into(), date: None }
}

fn template(status: &str) -> PlatformEventKind {
    PlatformEventKind::TemplateStatus {
        name: "promo".into(),
        language: "it".into(),
        status: status.into(),
        reason: None,
    }
}

fn subjects(report: &Report, rule: RuleId) -> Vec<Option<String>> {
    findings(report, rule).iter().map(|found| found.subject.id.clone()).collect()
}

#[test]
fn enf_03_forbids_the_numbers_of_the_account_and_no_others() {
    let block = |account| [(0, account, blocked(None))];
    let state_of = |number, account| state(&sent(number, DAY, block(account)), RuleId::Enf03);
    for number in [0, 1] {
        assert_eq!(state_of(number, Some(FIRST)), RuleState::Finding);
        assert_eq!(state_of(number, Some(SECOND)), RuleState::Clear);
    }
    assert_eq!((state_of(2, Some(FIRST)), state_of(2, Some(SECOND))), (RuleState::Clear, RuleState::Finding));
    assert_eq!(state_of(3, Some(FIRST)), RuleState::Clear, "nobody knows that it is of this account");
    assert_eq!(state_of(3, None), RuleState::Finding, "what names no account concerns them all");
}

#[test]
fn a_number_is_of_the_only_account_that_there_is() {
    let event = PlatformEvent::new(instant_of_micros(T0), blocked(None)).of(Some(FIRST.into()));
    let surroundings = Surroundings { events: Some(vec![event]), ..Surroundings::default() };
    let report = report_of(&[person([promo(DAY)])], &Settings::default(), &knowing(surroundings));
    assert_eq!(state(&report, RuleId::Enf03), RuleState::Finding);
}

#[test]
fn what_is_lifted_in_one_account_stands_in_the_other() {
    let lifted = || PlatformEventKind::RestrictionLifted { violation: Some("SPAM".into()), restrictions: Vec::new() };
    let both = [(0, Some(FIRST), blocked(None)), (0, Some(SECOND), blocked(None))];
    let after = |number, account| {
        let events = both.clone().into_iter().chain([(DAY, account, lifted())]);
        state(&sent(number, 2 * DAY, events), RuleId::Enf03)
    };
    assert_eq!((after(0, Some(FIRST)), after(2, Some(FIRST))), (RuleState::Clear, RuleState::Finding));
    assert_eq!((after(0, Some(SECOND)), after(2, Some(SECOND))), (RuleState::Finding, RuleState::Clear));
    assert_eq!((after(0, None), after(2, None)), (RuleState::Clear, RuleState::Clear));
}

#[test]
fn enf_01_and_02_name_the_account() {
    let told = [
        (DAY, Some(FIRST), violation("SPAM")),
        (DAY, Some(SECOND), violation("SPAM")),
        (2 * DAY, Some(SECOND), violation("SPAM")),
        (DAY, Some(SECOND), blocked(None)),
        (3 * DAY, None, violation("SPAM")),
    ];
    let report = sent(0, 0, told);
    let named = |account: &str| Some(format!("SPAM/{account}"));
    assert_eq!(subjects(&report, RuleId::Enf01), [Some("SPAM".into()), named(FIRST), named(SECOND)]);
    let times: Vec<Figure> = findings(&report, RuleId::Enf01).iter().map(|found| found.figures["times"]).collect();
    assert_eq!(times, [Figure::Count(1), Figure::Count(1), Figure::Count(2)]);
    let restricted = finding(&report, RuleId::Enf02);
    assert_eq!((restricted.severity, restricted.subject.kind), (Severity::Critical, SubjectKind::Notice));
    assert!(restricted.subject.id.as_deref().unwrap().ends_with("/7002"), "{:?}", restricted.subject);
}

#[test]
fn enf_04_follows_the_ban_of_each_account() {
    let of = |events: &[Told<'_>]| {
        let report = sent(0, 0, events.iter().cloned());
        let found = findings(&report, RuleId::Enf04);
        found.iter().map(|found| (found.subject.clone(), found.figures["reinstated"])).collect::<Vec<_>>()
    };
    let account = |id| Subject::of(SubjectKind::Account, Some(id));
    let banned = [(DAY, Some(FIRST), ban("DISABLE")), (2 * DAY, Some(SECOND), ban("SCHEDULE_FOR_DISABLE"))];
    assert_eq!(of(&banned), [(account(FIRST), Figure::Count(0)), (account(SECOND), Figure::Count(0))]);
    let [first, second] = banned.clone();
    let back = [first.clone(), second, (3 * DAY, Some(SECOND), ban("REINSTATE"))];
    assert_eq!(of(&back), [(account(FIRST), Figure::Count(0)), (account(SECOND), Figure::Count(1))]);
    // What names no account may speak of any.
    assert_eq!(of(&[first, (3 * DAY, None, ban("REINSTATE"))]), [(account(FIRST), Figure::Count(1))]);
    let unnamed = [(DAY, None, ban("DISABLE"))];
    assert_eq!(of(&unnamed), [(Subject::client(), Figure::Count(0))]);
}

#[test]
fn enf_05_does_not_take_another_account_for_a_repetition() {
    let twice = |first, then| {
        let told = [(0, first, violation("SPAM")), (10 * DAY, then, violation("SPAM"))];
        subjects(&sent(0, 0, told), RuleId::Enf05)
    };
    assert_eq!(twice(Some(FIRST), Some(SECOND)), []);
    assert_eq!(twice(Some(SECOND), Some(SECOND)), [Some("SPAM/7002".into())]);
    assert_eq!(twice(None, None), [Some("SPAM".into())]);
}

#[test]
fn wrm_06_watches_the_numbers_of_the_account_that_was_blocked() {
    // Forty people a day, but for the days of the block.
    let people: Vec<Person> = (0..40)
        .map(|_| person((0..20).filter(|day| !(10..12).contains(day)).map(|day| promo(day * DAY).number(0))))
        .collect();
    let of = |account| {
        let settings = Settings { from: Some(T0), to: Some(T0 + 20 * DAY), ..Settings::default() };
        let inputs = knowing_accounts([(10 * DAY, account, blocked(Some(12 * DAY - 1)))]);
        state(&report_of(&people, &settings, &inputs), RuleId::Wrm06)
    };
    assert_eq!(
        (of(Some(FIRST)), of(Some(SECOND)), of(None)),
        (RuleState::Finding, RuleState::Clear, RuleState::Finding)
    );
}

#[test]
fn templates_of_one_name_have_a_life_in_each_account() {
    let paused = |account| [(0, account, template("PAUSED"))];
    let tpl_02 = |number, account| state(&sent(number, HOUR, paused(account)), RuleId::Tpl02);
    assert_eq!((tpl_02(0, Some(FIRST)), tpl_02(2, Some(FIRST))), (RuleState::Finding, RuleState::Clear));
    assert_eq!((tpl_02(0, None), tpl_02(2, None)), (RuleState::Finding, RuleState::Finding));
    // One pause in each account is nobody's second.
    let each = sent(0, 0, [(0, Some(FIRST), template("PAUSED")), (DAY, Some(SECOND), template("PAUSED"))]);
    let found = finding(&each, RuleId::Tpl03);
    assert_eq!((found.severity, found.figures["pauses"]), (Severity::Medium, Figure::Count(1)));
    let same = sent(0, 0, [(0, Some(FIRST), template("PAUSED")), (DAY, Some(FIRST), template("PAUSED"))]);
    assert_eq!(finding(&same, RuleId::Tpl03).severity, Severity::High);
}

#[test]
fn tpl_04_does_not_end_the_rating_of_another_account() {
    let rating = |account, after, score: &str| {
        let (name, language, previous) = ("promo".into(), "it".into(), None);
        (after, account, PlatformEventKind::TemplateQuality { name, language, previous, score: score.into() })
    };
    let told =
        [rating(Some(FIRST), 0, "YELLOW"), rating(Some(SECOND), DAY, "GREEN"), rating(Some(FIRST), 8 * DAY, "GREEN")];
    let report = sent(0, 0, told);
    let found = finding(&report, RuleId::Tpl04);
    assert_eq!((found.severity, found.figures["yellowDays"]), (Severity::High, Figure::Value(8.0)));
}

#[test]
fn tpl_06_counts_flips_by_account() {
    let flip = |account, after, name: &str| {
        let (name, language) = (name.into(), "it".into());
        let (previous, category) = (Category::Utility, Category::Marketing);
        (after, account, PlatformEventKind::TemplateCategory { name, language, previous, category })
    };
    let worst = |one, other| {
        let report = sent(0, 0, [flip(one, 0, "early"), flip(other, DAY, "notice")]);
        findings(&report, RuleId::Tpl06).iter().map(|found| found.severity).max()
    };
    assert_eq!(worst(Some(FIRST), Some(SECOND)), Some(Severity::High));
    assert_eq!(worst(Some(FIRST), Some(FIRST)), Some(Severity::Critical));
}

#[test]
fn tpl_06_is_critical_in_the_account_that_abuses() {
    let flip = |account, after| {
        let (name, language) = ("notice".into(), "it".into());
        let (previous, category) = (Category::Utility, Category::Marketing);
        (after, account, PlatformEventKind::TemplateCategory { name, language, previous, category })
    };
    let abuse = |account| (DAY, account, violation("UTILITY_TEMPLATE_ABUSE"));
    let found = |of_flip, of_abuse| {
        let report = sent(0, 0, [flip(of_flip, DAY), abuse(of_abuse)]);
        let found = findings(&report, RuleId::Tpl06);
        found.iter().map(|found| (found.subject.kind, found.severity)).collect::<Vec<_>>()
    };
    let (client, template) = (SubjectKind::Client, SubjectKind::Template);
    assert_eq!(found(Some(FIRST), Some(FIRST)), [(template, Severity::Critical)]);
    assert_eq!(found(Some(FIRST), None), [(template, Severity::Critical)], "it may be this one");
    // Abuse of one account says nothing of the other's template, and is told all the same.
    assert_eq!(found(Some(FIRST), Some(SECOND)), [(client, Severity::Critical), (template, Severity::High)]);
    // Of a name that both have, the worst.
    let both = sent(0, 0, [flip(Some(FIRST), DAY), flip(Some(SECOND), 2 * DAY), abuse(Some(SECOND))]);
    let found = finding(&both, RuleId::Tpl06);
    assert_eq!((found.severity, found.figures["flips"]), (Severity::Critical, Figure::Count(1)));
}

#[test]
fn wrm_03_asks_for_the_rating_in_the_account_of_the_number() {
    // All numbers are new; two hundred people get a template that one account's events rate.
    let state_of = |number: u32, account: Option<&str>, score: &str, listed: Option<&str>| {
        let rated = PlatformEventKind::TemplateQuality {
            name: "promo".into(),
            language: "it".into(),
            previous: None,
            score: score.into(),
        };
        let mut inputs = knowing_accounts([(-DAY, account, rated)]);
        for number in inputs.surroundings.numbers.iter_mut().flatten() {
            number.first_used_at = Some(instant_of_micros(T0));
        }
        inputs.surroundings.templates = listed.map(|quality| {
            vec![domain::traffic::TemplateContent {
                name: "promo".into(),
                language: "it".into(),
                quality: Some(quality.into()),
                ..Default::default()
            }]
        });
        let people: Vec<Person> = (0..200).map(|n| person([promo(n).number(number)])).collect();
        state(&report_of(&people, &Settings::default(), &inputs), RuleId::Wrm03)
    };
    let (found, clear) = (RuleState::Finding, RuleState::Clear);
    assert_eq!((state_of(0, Some(FIRST), "GREEN", None), state_of(2, Some(FIRST), "GREEN", None)), (clear, found));
    assert_eq!((state_of(0, None, "GREEN", None), state_of(2, None, "GREEN", None)), (clear, clear));
    assert_eq!(state_of(3, Some(FIRST), "GREEN", None), clear, "whose number it is nobody knows");
    // Of an account of which no event tells, the list of templates does.
    let listed = |number| state_of(number, Some(FIRST), "UNKNOWN", Some("GREEN"));
    assert_eq!((listed(0), listed(2)), (found, clear));
}

#[test]
fn lim_04_names_the_account() {
    let alert = |account, word: &str| {
        let alert = format!("INCREASED_CAPABILITIES_ELIGIBILITY_{word}");
        (DAY, account, PlatformEventKind::ScalingAlert { alert })
    };
    let told = [alert(Some(FIRST), "FAILED"), alert(Some(SECOND), "FAILED"), alert(Some(SECOND), "FAILED")];
    let report = sent(0, 0, told.into_iter().chain([alert(None, "DEFERRED")]));
    let word = |rest: &str| Some(format!("INCREASED_CAPABILITIES_ELIGIBILITY_{rest}"));
    assert_eq!(subjects(&report, RuleId::Lim04), [word("DEFERRED"), word("FAILED/7001"), word("FAILED/7002")]);
    let times: Vec<Figure> = findings(&report, RuleId::Lim04).iter().map(|found| found.figures["times"]).collect();
    assert_eq!(times, [Figure::Count(1), Figure::Count(1), Figure::Count(2)]);
}

#[test]
fn lim_03_tells_of_one_account_what_it_had_and_what_it_has() {
    let limit = |account, previous, limit| {
        (DAY, account, PlatformEventKind::MessagingLimit { previous: Some(previous), limit })
    };
    let report = sent(0, 0, [limit(Some(FIRST), 100_000, 10_000), limit(Some(SECOND), 2_000, 250)]);
    let found = finding(&report, RuleId::Lim03);
    assert_eq!((found.figures["before"], found.figures["limit"]), (Figure::Count(2_000), Figure::Count(250)));
}

#[test]
fn lim_03_compares_a_limit_with_that_of_the_same_account() {
    let limit = |account, after, limit| (after, account, PlatformEventKind::MessagingLimit { previous: None, limit });
    let lost = |one, other| state(&sent(0, 0, [limit(one, 0, 10_000), limit(other, DAY, 250)]), RuleId::Lim03);
    assert_eq!(lost(Some(FIRST), Some(SECOND)), RuleState::Clear);
    assert_eq!(lost(Some(SECOND), Some(SECOND)), RuleState::Finding);
}
