use proptest::prelude::*;
use serde_json::json;

use super::*;

mod shapes;
mod strange;
mod traffic;

/// The change of a body with one.
fn one(field: &str, value: Value) -> Change {
    let body = json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "102290129340398", "time": 1_743_451_903, "changes": [{ "field": field, "value": value }] }]
    });
    let mut changes = read(body.to_string().as_bytes()).unwrap();
    assert_eq!(changes.len(), 1);
    let change = changes.remove(0);
    let is_of_portfolio = field == "partner_solutions";
    assert_eq!(change.account.as_deref(), (!is_of_portfolio).then_some("102290129340398"));
    assert_eq!(change.at.map(|at| at.timestamp()), Some(1_743_451_903));
    change
}

/// What a change tells, when nothing of it was odd.
fn clean(field: &str, value: Value) -> Event {
    let change = one(field, value);
    assert_eq!(change.odd, [], "{field}");
    change.event
}

fn account(value: Value) -> AccountUpdate {
    match clean("account_update", value) {
        Event::Account(update) => update,
        other => panic!("{other:?}"),
    }
}

fn seconds(instant: Option<DateTime<Utc>>) -> Option<i64> {
    instant.map(|instant| instant.timestamp())
}

#[test]
fn a_ban_tells_its_state_and_its_english_day() {
    let told = account(json!({
        "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "REINSTATE", "waba_ban_date": "April 17, 2025" }
    }));
    let ban = told.ban.unwrap();
    assert_eq!((ban.state.as_str(), seconds(ban.date)), ("REINSTATE", Some(1_744_848_000)));
    let told = account(json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": ["DISABLE"] } }));
    assert_eq!(told.ban.unwrap(), Ban { state: "DISABLE".to_owned(), date: None });
}

#[test]
fn a_restriction_tells_all_its_entries_and_every_form_of_their_end() {
    let told = account(json!({
        "event": "ACCOUNT_RESTRICTION",
        "restriction_info": [
            { "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_641_330_498 },
            { "restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "expiration": "1641330498" },
            { "restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": "2026-04-19T13:59:20+0000" },
            { "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": "2022-12-12T07:09:27.000Z" },
            { "restriction_type": "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN" }
        ],
        "violation_info": { "violation_type": "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT", "remediation": "Stop." }
    }));
    let ends: Vec<_> = told.restrictions.iter().map(|entry| seconds(entry.expires_at)).collect();
    assert_eq!(ends, [Some(1_641_330_498), Some(1_641_330_498), Some(1_776_607_160), Some(1_670_828_967), None]);
    assert_eq!(told.violation.as_deref(), Some("UTILITY_TEMPLATE_ABUSE_RATE_LIMIT"));
    assert_eq!(told.remediation.as_deref(), Some("Stop."));
}

#[test]
fn an_end_that_is_no_time_is_noted_and_the_entry_stays() {
    let change = one(
        "account_update",
        json!({
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{ "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": "<unix_timestamp>" }]
        }),
    );
    let Event::Account(told) = change.event else { panic!() };
    assert_eq!(told.restrictions[0].expires_at, None);
    assert_eq!(change.odd[0].kind, OddityKind::Unreadable);
    assert_eq!(change.odd[0].place, "account_update.restriction_info.expiration");
}

#[test]
fn a_restriction_or_violation_in_another_place_is_found() {
    let inside = json!([{ "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": 1 }]);
    for value in [
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": { "restriction_info": inside } }),
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": inside[0] }),
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": 1 }),
        json!({ "restriction_info": inside }),
    ] {
        let told = account(value);
        assert_eq!(told.event, "ACCOUNT_RESTRICTION");
        assert_eq!(told.restrictions.len(), 1);
    }
    assert_eq!(account(json!({ "event": "ACCOUNT_VIOLATION", "violation_type": "scam" })).violation.unwrap(), "SCAM");
}

#[test]
fn a_partners_event_names_the_clients_account() {
    let body = json!({ "entry": [{ "id": "portfolio", "changes": [{ "field": "account_update", "value": {
        "event": "PARTNER_REMOVED", "waba_info": { "waba_id": 104, "owner_business_id": "1" },
        "disconnection_info": { "reason": "ACCOUNT_DISCONNECTED", "initiated_by": "SYSTEM" }
    }}]}]});
    let change = read(body.to_string().as_bytes()).unwrap().remove(0);
    assert_eq!((change.account.as_deref(), &change.odd), (Some("104"), &vec![]));
    let Event::Account(told) = change.event else { panic!() };
    assert_eq!(told.disconnection.as_deref(), Some("ACCOUNT_DISCONNECTED"));
    assert_eq!(told.disconnected_by.as_deref(), Some("SYSTEM"));
}

#[test]
fn every_spelling_of_a_limit_is_the_same_limit() {
    for limit in [json!("TIER_2K"), json!(2000), json!("2000")] {
        let told = clean("business_capability_update", json!({ "max_daily_conversations_per_business": limit }));
        let expected = Event::Capability { limit: Some(MessagingLimit::Recipients(2_000)), numbers: None };
        assert_eq!(told, expected);
    }
    let told = clean("business_capability_update", json!({ "max_daily_conversations_per_business": -1 }));
    assert_eq!(told, Event::Capability { limit: Some(MessagingLimit::Unlimited), numbers: None });
}

#[test]
fn a_number_tells_its_limits_before_and_now() {
    let told = clean(
        "phone_number_quality_update",
        json!({
            "event": "ONBOARDING", "old_limit": "TIER_NOT_SET", "current_limit": "TIER_250",
            "display_phone_number": "16505551111", "max_daily_conversations_per_business": "TIER_250"
        }),
    );
    let Event::NumberQuality(told) = told else { panic!() };
    assert_eq!((told.previous_limit, told.limit), (None, Some(MessagingLimit::Recipients(250))));
    let told = clean(
        "phone_number_name_update",
        json!({
            "display_phone_number": "16505551111", "decision": "REJECTED", "requested_verified_name": "Aurora",
            "rejection_reason": "NAME_NOT_CONSISTENT"
        }),
    );
    assert!(matches!(told, Event::NumberName(name) if name.reason.as_deref() == Some("NAME_NOT_CONSISTENT")));
}

#[test]
fn alerts_are_read_within_and_beside_their_object() {
    let flat = json!({ "alert_severity": "CRITICAL", "alert_status": "ACTIVE", "alert_type": "OBA_REJECTED" });
    let beside = clean("account_alerts", flat.clone());
    let within = clean("account_alerts", json!({ "alert_info": flat }));
    assert_eq!(beside, within);
    assert!(matches!(beside, Event::Alert(alert) if alert.alert_type.as_deref() == Some("OBA_REJECTED")));
}

fn template(extra: Value) -> Value {
    let mut value = json!({
        "message_template_id": 9_007_199_254_740_993_u64, "message_template_name": "autumn", "message_template_language": "it"
    });
    value.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    value
}

#[test]
fn a_template_id_beyond_two_to_the_53_keeps_its_last_digit() {
    let told = clean(
        "message_template_status_update",
        template(json!({
            "event": "PAUSED", "reason": "NONE", "message_template_category": "MARKETING",
            "other_info": { "title": "FIRST_PAUSE", "description": "Your template was paused." }
        })),
    );
    let Event::TemplateStatus(told) = told else { panic!() };
    assert_eq!(told.template.id.as_deref(), Some("9007199254740993"));
    assert_eq!((told.status.as_deref(), told.reason.as_deref()), (Some("PAUSED"), Some("FIRST_PAUSE")));
}

#[test]
fn the_new_category_of_an_announcement_is_the_one_that_stands() {
    let announced = clean(
        "template_category_update",
        template(
            json!({ "new_category": "UTILITY", "correct_category": "MARKETING", "category_update_timestamp": "1746082800" }),
        ),
    );
    let Event::TemplateCategory(told) = announced else { panic!() };
    assert_eq!((told.category.as_deref(), told.announced.as_deref()), (Some("UTILITY"), Some("MARKETING")));
    assert_eq!((told.previous, seconds(told.announced_for)), (None, Some(1_746_082_800)));
    let done = clean(
        "template_category_update",
        template(json!({ "previous_category": "UTILITY", "new_category": "MARKETING" })),
    );
    assert!(
        matches!(done, Event::TemplateCategory(told) if told.previous.as_deref() == Some("UTILITY") && told.announced.is_none())
    );
}

#[test]
fn a_quality_score_under_another_fields_name_is_one() {
    let value = template(json!({ "previous_quality_score": "GREEN", "new_quality_score": "RED" }));
    for field in ["message_template_quality_update", "message_template_status_update", ""] {
        let told = clean(field, value.clone());
        assert!(matches!(told, Event::TemplateQuality(told) if told.score.as_deref() == Some("RED")), "{field}");
    }
}

#[test]
fn components_become_those_of_the_graph_api() {
    let told = clean(
        "message_template_components_update",
        template(json!({
            "message_template_title": "Hello", "message_template_element": "Body {{1}}", "message_template_footer": "Bye",
            "message_template_buttons": [
                { "message_template_button_type": "URL", "message_template_button_text": "Go", "message_template_button_url": "https://example.com" }
            ]
        })),
    );
    let Event::TemplateComponents(told) = told else { panic!() };
    assert_eq!(
        told.as_components(),
        json!([
            { "type": "HEADER", "format": "TEXT", "text": "Hello" },
            { "type": "BODY", "text": "Body {{1}}" },
            { "type": "FOOTER", "text": "Bye" },
            { "type": "BUTTONS", "buttons": [{ "type": "URL", "text": "Go", "url": "https://example.com" }] }
        ])
    );
}

fn messages(value: Value) -> Messages {
    match clean("messages", value) {
        Event::Messages(messages) => messages,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_status_tells_its_codes_and_may_lack_a_recipient() {
    let told = messages(json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": "106540352242922" },
        "statuses": [{
            "id": "wamid.A", "status": "failed", "timestamp": "1749854575", "recipient_user_id": "US.13491208655302741918",
            "errors": [{ "code": 131_050, "title": "t", "message": "m", "error_data": { "details": "d" }, "href": "h" }]
        }]
    }));
    let status = &told.statuses[0];
    assert_eq!(told.phone_number_id.as_deref(), Some("106540352242922"));
    assert_eq!((status.recipient.as_deref(), status.user_id.as_deref()), (None, Some("US.13491208655302741918")));
    assert_eq!((status.outcome, status.errors.as_slice()), (Some(domain::traffic::Outcome::Failed), &[131_050][..]));
    assert_eq!(seconds(status.at), Some(1_749_854_575));
}

#[test]
fn the_contacts_user_id_is_that_of_its_number() {
    let told = messages(json!({
        "metadata": { "phone_number_id": "1" },
        "contacts": [{ "profile": { "name": "n" }, "wa_id": "391", "user_id": "IT.1" }, { "wa_id": "392", "user_id": "IT.2" }],
        "statuses": [
            { "id": "wamid.B", "status": "read", "timestamp": 1, "recipient_id": "392",
              "pricing": { "billable": true, "pricing_model": "PMP", "type": "regular", "category": "authentication-international" } },
            { "id": "wamid.C", "status": "played", "timestamp": "2", "recipient_id": "393" }
        ]
    }));
    assert_eq!(told.statuses[0].user_id.as_deref(), Some("IT.2"));
    assert_eq!(told.statuses[0].pricing_category.as_deref(), Some("authentication-international"));
    assert_eq!(
        (told.statuses[1].user_id.as_deref(), told.statuses[1].outcome),
        (None, Some(domain::traffic::Outcome::Read))
    );
}

#[test]
fn texts_and_pressed_buttons_are_read() {
    let told = messages(json!({
        "metadata": { "phone_number_id": "1" },
        "messages": [
            { "from": "+39333", "id": "wamid.1", "timestamp": "1", "type": "text", "text": { "body": "STOP" } },
            { "from": "39333", "id": "wamid.2", "timestamp": "2", "type": "button", "button": { "payload": "opt-out", "text": "Stop promotions" } },
            { "from": "39333", "id": "wamid.3", "timestamp": "3", "type": "interactive",
              "interactive": { "type": "button_reply", "button_reply": { "id": "b1", "title": "Unsubscribe" } } }
        ]
    }));
    assert_eq!((told.inbound[0].text.as_deref(), told.inbound[0].from.as_deref()), (Some("STOP"), Some("39333")));
    assert_eq!(told.inbound[1].button, ["opt-out", "Stop promotions"]);
    assert_eq!(told.inbound[2].button, ["b1", "Unsubscribe"]);
}

#[test]
fn preferences_are_read_with_either_identity() {
    let told = clean(
        "user_preferences",
        json!({ "user_preferences": [
            { "wa_id": "391", "detail": "d", "category": "marketing_messages", "value": "stop", "timestamp": 1_731_705_721 },
            { "user_id": "IT.9", "category": "marketing_messages", "value": "signup", "signup_id": "s", "timestamp": "5" }
        ]}),
    );
    let Event::Preferences(told) = told else { panic!() };
    assert_eq!((told[0].value, told[0].number.as_deref()), (PreferenceValue::Stop, Some("391")));
    assert_eq!((told[1].value, told[1].signup.as_deref()), (PreferenceValue::Signup, Some("s")));
}

#[test]
fn what_nobody_knows_is_kept_and_noted() {
    let change = one("brand_new_field", json!({ "anything": 1 }));
    assert_eq!((change.event, change.value), (Event::Other, json!({ "anything": 1 })));
    assert_eq!(
        change.odd[0],
        Oddity { kind: OddityKind::UnknownField, place: "brand_new_field".into(), word: String::new() }
    );
    let change = one("account_update", json!({ "event": "ACCOUNT_TELEPORTED", "where": "x" }));
    let kinds: Vec<_> = change.odd.iter().map(|odd| (odd.kind, odd.word.as_str())).collect();
    assert_eq!(kinds, [(OddityKind::UnknownWord, "ACCOUNT_TELEPORTED"), (OddityKind::UnknownField, "")]);
    assert_eq!(one("flows", json!({ "event": "FLOW_STATUS_CHANGE" })).odd, []);
}

#[test]
fn a_change_that_is_not_what_it_says_keeps_no_other_from_being_read() {
    let body = json!({ "entry": [
        7,
        { "id": "1", "changes": [{ "field": "messages", "value": "nonsense" }, 3, { "field": "messages", "value": { "statuses": [
            "x", { "status": "read" }, { "id": "wamid.ok", "status": "read", "timestamp": "never" }
        ]}}]},
        { "id": "2", "changes": { "field": "account_review_update", "value": { "decision": "APPROVED" } } }
    ]});
    let changes = read(body.to_string().as_bytes()).unwrap();
    let good: Vec<_> = changes
        .iter()
        .filter_map(|change| match &change.event {
            Event::Messages(messages) => Some(messages.statuses.len()),
            Event::Review { .. } => Some(100),
            _ => None,
        })
        .collect();
    assert_eq!(good, [1, 100]);
    assert!(changes.iter().map(|change| change.odd.len()).sum::<usize>() >= 5);
}

#[test]
fn a_bare_change_and_one_in_a_sample_are_read() {
    let bare = json!({ "field": "account_review_update", "value": { "decision": "REJECTED" } });
    for body in [bare.clone(), json!({ "sample": bare }), json!([{ "entry": [{ "changes": [bare] }] }])] {
        let changes = read(body.to_string().as_bytes()).unwrap();
        assert_eq!(changes[0].event, Event::Review { decision: Some("REJECTED".into()) });
    }
    let beside = json!({ "field": "account_review_update", "decision": "REJECTED" });
    assert_eq!(read(beside.to_string().as_bytes()).unwrap()[0].odd, []);
}

#[test]
fn what_is_no_body_is_an_error() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [&b"{\"entry\":[{"[..], b"NaN", b"{\"a\":NaN}", b"\"text\"", b"12", b"", b"\xff\xfe", deep.as_bytes()] {
        assert!(read(body).is_err());
    }
}

#[test]
fn a_change_of_a_body_can_stand_alone() {
    let body = json!({ "entry": [
        { "id": "1", "time": 5, "changes": [{ "field": "messages", "value": { "statuses": [{ "id": "w", "status": "read" }] } }] },
        { "id": "2", "time": 6, "changes": [{ "field": "account_review_update", "value": { "decision": "APPROVED" } }] }
    ]})
    .to_string();
    assert_eq!(survey(body.as_bytes()).unwrap(), Survey { has_traffic: true, has_notices: true });
    let alone = isolate(body.as_bytes(), 1).unwrap();
    assert_eq!(read(&alone).unwrap(), read(body.as_bytes()).unwrap()[1..]);
    assert_eq!(survey(&alone).unwrap(), Survey { has_traffic: false, has_notices: true });
    assert_eq!(isolate(body.as_bytes(), 2), None);
}

#[test]
fn nothing_that_is_logged_names_a_person() {
    let told = messages(json!({
        "metadata": { "phone_number_id": "1" },
        "messages": [{ "from": "393331234567", "id": "wamid.1", "timestamp": "1", "type": "text", "text": { "body": "secret words" } }],
        "statuses": [{ "id": "wamid.2", "status": "read", "recipient_id": "393331234567" }]
    }));
    let logged = format!("{told:?}");
    assert!(!logged.contains("39333") && !logged.contains("secret"), "{logged}");
}

/// Any JSON, with names that the readers look for.
fn json_value() -> impl Strategy<Value = Value> {
    const NAMES: &[&str] = &[
        "entry",
        "changes",
        "field",
        "value",
        "id",
        "time",
        "event",
        "restriction_info",
        "restriction_type",
        "expiration",
        "ban_info",
        "waba_ban_state",
        "waba_ban_date",
        "violation_info",
        "messages",
        "statuses",
        "contacts",
        "metadata",
        "status",
        "timestamp",
        "errors",
        "code",
        "text",
        "body",
        "user_preferences",
        "wa_id",
        "message_template_id",
        "other_info",
        "sample",
        "max_daily_conversations_per_business",
        "alert_info",
        "interactive",
        "button_reply",
        "account_update",
        "user_id",
    ];
    let name = proptest::sample::select(NAMES).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        name.clone().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_fail(body in json_value()) {
        let _ = read(body.to_string().as_bytes());
    }

    #[test]
    fn no_value_of_a_known_field_makes_the_reader_fail(value in json_value()) {
        for field in ["account_update", "messages", "user_preferences", "message_template_status_update", "account_alerts",
            "business_capability_update", "phone_number_quality_update", "template_category_update", "message_template_components_update"] {
            let body = json!({ "entry": [{ "id": "1", "changes": [{ "field": field, "value": value }] }] });
            prop_assert_eq!(read(body.to_string().as_bytes()).unwrap().len(), 1);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }
}
