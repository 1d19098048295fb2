//! The lint's rules of content (CON-11, TPL-05, TPL-13, PRO-01 to 03): what is found, and what only looks like it.

use audit::lint::{LintContext, has_lexicon, lint};
use domain::traffic::{
    Category, ClientFacts, Component, LintArgument, LintCode, LintThresholds, Permit, RuleId, Severity, TemplateButton,
    TemplateContent,
};

fn template(language: &str, category: Category, body: &str) -> TemplateContent {
    TemplateContent {
        name: "t".into(),
        language: language.into(),
        category: Some(category),
        body: Some(body.into()),
        body_samples: Some(vec!["x".into(); 9]),
        ..TemplateContent::default()
    }
}

fn rules(template: &TemplateContent) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> =
        lint(template, &LintContext::default()).into_iter().map(|finding| finding.rule).collect();
    rules.dedup();
    rules
}

fn utility(language: &str, body: &str) -> Vec<RuleId> {
    rules(&template(language, Category::Utility, body))
}

#[test]
fn utility_that_promotes_is_marketing() {
    assert_eq!(utility("it", "Solo oggi: sconto del 20% su tutta la collezione!"), [RuleId::Tpl05]);
    assert_eq!(utility("en_GB", "Your order is on its way. Get 15% off your next one, today only."), [RuleId::Tpl05]);
    let body = "Solo oggi: sconto del 20% su tutta la collezione!";
    assert!(!rules(&template("it", Category::Marketing, body)).contains(&RuleId::Tpl05));
    let findings = lint(&template("it", Category::Utility, body), &LintContext::default());
    let codes: Vec<LintCode> = findings.iter().map(|finding| finding.place.code).collect();
    assert!(codes.contains(&LintCode::Urgency) && codes.contains(&LintCode::NoReference), "{codes:?}");
    let urgency = findings.iter().find(|finding| finding.place.code == LintCode::Urgency).unwrap();
    assert_eq!(urgency.arguments["words"], LintArgument::Text("Solo oggi".into()));
    assert_eq!(urgency.severity, Severity::High);
}

#[test]
fn an_order_with_a_voucher_is_no_promotion() {
    assert_eq!(utility("it", "Il tuo ordine {{1}} è confermato. Hai usato il buono SCONTO10: totale 35,00 €."), []);
    assert_eq!(utility("en", "Your order {{1}} is confirmed. Voucher SAVE10 applied, total £35.00."), []);
    assert_eq!(utility("it", "Farmacia Aurora: domenica siamo aperti con orario di apertura 9-13."), []);
}

#[test]
fn a_shop_button_counts() {
    let mut order = template("en", Category::Utility, "Your parcel was delivered. A new collection is here too.");
    assert_eq!(rules(&order), []);
    order.buttons =
        vec![TemplateButton { kind: "URL".into(), text: Some("Shop now".into()), ..TemplateButton::default() }];
    assert_eq!(rules(&order), [RuleId::Tpl05]);
}

#[test]
fn one_time_codes_belong_into_authentication() {
    assert_eq!(utility("it", "Il tuo codice di verifica è {{1}}. Non condividerlo con nessuno."), [RuleId::Tpl13]);
    assert_eq!(utility("en", "Your verification code is {{1}}, valid for ten minutes."), [RuleId::Tpl13]);
    let category = Category::Authentication;
    assert_eq!(rules(&template("en", category, "Your verification code is {{1}}, for ten minutes.")), []);
    assert_eq!(utility("it", "Ritira il pacco con il codice ritiro {{1}} entro venerdì."), []);
}

#[test]
fn sensitive_data_is_not_asked_for() {
    assert_eq!(utility("it", "Per il rimborso rispondi con il tuo IBAN e una foto del documento."), [RuleId::Pro03]);
    assert_eq!(utility("en", "To get your refund reply with your card number and its CVV."), [RuleId::Pro03]);
    assert_eq!(utility("it", "Non ti chiederemo mai il PIN della carta: segnala chi lo chiede."), []);
    assert_eq!(utility("en", "We will never ask you to send your PIN for your account."), []);
}

#[test]
fn prohibited_goods_stop_everything() {
    for (language, body, code) in [
        ("it", "Al nostro casinò online 50 giri gratis per te.", LintCode::Gambling),
        ("en", "Fresh cannabis edibles delivered to your door.", LintCode::Drugs),
        ("it", "Prestito veloce senza busta paga in giornata.", LintCode::Finance),
        ("en", "Vote for our candidate for mayor on Sunday.", LintCode::Political),
        ("de", "Bestes Casino der Stadt, komm vorbei.", LintCode::Gambling),
    ] {
        let findings = lint(&template(language, Category::Service, body), &LintContext::default());
        let found = findings.iter().find(|finding| finding.rule == RuleId::Pro01).unwrap();
        assert_eq!((found.place.code, found.severity), (code, Severity::Critical), "{body}");
        assert_eq!(found.place.component, Component::Body);
    }
    assert!(has_lexicon("it_IT") && has_lexicon("en") && !has_lexicon("de"));
}

#[test]
fn what_only_looks_like_goods_passes() {
    assert_eq!(utility("it", "La visita al Museo del vino è confermata per il {{1}} alle 10."), []);
    assert_eq!(utility("it", "Il corriere è partito con il tuo pacco per l'avorio e nero."), []);
    assert_eq!(utility("en", "Your time slot is booked; your glue gun order is on its way."), []);
}

#[test]
fn a_permit_allows_what_is_regulated() {
    let wine = template("en", Category::Service, "A case of wine is waiting for you at our shop.");
    let permits = |trade: &str| ClientFacts {
        permits: Some(vec![Permit { trade: trade.into(), countries: vec![] }]),
        ..ClientFacts::default()
    };
    let codes = |client: &ClientFacts| -> Vec<LintCode> {
        let context = LintContext { client: Some(client), ..LintContext::default() };
        lint(&wine, &context).into_iter().map(|finding| finding.place.code).collect()
    };
    assert_eq!(codes(&permits("gambling")), [LintCode::Alcohol]);
    assert_eq!(codes(&permits("alcohol")), []);
}

#[test]
fn marketing_offers_a_way_out() {
    let marketing = |body: &str| template("it", Category::Marketing, body);
    let plain = marketing("La nuova collezione è arrivata in negozio.");
    assert_eq!(rules(&plain), [RuleId::Con11]);
    let footer =
        TemplateContent { footer: Some("Rispondi STOP per non ricevere altri messaggi".into()), ..plain.clone() };
    assert_eq!(rules(&footer), []);
    let button = TemplateButton { kind: "QUICK_REPLY".into(), text: Some("Stop".into()), ..TemplateButton::default() };
    assert_eq!(rules(&TemplateContent { buttons: vec![button], ..plain.clone() }), []);
    assert_eq!(rules(&marketing("Facciamo uno stop: la collezione è in negozio.")), [RuleId::Con11]);
    let thresholds = LintThresholds { standing_opt_out: true, ..LintThresholds::default() };
    let standing = LintContext { thresholds, ..LintContext::default() };
    assert_eq!(lint(&plain, &standing), []);
}
