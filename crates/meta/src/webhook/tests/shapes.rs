//! Every field, shape and word that Meta's reference or a capture tells of assets, old and new, is understood.

use serde_json::json;

use super::super::*;
use super::{account, clean, one, strange::odd, template};

#[test]
fn every_field_that_can_be_subscribed_is_known() {
    let fields = [
        "account_alerts",
        "account_review_update",
        "account_settings_update",
        "account_update",
        "automatic_events",
        "business_capability_update",
        "business_username_updates",
        "calls",
        "flows",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "history",
        "message_echoes",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "messages",
        "messaging_handovers",
        "partner_solutions",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "smb_app_state_sync",
        "smb_message_echoes",
        "standby",
        "template_category_update",
        "template_correct_category_detection",
        "tracking_events",
        "user_id_update",
        "user_preferences",
    ];
    for field in fields {
        let unknown = |odd: &Oddity| odd.kind == OddityKind::UnknownField && odd.place == field;
        assert!(!one(field, json!({})).odd.iter().any(unknown), "{field}");
    }
}

#[test]
fn every_account_event_with_its_object_is_read_without_an_oddity() {
    let waba = json!({ "waba_id": "104", "owner_business_id": "1", "partner_app_id": 7, "solution_id": "s", "solution_partner_business_ids": ["1", "2"] });
    let values = [
        json!({ "event": "ACCOUNT_DELETED" }),
        json!({ "event": "ACCOUNT_OFFBOARDED" }),
        json!({ "event": "ACCOUNT_RECONNECTED" }),
        json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "ADULT", "remediation": "r" }, "phone_number": "PN" }),
        json!({ "event": "AD_ACCOUNT_LINKED", "waba_info": waba }),
        json!({ "event": "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", "auth_international_rate_eligibility": {
            "start_time": 1_741_000_000, "exception_countries": [{ "country_code": "IN", "start_time": 1_741_000_001 }] } }),
        json!({ "event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "IT" }),
        json!({ "event": "BUSINESS_VERIFICATION_STATUS_UPDATE" }),
        json!({ "event": "MM_LITE_TERMS_SIGNED", "waba_info": waba }),
        json!({ "event": "PARTNER_ADDED", "waba_info": waba }),
        json!({ "event": "PARTNER_APP_INSTALLED", "waba_info": waba }),
        json!({ "event": "PARTNER_APP_UNINSTALLED", "waba_info": waba }),
        json!({ "event": "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE", "partner_client_certification_info": {
            "client_business_id": "1", "status": "REVOKED", "rejection_reasons": ["x"] } }),
        json!({ "event": "VERIFIED_ACCOUNT", "phone_number": "16505551111" }),
        json!({ "event": "VOLUME_BASED_PRICING_TIER_UPDATE", "volume_tier_info": {
            "tier_update_time": 1_743_451_903, "pricing_category": "UTILITY", "tier": "25000001:50000000",
            "effective_month": "2025-11", "region": "India" } }),
    ];
    for value in values {
        let event = value["event"].clone();
        assert_eq!(odd("account_update", value), [], "{event}");
    }
    for state in ["SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE"] {
        let told = account(
            json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": [state], "waba_ban_date": "April 17, 2025" } }),
        );
        assert_eq!(told.ban.unwrap().state, state);
    }
    let reasons = [
        "ACCOUNT_DISCONNECTED",
        "BUSINESS_DOWNGRADE",
        "CHANGE_NUMBER",
        "COMPANION_INACTIVITY",
        "PRIMARY_INACTIVITY",
        "USER_RE_REGISTERED",
    ];
    for reason in reasons {
        let told = account(
            json!({ "event": "PARTNER_REMOVED", "disconnection_info": { "reason": reason, "initiated_by": "USER" } }),
        );
        assert_eq!(told.disconnection.as_deref(), Some(reason));
    }
}

#[test]
fn every_restriction_of_the_reference_is_a_known_word() {
    let restrictions = [
        "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        "RESTRICTION_ON_ADD_PHONE_NUMBER_ACTION",
        "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        "RESTRICTED_UTILITY_TEMPLATES",
        "RATE_LIMITED_UTILITY_TEMPLATE_MESSAGING",
        "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES",
        "RESTRICTED_BUSINESS_INITIATED_CALLING",
        "RESTRICTED_USER_INITIATED_CALLING",
        "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
        "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
    ];
    for word in restrictions {
        let told = account(
            json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [{ "restriction_type": word, "remediation": "Wait." }] }),
        );
        let entry = &told.restrictions[0];
        assert_eq!((entry.restriction_type.as_str(), entry.remediation.as_deref()), (word, Some("Wait.")));
    }
}

#[test]
fn every_violation_of_the_reference_is_a_known_word() {
    let violations = [
        "ADULT",
        "ALCOHOL",
        "ANIMALS",
        "BODY_PARTS_FLUIDS",
        "DATING",
        "DIGITAL_SERVICES_PRODUCTS",
        "DRUGS",
        "GAMBLING",
        "HEALTHCARE",
        "ILLEGAL_PRODUCTS",
        "MISLEADING",
        "OVERTLY_SEXUALIZED_POSITIONING",
        "REAL_FAKE_CURRENCY",
        "SCAM",
        "SUPPLEMENTS",
        "THIRD_PARTY_INFRINGEMENTS",
        "TOBACCO",
        "UNAUTHORIZED_MEDIA",
        "WEAPONS",
        "SPAM",
        "UTILITY_TEMPLATE_ABUSE",
        "UTILITY_TEMPLATE_ABUSE_UNBAN",
        "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT",
        "UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY",
        "DIRECT_SEND_UTILITY_CATEGORY_ABUSE_WARN",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_RATE_LIMIT",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_STRIKE_1",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_STRIKE_2",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_OFFBOARD",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_UNBAN",
        "DIRECT_SEND_UTILITY_TEMPLATE_ABUSE_RATE_LIMIT_RECOVERY",
        "LOW_BUSINESS_INITIATED_CALLING_QUALITY",
        "LOW_USER_INITIATED_CALLING_QUALITY",
        "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
    ];
    for word in violations {
        let told = account(json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": word } }));
        assert_eq!(told.violation.as_deref(), Some(word));
    }
}

#[test]
fn alerts_and_decisions_are_read_without_an_oddity() {
    for kind in [
        "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
        "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
        "OBA_APPROVED",
        "OBA_REJECTED",
        "PROFILE_PICTURE_LOST",
    ] {
        for (entity, severity, status) in [
            ("BUSINESS", "CRITICAL", "ACTIVE"),
            ("PHONE_NUMBER", "INFORMATIONAL", "NONE"),
            ("CURRENT_STATUS_ID", "WARNING", "ACTIVE"),
        ] {
            clean(
                "account_alerts",
                json!({ "entity_type": entity, "entity_id": 123_456, "alert_info": {
                "alert_severity": severity, "alert_status": status, "alert_type": kind, "alert_description": "d" } }),
            );
        }
    }
    for decision in ["APPROVED", "REJECTED", "PENDING", "DEFERRED"] {
        clean("account_review_update", json!({ "decision": decision }));
        clean(
            "phone_number_name_update",
            json!({ "display_phone_number": "1", "decision": decision, "requested_verified_name": "n", "rejection_reason": "null" }),
        );
    }
    for reason in [
        "NAME_EMPLOYEE_ISSUE",
        "NAME_ENDCLIENT_NOTRELATED",
        "NAME_FORMAT_UNACCEPTABLE",
        "NAME_INDIVIDUAL_ISSUE",
        "NAME_NOT_CONSISTENT",
        "UNKNOWN",
    ] {
        clean(
            "phone_number_name_update",
            json!({ "display_phone_number": "1", "decision": "REJECTED", "requested_verified_name": "n", "rejection_reason": reason }),
        );
    }
}

#[test]
fn numbers_and_capabilities_are_read_without_an_oddity() {
    for event in ["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"] {
        clean("security", json!({ "display_phone_number": "1", "event": event, "requester": "61555822107539" }));
    }
    for event in
        ["ONBOARDING", "THROUGHPUT_UPGRADE", "FLAGGED", "UNFLAGGED", "UPGRADE", "DOWNGRADE", "THROUGHPUT_DOWNGRADE"]
    {
        for limit in
            ["TIER_50", "TIER_250", "TIER_1K", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_NOT_SET", "TIER_UNLIMITED"]
        {
            clean(
                "phone_number_quality_update",
                json!({ "display_phone_number": "1", "event": event, "old_limit": limit, "current_limit": limit }),
            );
            clean(
                "business_capability_update",
                json!({ "max_daily_conversations_per_business": limit, "max_phone_numbers_per_business": 2 }),
            );
        }
    }
    clean(
        "business_capability_update",
        json!({ "max_daily_conversation_per_phone": 1000, "max_phone_numbers_per_waba": "25" }),
    );
    clean(
        "business_capability_update",
        json!({ "max_daily_conversations_per_business": "UNLIMITED", "max_daily_conversation_per_phone": -1 }),
    );
}

#[test]
fn every_status_of_templates_is_known() {
    let events = [
        "APPROVED",
        "ARCHIVED",
        "UNARCHIVED",
        "DELETED",
        "DISABLED",
        "FLAGGED",
        "IN_APPEAL",
        "LIMIT_EXCEEDED",
        "LOCKED",
        "PAUSED",
        "PENDING",
        "REINSTATED",
        "PENDING_DELETION",
        "REJECTED",
    ];
    for event in events {
        clean(
            "message_template_status_update",
            template(json!({ "event": event, "reason": null, "message_template_category": "UTILITY" })),
        );
    }
    for reason in [
        "ABUSIVE_CONTENT",
        "CATEGORY_NOT_AVAILABLE",
        "INCORRECT_CATEGORY",
        "INVALID_FORMAT",
        "NONE",
        "PROMOTIONAL",
        "SCAM",
        "TAG_CONTENT_MISMATCH",
    ] {
        clean("message_template_status_update", template(json!({ "event": "REJECTED", "reason": reason })));
    }
}

#[test]
fn every_pause_and_refusal_of_templates_is_read_without_an_oddity() {
    for title in ["FIRST_PAUSE", "SECOND_PAUSE", "RATE_LIMITING_PAUSE", "UNPAUSE", "DISABLED"] {
        let told = clean(
            "message_template_status_update",
            template(json!({ "event": "PAUSED", "other_info": { "title": title, "description": "d" } })),
        );
        assert!(matches!(told, Event::TemplateStatus(told) if told.reason.as_deref() == Some(title)));
    }
    let told = clean(
        "message_template_status_update",
        template(json!({
            "event": "REJECTED", "reason": "INVALID_FORMAT", "rejection_info": { "reason": "INVALID_FORMAT", "recommendation": "Shorten it." },
            "disable_info": { "disable_date": 1_746_082_800 }
        })),
    );
    let Event::TemplateStatus(told) = told else { panic!() };
    assert_eq!(
        (told.explanation.as_deref(), told.disabled_at.map(|at| at.timestamp())),
        (Some("Shorten it."), Some(1_746_082_800))
    );
}

#[test]
fn every_score_button_and_category_of_templates_is_known() {
    for score in ["GREEN", "YELLOW", "RED", "UNKNOWN"] {
        clean(
            "message_template_quality_update",
            template(json!({ "previous_quality_score": score, "new_quality_score": score })),
        );
    }
    let buttons = [
        "CATALOG",
        "COPY_CODE",
        "EXTENSION",
        "FLOW",
        "MPM",
        "ORDER_DETAILS",
        "OTP",
        "PHONE_NUMBER",
        "POSTBACK",
        "REMINDER",
        "SEND_LOCATION",
        "SPM",
        "QUICK_REPLY",
        "URL",
        "VOICE_CALL",
    ];
    let buttons = buttons.map(|kind| json!({ "message_template_button_type": kind, "message_template_button_text": "t", "message_template_button_phone_number": "+39" }));
    clean(
        "message_template_components_update",
        template(json!({ "message_template_element": "b", "message_template_buttons": buttons })),
    );
    for target in ["MARKETING", "AUTHENTICATION"] {
        let told = clean(
            "template_correct_category_detection",
            template(json!({ "category": "UTILITY", "correct_category": target })),
        );
        assert!(matches!(told, Event::TemplateCategory(told) if told.announced.as_deref() == Some(target)));
    }
}
