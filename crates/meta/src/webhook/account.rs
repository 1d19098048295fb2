//! `account_update`, `account_review_update`, `account_alerts`, `business_capability_update`: what is told of an account.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    Event,
    fields::Fields,
    known::{ACCOUNT_EXTRAS, WABA_INFO},
    words::{
        ACCOUNT_EVENTS, ALERT_ENTITIES, ALERT_SEVERITIES, ALERT_STATUSES, ALERT_TYPES, BAN_STATES, DECISIONS,
        DISCONNECTION_REASONS, INITIATORS, RESTRICTION_TYPES, VIOLATION_TYPES,
    },
};
use crate::{asset::MessagingLimit, value::Object};

/// `account_update`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountUpdate {
    /// `event`, upper case; inferred from what comes with it when it is absent.
    pub event: String,
    /// `ban_info`.
    pub ban: Option<Ban>,
    /// `violation_info.violation_type`, upper case.
    pub violation: Option<String>,
    /// `violation_info.remediation`: what Meta asks for.
    pub remediation: Option<String>,
    /// `restriction_info`, all entries.
    pub restrictions: Vec<RestrictionInfo>,
    /// `disconnection_info.reason`, upper case.
    pub disconnection: Option<String>,
    /// `disconnection_info.initiated_by`, upper case.
    pub disconnected_by: Option<String>,
    /// `phone_number`: a number as people write it, when one is named.
    pub display_number: Option<String>,
}

/// `ban_info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    /// `waba_ban_state`, upper case: `SCHEDULE_FOR_DISABLE`, `DISABLE`, `REINSTATE`.
    pub state: String,
    /// `waba_ban_date`: the start of that day in UTC.
    pub date: Option<DateTime<Utc>>,
}

/// An entry of `restriction_info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictionInfo {
    /// `restriction_type`, upper case.
    pub restriction_type: String,
    /// `expiration`; absent is without end.
    pub expires_at: Option<DateTime<Utc>>,
    /// `remediation`: what Meta asks for.
    pub remediation: Option<String>,
}

/// What an `account_update` says when its `event` is absent.
fn inferred(fields: &Fields<'_>) -> Option<&'static str> {
    [
        ("ban_info", "DISABLED_UPDATE"),
        ("restriction_info", "ACCOUNT_RESTRICTION"),
        ("violation_info", "ACCOUNT_VIOLATION"),
    ]
    .iter()
    .find_map(|(field, event)| fields.has(field).then_some(*event))
}

/// Reads an `account_update`, and Meta's id of the account when the value names it.
pub(super) fn update(mut fields: Fields<'_>) -> (Event, Option<String>) {
    let guess = inferred(&fields);
    let event = fields.word(&["event"], ACCOUNT_EVENTS).or_else(|| guess.map(str::to_owned));
    let mut update = AccountUpdate { event: event.unwrap_or_default(), ..AccountUpdate::default() };
    if update.event.is_empty() {
        fields.missing("event");
    }
    // Some feeds put what belongs into an object beside it: both places are looked at.
    if let Some(object) = fields.object(&["violation_info"]) {
        let mut within = fields.within("violation_info", object);
        violation(&mut within, &mut update);
        for object in within.objects(&["restriction_info"]) {
            restrictions(within.within("restriction_info", object), &mut update);
        }
        within.end();
    }
    violation(&mut fields, &mut update);
    let entries = fields.objects(&["restriction_info"]);
    for object in entries {
        restrictions(fields.within("restriction_info", object), &mut update);
    }
    if fields.has("restriction_type") {
        let restriction = restriction(&mut fields);
        update.restrictions.extend(restriction);
    }
    if let Some(object) = fields.object(&["ban_info"]) {
        let mut within = fields.within("ban_info", object);
        update.ban = ban(&mut within);
        within.end();
    } else if fields.has("waba_ban_state") {
        update.ban = ban(&mut fields);
    }
    if let Some(object) = fields.object(&["disconnection_info"]) {
        let mut within = fields.within("disconnection_info", object);
        update.disconnection = within.word(&["reason"], DISCONNECTION_REASONS);
        update.disconnected_by = within.word(&["initiated_by"], INITIATORS);
        within.end();
    }
    let account = fields.object(&["waba_info"]).and_then(|object| {
        let mut within = fields.within("waba_info", object);
        let account = within.text(&["waba_id", "id"]);
        within.look(WABA_INFO);
        within.end();
        account
    });
    update.display_number = fields.text(&["phone_number", "display_phone_number"]);
    fields.look(ACCOUNT_EXTRAS);
    fields.end();
    (Event::Account(update), account)
}

fn violation(fields: &mut Fields<'_>, update: &mut AccountUpdate) {
    if let Some(word) = fields.word(&["violation_type"], VIOLATION_TYPES) {
        update.violation = Some(word);
    }
    if let Some(text) = fields.text(&["remediation"]) {
        update.remediation = Some(text);
    }
}

/// An entry; a feed was seen to put a whole list once more into it, and a violation may stand there as well.
fn restrictions(mut fields: Fields<'_>, update: &mut AccountUpdate) {
    if let Some(object) = fields.object(&["violation_info"]) {
        let mut within = fields.within("violation_info", object);
        violation(&mut within, update);
        within.end();
    }
    let nested = fields.objects(&["restriction_info"]);
    for object in nested {
        let mut within = fields.within("restriction_info", object);
        update.restrictions.extend(restriction(&mut within));
        within.end();
    }
    if fields.has("restriction_type") || update.restrictions.is_empty() {
        update.restrictions.extend(restriction(&mut fields));
    }
    fields.end();
}

fn restriction(fields: &mut Fields<'_>) -> Option<RestrictionInfo> {
    let restriction_type = fields.word(&["restriction_type", "type"], RESTRICTION_TYPES);
    let expires_at = fields.instant(&["expiration", "expiration_time", "expires_at"]);
    let remediation = fields.text(&["remediation"]);
    if restriction_type.is_none() {
        fields.missing("restriction_type");
    }
    Some(RestrictionInfo { restriction_type: restriction_type?, expires_at, remediation })
}

fn ban(fields: &mut Fields<'_>) -> Option<Ban> {
    let state = fields.word(&["waba_ban_state", "state"], BAN_STATES);
    let date = fields.instant(&["waba_ban_date", "date"]);
    Some(Ban { state: state?, date })
}

/// `account_review_update`.
pub(super) fn review(mut fields: Fields<'_>) -> Event {
    let decision = fields.word(&["decision"], DECISIONS);
    fields.end();
    Event::Review { decision }
}

/// `account_alerts`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alert {
    /// `alert_type`, upper case.
    pub alert_type: Option<String>,
    /// `alert_severity`, upper case.
    pub severity: Option<String>,
    /// `alert_status`, upper case: `ACTIVE`, `NONE`.
    pub status: Option<String>,
    /// `alert_description`.
    pub description: Option<String>,
    /// `entity_type`, upper case.
    pub entity_type: Option<String>,
    /// `entity_id`.
    pub entity: Option<String>,
}

/// Reads an `account_alerts`; what belongs into `alert_info` may stand beside it.
pub(super) fn alert(mut fields: Fields<'_>) -> Event {
    let mut alert = Alert::default();
    if let Some(object) = fields.object(&["alert_info"]) {
        let mut within = fields.within("alert_info", object);
        alert_info(&mut within, &mut alert);
        within.end();
    }
    alert_info(&mut fields, &mut alert);
    fields.end();
    Event::Alert(alert)
}

fn alert_info(fields: &mut Fields<'_>, alert: &mut Alert) {
    let keep = |slot: &mut Option<String>, read: Option<String>| {
        if read.is_some() {
            *slot = read;
        }
    };
    keep(&mut alert.alert_type, fields.word(&["alert_type"], ALERT_TYPES));
    keep(&mut alert.severity, fields.word(&["alert_severity"], ALERT_SEVERITIES));
    keep(&mut alert.status, fields.word(&["alert_status"], ALERT_STATUSES));
    keep(&mut alert.description, fields.text(&["alert_description"]));
    keep(&mut alert.entity_type, fields.word(&["entity_type"], ALERT_ENTITIES));
    keep(&mut alert.entity, fields.text(&["entity_id"]));
}

/// `business_capability_update`.
pub(super) fn capability(mut fields: Fields<'_>) -> Event {
    let limit = limit(&mut fields, &["max_daily_conversations_per_business", "max_daily_conversation_per_phone"]);
    let numbers = fields.number(&["max_phone_numbers_per_waba", "max_phone_numbers_per_business"]);
    fields.skip(&["max_daily_conversation_per_phone", "max_phone_numbers_per_business", "coexistence"]);
    fields.end();
    Event::Capability { limit, numbers }
}

/// A messaging limit, in any of its spellings; Meta's word for none yet is none.
pub(super) fn limit(fields: &mut Fields<'_>, names: &[&'static str]) -> Option<MessagingLimit> {
    let value = fields.take(names)?;
    if let Ok(limit) = MessagingLimit::read(names[0], &value) {
        return limit;
    }
    fields.missing(names[0]);
    None
}

/// Whether a value has what an `account_update` has.
pub(super) fn has_shape(value: &Object) -> bool {
    ["ban_info", "violation_info", "restriction_info", "waba_info", "disconnection_info", "violation_type"]
        .iter()
        .any(|name| value.get(*name).is_some_and(|value| *value != Value::Null))
}
