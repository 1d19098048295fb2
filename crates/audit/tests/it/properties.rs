//! Random traffic: the crate against the oracle, and any split against any other.

use std::collections::BTreeMap;

use audit::{Consent, Inbound, NO_NAME, Replay, Settings, Tally};
use domain::{
    enforcement::{Restriction, RestrictionType},
    traffic::{
        BadOutcome, Category, ClientFacts, ConsentAction, ConsentScope, ConsentSource, DeclaredCampaign, Dimension,
        MessageType, NumberFacts, Outcome, PlatformEvent, PlatformEventKind, Profile, RULES, Report, RuleId,
        Surroundings, Thresholds, Wording, instant_of_micros,
    },
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
};

use crate::{
    oracle::{self, Figures},
    traffic::{DAY, HOUR, Message, Person, T0, inputs, knowing, names, promo, report_of},
};

/// Times that often coincide, and often stand exactly a day apart, or a microsecond off.
fn time() -> impl Strategy<Value = i64> {
    let off = select(vec![-1, 0, 0, 0, 1]);
    (0..12_i64, select(vec![0, 0, HOUR, 5 * HOUR, 23 * HOUR]), off)
        .prop_map(|(day, part, off)| T0 + day * DAY + part + off)
}

fn message() -> impl Strategy<Value = Message> {
    let what = (
        select(vec![MessageType::Template, MessageType::Template, MessageType::FreeForm]),
        select(vec![
            Category::Marketing,
            Category::Marketing,
            Category::Utility,
            Category::Authentication,
            Category::Service,
            Category::Unknown,
        ]),
        select(vec![
            Outcome::Sent,
            Outcome::Failed,
            Outcome::Failed,
            Outcome::Delivered,
            Outcome::Delivered,
            Outcome::Read,
        ]),
        option::of(select(vec![
            131_026, 131_026, 131_049, 131_047, 131_047, 131_056, 132_012, 132_000, 132_015, 130_429,
        ])),
    );
    let whence = (0..2_u32, 0..4_u32, select(vec![0, 1, NO_NAME]), select(vec![0, NO_NAME]));
    (time(), 0..1_000_u32, what, whence).prop_map(
        |(sent_at, id, (message_type, category, outcome, code), (number, template, list, campaign))| {
            let message = promo(0).named(&format!("wamid.{id}")).template(template);
            let message = if message_type == MessageType::FreeForm { message.free_form() } else { message };
            message.with(|send| {
                send.sent_at = sent_at;
                send.category = category;
                send.outcome = outcome;
                send.error_code = code.filter(|_| outcome == Outcome::Failed);
                (send.number, send.list, send.campaign) = (number, list, campaign);
            })
        },
    )
}

fn consent() -> impl Strategy<Value = Consent> {
    let action = select(vec![ConsentAction::OptIn, ConsentAction::OptIn, ConsentAction::OptOut]);
    let scope =
        select(vec![ConsentScope::Marketing, ConsentScope::Utility, ConsentScope::Authentication, ConsentScope::All]);
    let source = select(vec![
        ConsentSource::Absent,
        ConsentSource::OffChannel,
        ConsentSource::MetaPreference,
        ConsentSource::ThirdParty,
    ]);
    let origin = (any::<bool>(), option::weighted(0.2, Just(0)), select(vec![0, 7 << 20]));
    (time(), option::of(time()), option::weighted(0.3, time()), action, scope, source, origin).prop_map(
        |(effective_at, recorded_at, expires_at, action, scope, source, (proof, controller, address))| Consent {
            effective_at,
            recorded_at: recorded_at.unwrap_or(effective_at),
            expires_at,
            action,
            scope,
            source,
            has_evidence: proof,
            wording: if proof { 0 } else { NO_NAME },
            controller: controller.unwrap_or(NO_NAME),
            brand_shown: NO_NAME,
            source_name: if address == 0 { NO_NAME } else { source as u32 },
            address,
        },
    )
}

pub(crate) fn person() -> impl Strategy<Value = Person> {
    let inbound = (time(), 0..2_u32, option::of(select(vec!["stop", "ciao"])))
        .prop_map(|(received_at, number, text)| Inbound { received_at, number, text });
    // Half of the people never write: else nobody would ever be dead.
    let inbound = option::of(vec(inbound, 0..3)).prop_map(Option::unwrap_or_default);
    let recipient = select(vec!["393331234567", "393331234567", "390612345678", "12125551234", "IT.1a2b3c"]);
    (vec(message(), 0..14), inbound, vec(consent(), 0..5), recipient).prop_map(
        |(messages, inbound, consents, recipient)| {
            // A message is known by recipient and id.
            let messages: BTreeMap<String, Message> =
                messages.into_iter().map(|message| (message.id.clone(), message)).collect();
            Person { recipient: recipient.into(), messages: messages.into_values().collect(), inbound, consents }
        },
    )
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let purposes = select(vec![
        vec![Category::Marketing, Category::Utility],
        vec![Category::Marketing, Category::Authentication, Category::Service, Category::Unknown],
    ]);
    (option::of(time()), option::of(time()), purposes, 0..4_usize).prop_map(|(from, to, purposes, sample_size)| {
        let (from, to) = match (from, to) {
            (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
            both => both,
        };
        Settings { from, to, purposes, sample_size, violation_at: Some(T0 + 3 * DAY), ..Settings::default() }
    })
}

/// Everything that can be known of the traffic, so that every rule looks.
pub(crate) fn surroundings() -> Surroundings {
    let event = |after: i64, kind| PlatformEvent::new(instant_of_micros(T0 + after), kind);
    let status = |status: &str| PlatformEventKind::TemplateStatus {
        name: "promo".into(),
        language: "it".into(),
        status: status.into(),
        reason: None,
    };
    let rating = PlatformEventKind::TemplateQuality {
        name: "template_2".into(),
        language: "it".into(),
        previous: None,
        score: "GREEN".into(),
    };
    let entry = |restriction_type, end: i64| Restriction {
        restriction_type,
        raw_type: None,
        ends_at: Some(instant_of_micros(T0 + end)),
    };
    let restriction = PlatformEventKind::Restriction {
        violation: None,
        restrictions: vec![
            entry(RestrictionType::BusinessInitiatedMessaging, 8 * DAY),
            entry(RestrictionType::CustomerInitiatedMessaging, 7 * DAY),
        ],
    };
    let number = |id: &str, after: i64| NumberFacts {
        id: id.into(),
        account: None,
        first_used_at: Some(instant_of_micros(T0 + after)),
    };
    Surroundings {
        messaging_limit: Some(2),
        campaigns: Some(vec![DeclaredCampaign {
            id: Some("campaign-1".into()),
            start: T0 + 9 * DAY,
            size: Some(1),
            ..DeclaredCampaign::default()
        }]),
        numbers: Some(vec![number("1050", 0), number("1051", -10 * DAY)]),
        events: Some(vec![
            event(2 * DAY, status("PAUSED")),
            event(9 * DAY, status("DISABLED")),
            event(4 * DAY, rating),
            event(6 * DAY, restriction),
        ]),
        client: Some(ClientFacts { brand_names: vec!["Bianchi".into()], ..ClientFacts::default() }),
        wordings: Some(vec![Wording { version: "v1".into(), language: Some("it".into()), text: "Ok".into() }]),
        suppressed: Some(vec!["12125551234".into()]),
        ..Surroundings::default()
    }
}

/// Thresholds that little traffic reaches.
fn eager() -> Thresholds {
    let mut thresholds = Thresholds::default();
    thresholds.campaign.messages = 2;
    thresholds.parameters.errors = 2;
    thresholds.throughput.errors = 2;
    thresholds.throughput.share = 1.0;
    thresholds.warm_up.ramp_messages = 1;
    thresholds.warm_up.cold_min_people = 1;
    thresholds.warm_up.unrated_messages = 1;
    thresholds.warm_up.recovery_min_days = 1;
    thresholds.silence.minutes = 1;
    thresholds.silence.messages = 1;
    thresholds
}

/// The oracle's figures, read off a report.
fn figures_of(report: &Report) -> Figures {
    let names = names();
    let micros = |at: domain::Instant| at.timestamp_micros();
    let list_id = |name: &String| names.lists.iter().position(|list| list == name).unwrap() as u32;
    let template_id = |name: &str, language: &str| {
        let found = names.templates.iter().position(|template| template.name == name && template.language == language);
        found.unwrap() as u32
    };
    let totals = report.totals;
    let figure = |count: domain::traffic::Count| (count.messages, count.recipients);
    let templates = &report.templates;
    Figures {
        period: report.period.from.zip(report.period.to).map(|(from, to)| (micros(from), micros(to))),
        totals: [
            totals.messages,
            totals.templates,
            totals.in_window,
            totals.counted,
            totals.recipients,
            totals.inbound,
        ],
        verdicts: report.consent.by_verdict.iter().map(|one| (one.verdict, (one.messages, one.recipients))).collect(),
        lists: report
            .consent
            .by_list
            .iter()
            .map(|one| ((one.list_id.as_ref().map(list_id), one.verdict), (one.messages, one.recipients)))
            .collect(),
        templates: templates
            .iter()
            .map(|one| (template_id(&one.name, &one.language), [one.sent, one.delivered, one.read, one.failed]))
            .collect(),
        errors: templates
            .iter()
            .flat_map(|one| one.errors.iter().map(move |error| (one, error)))
            .map(|(one, error)| ((template_id(&one.name, &one.language), error.code), error.messages))
            .collect(),
        outside_window: figure(report.free_form_outside_window),
        peak: (report.peak24h.recipients, report.peak24h.at.map(micros)),
        flooding_day: (report.flooding.day_messages, report.flooding.day_recipients),
        flooding_week: (report.flooding.week_messages, report.flooding.week_recipients),
        dead: report.dead_audience.recipients,
        resends: figure(report.undeliverable_resends),
        retries: figure(report.retries),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn figures_are_those_of_the_text(people in vec(person(), 0..7), settings in settings()) {
        let report = report_of(&people, &settings, &inputs());
        let mut expected = oracle::figures(&people, &settings);
        let mut actual = figures_of(&report);
        if expected.period.is_none() {
            (expected.period, actual.period) = (None, None);
        }
        prop_assert_eq!(actual, expected);
        prop_assert_eq!(report.consent.due, report.consent.by_verdict.iter().map(|one| one.messages).sum::<u64>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_and_any_order_give_the_same_report(
        people in vec((person(), 0..4_usize), 0..10),
        settings in settings(),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let (people, shares): (Vec<Person>, Vec<usize>) = people.into_iter().unzip();
        let inputs = knowing(surroundings());
        let settings = Settings { thresholds: eager(), ..settings };
        let whole = report_of(&people, &settings, &inputs);
        let parts: Vec<Tally> = order
            .iter()
            .map(|part| {
                // Each part in reverse, so that the order within a replay differs too.
                let mut replay = Replay::informed(&settings, &names(), &inputs.surroundings);
                let of_part = people.iter().zip(&shares).rev().filter(|(_, share)| *share == part);
                of_part.for_each(|(person, _)| person.feed(&mut replay));
                replay.finish()
            })
            .collect();
        let [mut first, second, mut third, fourth] = <[Tally; 4]>::try_from(parts).unwrap();
        third.merge(fourth);
        first.merge(second);
        first.merge(third);
        prop_assert_eq!(audit::report(&first, &names(), &inputs, &settings), whole);
    }

    #[test]
    fn a_smaller_profile_says_the_same_of_its_rules(people in vec(person(), 0..10), settings in settings()) {
        let inputs = knowing(surroundings());
        let settings = Settings { thresholds: eager(), ..settings };
        let full = report_of(&people, &settings, &inputs);
        let minimum = report_of(&people, &Settings { profile: Profile::Minimum, ..settings }, &inputs);
        let asked = |rule: RuleId| RULES.iter().any(|spec| spec.id == rule && spec.in_minimum);
        let mut expected = full;
        expected.rules.retain(|result| asked(result.rule));
        expected.findings.retain(|finding| asked(finding.rule));
        // What only the profile `full` tells beside its rules.
        expected.advice.clear();
        expected.attribution.clear();
        prop_assert_eq!(minimum, expected);
    }

    #[test]
    fn a_rule_alone_says_what_it_says_among_others(
        people in vec(person(), 0..8),
        settings in settings(),
        rules in subsequence(RuleId::ALL, 1..4),
    ) {
        let inputs = knowing(surroundings());
        let settings = Settings { thresholds: eager(), ..settings };
        let rules: Vec<RuleId> = rules.into_iter().filter(|rule| *rule != RuleId::Qlt02).collect();
        let full = report_of(&people, &settings, &inputs);
        let alone = report_of(&people, &Settings { only: Some(rules.clone()), ..settings }, &inputs);
        let states = full.rules.iter().filter(|result| rules.contains(&result.rule)).copied().collect::<Vec<_>>();
        let findings = full.findings.iter().filter(|finding| rules.contains(&finding.rule)).cloned();
        prop_assert_eq!(alone.rules, states);
        prop_assert_eq!(alone.findings, findings.collect::<Vec<_>>());
        prop_assert_eq!(alone.totals.messages, full.totals.messages);
    }

    #[test]
    fn evidence_is_that_of_the_text(people in vec(person(), 0..7), settings in settings()) {
        let surroundings = surroundings();
        let mut settings = settings;
        settings.thresholds.consent.stale_days = 3;
        let mut replay = Replay::informed(&settings, &names(), &surroundings);
        let mut shown = BTreeMap::<RuleId, u64>::new();
        for person in &people {
            person.feed_with(&mut replay, &mut |rule, _| *shown.entry(rule).or_default() += 1);
        }
        let expected = oracle::evidence(&people, &settings, &surroundings);
        shown.retain(|rule, _| oracle::RULES.contains(rule));
        prop_assert_eq!(shown, expected);
    }

    #[test]
    fn parts_that_explain_are_those_of_the_text(people in vec(person(), 0..7), settings in settings()) {
        let mut settings = settings;
        settings.thresholds.list.bad_min_messages = 1;
        settings.thresholds.list.false_discovery_rate = 1.0;
        let (report, names) = (report_of(&people, &settings, &inputs()), names());
        for found in report.attribution.iter().filter(|found| found.outcome != BadOutcome::OptOut) {
            let all = oracle::part(&people, &settings, found.outcome, &|_, _| true);
            prop_assert_eq!((found.cases, found.messages), all);
            for factor in &found.factors {
                let name = factor.value.as_deref();
                let is_part = |person: &Person, message: &Message| {
                    let send = &message.send;
                    let of = |table: &[String], id: u32| table.get(id as usize).map(String::as_str) == name;
                    match factor.dimension {
                        Dimension::List => of(&names.lists, send.list),
                        Dimension::Number => of(&names.numbers, send.number),
                        Dimension::Campaign => of(&names.campaigns, send.campaign),
                        Dimension::Template => {
                            names.templates.get(send.template as usize).map(audit::TemplateName::label).as_deref() == name
                        }
                        Dimension::Hour => name == Some(&format!("{:02}", send.sent_at.rem_euclid(DAY) / HOUR)),
                        Dimension::Country => name == Some(if person.recipient.starts_with('1') { "US" } else { "IT" }),
                    }
                };
                let counted = oracle::part(&people, &settings, found.outcome, &is_part);
                prop_assert_eq!((factor.cases, factor.messages), counted, "{:?}", factor);
                prop_assert!(factor.p_value <= factor.q_value + 1e-12 && factor.q_value <= 1.0);
            }
        }
    }

    #[test]
    fn shown_evidence_is_what_the_findings_count(people in vec(person(), 1..7)) {
        use RuleId::{Con01, Con02, Con03, Lst01, Vol04, Vol05, Win01};
        let settings = Settings { sample_size: 1_000, ..Settings::default() };
        let mut replay = Replay::new(&settings);
        let mut shown = BTreeMap::<RuleId, u64>::new();
        for person in &people {
            person.feed_with(&mut replay, &mut |rule, _| *shown.entry(rule).or_default() += 1);
        }
        let report = audit::report(&replay.finish(), &names(), &inputs(), &settings);
        for rule in [Con01, Con02, Con03, Lst01, Vol04, Vol05, Win01] {
            let findings = || report.findings.iter().filter(|finding| finding.rule == rule);
            let counted: u64 = findings().map(|finding| finding.messages).sum();
            prop_assert_eq!(shown.get(&rule).copied().unwrap_or_default(), counted, "{}", rule);
            prop_assert!(findings().all(|finding| finding.sample.len() as u64 == finding.messages));
        }
    }
}

#[test]
fn what_is_counted_as_a_whole_is_shown_when_it_is_asked_for() {
    let messages = [
        promo(0),
        promo(1).failed(131_026),
        promo(2).outcome(Outcome::Sent),
        promo(3).free_form(),
        promo(4).category(Category::Authentication),
    ];
    let (person, settings) = (crate::traffic::person(messages), Settings::default());
    let asked = [RuleId::Lim01, RuleId::Ops01, RuleId::Tpl07, RuleId::Vol03];
    let shown = |rules: &[RuleId]| {
        let mut replay = Replay::informed(&settings, &names(), &surroundings()).showing(rules.iter().copied());
        let mut shown = asked.map(|_| 0);
        person.feed_with(&mut replay, &mut |rule, _| {
            if let Some(place) = asked.iter().position(|asked| *asked == rule) {
                shown[place] += 1;
            }
        });
        shown
    };
    assert_eq!(shown(&[]), [0, 0, 0, 0]);
    // Delivered templates; what nothing came back of; templates; templates of no declared campaign that are no codes.
    assert_eq!(shown(&[asked, asked].concat()), [2, 1, 4, 3]);
    assert_eq!(shown(&[RuleId::Tpl07, RuleId::Con01]), [0, 0, 4, 0]);
}

#[test]
fn a_report_survives_its_json() {
    let people = [crate::traffic::person([promo(0), promo(HOUR).failed(132_012), promo(2 * HOUR).free_form()])];
    let report = report_of(&people, &Settings::default(), &inputs());
    assert!(!report.findings.is_empty());
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}

#[test]
fn tallies_go_to_other_threads() {
    fn is_send<T: std::marker::Send>() {}
    is_send::<Tally>();
    is_send::<Replay>();
}
