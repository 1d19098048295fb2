//! The words of Meta's lists that are known (webhook reference of September 2026, older ones that are still seen, and
//! spellings of captures). A word that is none of them is kept as it came, and noted.

pub(super) const ACCOUNT_EVENTS: &[&str] = &[
    "ACCOUNT_DELETED",
    "ACCOUNT_OFFBOARDED",
    "ACCOUNT_RECONNECTED",
    "ACCOUNT_RESTRICTION",
    "ACCOUNT_VIOLATION",
    "AD_ACCOUNT_LINKED",
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
    "BUSINESS_VERIFICATION_STATUS_UPDATE",
    "DISABLED_UPDATE",
    "MM_LITE_TERMS_SIGNED",
    "PARTNER_ADDED",
    "PARTNER_APP_INSTALLED",
    "PARTNER_APP_UNINSTALLED",
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
    "PARTNER_REMOVED",
    "VERIFIED_ACCOUNT",
    "VOLUME_BASED_PRICING_TIER_UPDATE",
];

pub(super) const BAN_STATES: &[&str] = &["SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE"];

pub(super) const RESTRICTION_TYPES: &[&str] = &[
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

pub(super) const VIOLATION_TYPES: &[&str] = &[
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

pub(super) const DECISIONS: &[&str] = &["APPROVED", "PENDING", "REJECTED", "DEFERRED"];
pub(super) const INITIATORS: &[&str] = &["USER", "SYSTEM"];

pub(super) const ALERT_SEVERITIES: &[&str] = &["CRITICAL", "INFORMATIONAL", "WARNING"];
pub(super) const ALERT_STATUSES: &[&str] = &["ACTIVE", "NONE"];
pub(super) const ALERT_ENTITIES: &[&str] = &["BUSINESS", "PHONE_NUMBER", "CURRENT_STATUS_ID", "WABA"];
pub(super) const ALERT_TYPES: &[&str] = &[
    "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
    "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
    "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
    "OBA_APPROVED",
    "OBA_REJECTED",
    "PROFILE_PICTURE_LOST",
];

pub(super) const NUMBER_EVENTS: &[&str] =
    &["ONBOARDING", "THROUGHPUT_UPGRADE", "THROUGHPUT_DOWNGRADE", "FLAGGED", "UNFLAGGED", "UPGRADE", "DOWNGRADE"];
pub(super) const SECURITY_EVENTS: &[&str] = &["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"];
pub(super) const NAME_REASONS: &[&str] = &[
    "NAME_EMPLOYEE_ISSUE",
    "NAME_ENDCLIENT_NOTRELATED",
    "NAME_FORMAT_UNACCEPTABLE",
    "NAME_INDIVIDUAL_ISSUE",
    "NAME_NOT_CONSISTENT",
    "NONE",
    "UNKNOWN",
];

pub(super) const TEMPLATE_EVENTS: &[&str] = &[
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
pub(super) const TEMPLATE_REASONS: &[&str] = &[
    "ABUSIVE_CONTENT",
    "CATEGORY_NOT_AVAILABLE",
    "INCORRECT_CATEGORY",
    "INVALID_FORMAT",
    "NONE",
    "PROMOTIONAL",
    "SCAM",
    "TAG_CONTENT_MISMATCH",
];
pub(super) const PAUSE_TITLES: &[&str] = &["FIRST_PAUSE", "SECOND_PAUSE", "RATE_LIMITING_PAUSE", "UNPAUSE", "DISABLED"];
pub(super) const SCORES: &[&str] = &["GREEN", "YELLOW", "RED", "UNKNOWN"];
pub(super) const CATEGORIES: &[&str] = &["MARKETING", "UTILITY", "AUTHENTICATION"];

pub(super) const STATUSES: &[&str] =
    &["SENT", "DELIVERED", "READ", "PLAYED", "FAILED", "DELETED", "WARNING", "PENDING"];
pub(super) const PREFERENCES: &[&str] = &["STOP", "RESUME", "SIGNUP"];
pub(super) const MESSAGE_TYPES: &[&str] = &[
    "TEXT",
    "IMAGE",
    "VIDEO",
    "AUDIO",
    "VOICE",
    "DOCUMENT",
    "STICKER",
    "REACTION",
    "LOCATION",
    "CONTACTS",
    "INTERACTIVE",
    "BUTTON",
    "ORDER",
    "SYSTEM",
    "EDIT",
    "REVOKE",
    "UNSUPPORTED",
    "UNKNOWN",
    "REQUEST_WELCOME",
];

/// Fields that are known and change nothing here; their bodies are kept all the same.
pub(super) const QUIET_FIELDS: &[&str] = &[
    "account_settings_update",
    "automatic_events",
    "business_username_updates",
    "calls",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "history",
    "message_echoes",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "smb_app_state_sync",
    "smb_message_echoes",
    "standby",
    "tracking_events",
    "user_id_update",
];
