//! What nobody knows, stands in the wrong place or cannot be is noted, and the rest is read.

use serde_json::{Value, json};

use super::super::*;
use super::{account, clean, template};

/// What is odd about a value of a field.
pub(super) fn odd(field: &str, value: Value) -> Vec<(OddityKind, String, String)> {
    one_of(field, value).odd.into_iter().map(|odd| (odd.kind, odd.place, odd.word)).collect()
}

#[test]
fn fields_that_change_nothing_are_looked_through_for_what_nobody_knows() {
    let known = [
        (
            "flows",
            json!({ "event": "FLOW_STATUS_CHANGE", "message": "m", "flow_id": "1", "old_status": "DRAFT", "new_status": "PUBLISHED" }),
        ),
        (
            "flows",
            json!({ "event": "ENDPOINT_LATENCY", "flow_id": "1", "p50_latency": 1, "p90_latency": 2, "requests_count": 3, "threshold": 4, "alert_state": "ACTIVATED" }),
        ),
        (
            "flows",
            json!({ "event": "CLIENT_ERROR_RATE", "flow_id": "1", "error_rate": 14.28, "threshold": 10, "alert_state": "DEACTIVATED", "errors": [{ "error_type": "x" }] }),
        ),
        (
            "partner_solutions",
            json!({ "event": "SOLUTION_UPDATED", "solution_id": "1", "solution_status": "PENDING_DEACTIVATION" }),
        ),
        (
            "payment_configuration_update",
            json!({ "configuration_name": "c", "provider_name": "razorpay", "provider_mid": "m", "status": "Needs Testing", "created_timestamp": 1, "updated_timestamp": 2 }),
        ),
    ];
    for (field, value) in known {
        assert_eq!(clean(field, value), Event::Other);
    }
    let words = |field: &str, value: Value| {
        odd(field, value).into_iter().map(|(_, place, word)| (place, word)).collect::<Vec<_>>()
    };
    assert_eq!(
        words("flows", json!({ "event": "FLOW_STATUS_CHANGE", "new_status": "MELTED" })),
        [("flows.new_status".into(), "MELTED".into())]
    );
    assert_eq!(
        words("partner_solutions", json!({ "event": "SOLUTION_SOLD", "price": 1 })),
        [("partner_solutions.event".into(), "SOLUTION_SOLD".into()), ("partner_solutions.price".into(), String::new())]
    );
    assert_eq!(
        words(
            "account_update",
            json!({ "event": "VOLUME_BASED_PRICING_TIER_UPDATE", "volume_tier_info": { "galaxy": 1 } })
        ),
        [("account_update.volume_tier_info.galaxy".into(), String::new())]
    );
}

#[test]
fn unknown_words_of_assets_are_noted_with_their_place() {
    let table = [
        ("account_update", json!({ "event": "NEW" }), "account_update.event"),
        (
            "account_update",
            json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "NEW" } }),
            "account_update.ban_info.waba_ban_state",
        ),
        (
            "account_update",
            json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [{ "restriction_type": "NEW" }] }),
            "account_update.restriction_info.restriction_type",
        ),
        (
            "account_update",
            json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "NEW" } }),
            "account_update.violation_info.violation_type",
        ),
        (
            "account_update",
            json!({ "event": "PARTNER_REMOVED", "disconnection_info": { "reason": "NEW" } }),
            "account_update.disconnection_info.reason",
        ),
        ("account_review_update", json!({ "decision": "NEW" }), "account_review_update.decision"),
        ("account_alerts", json!({ "alert_info": { "alert_type": "NEW" } }), "account_alerts.alert_info.alert_type"),
        (
            "phone_number_quality_update",
            json!({ "display_phone_number": "1", "event": "NEW" }),
            "phone_number_quality_update.event",
        ),
        ("security", json!({ "display_phone_number": "1", "event": "NEW" }), "security.event"),
        ("message_template_status_update", template(json!({ "event": "NEW" })), "message_template_status_update.event"),
        (
            "message_template_quality_update",
            template(json!({ "new_quality_score": "NEW" })),
            "message_template_quality_update.new_quality_score",
        ),
        (
            "template_category_update",
            template(json!({ "new_category": "NEW" })),
            "template_category_update.new_category",
        ),
        (
            "message_template_components_update",
            template(json!({ "message_template_buttons": [{ "message_template_button_type": "NEW" }] })),
            "message_template_components_update.message_template_buttons.message_template_button_type",
        ),
    ];
    assert_noted(&table);
}

#[test]
fn unknown_words_of_messages_and_preferences_are_noted_with_their_place() {
    let status = |field: &str, value: Value| {
        let mut status = json!({ "id": "wamid.A", "status": "sent", "timestamp": 1, "recipient_id": "39333" });
        status[field] = value;
        json!({ "metadata": { "phone_number_id": "1" }, "statuses": [status] })
    };
    let table = [
        ("messages", status("status", json!("new")), "messages.statuses.status"),
        ("messages", status("pricing", json!({ "category": "new" })), "messages.statuses.pricing.category"),
        ("messages", status("pricing", json!({ "type": "new" })), "messages.statuses.pricing.type"),
        (
            "user_preferences",
            json!({ "user_preferences": [{ "wa_id": "1", "value": "new" }] }),
            "user_preferences.user_preferences.value",
        ),
        (
            "user_preferences",
            json!({ "user_preferences": [{ "wa_id": "1", "value": "stop", "category": "new" }] }),
            "user_preferences.user_preferences.category",
        ),
    ];
    assert_noted(&table);
}

/// The word `NEW` of each value is noted at its place.
fn assert_noted(table: &[(&str, Value, &str)]) {
    for (field, value, place) in table {
        let noted = odd(field, value.clone());
        assert!(
            noted.contains(&(OddityKind::UnknownWord, (*place).to_owned(), "NEW".to_owned())),
            "{place}: {noted:?}"
        );
    }
}

#[test]
fn what_stands_in_the_wrong_place_is_found() {
    let inside = json!({ "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": 1 });
    for value in [
        json!({ "event": "ACCOUNT_RESTRICTION", "violation_info": { "violation_type": "SPAM", "restriction_info": [inside] } }),
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [{ "restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": "1", "violation_info": { "violation_type": "SPAM" } }] }),
    ] {
        let told = account(value);
        assert_eq!((told.violation.as_deref(), told.restrictions.len()), (Some("SPAM"), 1));
    }
    let body = json!({ "entry": [{ "id": "7", "time": 5, "field": "account_review_update", "value": { "decision": "APPROVED" } }] });
    let change = read(body.to_string().as_bytes()).unwrap().remove(0);
    assert_eq!(
        (change.account.as_deref(), change.event, change.odd),
        (Some("7"), Event::Review { decision: Some("APPROVED".to_owned()) }, Vec::new())
    );
}

#[test]
fn a_partners_portfolio_is_no_account() {
    let change = one_of(
        "partner_solutions",
        json!({ "event": "SOLUTION_CREATED", "solution_id": "1", "solution_status": "ACTIVE" }),
    );
    assert_eq!(change.account, None);
    let named = one_of("account_update", json!({ "event": "AD_ACCOUNT_LINKED", "waba_info": { "waba_id": 104 } }));
    assert_eq!(named.account.as_deref(), Some("104"));
}

fn one_of(field: &str, value: Value) -> Change {
    let body = json!({ "entry": [{ "id": "portfolio", "time": 1, "changes": [{ "field": field, "value": value }] }] });
    read(body.to_string().as_bytes()).unwrap().remove(0)
}

#[test]
fn ids_that_lost_their_last_digits_are_none() {
    // As integers up to 2^64 - 1 they are whole; beyond, or with a fraction, they went through a floating point number.
    for (id, kept) in
        [("18446744073709551615", true), ("18446744073709551616", false), ("1e30", false), ("594425479261596.5", false)]
    {
        let body = format!(
            r#"{{"entry":[{{"id":1,"changes":[{{"field":"message_template_quality_update","value":{{"new_quality_score":"RED","message_template_id":{id}}}}}]}}]}}"#
        );
        let change = read(body.as_bytes()).unwrap().remove(0);
        let Event::TemplateQuality(told) = change.event else { panic!() };
        assert_eq!(told.template.id.as_deref(), kept.then_some(id), "{id}");
        assert_eq!(change.odd.is_empty(), kept, "{id}");
    }
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts() {
    let body = br#"{"entry":[{"id":"1","id":"2","changes":[{"field":"account_review_update","value":{"decision":"PENDING","decision":"APPROVED"}}]}]}"#;
    let change = read(body).unwrap().remove(0);
    assert_eq!(
        (change.account.as_deref(), change.event),
        (Some("2"), Event::Review { decision: Some("APPROVED".to_owned()) })
    );
}

#[test]
fn a_text_that_was_cut_in_the_middle_of_a_character_costs_no_more_than_that_character() {
    let body = |text: &str| {
        format!(
            r#"{{"entry":[{{"id":"1","changes":[{{"field":"phone_number_name_update","value":{{"display_phone_number":"1","requested_verified_name":"{text}"}}}}]}}]}}"#
        )
    };
    for (text, read_as) in [(r"Aurora \ud83d", "Aurora \u{fffd}"), (r"Aur\u0000ora", "Aurora"), (r"\ud83d\ude00", "😀")]
    {
        let change = read(body(text).as_bytes()).unwrap().remove(0);
        let Event::NumberName(told) = change.event else { panic!() };
        assert_eq!(told.requested_name.as_deref(), Some(read_as), "{text}");
        assert_eq!(survey(body(text).as_bytes()).unwrap(), Survey { has_traffic: false, has_notices: true });
    }
}
