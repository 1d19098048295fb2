//! Webhooks: the bodies that Meta posts, read tolerantly.
//!
//! A body holds changes. Each is read for itself: one that is not what it says is noted and keeps no other from being read. What
//! is not known (fields, events, words of lists) is noted as an [`Oddity`], and the change's value is there as it came. Nothing
//! here knows whose an account is, or what a change means for it.

mod account;
mod fields;
mod identity;
mod known;
mod mend;
mod messages;
mod number;
mod preferences;
mod signature;
mod template;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use account::{AccountUpdate, Alert, Ban, RestrictionInfo};
pub use fields::{Oddity, OddityKind};
pub use identity::IdentityChange;
pub use messages::{Inbound, Messages, Status};
pub use number::{NumberName, NumberQuality, NumberSecurity};
pub use preferences::{Preference, PreferenceValue};
pub use signature::{SIGNATURE_HEADER, is_signed, sign};
pub use template::{Button, TemplateCategory, TemplateComponents, TemplateQuality, TemplateRef, TemplateStatus};

use crate::{
    ReadError,
    asset::MessagingLimit,
    value::{self, Object},
};
use fields::Fields;

/// The field whose entry is a partner's portfolio.
const PARTNER_SOLUTIONS: &str = "partner_solutions";
/// Fields that change nothing here and tell of people.
const OF_PEOPLE: [&str; 4] = ["calls", "message_echoes", "smb_app_state_sync", "smb_message_echoes"];

/// One change of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Meta's id of the account (WABA); of a partner's portfolio where Meta tells no account.
    pub account: Option<String>,
    /// `entry.time`: when it happened. Traffic carries times of its own.
    pub at: Option<DateTime<Utc>>,
    /// `field`, as it came; empty when it is missing.
    pub field: String,
    /// What it tells.
    pub event: Event,
    /// What was not understood.
    pub odd: Vec<Oddity>,
    /// The value as it came; null for traffic, whose bodies are kept whole and whose values are of people.
    pub value: Value,
}

/// What a change tells.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `account_update`.
    Account(AccountUpdate),
    /// `account_review_update`.
    Review {
        /// `decision`, upper case.
        decision: Option<String>,
    },
    /// `account_alerts`.
    Alert(Alert),
    /// `business_capability_update`.
    Capability {
        /// People in a moving 24 h.
        limit: Option<MessagingLimit>,
        /// Numbers that the account may have.
        numbers: Option<i64>,
    },
    /// `phone_number_quality_update`.
    NumberQuality(NumberQuality),
    /// `phone_number_name_update`.
    NumberName(NumberName),
    /// `security`.
    NumberSecurity(NumberSecurity),
    /// `message_template_status_update`.
    TemplateStatus(TemplateStatus),
    /// `message_template_quality_update`.
    TemplateQuality(TemplateQuality),
    /// `template_category_update`, `template_correct_category_detection`.
    TemplateCategory(TemplateCategory),
    /// `message_template_components_update`.
    TemplateComponents(TemplateComponents),
    /// `messages`, what people wrote of `history`, and `user_id_update`.
    Messages(Messages),
    /// `user_preferences`.
    Preferences(Vec<Preference>),
    /// A field that changes nothing here, or that nobody knows.
    Other,
}

/// The readers, by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Account,
    Review,
    Alert,
    Capability,
    NumberQuality,
    NumberName,
    NumberSecurity,
    TemplateStatus,
    TemplateQuality,
    TemplateCategory,
    TemplateComponents,
    Messages,
    History,
    Identities,
    Preferences,
}

impl Shape {
    fn of_field(field: &str) -> Option<Self> {
        Some(match field {
            "account_update" => Self::Account,
            "account_review_update" => Self::Review,
            "account_alerts" => Self::Alert,
            "business_capability_update" => Self::Capability,
            "phone_number_quality_update" => Self::NumberQuality,
            "phone_number_name_update" => Self::NumberName,
            "security" => Self::NumberSecurity,
            "message_template_status_update" => Self::TemplateStatus,
            "message_template_quality_update" => Self::TemplateQuality,
            "template_category_update" | "template_correct_category_detection" => Self::TemplateCategory,
            "message_template_components_update" => Self::TemplateComponents,
            "messages" => Self::Messages,
            "history" => Self::History,
            "user_id_update" => Self::Identities,
            "user_preferences" => Self::Preferences,
            _ => return None,
        })
    }

    /// By what only one of them has: for a missing field, and for values that Meta's pages print under another's.
    fn of_value(value: &Object) -> Option<Self> {
        let has = |name: &str| value.get(name).is_some_and(|value| !value.is_null());
        Some(if has("statuses") || has("messages") {
            Self::Messages
        } else if has("history") {
            Self::History
        } else if has("user_id_update") {
            Self::Identities
        } else if has("user_preferences") {
            Self::Preferences
        } else if account::has_shape(value) {
            Self::Account
        } else if has("new_quality_score") {
            Self::TemplateQuality
        } else if has("message_template_element") || has("message_template_buttons") {
            Self::TemplateComponents
        } else if has("correct_category") || has("previous_category") || has("new_category") {
            Self::TemplateCategory
        } else if has("message_template_id") && has("event") {
            Self::TemplateStatus
        } else if has("alert_info") || has("alert_type") {
            Self::Alert
        } else if has("display_phone_number") && has("decision") {
            Self::NumberName
        } else if has("display_phone_number") && (has("current_limit") || has("old_limit")) {
            Self::NumberQuality
        } else if has("max_phone_numbers_per_waba") || has("max_phone_numbers_per_business") {
            Self::Capability
        } else {
            return None;
        })
    }

    /// Which reader a change needs: the field's own, unless the value is plainly another's.
    fn of(field: &str, value: &Object) -> Option<Self> {
        match (Self::of_field(field), Self::of_value(value)) {
            (Some(named), None) => Some(named),
            (Some(Self::Account), Some(_)) => Some(Self::Account),
            (Some(_), Some(seen)) => Some(seen),
            (None, seen) if field.is_empty() => seen,
            (None, _) => None,
        }
    }

    /// Whether what it tells is of messages, and goes the way of traffic.
    const fn is_traffic(self) -> bool {
        matches!(self, Self::Messages | Self::History | Self::Identities)
    }
}

/// Reads the changes of a body, in their order.
///
/// # Errors
/// When it is no JSON, or nothing that could hold changes. Whatever is wrong within a change is noted there.
pub fn read(body: &[u8]) -> Result<Vec<Change>, ReadError> {
    Ok(flatten(body)?.into_iter().map(change).collect())
}

/// What a body is about, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// Whether it tells of messages.
    pub has_traffic: bool,
    /// Whether it tells of anything else.
    pub has_notices: bool,
}

/// Looks what a body is about.
///
/// # Errors
/// As [`read`].
pub fn survey(body: &[u8]) -> Result<Survey, ReadError> {
    let mut survey = Survey { has_traffic: false, has_notices: false };
    for loose in flatten(body)? {
        if loose.shape().is_some_and(Shape::is_traffic) {
            survey.has_traffic = true;
        } else {
            survey.has_notices = true;
        }
    }
    Ok(survey)
}

/// The change of this number among those that [`read`] gives, from 0, as a body of its own.
#[must_use]
pub fn isolate(body: &[u8], ordinal: usize) -> Option<Vec<u8>> {
    let loose = flatten(body).ok()?.into_iter().nth(ordinal)?;
    let mut entry = serde_json::json!({ "changes": [loose.object] });
    if let Some(account) = loose.account {
        entry["id"] = account.into();
    }
    if let Some(at) = loose.at {
        entry["time"] = at.timestamp().into();
    }
    serde_json::to_vec(&serde_json::json!({ "object": "whatsapp_business_account", "entry": [entry] })).ok()
}

/// A change, with what its entry tells.
struct Loose {
    account: Option<String>,
    at: Option<DateTime<Utc>>,
    object: Object,
    odd: Vec<Oddity>,
}

impl Loose {
    fn shape(&self) -> Option<Shape> {
        let field = self.object.get("field").and_then(Value::as_str).unwrap_or_default().trim().to_ascii_lowercase();
        match self.object.get("value") {
            Some(Value::Object(value)) => Shape::of(&field, value),
            None | Some(Value::Null) => Shape::of(&field, &self.object),
            Some(_) => None,
        }
    }
}

/// The changes of a body, in their order.
fn flatten(body: &[u8]) -> Result<Vec<Loose>, ReadError> {
    let body: Value = serde_json::from_slice(body).or_else(|error| {
        let mended = mend::mended(body).and_then(|mended| serde_json::from_str(&mended).ok());
        mended.ok_or(ReadError::NotJson { column: error.column() })
    })?;
    let mut changes = Vec::new();
    match body {
        Value::Array(bodies) => {
            for body in bodies {
                if let Value::Object(body) = body {
                    flatten_body(body, &mut changes);
                }
            }
        }
        body => flatten_body(value::object(body)?, &mut changes),
    }
    Ok(changes)
}

/// One of three: an envelope, a bare change, or a bare change within `sample`, as Meta's own test button sends it.
fn flatten_body(mut body: Object, changes: &mut Vec<Loose>) {
    let Some(entries) = value::take(&mut body, "entry") else {
        let object = match value::take(&mut body, "sample") {
            Some(Value::Object(sample)) => sample,
            _ => body,
        };
        changes.push(Loose { account: None, at: None, object, odd: Vec::new() });
        return;
    };
    for entry in objects(entries) {
        flatten_entry(entry, changes);
    }
}

fn flatten_entry(entry: Object, changes: &mut Vec<Loose>) {
    let mut odd = Vec::new();
    let mut fields = Fields::new(entry, "entry", &mut odd);
    let account = fields.text(&["id"]);
    let at = fields.instant(&["time"]);
    let mut told = fields.objects(&["changes", "change"]);
    // Mis-nested: the entry itself is the change.
    told.extend(fields.bare_change());
    fields.end();
    for object in told {
        changes.push(Loose { account: account.clone(), at, object, odd: std::mem::take(&mut odd) });
    }
    // Of an entry without changes at least its oddities are told.
    if !odd.is_empty() {
        changes.push(Loose { account, at, object: Object::new(), odd });
    }
}

fn objects(value: Value) -> Vec<Object> {
    let items = match value {
        Value::Array(items) => items,
        other => vec![other],
    };
    items.into_iter().filter_map(|item| value::object(item).ok()).collect()
}

fn change(loose: Loose) -> Change {
    let Loose { account, at, mut object, mut odd } = loose;
    let field = match value::take(&mut object, "field") {
        Some(Value::String(field)) => field.trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    let value = match value::take(&mut object, "value") {
        Some(Value::Object(value)) => value,
        // Without a value of its own, what it tells stands beside the field.
        None => object,
        Some(other) => {
            odd.push(Oddity { kind: OddityKind::Unreadable, place: place(&field), word: String::new() });
            let event = Event::Other;
            return Change { account, at, field, event, odd, value: other };
        }
    };
    let shape = Shape::of(&field, &value);
    let is_of_people =
        shape.is_some_and(|shape| shape.is_traffic() || shape == Shape::Preferences) || OF_PEOPLE.contains(&&*field);
    let kept = if is_of_people { Value::Null } else { Value::Object(value.clone()) };
    let (event, named) = event(shape, &field, value, &mut odd);
    // Its entry is the partner's portfolio, which is no account.
    let account = account.filter(|_| field != PARTNER_SOLUTIONS);
    Change { account: named.or(account), at, field, event, odd, value: kept }
}

fn place(field: &str) -> String {
    if field.is_empty() { "change".to_owned() } else { fields::shortened(field) }
}

/// What the value tells, and Meta's id of the account when the value itself names it.
fn event(shape: Option<Shape>, field: &str, value: Object, odd: &mut Vec<Oddity>) -> (Event, Option<String>) {
    let Some(shape) = shape else {
        match known::quiet(field) {
            Some(known::Value::Of(names)) => {
                let mut fields = Fields::new(value, field, odd);
                fields.look(names);
                fields.end();
            }
            Some(known::Value::Anything) => {}
            None => odd.push(Oddity { kind: OddityKind::UnknownField, place: place(field), word: String::new() }),
        }
        return (Event::Other, None);
    };
    let fields = Fields::new(value, place(field), odd);
    let event = match shape {
        Shape::Account => return account::update(fields),
        Shape::Review => account::review(fields),
        Shape::Alert => account::alert(fields),
        Shape::Capability => account::capability(fields),
        Shape::NumberQuality => number::quality(fields),
        Shape::NumberName => number::name(fields),
        Shape::NumberSecurity => number::security(fields),
        Shape::TemplateStatus => template::status(fields),
        Shape::TemplateQuality => template::quality(fields),
        Shape::TemplateCategory => template::category(fields),
        Shape::TemplateComponents => template::components(fields),
        Shape::Messages => messages::messages(fields),
        Shape::History => messages::history(fields),
        Shape::Identities => identity::updates(fields),
        Shape::Preferences => preferences::preferences(fields),
    };
    (event, None)
}
