//! What is known of objects that change nothing here. They are kept as they came; they are looked through all the same, so that what
//! nobody knows of them is noted.

use super::{
    fields::Fields,
    words::{
        CERTIFICATION_STATUSES, CONFIGURATION_STATUSES, FLOW_ALERT_STATES, FLOW_EVENTS, FLOW_STATUSES,
        HISTORY_STATUSES, INTERACTIVE_TYPES, PAYMENT_PROVIDERS, PRICING_CATEGORIES, PRICING_MODELS, PRICING_TYPES,
        SOLUTION_EVENTS, SOLUTION_STATUSES,
    },
};

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// Whatever it may be.
    Anything,
    /// A word of one of Meta's lists.
    Word(&'static [&'static str]),
    /// An object, or an array of objects, of these fields.
    Objects(Names),
}

use Known::{Anything, Objects, Word};

/// Fields, and what each of them holds.
pub(super) type Names = &'static [(&'static str, Known)];

/// The value of a field of webhooks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// Meta says no more than that there is one.
    Anything,
    /// Of these fields.
    Of(Names),
}

/// Fields of webhooks that are known and change nothing here, with what is known of their values.
const QUIET_FIELDS: &[(&str, Value)] = &[
    ("account_settings_update", Value::Anything),
    ("automatic_events", Value::Anything),
    ("business_username_updates", Value::Anything),
    ("calls", Value::Anything),
    ("flows", Value::Of(FLOW)),
    ("group_lifecycle_update", Value::Anything),
    ("group_participants_update", Value::Anything),
    ("group_settings_update", Value::Anything),
    ("group_status_update", Value::Anything),
    ("message_echoes", Value::Anything),
    ("messaging_handovers", Value::Anything),
    ("partner_solutions", Value::Of(SOLUTION)),
    ("payment_configuration_update", Value::Of(PAYMENT_CONFIGURATION)),
    ("smb_app_state_sync", Value::Anything),
    ("smb_message_echoes", Value::Anything),
    ("standby", Value::Anything),
    ("tracking_events", Value::Anything),
];

const FLOW: Names = &[
    ("event", Word(FLOW_EVENTS)),
    ("message", Anything),
    ("flow_id", Anything),
    ("old_status", Word(FLOW_STATUSES)),
    ("new_status", Word(FLOW_STATUSES)),
    ("alert_state", Word(FLOW_ALERT_STATES)),
    ("threshold", Anything),
    ("error_rate", Anything),
    ("requests_count", Anything),
    ("availability", Anything),
    ("errors", Anything),
    ("p50_latency", Anything),
    ("p90_latency", Anything),
    ("warning", Anything),
];

const SOLUTION: Names =
    &[("event", Word(SOLUTION_EVENTS)), ("solution_id", Anything), ("solution_status", Word(SOLUTION_STATUSES))];

const PAYMENT_CONFIGURATION: Names = &[
    ("configuration_name", Anything),
    ("provider_name", Word(PAYMENT_PROVIDERS)),
    ("provider_mid", Anything),
    ("status", Word(CONFIGURATION_STATUSES)),
    ("created_timestamp", Anything),
    ("updated_timestamp", Anything),
];

/// What an `account_update` tells besides what it changes here.
pub(super) const ACCOUNT_EXTRAS: Names = &[
    (
        "partner_client_certification_info",
        Objects(&[
            ("client_business_id", Anything),
            ("status", Word(CERTIFICATION_STATUSES)),
            ("rejection_reasons", Anything),
        ]),
    ),
    (
        "volume_tier_info",
        Objects(&[
            ("tier_update_time", Anything),
            ("pricing_category", Word(PRICING_CATEGORIES)),
            ("tier", Anything),
            ("effective_month", Anything),
            ("region", Anything),
        ]),
    ),
    ("country", Anything),
    (
        "auth_international_rate_eligibility",
        Objects(&[
            ("start_time", Anything),
            ("exception_countries", Objects(&[("country_code", Anything), ("start_time", Anything)])),
        ]),
    ),
    ("ad_account_info", Anything),
];

/// What `waba_info` tells besides the account's id.
pub(super) const WABA_INFO: Names = &[
    ("owner_business_id", Anything),
    ("partner_app_id", Anything),
    ("solution_id", Anything),
    ("solution_partner_business_ids", Anything),
    ("ad_account_linked", Anything),
];

/// `pricing` of a status, its category left out.
pub(super) const PRICING: Names =
    &[("billable", Anything), ("pricing_model", Word(PRICING_MODELS)), ("type", Word(PRICING_TYPES))];

/// `interactive` of a message, what the person pressed left out.
pub(super) const INTERACTIVE: Names =
    &[("type", Word(INTERACTIVE_TYPES)), ("nfm_reply", Anything), ("call_permission_reply", Anything)];

/// A chunk of `history`, its conversations left out.
pub(super) const HISTORY: Names =
    &[("metadata", Objects(&[("phase", Anything), ("chunk_order", Anything), ("progress", Anything)]))];

/// What a message of `history` tells besides a message.
pub(super) const HISTORIC_MESSAGE: Names =
    &[("history_context", Objects(&[("status", Word(HISTORY_STATUSES)), ("from_me", Anything)])), ("to", Anything)];

/// Whether a field is one of those that change nothing here, and what is known of its value.
pub(super) fn quiet(field: &str) -> Option<Value> {
    QUIET_FIELDS.iter().find(|(known, _)| *known == field).map(|(_, value)| *value)
}

impl Fields<'_> {
    /// Puts fields aside that change nothing here, and notes what nobody knows of them.
    pub(super) fn look(&mut self, names: Names) {
        for (name, known) in names {
            match known {
                Anything => self.skip(&[name]),
                Word(words) => drop(self.word(&[name], words)),
                Objects(names) => {
                    for object in self.objects(&[name]) {
                        let mut within = self.within(name, object);
                        within.look(names);
                        within.end();
                    }
                }
            }
        }
    }
}
