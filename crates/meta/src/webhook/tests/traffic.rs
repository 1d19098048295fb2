//! Every field, shape and word that Meta's reference or a capture tells of messages, old and new, is understood.

use serde_json::{Value, json};

use super::super::*;
use super::{clean, messages, one};

#[test]
fn every_shape_of_a_status_is_read_without_an_oddity() {
    for word in ["sent", "delivered", "read", "played", "failed", "deleted", "warning"] {
        let told = messages(
            json!({ "messaging_product": "whatsapp", "metadata": { "phone_number_id": "1", "display_phone_number": "2" },
            "statuses": [{ "id": "wamid.A", "status": word, "timestamp": "1750030073", "recipient_id": "39333", "recipient_type": "group",
                "recipient_participant_id": "39334", "recipient_identity_key_hash": "h", "biz_opaque_callback_data": "b", "template_id": "9",
                "recipient_user_id": "US.1", "parent_recipient_user_id": "US.ENT.1" }] }),
        );
        assert_eq!(told.statuses[0].status, word);
    }
    let categories = [
        "authentication",
        "authentication-international",
        "marketing",
        "marketing_lite",
        "referral_conversion",
        "service",
        "utility",
    ];
    for (category, kind) in
        categories.iter().zip(["regular", "free_customer_service", "free_entry_point"].iter().cycle())
    {
        for model in ["CBP", "PMP"] {
            let told = messages(json!({ "metadata": { "phone_number_id": "1" }, "statuses": [{
                "id": "wamid.A", "status": "sent", "timestamp": 1, "recipient_id": "39333",
                "conversation": { "id": "c", "expiration_timestamp": "1", "origin": { "type": "authentication_international" } },
                "pricing": { "billable": true, "pricing_model": model, "type": kind, "category": category } }] }));
            assert_eq!(told.statuses[0].pricing_category.as_deref(), Some(*category));
        }
    }
    let told = messages(
        json!({ "metadata": { "phone_number_id": "1" }, "errors": [{ "code": 130_429, "title": "t", "message": "m", "error_data": { "details": "d" }, "href": "h" }] }),
    );
    assert_eq!((told.errors.as_slice(), told.statuses.len()), (&[130_429][..], 0));
}

#[test]
fn every_kind_of_message_is_read_without_an_oddity() {
    let kinds = [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "reaction",
        "location",
        "contacts",
        "button",
        "order",
        "system",
        "edit",
        "revoke",
        "unsupported",
        "request_welcome",
    ];
    for kind in kinds {
        let mut message = json!({ "from": "39333", "id": "wamid.1", "timestamp": "1", "type": kind,
            "context": { "from": "1", "id": "wamid.0", "forwarded": true, "frequently_forwarded": true },
            "referral": { "source_url": "u", "source_type": "ad", "source_id": "1", "headline": "h", "body": "b", "ctwa_clid": "c" } });
        message[kind] = match kind {
            "text" => json!({ "body": "hello" }),
            "button" => json!({ "payload": "p", "text": "t" }),
            _ => json!({ "anything": 1 }),
        };
        if kind == "unsupported" {
            message["errors"] = json!([{ "code": 131_051, "title": "t" }]);
        }
        assert_eq!(
            messages(json!({ "metadata": { "phone_number_id": "1" }, "messages": [message] })).inbound[0].kind,
            kind
        );
    }
    for (kind, reply) in [
        ("button_reply", json!({ "id": "i", "title": "t" })),
        ("list_reply", json!({ "id": "i", "title": "t", "description": "d" })),
        ("nfm_reply", json!({ "name": "flow", "response_json": "{}" })),
        ("call_permission_reply", json!({ "response": "accept" })),
    ] {
        let mut interactive = json!({ "type": kind });
        interactive[kind] = reply;
        messages(json!({ "metadata": { "phone_number_id": "1" }, "messages": [
            { "from": "39333", "id": "wamid.1", "timestamp": "1", "type": "interactive", "interactive": interactive }] }));
    }
    let told = messages(json!({ "metadata": { "phone_number_id": "1" },
        "contacts": [{ "profile": { "name": "n", "username": "u" }, "user_id": "US.13491208655302741918", "parent_user_id": "US.ENT.1" }],
        "messages": [{ "id": "wamid.1", "timestamp": "1", "type": "text", "text": { "body": "b" } }] }));
    assert_eq!(
        (told.inbound[0].from.as_deref(), told.inbound[0].user_id.as_deref()),
        (None, Some("US.13491208655302741918"))
    );
}

/// Who became who: number, user id before, user id from now on.
fn became(told: &Messages) -> Vec<(Option<&str>, Option<&str>, &str)> {
    let identities = told.identities.iter();
    identities.map(|one| (one.number.as_deref(), one.previous.as_deref(), one.current.as_str())).collect()
}

#[test]
fn of_whoever_is_known_by_another_id_both_are_told() {
    let update = |ids: Value| {
        let told = clean(
            "user_id_update",
            json!({
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": "1555", "phone_number_id": "106" },
                "contacts": [{ "profile": { "name": "n" }, "wa_id": "39333" }],
                "user_id_update": [{ "wa_id": "39333", "detail": "updated", "user_id": ids,
                    "parent_user_id": { "previous": "IT.ENT.1", "current": "IT.ENT.2" }, "timestamp": "1750100472" }]
            }),
        );
        let Event::Messages(told) = told else { panic!() };
        assert_eq!(told.phone_number_id.as_deref(), Some("106"));
        told
    };
    let told = update(json!({ "previous": "IT.1", "current": "IT.2" }));
    assert_eq!(became(&told), [(Some("39333"), Some("IT.1"), "IT.2")]);
    assert_eq!(told.identities[0].at.map(|at| at.timestamp()), Some(1_750_100_472));
    assert_eq!(became(&update(json!({ "previous": "IT.2", "current": "IT.2" }))), [(Some("39333"), None, "IT.2")]);
    assert!(became(&update(json!({ "previous": "IT.2" }))).is_empty());
    let value = one("user_id_update", json!({ "user_id_update": [] })).value;
    assert_eq!(value, Value::Null, "what is of people is not carried about");

    let system = |system: Value| {
        messages(json!({ "metadata": { "phone_number_id": "1" }, "contacts": [{ "user_id": "IT.2" }], "messages": [
            { "id": "wamid.1", "timestamp": "1", "type": "system", "system": system }] }))
    };
    let told = system(
        json!({ "type": "user_changed_user_id", "body": "User Ada changed from IT.1 to IT.2.", "user_id": "IT.2" }),
    );
    assert_eq!((became(&told), told.inbound[0].kind.as_str()), (vec![(None, Some("IT.1"), "IT.2")], "system"));
    let told = system(
        json!({ "type": "user_changed_user_id", "body": "b", "user_id": "IT.2", "previous_user_id": "IT.0", "wa_id": "39333" }),
    );
    assert_eq!(became(&told), [(Some("39333"), Some("IT.0"), "IT.2")]);
    for nothing in [
        json!({ "type": "user_changed_user_id", "body": "b", "user_id": "IT.2" }),
        json!({ "body": "b", "type": "user_changed_number", "wa_id": "39333" }),
    ] {
        assert!(became(&system(nothing)).is_empty());
    }
}

#[test]
fn of_a_history_what_people_wrote_is_told() {
    let told = clean(
        "history",
        json!({
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "1555", "phone_number_id": "106" },
            "history": [{ "metadata": { "phase": 0, "chunk_order": 1, "progress": 55 }, "threads": [{ "id": "39333", "messages": [
                { "from": "39333", "id": "wamid.1", "timestamp": "1739230955", "type": "text", "text": { "body": "hello" }, "history_context": { "status": "READ" } },
                { "from": "1555", "to": "39333", "id": "wamid.2", "timestamp": "1739230970", "type": "text", "text": { "body": "hi" }, "history_context": { "status": "DELIVERED" } }
            ] }] }]
        }),
    );
    let Event::Messages(told) = told else { panic!() };
    assert_eq!(told.inbound.iter().map(|message| message.id.as_str()).collect::<Vec<_>>(), ["wamid.1"]);
    assert_eq!(told.phone_number_id.as_deref(), Some("106"));
    let declined = clean(
        "history",
        json!({ "metadata": { "phone_number_id": "1" }, "history": [{ "errors": [{ "code": 2_593_109, "title": "t" }] }] }),
    );
    assert!(matches!(declined, Event::Messages(told) if told.errors == [2_593_109]));
    assert_eq!(one("history", json!({ "history": [] })).value, Value::Null, "what is of people is not carried about");
    let body = json!({ "entry": [{ "changes": [{ "field": "history", "value": { "history": [] } }] }] }).to_string();
    assert!(survey(body.as_bytes()).unwrap().has_traffic);
}
