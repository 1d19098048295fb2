//! Rules over the contents of templates that were sent: states, subjects, counts.

use audit::{Inputs, Settings};
use domain::traffic::{
    Category, ClientFacts, Component, Figure, LintCode, Permit, Report, RuleId, RuleState, Severity, Surroundings,
    TemplateButton, TemplateContent,
};

use crate::traffic::*;

/// The content of `promo` in Italian.
fn content(category: Category, body: &str) -> TemplateContent {
    TemplateContent {
        name: "promo".into(),
        language: "it".into(),
        category: Some(category),
        body: Some(body.into()),
        ..TemplateContent::default()
    }
}

/// Two people, one of whom got two messages of the Italian template; a third got the English one.
fn people() -> Vec<Person> {
    vec![person([promo(0), promo(1)]), person([promo(2)]), person([promo(3).template(1)])]
}

fn audited(surroundings: Surroundings) -> Report {
    report_of(&people(), &Settings::default(), &Inputs { surroundings, ..inputs() })
}

fn with(templates: Vec<TemplateContent>) -> Report {
    audited(Surroundings { templates: Some(templates), ..Surroundings::default() })
}

const CONTENT: [RuleId; 10] = [
    RuleId::Con11,
    RuleId::Pro01,
    RuleId::Pro02,
    RuleId::Pro03,
    RuleId::Tpl05,
    RuleId::Tpl07,
    RuleId::Tpl08,
    RuleId::Tpl10,
    RuleId::Tpl12,
    RuleId::Tpl13,
];

#[test]
fn a_sent_template_is_a_finding_with_places_and_people() {
    let report = with(vec![content(Category::Utility, "Solo oggi: sconto del 20% su tutta la collezione!")]);
    let found = finding(&report, RuleId::Tpl05);
    assert_eq!((found.severity, found.fingerprint.as_str()), (Severity::High, "TPL-05/template=promo/it"));
    assert_eq!((found.messages, found.recipients), (3, 2));
    let urgency = found.places.iter().find(|place| place.code == LintCode::Urgency).unwrap();
    assert_eq!((urgency.component, urgency.span.unwrap().start), (Component::Body, 0));
    assert_eq!(found.figures["places"], Figure::Count(found.places.len() as u64));
    let json = serde_json::to_value(found).unwrap();
    assert!(json["places"].as_array().unwrap().iter().any(|place| place["code"] == "no_reference"), "{json}");
}

#[test]
fn templates_that_were_not_sent_are_not_judged() {
    let body = "Solo oggi: sconto del 20% su tutta la collezione!";
    let unsent = TemplateContent { name: "template_9".into(), ..content(Category::Utility, body) };
    let fine = content(Category::Utility, "La ringraziamo, a presto.");
    assert_eq!(state(&with(vec![unsent.clone(), fine]), RuleId::Tpl05), RuleState::Clear);
    let report = with(vec![unsent]);
    assert!(
        CONTENT
            .iter()
            .filter(|rule| !matches!(rule, RuleId::Tpl10 | RuleId::Pro02))
            .all(|rule| { state(&report, *rule) == RuleState::InsufficientData })
    );
}

#[test]
fn a_rule_about_one_category_judges_no_other() {
    let body = "La ringraziamo, a presto. Rispondi STOP per non ricevere altri messaggi.";
    let sent = |category: Category| {
        let report = with(vec![content(category, body)]);
        [RuleId::Con11, RuleId::Tpl05, RuleId::Tpl13].map(|rule| state(&report, rule))
    };
    let (none, clear) = (RuleState::InsufficientData, RuleState::Clear);
    assert_eq!(sent(Category::Marketing), [clear, none, clear]);
    assert_eq!(sent(Category::Utility), [none, clear, clear]);
    assert_eq!(sent(Category::Authentication), [none, none, none]);
}

#[test]
fn without_templates_nothing_is_fed() {
    let report = audited(Surroundings::default());
    assert!(CONTENT.iter().all(|rule| state(&report, *rule) == RuleState::NotFed));
}

#[test]
fn words_of_other_languages_are_not_known_but_their_format_is() {
    let german = TemplateContent { language: "de".into(), ..content(Category::Service, "Vielen Dank, bis bald.") };
    let mut names = names();
    names.templates[0].language = "de".into();
    let inputs =
        Inputs { surroundings: Surroundings { templates: Some(vec![german]), ..Surroundings::default() }, ..inputs() };
    let settings = Settings::default();
    let report = audit::report(&tally(&people(), &settings, &inputs), &names, &inputs, &settings);
    assert_eq!(state(&report, RuleId::Pro01), RuleState::InsufficientData);
    assert_eq!(state(&report, RuleId::Tpl07), RuleState::Clear);
}

#[test]
fn domains_and_permits_that_nobody_told_are_not_fed() {
    let link = |url: &str| TemplateContent {
        buttons: vec![TemplateButton {
            kind: "URL".into(),
            text: Some("Apri".into()),
            url: Some(url.into()),
            samples: None,
        }],
        ..content(Category::Service, "La ringraziamo, a presto.")
    };
    let told = |client: Option<ClientFacts>, url: &str| {
        audited(Surroundings { templates: Some(vec![link(url)]), client, ..Surroundings::default() })
    };
    let shop = "https://aurora.example.com/a";
    assert_eq!(state(&told(None, shop), RuleId::Tpl10), RuleState::NotFed);
    assert_eq!(state(&told(None, "https://bit.ly/a"), RuleId::Tpl10), RuleState::Finding);
    assert_eq!(state(&told(None, shop), RuleId::Pro02), RuleState::NotFed);
    let client = ClientFacts {
        verified_domains: Some(vec!["example.com".into()]),
        permits: Some(vec![]),
        ..ClientFacts::default()
    };
    let report = told(Some(client), shop);
    assert_eq!((state(&report, RuleId::Tpl10), state(&report, RuleId::Pro02)), (RuleState::Clear, RuleState::Clear));
}

#[test]
fn a_permit_holds_in_its_countries() {
    let (italian, japanese) = ("393331234567", "819012345678");
    let sent = |permitted: &[&str], recipients: &[&str]| {
        let countries = permitted.iter().map(|country| (*country).to_owned()).collect();
        let permits = Some(vec![Permit { trade: "alcohol".into(), countries }]);
        let surroundings = Surroundings {
            templates: Some(vec![content(Category::Service, "Una cassa di vino ti aspetta nel nostro negozio.")]),
            client: Some(ClientFacts { permits, ..ClientFacts::default() }),
            ..Surroundings::default()
        };
        let people: Vec<Person> = recipients.iter().map(|recipient| person([promo(0)]).at(recipient)).collect();
        state(&report_of(&people, &Settings::default(), &knowing(surroundings)), RuleId::Pro02)
    };
    let (clear, found) = (RuleState::Clear, RuleState::Finding);
    assert_eq!(sent(&[], &[italian, japanese]), clear, "everywhere");
    assert_eq!((sent(&["IT"], &[italian]), sent(&["JP"], &[italian])), (clear, found));
    assert_eq!((sent(&["IT"], &[italian, japanese]), sent(&["IT", "JP"], &[italian, japanese])), (found, clear));
    assert_eq!(sent(&["JP"], &["IT.1a2b3c"]), found, "a user id tells its country, too");
}
