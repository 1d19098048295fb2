use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn minimal() -> Value {
    json!({"id": "1627019861106475", "name": "ordine_spedito", "language": "it"})
}

fn with(field: &str, value: Value) -> Value {
    let mut template = minimal();
    template[field] = value;
    template
}

#[test]
fn the_shape_of_the_graph_api_is_read_whole() {
    let template = Template::from_value(json!({
        "id": "1627019861106475", "name": "promo_autunno", "language": "it", "category": "MARKETING",
        "previous_category": "UTILITY", "correct_category": "MARKETING", "status": "PAUSED",
        "quality_score": {"score": "RED", "date": 1_758_754_645}, "rejected_reason": "NONE",
        "parameter_format": "POSITIONAL", "message_send_ttl_seconds": 3600,
        "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["…"]}},
            {"type": "BODY", "text": "Ciao {{1}}", "example": {"body_text": [["Ada"]]}},
            {"type": "FOOTER", "text": "Rispondi STOP per non ricevere altro"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Apri", "url": "https://example.com/{{1}}"},
                {"type": "PHONE_NUMBER", "text": "Chiama", "phone_number": "+390212345"},
                {"type": "QUICK_REPLY", "text": "Basta promozioni"}]}]
    }))
    .unwrap();
    assert_eq!(template.category, Some(Category::Marketing));
    assert_eq!(template.previous_category, Some(Category::Utility));
    assert_eq!(template.correct_category, Some(Category::Marketing));
    assert_eq!(template.status, Some(Status::Paused));
    let quality = template.quality.clone().unwrap();
    assert_eq!((quality.score, quality.since.unwrap().timestamp()), (QualityScore::Red, 1_758_754_645));
    assert_eq!(template.rejected_reason, None);
    assert_eq!(template.body_text(), Some("Ciao {{1}}"));
    assert_eq!(template.components.header.as_ref().unwrap().format, "IMAGE");
    assert_eq!(template.components.buttons.len(), 3);
    assert_eq!(template.components.buttons[0].url.as_deref(), Some("https://example.com/{{1}}"));
    assert_eq!(template.components.buttons[1].phone_number.as_deref(), Some("+390212345"));
    assert_eq!(template.components.unread, 0);
    assert_eq!(template.other.keys().collect::<Vec<_>>(), ["message_send_ttl_seconds", "parameter_format"]);
}

#[test]
fn an_id_may_be_an_integer_beyond_what_a_float_holds() {
    let read = Template::from_json(r#"{"id": 9007199254740993, "name": "a", "language": "it"}"#).unwrap();
    assert_eq!(read.id, "9007199254740993");
    let beyond = Template::from_json(r#"{"id": 99999999999999999999999, "name": "a", "language": "it"}"#);
    assert!(matches!(beyond, Err(ReadError::InvalidValue { field: "id", .. })));
}

#[test]
fn a_language_may_be_an_object() {
    let read = Template::from_value(with("language", json!({"code": "en_US", "policy": "deterministic"}))).unwrap();
    assert_eq!(read.language, "en_US");
    let error = Template::from_value(with("language", json!({"policy": "deterministic"}))).unwrap_err();
    assert_eq!(error, ReadError::Missing { field: "language.code" });
    let error = Template::from_value(with("language", json!({"code": 7}))).unwrap_err();
    assert!(matches!(error, ReadError::WrongType { field: "language.code", .. }));
}

#[test]
fn a_quality_score_may_be_a_string_or_empty() {
    let plain = Template::from_value(with("quality_score", json!("green"))).unwrap();
    assert_eq!(plain.quality.unwrap().score, QualityScore::Green);
    let never_sent = Template::from_value(with("quality_score", json!({}))).unwrap();
    assert_eq!(never_sent.quality, None);
    let new_score = Template::from_value(with("quality_score", json!({"score": "BLUE", "date": "soon"}))).unwrap();
    assert_eq!(new_score.quality, Some(Quality { score: QualityScore::Other("BLUE".to_owned()), since: None }));
}

#[test]
fn what_identifies_a_template_is_required_and_named() {
    for field in ["id", "name", "language"] {
        let mut template = minimal();
        template.as_object_mut().unwrap().remove(field);
        assert!(matches!(Template::from_value(template), Err(ReadError::Missing { field: found }) if found == field));
        assert!(matches!(
            Template::from_value(with(field, json!(""))),
            Err(ReadError::Missing { field: found }) if found == field
        ));
        assert!(matches!(
            Template::from_value(with(field, json!([1]))),
            Err(ReadError::WrongType { field: found, found: "an array", .. }) if found == field
        ));
    }
    assert_eq!(Template::from_json("[]"), Err(ReadError::NotAnObject { found: "an array" }));
    assert!(matches!(Template::from_json("{\"id\""), Err(ReadError::NotJson { .. })));
}

#[test]
fn words_that_meta_adds_are_kept() {
    let read = Template::from_value(with("status", json!("ON_HOLIDAY"))).unwrap();
    assert_eq!(read.status.unwrap().as_str(), "ON_HOLIDAY");
    let old = Template::from_value(with("category", json!("TRANSACTIONAL"))).unwrap();
    assert_eq!(old.category, Some(Category::Other("TRANSACTIONAL".to_owned())));
}

#[test]
fn components_that_cannot_be_read_do_not_refuse_the_template() {
    let parts = json!([
        {"type": "body", "text": "lower case"}, {"type": "CAROUSEL", "cards": []}, {"type": "BODY", "text": "second"},
        7, {"type": "BUTTONS", "buttons": [{"text": "no type"}, {"type": "otp", "otp_type": "COPY_CODE"}]}
    ]);
    let read = Template::from_value(with("components", parts.clone())).unwrap();
    assert_eq!(read.body_text(), Some("lower case"));
    assert_eq!(read.components.buttons.len(), 1);
    assert_eq!(read.components.buttons[0].kind, "OTP");
    assert_eq!(read.components.unread, 4);
    assert_eq!(read.components.raw, parts);
    let text = Template::from_value(with("components", json!("?"))).unwrap();
    assert_eq!((text.components.unread, text.body_text()), (1, None));
}

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("BODY")),
        Just(json!("TIER_2K")),
    ];
    let key = prop_oneof![
        Just("id"),
        Just("name"),
        Just("language"),
        Just("code"),
        Just("category"),
        Just("status"),
        Just("components"),
        Just("quality_score"),
        Just("score"),
        Just("date"),
        Just("type"),
        Just("text"),
        Just("buttons"),
        Just("kind"),
        Just("messaging_limit"),
        Just("recipients"),
        Just("start"),
        Just("x"),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_panics(value in any_json()) {
        let _ = Template::from_value(value);
    }

    #[test]
    fn no_field_of_any_type_panics_and_known_ids_survive(field in "[a-z_]{1,20}", value in any_json()) {
        let mut template = minimal();
        template[field.as_str()] = value;
        if let Ok(read) = Template::from_value(template) && field != "id" {
            prop_assert_eq!(read.id, "1627019861106475");
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = Template::from_json(&text);
    }
}
