//! What each rule must be given: without it the rule is not fed, whatever else there is; and with all of it, it judges. One table
//! of all rules.

use audit::{Fed, Inbound, Inputs, Settings};
use domain::traffic::{
    ClientFacts, DeclaredCampaign, NumberFacts, RULES, RuleId, RuleState, Surroundings, TemplateContent, Wording,
    instant_of_micros,
};

use crate::traffic::*;

/// A source of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Messages,
    Inbound,
    /// What people wrote, not only that they did.
    Texts,
    Consents,
    Limit,
    Campaigns,
    Templates,
    /// The client's names.
    Names,
    Domains,
    Permits,
    Numbers,
    Wordings,
    Suppressed,
    Events,
    /// What became of messages.
    Outcomes,
}

use Source::{
    Campaigns, Consents, Domains, Events, Limit, Messages, Names, Numbers, Outcomes, Permits, Suppressed, Templates,
    Texts, Wordings,
};

const ALL: [Source; 15] = [
    Messages,
    Source::Inbound,
    Texts,
    Consents,
    Limit,
    Campaigns,
    Templates,
    Names,
    Domains,
    Permits,
    Numbers,
    Wordings,
    Suppressed,
    Events,
    Outcomes,
];

/// Messages, and inbound messages: whatever depends on the window, or on who wrote.
const WINDOW: &[Source] = &[Messages, Source::Inbound];
/// Messages, inbound messages and the ledger: only what is outside of the window is due.
const DUE: &[Source] = &[Messages, Source::Inbound, Consents];

/// What each rule cannot do without.
const NEEDED: &[(RuleId, &[Source])] = &[
    (RuleId::Con01, DUE),
    (RuleId::Con02, DUE),
    (RuleId::Con03, DUE),
    (RuleId::Con04, DUE),
    (RuleId::Con05, &[Messages, Names, Wordings]),
    (RuleId::Con06, DUE),
    (RuleId::Con07, DUE),
    (RuleId::Con08, &[Messages, Consents]),
    (RuleId::Con09, &[Messages, Source::Inbound, Consents, Names]),
    (RuleId::Con10, DUE),
    (RuleId::Con11, &[Messages, Templates]),
    (RuleId::Tpl01, &[Messages]),
    (RuleId::Tpl02, &[Messages, Events]),
    (RuleId::Tpl03, &[Events]),
    // These two read the list of templates in place of events; see below.
    (RuleId::Tpl04, &[]),
    (RuleId::Tpl06, &[]),
    (RuleId::Tpl05, &[Messages, Templates]),
    (RuleId::Tpl07, &[Messages, Templates]),
    (RuleId::Tpl08, &[Messages, Templates]),
    (RuleId::Tpl09, &[Messages]),
    (RuleId::Tpl10, &[Messages, Templates, Domains]),
    (RuleId::Tpl12, &[Messages, Templates]),
    (RuleId::Tpl13, &[Messages, Templates]),
    (RuleId::Win01, WINDOW),
    (RuleId::Win02, WINDOW),
    (RuleId::Win03, DUE),
    (RuleId::Vol01, WINDOW),
    (RuleId::Vol03, &[Messages, Campaigns]),
    (RuleId::Vol04, &[Messages]),
    (RuleId::Vol05, &[Messages]),
    (RuleId::Vol07, &[Messages]),
    (RuleId::Wrm01, &[Messages, Source::Inbound, Numbers]),
    (RuleId::Wrm02, &[Messages, Source::Inbound, Numbers]),
    (RuleId::Wrm03, &[Messages, Source::Inbound, Numbers]),
    (RuleId::Wrm06, &[Messages, Source::Inbound, Events]),
    (RuleId::Lim01, &[Messages, Source::Inbound, Limit]),
    (RuleId::Lim02, &[Messages, Source::Inbound, Limit, Campaigns]),
    (RuleId::Lim03, &[Events]),
    (RuleId::Lim04, &[Events]),
    (RuleId::Lim05, &[Messages]),
    (RuleId::Eng01, &[Messages]),
    (RuleId::Eng02, &[Messages, Source::Inbound, Texts]),
    (RuleId::Eng03, &[Messages]),
    (RuleId::Qlt01, &[Events]),
    // It adds up what is known, be it little.
    (RuleId::Qlt02, &[]),
    (RuleId::Enf01, &[Events]),
    (RuleId::Enf02, &[Events]),
    (RuleId::Enf03, &[Messages, Source::Inbound, Events]),
    (RuleId::Enf04, &[Events]),
    (RuleId::Enf05, &[Events]),
    (RuleId::Lst01, WINDOW),
    (RuleId::Lst02, &[Messages]),
    (RuleId::Lst03, &[Messages]),
    (RuleId::Lst04, &[Messages]),
    (RuleId::Lst05, WINDOW),
    (RuleId::Lst06, &[Messages, Suppressed]),
    (RuleId::Lst07, &[Messages]),
    (RuleId::Pro01, &[Messages, Templates]),
    (RuleId::Pro02, &[Messages, Templates, Permits]),
    (RuleId::Pro03, &[Messages, Templates]),
    (RuleId::Ops01, &[Messages, Outcomes]),
];

/// Everything that an audit may be given, about nothing bad.
fn surroundings() -> Surroundings {
    let body = "Ciao Anna, il tuo ordine 1234 è pronto. Lo trovi in negozio da domani mattina.";
    Surroundings {
        messaging_limit: Some(100_000),
        campaigns: Some(vec![DeclaredCampaign { start: T0 - DAY, ..DeclaredCampaign::default() }]),
        templates: Some(vec![TemplateContent {
            name: "promo".into(),
            language: "it".into(),
            category: Some(domain::traffic::Category::Utility),
            body: Some(body.into()),
            ..TemplateContent::default()
        }]),
        client: Some(ClientFacts {
            brand_names: vec!["Rossi".into()],
            legal_names: vec!["Rossi S.p.A.".into()],
            verified_domains: Some(vec!["rossi.example".into()]),
            permits: Some(vec![]),
        }),
        numbers: Some(vec![NumberFacts {
            id: "1050".into(),
            account: None,
            first_used_at: Some(instant_of_micros(T0 - 900 * DAY)),
        }]),
        wordings: Some(vec![Wording {
            version: "v1".into(),
            language: Some("it".into()),
            text: "Acconsento a ricevere messaggi da Rossi S.p.A.".into(),
        }]),
        suppressed: Some(vec!["393339999999".into()]),
        events: Some(vec![]),
        ..Surroundings::default()
    }
}

/// The states of an audit that is given all sources but these.
fn without(missing: &[Source]) -> Vec<(RuleId, RuleState)> {
    let lacks = |source: Source| missing.contains(&source);
    let (mut known, all) = (Surroundings::default(), surroundings());
    if !lacks(Limit) {
        known.messaging_limit = all.messaging_limit;
    }
    known.campaigns = all.campaigns.filter(|_| !lacks(Campaigns));
    known.templates = all.templates.filter(|_| !lacks(Templates));
    known.numbers = all.numbers.filter(|_| !lacks(Numbers));
    known.wordings = all.wordings.filter(|_| !lacks(Wordings));
    known.suppressed = all.suppressed.filter(|_| !lacks(Suppressed));
    known.events = all.events.filter(|_| !lacks(Events));
    let client = all.client.unwrap();
    let names = |names: Vec<String>| if lacks(Names) { Vec::new() } else { names };
    known.client = Some(ClientFacts {
        brand_names: names(client.brand_names),
        legal_names: names(client.legal_names),
        verified_domains: client.verified_domains.filter(|_| !lacks(Domains)),
        permits: client.permits.filter(|_| !lacks(Permits)),
    });
    let fed = Fed { messages: !lacks(Messages), inbound: !lacks(Source::Inbound), consents: !lacks(Consents) };
    let text = (!lacks(Texts)).then_some("grazie");
    let collected = audit::Consent { controller: 0, ..opt_in(-DAY) };
    let outcome = if lacks(Outcomes) { domain::traffic::Outcome::Sent } else { domain::traffic::Outcome::Delivered };
    let mut person = person([promo(DAY).outcome(outcome)]);
    if fed.inbound {
        person = person.writes([Inbound { text, ..wrote(-9 * DAY) }]);
    }
    if fed.consents {
        person = person.agrees([collected]);
    }
    let people = if fed.messages { vec![person] } else { Vec::new() };
    let report = report_of(&people, &Settings::default(), &Inputs { fed, ..knowing(known) });
    report.rules.iter().map(|result| (result.rule, result.state)).collect()
}

fn not_fed(states: &[(RuleId, RuleState)]) -> Vec<RuleId> {
    states.iter().filter(|(_, state)| *state == RuleState::NotFed).map(|(rule, _)| *rule).collect()
}

#[test]
fn every_rule_says_what_it_needs() {
    for spec in RULES {
        assert_eq!(NEEDED.iter().filter(|(rule, _)| *rule == spec.id).count(), 1, "{}", spec.id);
    }
    assert_eq!(NEEDED.len(), RULES.len());
    assert_eq!(not_fed(&without(&[])), [], "all was given");
    for source in ALL {
        let mut expected: Vec<RuleId> =
            NEEDED.iter().filter(|(_, needed)| needed.contains(&source)).map(|(rule, _)| *rule).collect();
        expected.sort_by_key(|rule| rule.as_str());
        assert_eq!(not_fed(&without(&[source])), expected, "without {source:?}");
    }
}

#[test]
fn ratings_and_categories_are_told_by_events_or_by_the_list_of_templates() {
    let blind = not_fed(&without(&[Events, Templates]));
    for rule in [RuleId::Tpl04, RuleId::Tpl06, RuleId::Wrm03] {
        assert!(blind.contains(&rule), "{rule}");
    }
}

#[test]
fn nothing_that_was_not_sent_passes() {
    let report = report_of(&[], &Settings::default(), &knowing(surroundings()));
    for result in &report.rules {
        // What Meta told speaks of the account whether or not anything was sent.
        let told = NEEDED.iter().any(|(rule, needed)| *rule == result.rule && !needed.contains(&Messages));
        let told = told && result.rule != RuleId::Qlt02;
        let expected = if told { RuleState::Clear } else { RuleState::InsufficientData };
        assert_eq!(result.state, expected, "{}", result.rule);
    }
}

#[test]
fn every_result_is_provisional_while_webhooks_may_still_come() {
    let at = |days: i64| {
        let inputs = Inputs { as_of: Some(T0 + days * DAY), ..knowing(surroundings()) };
        let settings = Settings { from: Some(T0), to: Some(T0 + 2 * DAY), ..Settings::default() };
        report_of(&[person([promo(DAY)])], &settings, &inputs).rules
    };
    assert!(at(9).iter().all(|result| !result.provisional) && at(8).iter().all(|result| result.provisional));
    assert_eq!(at(9).len(), RULES.len());
}
