//! The lint's rules of form (TPL-07, 08, 10, 12): both sides of each limit.

use audit::lint::{LintContext, Linter, lint};
use domain::{
    Instant,
    traffic::{
        Category, ClientFacts, Component, LintArgument, LintCode, LintFinding, LintThresholds, PlatformEvent,
        PlatformEventKind, Span, TemplateButton, TemplateContent, TemplateHeader,
    },
};

/// A utility template that nothing is to be said of.
fn good(body: &str) -> TemplateContent {
    TemplateContent {
        name: "order_ready".into(),
        language: "en".into(),
        category: Some(Category::Utility),
        body: Some(body.into()),
        body_samples: Some(vec!["Anna".into(), "5521".into(), "noon".into(), "x".into()]),
        ..TemplateContent::default()
    }
}

fn codes(template: &TemplateContent) -> Vec<LintCode> {
    codes_in(template, &LintContext::default())
}

fn codes_in(template: &TemplateContent, context: &LintContext<'_>) -> Vec<LintCode> {
    lint(template, context).into_iter().map(|finding| finding.place.code).collect()
}

fn only(template: &TemplateContent) -> LintFinding {
    let mut findings = lint(template, &LintContext::default());
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings.remove(0)
}

fn quick(text: &str) -> TemplateButton {
    TemplateButton { kind: "QUICK_REPLY".into(), text: Some(text.into()), ..TemplateButton::default() }
}

fn to(url: &str) -> TemplateButton {
    TemplateButton { kind: "URL".into(), text: Some("Open".into()), url: Some(url.into()), ..TemplateButton::default() }
}

const BODY: &str = "Hello {{1}}, your order {{2}} is ready to be collected at our desk.";

#[test]
fn a_good_template_is_clean() {
    assert_eq!(codes(&good(BODY)), []);
    let with_all = TemplateContent {
        header: Some(TemplateHeader {
            format: "TEXT".into(),
            text: Some("Order {{1}}".into()),
            samples: Some(vec!["5521".into()]),
        }),
        footer: Some("Thank you".into()),
        buttons: vec![quick("Yes"), quick("No"), to("https://aurora.example.com/track")],
        ..good(BODY)
    };
    assert_eq!(codes(&with_all), []);
}

#[test]
fn a_variable_neither_begins_nor_ends_a_body() {
    let start = only(&good("{{1}}, your order is ready to be collected at our desk."));
    assert_eq!((start.place.code, start.place.span), (LintCode::VariableAtStart, Some(Span { start: 0, end: 5 })));
    let end = only(&good("Hello, your order can be collected at our desk from *{{1}}*"));
    assert_eq!(end.place.code, LintCode::VariableAtEnd);
    assert_eq!(codes(&good("Hello, your order can be collected at our desk from {{1}}.")), []);
}

#[test]
fn something_stands_between_variables() {
    let finding = only(&good("Your order is for {{1}} {{2}} and waits for you at our desk."));
    assert_eq!(
        (finding.place.code, finding.place.span),
        (LintCode::AdjacentVariables, Some(Span { start: 18, end: 29 }))
    );
    assert_eq!(codes(&good("Your order is for {{1}}, {{2}} and waits for you at our desk.")), []);
}

#[test]
fn variables_are_numbered_from_one_without_a_gap() {
    let finding = only(&good("Your order {{1}} for {{3}} is waiting for you at our desk now."));
    assert_eq!(finding.place.code, LintCode::VariablesNotSequential);
    assert_eq!(finding.arguments["expected"], LintArgument::Count(2));
    assert_eq!(codes(&good("Your order {{2}} for {{1}}, that is {{1}}, is waiting for you at our desk now.")), []);
    assert_eq!(
        codes(&good("Your order {{order_id}} for {{1}} waits for you at our desk.")),
        [LintCode::MixedVariables]
    );
    assert_eq!(codes(&good("Your order {{order_id}} for {{name}} waits for you at our desk.")), []);
}

#[test]
fn braces_are_variables_or_nothing() {
    let finding = only(&good("Your order {1} is ready to be collected at our desk."));
    assert_eq!(
        (finding.place.code, finding.place.span),
        (LintCode::MalformedVariable, Some(Span { start: 11, end: 14 }))
    );
    assert_eq!(finding.arguments["words"], LintArgument::Text("{1}".into()));
}

#[test]
fn every_different_variable_has_a_sample() {
    let lacking = TemplateContent { body_samples: Some(vec!["Anna".into()]), ..good(BODY) };
    let finding = only(&lacking);
    assert_eq!((finding.place.code, finding.place.span), (LintCode::MissingSample, Some(Span { start: 24, end: 29 })));
    assert_eq!(codes(&TemplateContent { body_samples: None, ..good(BODY) }), [LintCode::MissingSample]);
    let button = TemplateContent { buttons: vec![to("https://aurora.example.com/{{1}}")], ..good(BODY) };
    assert_eq!(codes(&button), [LintCode::MissingSample]);
}

#[test]
fn texts_keep_to_their_lengths_in_characters() {
    let body = |length: usize| good(&"è".repeat(length));
    assert_eq!(codes(&body(1024)), [LintCode::NoReference; 0]);
    let finding = only(&body(1025));
    assert_eq!(
        (finding.place.code, finding.place.span),
        (LintCode::BodyTooLong, Some(Span { start: 1024, end: 1025 }))
    );
    let framed = |length: usize| TemplateContent {
        header: Some(TemplateHeader { format: "TEXT".into(), text: Some("è".repeat(length)), samples: None }),
        footer: Some("è".repeat(length)),
        ..good(BODY)
    };
    assert_eq!(codes(&framed(60)), []);
    assert_eq!(codes(&framed(61)), [LintCode::HeaderTooLong, LintCode::FooterTooLong]);
    let button = |length: usize| TemplateContent { buttons: vec![quick(&"è".repeat(length))], ..good(BODY) };
    assert_eq!(codes(&button(25)), []);
    assert_eq!(codes(&button(26)), [LintCode::ButtonTooLong]);
    let stricter = LintContext {
        thresholds: LintThresholds { button_characters: 20, ..LintThresholds::default() },
        ..LintContext::default()
    };
    assert_eq!(codes_in(&button(21), &stricter), [LintCode::ButtonTooLong]);
}

#[test]
fn headers_have_one_variable_and_footers_none() {
    let template = TemplateContent {
        header: Some(TemplateHeader {
            format: "TEXT".into(),
            text: Some("Order {{1}} of {{2}}".into()),
            samples: Some(vec!["1".into(), "2".into()]),
        }),
        footer: Some("Bye {{1}}".into()),
        ..good(BODY)
    };
    assert_eq!(codes(&template), [LintCode::HeaderVariables, LintCode::FooterVariable]);
}

#[test]
fn ten_emojis_are_enough() {
    let with = |emojis: &str| good(&format!("Your order is ready {emojis} ."));
    assert_eq!(codes(&with(&"🎉".repeat(10))), []);
    let finding = only(&with(&format!("{}👨‍👩‍👧", "❤️".repeat(10))));
    assert_eq!(
        (finding.place.code, finding.arguments["emojis"].clone()),
        (LintCode::TooManyEmojis, LintArgument::Count(11))
    );
    assert_eq!(codes(&with(&"©è–".repeat(20))), []);
}

#[test]
fn names_and_bodies_are_there() {
    assert_eq!(codes(&TemplateContent { name: "Order-Ready".into(), ..good(BODY) }), [LintCode::NameInvalid]);
    assert_eq!(codes(&TemplateContent { name: "a".repeat(513), ..good(BODY) }), [LintCode::NameInvalid]);
    assert_eq!(codes(&TemplateContent { name: "a".repeat(512), ..good(BODY) }), []);
    assert_eq!(codes(&good(" ")), [LintCode::BodyMissing]);
    let code = TemplateContent { category: Some(Category::Authentication), body: None, ..good("") };
    assert_eq!(codes(&code), []);
}

#[test]
fn buttons_keep_to_their_numbers_and_groups() {
    let with = |buttons: Vec<TemplateButton>| codes(&TemplateContent { buttons, ..good(BODY) });
    let url = || to("https://aurora.example.com/a");
    let phone = || TemplateButton { kind: "PHONE_NUMBER".into(), ..url() };
    assert_eq!(with(vec![url(), url()]), []);
    assert_eq!(with(vec![url(), url(), url()]), [LintCode::TooManyUrlButtons]);
    assert_eq!(with(vec![phone(), phone()]), [LintCode::TooManyPhoneButtons]);
    assert_eq!(with((0..11).map(|_| quick("Yes")).collect()), [LintCode::TooManyButtons]);
    assert_eq!(with(vec![quick("A"), url(), quick("B")]), [LintCode::QuickRepliesApart]);
    assert_eq!(with(vec![quick(" ")]), [LintCode::ButtonEmpty]);
    let middle = TemplateButton { samples: Some(vec!["1".into()]), ..to("https://aurora.example.com/{{1}}/a") };
    assert_eq!(with(vec![middle]), [LintCode::UrlVariable]);
    assert_eq!(with(vec![to(&format!("https://aurora.example.com/{}", "a".repeat(2000)))]), [LintCode::UrlTooLong]);
}

#[test]
fn variables_stand_among_words() {
    assert_eq!(codes(&good("Order {{1}}, for {{2}} now.")), [LintCode::FewWords]);
    assert_eq!(codes(&good("Your order {{1}}, for {{2}}, is ready here.")), []);
    let sample =
        |text: &str| codes(&TemplateContent { body_samples: Some(vec!["Anna".into(), text.into()]), ..good(BODY) });
    assert_eq!(sample(&format!("it is {}", "a".repeat(34))), []);
    assert_eq!(sample(&format!("it is {}", "a".repeat(35))), [LintCode::LongSample]);
    assert_eq!(sample(&"a".repeat(60)), [], "one long word is a reference");
    assert_eq!(sample("see https://aurora.example.com"), [LintCode::LinkInSample]);
}

#[test]
fn links_lead_to_the_client() {
    let client = ClientFacts { verified_domains: Some(vec!["aurora.co.uk".into()]), ..ClientFacts::default() };
    let known = LintContext { client: Some(&client), ..LintContext::default() };
    let button = |url: &str| TemplateContent { buttons: vec![to(url)], ..good(BODY) };
    assert_eq!(codes_in(&button("https://shop.aurora.co.uk/a"), &known), []);
    assert_eq!(codes_in(&button("https://boreale.co.uk/a"), &known), [LintCode::ForeignDomain]);
    assert_eq!(codes(&button("https://boreale.co.uk/a")), [], "nobody told which domains are the client's");
    assert_eq!(codes(&button("https://bit.ly/3xYz")), [LintCode::ShortenedLink]);
    assert_eq!(codes(&button("https://go.bit.ly/3xYz")), [LintCode::ShortenedLink]);
    assert_eq!(codes(&button("https://orbit.ly/3xYz")), []);
    assert_eq!(codes(&button("https://wa.me/393331234567")), [LintCode::ChatLink]);
    assert_eq!(codes(&button("http://127.0.0.1/a")), [LintCode::NumericAddress]);
    let decided = TemplateButton { samples: Some(vec!["a".into()]), ..to("https://{{1}}") };
    assert_eq!(codes(&TemplateContent { buttons: vec![decided], ..good(BODY) }), [LintCode::VariableHost]);
    let finding = only(&good("Your order is ready, see bit.ly/abc for the way."));
    assert_eq!((finding.place.component, finding.place.span), (Component::Body, Some(Span { start: 25, end: 35 })));
    assert_eq!(finding.arguments["host"], LintArgument::Text("bit.ly".into()));
}

const REJECTED: &str = "Dear {{1}}, the warranty of your washing machine ends on {{2}}. Call our service desk to extend it for one more year.";

fn rejected(status: &str, since: Option<&str>) -> TemplateContent {
    TemplateContent {
        name: "warranty".into(),
        status: Some(status.into()),
        status_since: since.map(|since| since.parse().unwrap()),
        ..good(REJECTED)
    }
}

#[test]
fn the_same_text_again_is_told() {
    let now: Instant = "2026-09-30T00:00:00Z".parse().unwrap();
    let against = |others: &[TemplateContent], body: &str| {
        codes_in(&good(body), &LintContext { others, now: Some(now), ..LintContext::default() })
    };
    let again = REJECTED.replace("{{1}}", "{{name}}").replace("{{2}}", "{{day}}").replace("Dear", "Hello");
    assert_eq!(against(&[rejected("REJECTED", None)], &again), [LintCode::NearDuplicate]);
    assert_eq!(against(&[rejected("APPROVED", None)], &again), []);
    assert_eq!(against(&[rejected("PAUSED", Some("2026-07-03T00:00:00Z"))], &again), [LintCode::NearDuplicate]);
    assert_eq!(against(&[rejected("PAUSED", Some("2026-07-01T00:00:00Z"))], &again), []);
    assert_eq!(against(&[rejected("DISABLED", None)], BODY), []);
    let itself = rejected("REJECTED", None);
    let context = LintContext { others: std::slice::from_ref(&itself), ..LintContext::default() };
    assert_eq!(codes_in(&itself, &context), [], "a template is no copy of itself");
}

#[test]
fn an_event_tells_when_a_template_was_rejected() {
    let others = [rejected("REJECTED", None)];
    let event = |at: &str| {
        let kind = PlatformEventKind::TemplateStatus {
            name: "warranty".into(),
            language: "en".into(),
            status: "REJECTED".into(),
            reason: None,
        };
        PlatformEvent::new(at.parse().unwrap(), kind)
    };
    for (at, expected) in [("2026-01-01T00:00:00Z", 0), ("2026-09-01T00:00:00Z", 1)] {
        let events = [event(at)];
        let now = Some("2026-09-30T00:00:00Z".parse().unwrap());
        let context = LintContext { others: &others, events: &events, now, ..LintContext::default() };
        assert_eq!(Linter::new(&context).lint(&good(REJECTED)).len(), expected);
    }
}
